"""Stored fields: each document as MessagePack, compressed alone with a dictionary that its segment shares.

One document is read without its neighbours in a few microseconds, and a merge copies the documents it keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from searcher.codec.container import Container
from searcher.codec.terms import Blob, blob_arrays

MAX_DOCUMENT: Final = 256 * 1024 * 1024
"""Bytes that a document may take unpacked; more is taken for damage."""
_LEVEL: Final = 6
_DICTIONARY_BYTES: Final = 96 * 1024
_TRAIN_FROM: Final = 256
_SAMPLES: Final = 2048
_FORMAT: Final = zstandard.FORMAT_ZSTD1_MAGICLESS
_NAIVE: Final = 1  # the MessagePack extension of a datetime without a zone; its bytes are ISO 8601
_PLAIN: Final = (str, int, float, bool, bytes, type(None))


def encode_document(fields: Mapping[str, Any]) -> bytes:
    """Return stored fields as MessagePack; raises ValueError for a value of a type that would not come back."""
    return msgspec.msgpack.encode({name: _storable(value) for name, value in fields.items()})


def _storable(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, datetime):
        return msgspec.msgpack.Ext(_NAIVE, value.isoformat().encode()) if value.tzinfo is None else value
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    raise ValueError(f"{type(value).__name__} can't be stored; convert it to a string or number first")


def _extension(code: int, data: memoryview) -> datetime:
    if code != _NAIVE:
        raise ValueError("unknown MessagePack extension")
    return datetime.fromisoformat(bytes(data).decode("ascii"))


_decoder: Final = msgspec.msgpack.Decoder(dict[str, Any], ext_hook=_extension)


def stored_arrays(documents: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Return the arrays that hold these documents, each as `encode_document` gave it."""
    dictionary = _trained(documents)
    return packed_arrays(dictionary, [_compress(dictionary, documents)], [[len(document) for document in documents]])


def packed_arrays(
    dictionary: bytes, frames: Sequence[Sequence[bytes]], sizes: Sequence[Sequence[int]]
) -> dict[str, NDArray[Any]]:
    """Return the arrays of documents that are compressed already, with this dictionary, in one or several runs."""
    flat = [frame for run in frames for frame in run]
    return {
        **blob_arrays("stored", flat),
        "stored.sizes": np.fromiter((size for run in sizes for size in run), dtype=np.uint32, count=len(flat)),
        "stored.dictionary": np.frombuffer(dictionary, dtype=np.uint8),
    }


def _trained(documents: Sequence[bytes]) -> bytes:
    if len(documents) < _TRAIN_FROM:
        return b""
    samples = documents[:: max(1, len(documents) // _SAMPLES)][:_SAMPLES]
    try:
        return zstandard.train_dictionary(
            _DICTIONARY_BYTES, [sample[:8192] for sample in samples], level=_LEVEL
        ).as_bytes()
    except zstandard.ZstdError:  # too little in the samples to learn from
        return b""


def compress(dictionary: bytes, documents: Sequence[bytes]) -> list[bytes]:
    """Return each document compressed with a segment's dictionary, which may be empty."""
    return _compress(dictionary, documents)


def _compress(dictionary: bytes, documents: Sequence[bytes]) -> list[bytes]:
    given = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    level = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, format=_FORMAT, write_content_size=False, write_checksum=False, write_dict_id=False
    )
    if given is not None:
        given.precompute_compress(compression_params=level)
    compressor = zstandard.ZstdCompressor(dict_data=given, compression_params=level)
    return [compressor.compress(document) for document in documents]


class StoredDocuments:
    """The stored documents of a segment."""

    def __init__(self, container: Container) -> None:
        self._frames = Blob(container, "stored")
        self._sizes = container.part("stored.sizes")
        self._dictionary = container.part("stored.dictionary")
        if len(self._sizes) != len(self._frames):
            raise self._sizes.damaged()

    def __len__(self) -> int:
        return len(self._frames)

    def __getitem__(self, number: int) -> dict[str, Any]:
        """Return the stored fields of a document; raises IndexDamaged where they can't be read."""
        try:
            return _decoder.decode(self.encoded(number))
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError):
            raise self._sizes.damaged() from None

    @property
    def dictionary(self) -> bytes:
        """The dictionary that the documents are compressed with, or nothing."""
        return self._dictionary.all().tobytes()

    def encoded(self, number: int) -> bytes:
        """Return a document as MessagePack."""
        (size,) = self._sizes.slice(number, number + 1).tolist()
        if size > MAX_DOCUMENT:
            raise self._sizes.damaged()
        try:
            return self._decompressor.decompress(self._frames[number], max_output_size=size) if size else b""
        except (zstandard.ZstdError, MemoryError):
            raise self._sizes.damaged() from None

    def frames(self, start: int, stop: int) -> tuple[list[bytes], list[int]]:
        """Return documents `[start:stop]` as they are compressed, and the bytes they take unpacked."""
        return self._frames.range(start, stop), self._sizes.slice(start, stop).tolist()

    @cached_property
    def _decompressor(self) -> zstandard.ZstdDecompressor:
        raw = self.dictionary
        given = zstandard.ZstdCompressionDict(raw) if raw else None
        return zstandard.ZstdDecompressor(dict_data=given, format=_FORMAT)
