"""One article in a text file: title line, date line, lead, paragraphs, captions and page furniture."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final

from searcher.article import Article
from searcher.sources.dates import parse_date_line
from searcher.sources.items import Unreadable

MAX_BYTES: Final = 16 * 1024 * 1024
"""A text file over this size is no article."""
_DATE_WITHIN: Final = 4  # lines from the top among which a date line is looked for
_SOURCE_PREFIX: Final = "nguồn:"


@cache
def _furniture() -> tuple[frozenset[str], tuple[str, ...], int]:
    data = tomllib.loads(resources.files(__package__).joinpath("furniture.toml").read_text("utf-8"))
    return frozenset(data["lines"]), tuple(data["captions"]), data["caption_chars"]


def _is_furniture(line: str) -> bool:
    lines, captions, caption_chars = _furniture()
    lower = line.lower().rstrip(" .:!")
    return lower in lines or (len(line) <= caption_chars and line.lower().startswith(captions))


def decode(raw: bytes) -> str:
    """Return the text of a file; raises Unreadable where it is empty, binary or not UTF-8 (or UTF-16 with a mark)."""
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", f"The text is not UTF-8 (byte {error.start}).") from None
    if "\x00" in text:
        raise Unreadable("nul", "The text contains NUL bytes, so it is not a text file.")
    if not text.strip():
        raise Unreadable("empty", "The file is empty.")
    return text


def parse(text: str) -> Article:
    """Return the article that a text in the form of the seeds holds; raises Unreadable where there is only a title."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    title, rest = lines[0], lines[1:]
    published: datetime | None = None
    for position, line in enumerate(rest[:_DATE_WITHIN]):
        published = parse_date_line(line)
        if published is not None:
            rest = [*rest[:position], *rest[position + 1 :]]
            break
    source = ""
    paragraphs: list[str] = []
    for line in rest:
        if line.lower().startswith(_SOURCE_PREFIX):
            source = line[len(_SOURCE_PREFIX) :].strip()
        elif not _is_furniture(line):
            paragraphs.append(line)
    if not paragraphs:
        raise Unreadable("no_body", "The file has a title but no text under it.")
    lead, body = (paragraphs[0], paragraphs[1:]) if len(paragraphs) > 1 else ("", paragraphs)
    return Article(title=title, lead=lead, body="\n".join(body), published=published, source=source)
