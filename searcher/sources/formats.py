"""The formats, and the choice of one for a document: by its content, and by its name where the content says nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final

from searcher.messages import _
from searcher.sources import (
    compressed,
    delimited,
    feeds,
    html,
    jsonl,
    mail,
    markdown,
    mhtml,
    oldoffice,
    pdf,
    rtf,
    tars,
    text,
    warc,
    zips,
)
from searcher.sources.document import Document, Exhausted, Found, Source
from searcher.sources.items import Item, PassedOver, Rejected, Unreadable, explain

MAX_DEPTH: Final = 4
"""Archives and compressions within each other; one more is refused."""

_MAX_HELD: Final = 1000
_log: Final = logging.getLogger(__name__)

SOURCES: Final[tuple[Source, ...]] = (
    warc.SOURCE,
    compressed.GZIP,
    compressed.ZSTD,
    zips.SOURCE,
    tars.SOURCE,
    pdf.SOURCE,
    rtf.SOURCE,
    oldoffice.SOURCE,
    jsonl.SOURCE,
    mhtml.SOURCE,
    mail.SOURCE,
    feeds.SOURCE,
    html.SOURCE,
    delimited.SOURCE,
    markdown.SOURCE,
    text.SOURCE,
)
"""In the order in which they are asked."""

KNOWN: Final = (
    ".txt .md .json .jsonl .html .mhtml .eml .rss .csv .xlsx .ods .docx .odt .rtf .pdf .zip .tar .warc .gz .zst"
)
"""What users are told; `SUFFIXES` has more."""

SUFFIXES: Final = frozenset(suffix for source in SOURCES for suffix in source.suffixes)


def choose(document: Document) -> Source:
    """Return the format of a document; raises Unreadable where it is empty or of no known kind."""
    if not document.head and (document.named or document.suffix in SUFFIXES):
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
    """Yield what a document holds: articles, and a rejection for what can't be read, whatever that is.

    This is the one place where reading a file, or a member of an archive, may fail. It raises Exhausted alone, and that
    only within an archive. A document that nobody named, of a kind that is not read, is passed over.
    """
    found = _read(document)
    if not (document.named or document.url) and document.suffix not in SUFFIXES:
        found = _if_any_article(document, found)
    return found


def _read(document: Document) -> Iterator[Found]:
    try:
        if document.depth > MAX_DEPTH:
            reason = _("Archives lie in each other more than {limit} deep.")
            raise Unreadable("depth", reason.format(limit=MAX_DEPTH))
        yield from choose(document).read(document)
    except Exhausted as exhausted:
        if document.depth:
            raise
        yield exhausted.at(document.place)
    except Unreadable as unreadable:
        if unreadable.code == "kind" and not document.named:
            yield PassedOver(document.place, document.suffix)
        elif not unreadable.said:
            unreadable.said = True
            yield unreadable.at(document.place)
    except OSError as error:
        yield explain(error).at(document.place)
    except MemoryError:
        yield Rejected(document.place, None, "memory", _("There is not enough memory to read this."))
    except Exception as error:
        _log.debug("reading %s failed", document.place, exc_info=True)
        reason = _("Reading this failed by a fault of searcher's ({fault}): please report it.")
        yield Rejected(document.place, None, "fault", reason.format(fault=type(error).__name__))


def _if_any_article(document: Document, found: Iterator[Found]) -> Iterator[Found]:
    """Yield what was found where an article is among it: else the file only looked like one of a kind that is read."""
    held: list[Found] = []
    for one in found:
        held.append(one)
        if isinstance(one, Item) or len(held) > _MAX_HELD:
            yield from held
            yield from found
            return
    yield PassedOver(document.place, document.suffix)
