"""One article in a text file: title line, date line, lead, paragraphs and page furniture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from searcher.article import Article
from searcher.messages import _
from searcher.sources.charset import decode_single_bytes
from searcher.sources.dates import DateLine, read_date_line
from searcher.sources.document import Document, Found, Source
from searcher.sources.furniture import is_credited, is_furniture
from searcher.sources.items import Unreadable
from searcher.sources.letters import Line, lines
from searcher.sources.streams import read_whole

MAX_BYTES: Final = 16 * 1024 * 1024
"""A text file over this size is no article."""
_DATE_WITHIN: Final = 4  # lines from the top among which a date line is looked for
_SOURCE_PREFIX: Final = "nguồn:"


def decode(raw: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with a mark, windows-1258, or the letters of an old font.

    Raises Unreadable where it is empty, binary or in another charset.
    """
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        if encoding == "utf-16":
            raise Unreadable("encoding", _("The file begins as UTF-16 but is not.")) from None
        text = decode_single_bytes(raw)
        if not text:
            raise Unreadable("encoding", _("The text is not UTF-8 (line {line}).").format(line=line)) from None
    if "\x00" in text:
        raise Unreadable("nul", _("The text contains NUL bytes, so it is not a text file."))
    if not text.strip():
        raise Unreadable("empty", _("The file is empty."))
    return text


def parse(text: str) -> Article:
    """Return the article that a text in the form of the seeds holds; raises Unreadable where there is only a title."""
    return _parse(text)[0]


def _parse(text: str) -> tuple[Article, DateLine]:
    date, (title, *rest) = _without_date_lines(lines(text))
    sources = [line for line in rest if line.read.lower().startswith(_SOURCE_PREFIX)]
    captions = [line for line in rest if line not in sources and is_credited(line.read)]
    # A text has no pictures: what does not say of itself that it is about one is text.
    paragraphs = [line for line in rest if line not in (*sources, *captions) and not is_furniture(line.read)]
    if not paragraphs:
        raise Unreadable("no_body", _("The file has a title but no text under it."))
    lead = paragraphs.pop(0).shown if len(paragraphs) > 1 else ""
    article = Article(
        title=title.shown,
        lead=lead,
        body="\n".join(line.shown for line in paragraphs),
        published=date.moment,
        captions=tuple(line.shown for line in captions),
        source=sources[-1].read[len(_SOURCE_PREFIX) :].strip() if sources else "",
    )
    return article, date


def _without_date_lines(found: list[Line]) -> tuple[DateLine, list[Line]]:
    """Return the date that the first lines give, and the lines without those that are nothing but dates."""
    head = [(line, read_date_line(line.read)) for line in found[: _DATE_WITHIN + 1]]
    kept = [line for line, date in head if date is None]
    dates = [date for _line, date in head if date is not None]
    if not dates or not kept:
        return DateLine(None), found
    return min(dates, key=lambda date: (date.moment is None, date.updated)), kept + found[_DATE_WITHIN + 1 :]


def _read(document: Document) -> Iterator[Found]:
    article, date = _parse(decode(read_whole(document.stream, MAX_BYTES)))
    yield document.item(article, date_refusal=date.refusal)


SOURCE: Final = Source("text", (".txt", ".text"), lambda _document: False, _read)
