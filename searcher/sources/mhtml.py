"""MHTML: a page that a browser saved as one file, with its pictures beside it as parts of a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
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
_HEADERS: Final = re.compile(rb"(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\n)*){1,40}?", re.ASCII)
_RELATED: Final = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def _recognises(document: Document) -> bool:
    head = document.head[:4096].lstrip()
    return _HEADERS.match(head) is not None and _RELATED.search(head) is not None


def _page_of(message: Message) -> Message | None:
    parts = (part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml"))
    return next(parts, None)  # the first is the page, the others are frames in it


def _read(document: Document) -> Iterator[Found]:
    try:
        message = message_from_bytes(read_whole(document.stream, MAX_BYTES))
        page = _page_of(message)
        raw = page.get_payload(decode=True) if page is not None else None
    except (ValueError, LookupError, RecursionError):
        page, raw = None, None
    if page is None or not isinstance(raw, bytes):
        raise Unreadable("mhtml", _("The saved page is damaged: it has no HTML in it."))
    urls = (
        str(part.get(name) or "")
        for part in (page, message)
        for name in ("Content-Location", "Snapshot-Content-Location")
    )
    url = document.url or next((url for url in urls if canonical_url(url)), "")
    with suppress(ValueError, TypeError, OverflowError):  # then the file's own time stands
        document.saved = parsedate_to_datetime(str(message["Date"])).astimezone()
    yield document.item(read_page(raw, url=url, charset=charset_of(str(page.get("Content-Type") or ""))))


SOURCE: Final = Source("mhtml", (".mhtml", ".mht"), _recognises, _read)
