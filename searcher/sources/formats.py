"""The formats, and the choice of one for a document: by its content, and by its name where the content says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from searcher.messages import _
from searcher.sources import archives, compressed, delimited, feeds, html, jsonl, mhtml, oldoffice, pdf, text, warc
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Unreadable

MAX_DEPTH: Final = 4
"""Archives and compressions within each other; one more is refused."""

SOURCES: Final[tuple[Source, ...]] = (
    compressed.GZIP,
    compressed.ZSTD,
    archives.ZIP,
    archives.TAR,
    warc.SOURCE,
    pdf.SOURCE,
    oldoffice.SOURCE,
    jsonl.SOURCE,
    mhtml.SOURCE,
    feeds.SOURCE,
    html.SOURCE,
    delimited.SOURCE,
    text.SOURCE,
)
"""In the order in which they are asked."""

KNOWN: Final = ".txt .json .jsonl .html .mhtml .rss .csv .xlsx .docx .pdf .zip .tar .warc .gz .zst"
"""What users are told; `SUFFIXES` has more."""

SUFFIXES: Final = frozenset(suffix for source in SOURCES for suffix in source.suffixes)


def choose(document: Document) -> Source:
    """Return the format of a document; raises Unreadable where it is empty or of no known kind."""
    if not document.head:
        raise Unreadable("empty", _("The file is empty."))
    for source in SOURCES:
        if source.recognises(document):
            return source
    if document.place.lower().endswith((".gz", ".zst")) and not document.depth:
        raise Unreadable("compression", _("The compressed file is damaged or breaks off before its end."))
    for source in SOURCES:
        if document.suffix in source.suffixes:
            return source
    reason = _("This kind of file can't be read (known: {suffixes}).")
    raise Unreadable("kind", reason.format(suffixes=KNOWN.replace(" ", ", ")))


def read_document(document: Document) -> Iterator[Found]:
    """Yield what a document holds; raises Unreadable for what is left of it."""
    if document.depth > MAX_DEPTH:
        reason = _("Archives lie in each other more than {limit} deep.")
        raise Unreadable("depth", reason.format(limit=MAX_DEPTH))
    yield from choose(document).read(document)
