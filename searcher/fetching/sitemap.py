"""Sitemaps (sitemaps.org) and indexes of them: XML, news sitemaps and plain text, compressed or not."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Final, NamedTuple, cast

from lxml import etree

from searcher.fetching.failures import Failed
from searcher.messages import _
from searcher.sources import parse_published
from searcher.sources.items import Unreadable
from searcher.sources.streams import gunzipped, read_whole
from searcher.urls import MAX_CHARS

MAX_URLS: Final = 50_000
"""The protocol's own bound for one sitemap."""
MAX_ELEMENTS: Final = 40 * MAX_URLS
"""A sitemap names pictures and translations of its pages too, but it ends somewhere."""

_GZIP: Final = b"\x1f\x8b"
_HEAD_BYTES: Final = 4096
_LINE: Final = re.compile(rb"https?://\S+$")
_ENTRIES: Final = frozenset({"url", "sitemap"})
_FIELDS: Final = frozenset({"loc", "lastmod", "publication_date"})
_PART_BYTES: Final = 1 << 16
_BARE_AMPERSAND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_LONG_TAG: Final = re.compile(rb"<[^<>]{65536}")  # libxml2 needs 60 times the memory for a tag of a million attributes


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
    """Yield what a sitemap, or an index of sitemaps, names, `MAX_URLS` at most; where its XML breaks, what came before.

    Raises Failed where it is made to be too much for a parser.
    """
    if is_text_sitemap(body):
        for line in islice(io.BytesIO(body.removeprefix(b"\xef\xbb\xbf")), MAX_URLS):
            if _LINE.match(line.strip()):
                yield Listed(line.strip().decode("utf-8", "replace"))
        return
    if _LONG_TAG.search(body):
        raise Failed("sitemap", _("This is no sitemap."))
    if b"\x00" not in body[:_HEAD_BYTES]:  # UTF-16 is left as it is
        body = _mended(body)
    found = _Found()
    parser = etree.XMLParser(target=found, recover=True, resolve_entities=False, load_dtd=False, no_network=True)
    with suppress(etree.XMLSyntaxError, StopIteration):
        for start in range(0, len(body), _PART_BYTES):
            parser.feed(body[start : start + _PART_BYTES])
            yield from found.taken()
        parser.close()
    yield from found.taken()


def _mended(body: bytes) -> bytes:
    """Return XML in which each bare '&' is escaped, as in the addresses of many sitemaps; a CDATA section stays as it
    is."""
    first, *others = body.split(_CDATA)
    mended = [_BARE_AMPERSAND.sub(b"&amp;", first)]
    for part in others:
        inside, end, outside = part.partition(_CDATA_END)
        mended += [_CDATA, inside, end, _BARE_AMPERSAND.sub(b"&amp;", outside)]
    return b"".join(mended)


class _Found:
    """Takes the parser's events, so that no tree of a large sitemap is built."""

    def __init__(self) -> None:
        self._entries: list[Listed] = []
        self._count = self._elements = 0
        self._field = self._text = self._url = self._date = ""

    def taken(self) -> list[Listed]:
        """Give what was found since the last time."""
        entries, self._entries = self._entries, []
        return entries

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or self._count >= MAX_URLS:
            raise StopIteration
        name = tag.rpartition("}")[2]
        if name in _ENTRIES:
            self._url = self._date = ""
        self._field, self._text = name if name in _FIELDS else "", ""

    def data(self, text: str) -> None:
        if self._field and len(self._text) < MAX_CHARS:
            self._text += text[: MAX_CHARS + 1]

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name in _ENTRIES and self._url:
            self._entries.append(Listed(self._url, moment(self._date)))
            self._count += 1
            self._url = ""
        elif self._field == name == "loc":
            self._url = self._url or self._text.strip()
        elif self._field and self._field == name:
            self._date = self._date or self._text.strip()
        self._field = ""

    def close(self) -> None:
        """Called by the parser at its end."""


def moment(text: str) -> datetime | None:
    """Return the moment of a W3C date; None where it is none, or lies in the future."""
    try:
        return parse_published(text)
    except (ValueError, OverflowError):
        return None
