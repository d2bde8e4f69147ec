"""gzip and zstd: the document within is read as if it lay there uncompressed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from searcher.messages import _
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Unreadable
from searcher.sources.streams import gunzipped, unzstandard

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


def _damaged() -> Unreadable:
    return Unreadable("compression", _("The compressed file is damaged or breaks off before its end."))


def _reader(opened: Callable[[BinaryIO], io.BufferedReader]) -> Callable[[Document], Iterator[Found]]:
    def read(document: Document) -> Iterator[Found]:
        return document.inner(document.unpacked(opened(document.stream), _damaged))

    return read


GZIP: Final = Source("gzip", (), lambda document: document.head.startswith(_GZIP), _reader(gunzipped))
ZSTD: Final = Source("zstd", (), lambda document: document.head.startswith(_ZSTD), _reader(unzstandard))
