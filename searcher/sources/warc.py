"""WARC: what a crawler fetched, pages and notices with their addresses and the servers' headers."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import datetime
from typing import Any, BinaryIO, Final

from searcher.article import VIETNAM
from searcher.messages import _
from searcher.sources.charset import charset_of
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import PassedOver, Unreadable
from searcher.sources.streams import BUFFER_BYTES, from_pieces

_SKIPPED_TYPES: Final = (
    "image/",
    "video/",
    "audio/",
    "font/",
    "text/css",
    "text/dns",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/font",
    "application/vnd.ms-font",
)
_OK: Final = "200"


def _damaged() -> Unreadable:
    return Unreadable("warc", _("The web archive is damaged or breaks off before its end."))


def _fetched(record: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(record.rec_headers.get_header("WARC-Date"))).astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None


def _is_page(record: Any) -> bool:
    if record.rec_type not in ("response", "resource"):
        return False
    if record.http_headers is not None and record.http_headers.get_statuscode() != _OK:
        return False
    return not _content_type(record).lower().startswith(_SKIPPED_TYPES)


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _read(document: Document) -> Iterator[Found]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    class Records(ArchiveIterator):  # type: ignore[misc]  # warcio has no types
        INC_RECORD = ""  # what it would write to the terminal, with bytes of the file as they are

    logging.getLogger("warcio").setLevel(logging.ERROR)
    document.budget.spend(archives=1)
    empty = True
    try:
        for record in Records(document.unpacked(document.stream, _damaged)):
            document.budget.spend(members=1)
            if not _is_page(record):
                continue
            for one in _record(document, record):
                empty &= isinstance(one, PassedOver)
                yield one
    except Unreadable:
        raise
    except (ArchiveLoadFailed, EOFError, zlib.error, ValueError, AttributeError, OSError):
        raise _damaged() from None
    if empty:
        raise Unreadable("no_articles", _("The web archive has no page that was fetched whole."))


def _quiet(stream: BinaryIO) -> io.BufferedReader:
    """Return the stream without what warcio writes to the terminal where its compression is damaged."""

    def pieces() -> Iterator[bytes]:
        while True:
            with redirect_stderr(io.StringIO()):
                block = stream.read(BUFFER_BYTES)
            if not block:
                return
            yield block

    return from_pieces(pieces())


def _record(document: Document, record: Any) -> Iterator[Found]:
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    place = document.member(url or str(record.rec_headers.get_header("WARC-Record-ID") or "?"))
    known = {"url": url, "charset": charset_of(_content_type(record)), "saved": _fetched(record) or document.saved}
    stream = document.unpacked(_quiet(record.content_stream()), _damaged)
    return document.inner(stream, place=place, named=False, **known)


SOURCE: Final = Source("warc", (".warc",), lambda document: document.head.startswith(b"WARC/"), _read)
