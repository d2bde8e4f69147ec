"""MHTML: a page that a browser saved as one file, with its pictures beside it as parts of a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Final

from searcher.messages import _
from searcher.sources.charset import charset_of
from searcher.sources.document import Document, Found, Source
from searcher.sources.html import read_page
from searcher.sources.items import Unreadable
from searcher.sources.mimeparts import parted
from searcher.sources.streams import read_whole
from searcher.urls import canonical_url

MAX_BYTES: Final = 64 * 1024 * 1024

_BEGINNING: Final = re.compile(rb"[\w-]+:[^\n]*\n", re.ASCII)
_RELATED: Final = re.compile(rb"^content-type:\s{0,9}multipart/related", re.IGNORECASE | re.MULTILINE)
_DATE_CHARS: Final = 100
_PAGES: Final = ("text/html", "application/xhtml+xml")


def _recognises(document: Document) -> bool:
    head = document.head[:4096].lstrip()
    return _BEGINNING.match(head) is not None and _RELATED.search(head) is not None


def _read(document: Document) -> Iterator[Found]:
    message = parted(read_whole(document.stream, MAX_BYTES).lstrip())
    # The first page is the one that was saved, the others are frames in it.
    page = next((part for part in message.leaves() if part.content_type in _PAGES), None)
    if page is None:
        raise Unreadable("mhtml", _("The saved page is damaged: it has no HTML in it."))
    urls = (
        str(part.headers.get(name) or "")
        for part in (page, message)
        for name in ("Content-Location", "Snapshot-Content-Location")
    )
    url = document.url or next((url for url in urls if canonical_url(url)), "")
    with suppress(ValueError, TypeError, OverflowError, IndexError):  # then the file's own time stands
        document.saved = parsedate_to_datetime(str(message.headers["Date"])[:_DATE_CHARS]).astimezone()
    yield document.item(
        read_page(page.content(), url=url, charset=charset_of(str(page.headers.get("Content-Type") or "")))
    )


SOURCE: Final = Source("mhtml", (".mhtml", ".mht"), _recognises, _read)
