"""MHTML: a page that a browser saved as one file, with its pictures beside it as parts of a mail.

The parts are cut by their boundary (RFC 2046, 5.1.1) and only the headers go to Python's mail parser, which takes the
square of the time for many parameters, or for parts within parts.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Final

from searcher.messages import _
from searcher.sources.charset import charset_of
from searcher.sources.document import Document, Found, Source
from searcher.sources.html import read_page
from searcher.sources.items import Unreadable
from searcher.sources.streams import read_whole
from searcher.urls import canonical_url

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_HEADER_BYTES: Final = 16 * 1024
MAX_PARTS: Final = 5_000
MAX_DEPTH: Final = 3
"""Parts within parts: a mail has its text in several forms within the whole, and that is all."""

_BEGINNING: Final = re.compile(rb"[\w-]+:[^\n]*\n", re.ASCII)
_RELATED: Final = re.compile(rb"^content-type:\s{0,9}multipart/related", re.IGNORECASE | re.MULTILINE)
_BLANK: Final = re.compile(rb"\r?\n\r?\n")
_BOUNDARY: Final = re.compile(r";\s{0,9}boundary\s{0,9}=\s{0,9}(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_DATE_CHARS: Final = 100
_PAGES: Final = ("text/html", "application/xhtml+xml")


def _recognises(document: Document) -> bool:
    head = document.head[:4096].lstrip()
    return _BEGINNING.match(head) is not None and _RELATED.search(head) is not None


def _parted(raw: bytes) -> tuple[Message, bytes]:
    """Return the headers of a part, and what comes after them."""
    end = _BLANK.search(raw, 0, MAX_HEADER_BYTES)
    if end is None:
        return Message(), b""
    return BytesHeaderParser().parsebytes(raw[: end.start()]), raw[end.end() :]


def _type(headers: Message) -> str:
    return str(headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _page_of(headers: Message, body: bytes, depth: int = 0) -> tuple[Message, bytes] | None:
    """Return the first part that is a page; the others are frames in it."""
    if _type(headers) in _PAGES:
        return headers, body
    boundary = _BOUNDARY.search(str(headers.get("Content-Type") or ""))
    if boundary is None or depth > MAX_DEPTH or not _type(headers).startswith("multipart/"):
        return None
    line = re.escape((boundary[1] or boundary[2]).encode("utf-8", "surrogateescape"))
    cuts = re.compile(rb"(?:\A|\r?\n)--" + line + rb"(?:--)?[ \t]*(?:\r?\n|\Z)")
    start: int | None = None
    for count, cut in enumerate(cuts.finditer(body)):
        if start is not None and (found := _page_of(*_parted(body[start : cut.start()]), depth + 1)):
            return found
        if count > MAX_PARTS:
            return None
        start = cut.end()
    # What breaks off before its end still has the page in it.
    return None if start is None else _page_of(*_parted(body[start:]), depth + 1)


def _decoded(headers: Message, body: bytes) -> bytes:
    coding = str(headers.get("Content-Transfer-Encoding") or "").strip().lower()
    if coding == "quoted-printable":
        return quopri.decodestring(body)
    if coding == "base64":
        with suppress(binascii.Error):
            return binascii.a2b_base64(body)
        return b""
    return body


def _read(document: Document) -> Iterator[Found]:
    message, body = _parted(read_whole(document.stream, MAX_BYTES).lstrip())
    found = _page_of(message, body)
    if found is None:
        raise Unreadable("mhtml", _("The saved page is damaged: it has no HTML in it."))
    page, raw = found
    urls = (
        str(part.get(name) or "")
        for part in (page, message)
        for name in ("Content-Location", "Snapshot-Content-Location")
    )
    url = document.url or next((url for url in urls if canonical_url(url)), "")
    with suppress(ValueError, TypeError, OverflowError, IndexError):  # then the file's own time stands
        document.saved = parsedate_to_datetime(str(message["Date"])[:_DATE_CHARS]).astimezone()
    yield document.item(
        read_page(_decoded(page, raw), url=url, charset=charset_of(str(page.get("Content-Type") or "")))
    )


SOURCE: Final = Source("mhtml", (".mhtml", ".mht"), _recognises, _read)
