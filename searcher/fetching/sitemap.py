"""Sitemaps (sitemaps.org) and indexes of them: XML, news sitemaps and plain text, compressed or not."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO, Final, NamedTuple, cast

from lxml import etree

from searcher.fetching.failures import Failed
from searcher.messages import _
from searcher.sources import parse_published
from searcher.sources.items import Unreadable
from searcher.sources.streams import gunzipped, read_whole

MAX_URLS: Final = 50_000
"""The protocol's own bound for one sitemap."""

_GZIP: Final = b"\x1f\x8b"
_HEAD_BYTES: Final = 4096
_LINE: Final = re.compile(rb"https?://\S+$")
_DATES: Final = frozenset({"lastmod", "publication_date"})


class Listed(NamedTuple):
    """A URL that a feed or a sitemap names, and when it says that the page there was published or last changed."""

    url: str
    dated: datetime | None = None


def unpacked(body: bytes, most: int) -> bytes:
    """Return a document as it is before compression; raises Failed where it is damaged or larger than `most`."""
    if not body.startswith(_GZIP):
        return body
    try:
        return read_whole(cast(BinaryIO, gunzipped(io.BytesIO(body))), most)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Failed("encoding", _("The answer's compression is damaged."), passing=True) from None
    except Unreadable as unreadable:
        raise Failed("too_large", unreadable.reason) from None


def is_text_sitemap(body: bytes) -> bool:
    """Whether a document is a list of URLs, one a line."""
    head = body[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    whole = lines if len(body) <= _HEAD_BYTES else lines[:-1]  # the last line may be cut by the head's end
    return bool(whole) and all(_LINE.match(line) for line in whole)


def read_sitemap(body: bytes) -> Iterator[Listed]:
    """Yield what a sitemap, or an index of sitemaps, names; where its XML breaks, what came before."""
    if is_text_sitemap(body):
        for line in body.decode("utf-8-sig", "replace").split()[:MAX_URLS]:
            yield Listed(line)
        return
    events = etree.iterparse(
        io.BytesIO(body), events=("end",), recover=True, resolve_entities=False, load_dtd=False, no_network=True
    )
    count = 0
    with suppress(etree.XMLSyntaxError):
        for _event, element in events:
            if etree.QName(element).localname not in ("url", "sitemap"):
                continue
            if found := _listed(element):
                yield found
            element.clear(keep_tail=False)
            while element.getprevious() is not None:  # what was read need not be held
                del element.getparent()[0]
            count += 1
            if count == MAX_URLS:
                return


def _listed(element: etree._Element) -> Listed | None:
    url, dated = "", None
    for inner in element.iter(etree.Element):
        name = etree.QName(inner).localname
        text = (inner.text or "").strip()
        if name == "loc" and not url:
            url = text
        elif name in _DATES and dated is None:
            dated = moment(text)
    return Listed(url, dated) if url else None


def moment(text: str) -> datetime | None:
    """Return the moment of a W3C date; None where it is none, or lies in the future."""
    try:
        return parse_published(text)
    except (ValueError, OverflowError):
        return None
