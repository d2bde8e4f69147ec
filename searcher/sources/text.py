"""One article in a text file: title line, date line, lead, paragraphs, captions and page furniture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from searcher.article import Article
from searcher.messages import _
from searcher.sources.dates import DateLine, read_date_line
from searcher.sources.document import Document, Found, Source
from searcher.sources.furniture import sort_lines
from searcher.sources.items import Unreadable
from searcher.sources.streams import read_whole

MAX_BYTES: Final = 16 * 1024 * 1024
"""A text file over this size is no article."""
_DATE_WITHIN: Final = 4  # lines from the top among which a date line is looked for
_SOURCE_PREFIX: Final = "nguồn:"


def decode(raw: bytes) -> str:
    """Return the text of a file; raises Unreadable where it is empty, binary or not UTF-8 (or UTF-16 with a mark)."""
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        if encoding == "utf-16":
            raise Unreadable("encoding", _("The file begins as UTF-16 but is not.")) from None
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
    title, *rest = [stripped for line in text.splitlines() if (stripped := line.strip())]
    date = DateLine(None)
    for position, line in enumerate(rest[:_DATE_WITHIN]):
        read = read_date_line(line)
        if read is not None:
            date = read
            del rest[position]
            break
    sources = [line for line in rest if line.lower().startswith(_SOURCE_PREFIX)]
    paragraphs, captions = sort_lines(line for line in rest if line not in sources)
    if not paragraphs:
        raise Unreadable("no_body", _("The file has a title but no text under it."))
    lead = paragraphs.pop(0) if len(paragraphs) > 1 else ""
    article = Article(
        title=title,
        lead=lead,
        body="\n".join(paragraphs),
        published=date.moment,
        source=sources[-1][len(_SOURCE_PREFIX) :].strip() if sources else "",
        captions=tuple(captions),
    )
    return article, date


def _read(document: Document) -> Iterator[Found]:
    article, date = _parse(decode(read_whole(document.stream, MAX_BYTES)))
    yield document.item(article, date_refusal=date.refusal)


SOURCE: Final = Source("text", (".txt", ".text"), lambda _document: False, _read)
