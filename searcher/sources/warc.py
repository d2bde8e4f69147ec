"""WARC: what a crawler fetched, pages and notices with their addresses and the servers' headers.

A record that is damaged costs itself alone: the next one is looked for behind it.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import datetime
from typing import Any, BinaryIO, Final

from searcher.article import VIETNAM
from searcher.messages import _, number
from searcher.sources.charset import charset_of
from searcher.sources.document import Document, Found, Source
from searcher.sources.gzipmembers import MARK, Members, inflated_beginning
from searcher.sources.items import PassedOver, Rejected, Unreadable
from searcher.sources.streams import BLOCK_BYTES, BUFFER_BYTES, from_pieces

MAX_HEADER_BYTES: Final = 256 * 1024
_BEGINS: Final = b"WARC/"
_MARK: Final = b"WARC/1."
_LENGTH: Final = re.compile(rb"^content-length:[ \t]{0,9}(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
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


def _read(document: Document) -> Iterator[Found]:
    logging.getLogger("warcio").setLevel(logging.ERROR)
    document.budget.spend(archives=1)
    empty = True
    for found in _all_records(document):
        empty &= isinstance(found, PassedOver)
        yield found
    if empty:
        raise Unreadable("no_articles", _("The web archive has no page that was fetched whole."))


def _all_records(document: Document) -> Iterator[Found]:
    if not document.head.startswith(MARK):
        yield from _records(document, document.stream)
        return
    for member in Members(document.stream, _BEGINS):
        if isinstance(member, int):
            yield _passed_over(document, member)
        else:
            yield from _records(document, member)


def _passed_over(document: Document, count: int) -> Rejected:
    reason = _("The web archive is damaged: {count} bytes of it were passed over.")
    return Rejected(document.place, None, "warc", reason.format(count=number(count)))


def _damaged() -> Unreadable:
    return Unreadable("warc", _("The web archive is damaged or breaks off before its end."))


def _said() -> Unreadable:
    """Return what ends reading a record of which it is said elsewhere that it is damaged."""
    damage = _damaged()
    damage.said = True
    return damage


# --- records ---------------------------------------------------------------------------------------------------------


def _records(document: Document, packed: io.BufferedReader) -> Iterator[Found]:
    """Yield what the records of a stream hold; what is none is passed over, up to the next record."""
    is_member = packed is not document.stream
    stream = document.unpacked(packed, _said if is_member else _damaged)
    passed = 0
    try:
        while True:
            head, before = _next_head(document, stream)
            passed += before
            length = _LENGTH.search(head)
            if head and length is None:
                passed += len(head)
                continue
            if passed:
                yield _passed_over(document, passed)
                passed = 0
            if length is None:
                return
            block = _Block(stream, int(length[1]))
            yield from _record(document, head, block)
            block.drain()
            if block.is_short and not is_member:
                raise _damaged()
    except Unreadable as damage:
        if not damage.said:
            raise


def _next_head(document: Document, stream: io.BufferedReader) -> tuple[bytes, int]:
    """Return the header of the next record, b"" where there is none, and how many bytes lay before that are none."""
    passed = 0
    while line := stream.readline(BLOCK_BYTES):
        if line.startswith(_MARK):
            document.budget.spend(members=1)
            return line + _fields(stream), passed
        document.budget.spend(records=1)
        if not line.isspace():
            passed += len(line) + _go_to_record(stream)
    return b"", passed


def _go_to_record(stream: io.BufferedReader) -> int:
    """Read up to what may be the next record, or the end, and return how many bytes that were."""
    passed = 0
    while ahead := stream.peek(len(_MARK)):
        at = ahead.find(_MARK)
        passed += len(stream.read(at if at >= 0 else max(1, len(ahead) - len(_MARK) + 1)))
        if at >= 0:
            break
    return passed


def _fields(stream: io.BufferedReader) -> bytes:
    """Return the fields of a record's header with the empty line below them, as far as a header may be long."""
    lines: list[bytes] = []
    left = MAX_HEADER_BYTES
    while left > 0 and (line := stream.readline(left)):
        lines.append(line)
        left -= len(line)
        if not line.strip():
            break
    return b"".join(lines)


class _Block:
    """The content of a record: so many bytes of a stream, as a stream."""

    def __init__(self, stream: io.BufferedReader, length: int) -> None:
        self._stream, self._left = stream, length

    @property
    def is_short(self) -> bool:
        """Whether the stream ended before the block."""
        return self._left > 0

    def pieces(self) -> Iterator[bytes]:
        """Yield what is left of it."""
        while self._left:
            piece = self._stream.read1(min(self._left, BLOCK_BYTES))
            if not piece:
                return
            self._left -= len(piece)
            yield piece

    def drain(self) -> None:
        """Read to its end."""
        for _piece in self.pieces():
            pass


def _record(document: Document, head: bytes, block: _Block) -> Iterator[Found]:
    from warcio.recordloader import ArcWarcRecordLoader

    def pieces() -> Iterator[bytes]:
        yield head
        yield from block.pieces()

    try:
        record = ArcWarcRecordLoader().parse_record_stream(from_pieces(pieces()))
        if not _is_page(record):
            return
        content = record.content_stream()
    except Unreadable:
        raise
    except Exception:  # whatever a server's headers may be
        yield _damaged().at(document.place)
        return
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    place = document.member(url or str(record.rec_headers.get_header("WARC-Record-ID") or "?"))
    known = {"url": url, "charset": charset_of(_content_type(record)), "saved": _fetched(record) or document.saved}
    yield from document.inner(document.unpacked(_quiet(content), _damaged), place=place, named=False, **known)


def _is_page(record: Any) -> bool:
    if record.rec_type not in ("response", "resource"):
        return False
    if record.http_headers is not None and record.http_headers.get_statuscode() != _OK:
        return False
    return not _content_type(record).lower().startswith(_SKIPPED_TYPES)


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _fetched(record: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(record.rec_headers.get_header("WARC-Date"))).astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None


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


def _recognises(document: Document) -> bool:
    head = document.head
    return (inflated_beginning(head, len(_BEGINS)) if head.startswith(MARK) else head).startswith(_BEGINS)


SOURCE: Final = Source("warc", (".warc",), _recognises, _read)
