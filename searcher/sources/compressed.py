"""gzip and zstd: the document within is read as if it lay there uncompressed."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import zstandard

from searcher.messages import _
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Unreadable
from searcher.sources.streams import gunzipped, unzstandard

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


def _reader(opened: Callable[[BinaryIO], io.BufferedReader]) -> Callable[[Document], Iterator[Found]]:
    def read(document: Document) -> Iterator[Found]:
        from searcher.sources.formats import read_document

        try:
            yield from read_document(document.within(opened(document.stream)))
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError):
            reason = _("The compressed file is damaged or breaks off before its end.")
            raise Unreadable("compression", reason) from None

    return read


GZIP: Final = Source("gzip", (), lambda document: document.head.startswith(_GZIP), _reader(gunzipped))
ZSTD: Final = Source("zstd", (), lambda document: document.head.startswith(_ZSTD), _reader(unzstandard))
