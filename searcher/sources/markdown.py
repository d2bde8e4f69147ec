"""Markdown, as notes and static sites have it: a heading, maybe a block of fields above it, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from searcher.messages import _
from searcher.sources import text
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Unreadable
from searcher.sources.records import Record, known_fields, set_field, to_article
from searcher.sources.streams import read_whole

_FIELD: Final = re.compile(r"([\w -]{1,40}):\s*(.*)")
_FRONT_LINES: Final = 200
_FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+|\s{0,3}(?:=+|-{3,}|\*{3,}|_{3,})\s*$")
_QUOTE: Final = re.compile(r"(?:\s{0,4}>)+\s?")
_TRAILING: Final = re.compile(r"\s+#+\s*$")
_IMAGE: Final = re.compile(r"!\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_LINK: Final = re.compile(r"\[([^\[\]]{0,500})\]\(([^()\s]{0,2000})(?:\s+\"[^\"]{0,500}\")?\)")
_EMPHASIS: Final = re.compile(r"(?<=\S)[*`]+|[*`]+(?=\S)|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")


def _plain(lines: list[str]) -> Iterator[str]:
    """Yield the lines as they are read, without the marks of Markdown."""
    for line in lines:
        if _FENCE.match(line):
            continue
        plain = _TRAILING.sub("", _HEADING.sub("", _QUOTE.sub("", line)))
        plain = _LINK.sub(r"\1", _IMAGE.sub(r"\1", plain))
        yield _ESCAPED.sub(r"\1", _EMPHASIS.sub("", plain))


def _front(lines: list[str]) -> tuple[Record, list[str]]:
    """Return the fields between two lines of '---' above the text, and the text (as Jekyll and Hugo have it)."""
    record = Record()
    if not lines or lines[0].strip() not in ("---", "+++"):
        return record, lines
    end = next((at for at, line in enumerate(lines[1:_FRONT_LINES], 1) if line.strip() == lines[0].strip()), None)
    if end is None:
        return record, lines
    found = [match for line in lines[1:end] if (match := _FIELD.match(line.replace(" = ", ": ", 1)))]
    for match, field in zip(found, known_fields([match[1] for match in found], {}), strict=True):
        if field:
            set_field(record, field, match[2].strip().strip("\"'[]"))
    return record, lines[end + 1 :]


def _read(document: Document) -> Iterator[Found]:
    lines = text.decode(read_whole(document.stream, text.MAX_BYTES)).splitlines()
    record, rest = _front(lines)
    plain = [line for line in _plain(rest) if line.strip()]
    if not plain:
        raise Unreadable("no_body", _("The file has a title but no text under it."))
    if record.title and plain[0].strip() != record.title.strip():
        plain.insert(0, record.title)
    article = text.parse("\n".join(plain))
    given, refusal = to_article(record) if record.title else (None, "")
    if given is not None:
        known = {
            field: value
            for field in ("published", "url", "source", "author", "topics", "provinces")
            if (value := getattr(given, field))
        }
        article = msgspec.structs.replace(article, **known)
    yield document.item(article, date_refusal=refusal)


SOURCE: Final = Source("markdown", (".md", ".markdown"), lambda _document: False, _read)
