"""Stored fields: each document as MessagePack, compressed alone with a dictionary that its segment shares.

One document is read without its neighbours in a few microseconds. A writer takes the dictionary that the index has
already, so that segments share one and a merge copies the documents it keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from searcher.codec.container import U8, U32, Container
from searcher.codec.terms import Blob, blob_arrays

MAX_DOCUMENT: Final = 256 * 1024 * 1024
"""Bytes that a document may take unpacked; more is refused, and taken for damage where it is read."""
MAX_VALUES: Final = 250_000
"""Values that a document of more than `_UNCOUNTED` bytes may have, likewise: each takes more memory than bytes."""
_UNCOUNTED: Final = 1_000_000
_LEVEL: Final = 6
_DICTIONARY_BYTES: Final = 96 * 1024
_TRAIN_FROM: Final = 256
SAMPLES: Final = 2048
"""So many documents tell what is common in them; a dictionary of fewer is made anew for more."""
_PAYS: Final = 4
"""So many times its own size documents should have, for a dictionary to be kept with them."""
_FORMAT: Final = zstandard.FORMAT_ZSTD1_MAGICLESS
_NAIVE: Final = 1  # the MessagePack extension of a datetime without a zone; its bytes are ISO 8601
_PLAIN: Final = (str, int, float, bool, bytes, type(None))
# What follows a value's first byte (https://github.com/msgpack/msgpack/blob/master/spec.md): of strings, bytes and
# extensions a length of so many bytes, and so many more than it says; of others so many bytes.
_SIZED: Final = {
    0xC4: (1, 0),
    0xC5: (2, 0),
    0xC6: (4, 0),
    0xC7: (1, 1),
    0xC8: (2, 1),
    0xC9: (4, 1),
    0xD9: (1, 0),
    0xDA: (2, 0),
    0xDB: (4, 0),
}
_WIDTHS: Final = {
    0xCA: 4,
    0xCB: 8,
    0xCC: 1,
    0xCD: 2,
    0xCE: 4,
    0xCF: 8,
    0xD0: 1,
    0xD1: 2,
    0xD2: 4,
    0xD3: 8,
    0xD4: 2,
    0xD5: 3,
    0xD6: 5,
    0xD7: 9,
    0xD8: 17,
    0xDC: 2,
    0xDD: 4,
    0xDE: 2,
    0xDF: 4,
}


def encode_document(fields: Mapping[str, Any]) -> bytes:
    """Return stored fields as MessagePack.

    Raises ValueError for a value of a type that would not come back, and for more than a document may have.
    """
    try:
        encoded = msgspec.msgpack.encode({name: _storable(value) for name, value in fields.items()})
    except (OverflowError, UnicodeEncodeError, RecursionError) as error:
        raise ValueError(f"a value can't be stored: {error}") from None
    if len(encoded) > MAX_DOCUMENT or not _is_modest(encoded):
        raise ValueError("the stored fields of one document are too large")
    return encoded


def _is_modest(encoded: bytes) -> bool:
    """Return whether decoding makes few values, of a large document at most `MAX_VALUES`.

    What is malformed may be either.
    """
    if len(encoded) <= _UNCOUNTED:
        return True
    at = 0
    for _value in range(MAX_VALUES):
        if at >= len(encoded):
            return True
        first = encoded[at]
        at += 1
        if 0xA0 <= first < 0xC0:
            at += first - 0xA0
        elif (form := _SIZED.get(first)) is not None:
            width, extra = form
            at += width + extra + int.from_bytes(encoded[at : at + width], "big")
        else:
            at += _WIDTHS.get(first, 0)
    return False


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


def stored_arrays(documents: Sequence[bytes], dictionary: bytes = b"") -> dict[str, NDArray[Any]]:
    """Return the arrays that hold these documents, each as `encode_document` gave it.

    They are compressed with the dictionary if one is given and pays, else with one made from them if they are many.
    """
    size = sum(map(len, documents))
    if not dictionary:
        dictionary = train_dictionary(documents)
    if size < _PAYS * len(dictionary):
        dictionary = b""
    return _arrays(dictionary, _compress(dictionary, documents), list(map(len, documents)))


def merged_arrays(sources: Sequence[tuple[StoredDocuments, NDArray[np.bool_] | None]]) -> dict[str, NDArray[Any]]:
    """Return the arrays of the documents of several segments, of those that each one's mask has.

    Most frames are copied as they are: the dictionary is that of the segment with the most documents, and only what
    was compressed with another one is compressed anew.
    """
    dictionary = max(sources, key=lambda source: (bool(source[0].dictionary), len(source[0])))[0].dictionary
    frames: list[bytes] = []
    sizes: list[int] = []
    for documents, live in sources:
        numbers = range(len(documents)) if live is None else np.flatnonzero(live).tolist()
        own_frames, own_sizes = documents.frames(0, len(documents))
        sizes += [own_sizes[number] for number in numbers]
        if documents.dictionary == dictionary:
            frames += [own_frames[number] for number in numbers]
        else:
            frames += _compress(dictionary, [documents.encoded(number) for number in numbers])
    return _arrays(dictionary, frames, sizes)


def train_dictionary(documents: Sequence[bytes]) -> bytes:
    """Return a dictionary of what is common in these documents, or b"" where they are few."""
    if len(documents) < _TRAIN_FROM:
        return b""
    samples = documents[:: max(1, len(documents) // SAMPLES)][:SAMPLES]
    try:
        return zstandard.train_dictionary(_DICTIONARY_BYTES, [sample[:8192] for sample in samples]).as_bytes()
    except zstandard.ZstdError:  # too little in the samples to learn from
        return b""


def _arrays(dictionary: bytes, frames: Sequence[bytes], sizes: Sequence[int]) -> dict[str, NDArray[Any]]:
    return {
        **blob_arrays("stored", frames),
        "stored.sizes": np.array(sizes, dtype=np.uint32),
        "stored.dictionary": np.frombuffer(dictionary, dtype=np.uint8),
    }


def _compress(dictionary: bytes, documents: Iterable[bytes]) -> list[bytes]:
    """Return each document compressed with a dictionary, which may be empty."""
    given = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    level = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, format=_FORMAT, write_content_size=False, write_checksum=False, write_dict_id=False
    )
    if given is not None:
        given.precompute_compress(compression_params=level)
    compressor = zstandard.ZstdCompressor(dict_data=given, compression_params=level)
    return [compressor.compress(document) for document in documents]


class StoredDocuments:
    """The stored documents of a segment; several threads may read them at once."""

    def __init__(self, container: Container, doc_count: int) -> None:
        self._frames = Blob(container, "stored")
        self._sizes = container.part("stored.sizes", U32)
        self._dictionary = container.part("stored.dictionary", U8)
        self._idle: list[zstandard.ZstdDecompressor] = []  # one is for one thread at a time
        if not len(self._sizes) == len(self._frames) == doc_count:
            raise self._sizes.damaged()

    def __len__(self) -> int:
        return len(self._frames)

    def __getitem__(self, number: int) -> dict[str, Any]:
        """Return the stored fields of a document; raises IndexDamaged where they can't be read."""
        encoded = self.encoded(number)
        if not _is_modest(encoded):
            raise self._sizes.damaged()
        try:
            return _decoder.decode(encoded)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError, RecursionError):
            raise self._sizes.damaged() from None

    @cached_property
    def dictionary(self) -> bytes:
        """The dictionary that the documents are compressed with, or nothing."""
        return self._dictionary.all().tobytes()

    def encoded(self, number: int) -> bytes:
        """Return a document as MessagePack."""
        (size,) = self._sizes.slice(number, number + 1).tolist()
        if size > MAX_DOCUMENT:
            raise self._sizes.damaged()
        if not size:
            return b""
        frame = self._frames[number]
        try:
            decompressor = self._idle.pop() if self._idle else self._decompressor()
        except IndexError:  # another thread was quicker
            decompressor = self._decompressor()
        try:
            return decompressor.decompress(frame, max_output_size=size)
        except (zstandard.ZstdError, MemoryError):
            raise self._sizes.damaged() from None
        finally:
            self._idle.append(decompressor)

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        try:
            return zstandard.ZstdDecompressor(dict_data=self._prepared, format=_FORMAT)
        except zstandard.ZstdError:
            raise self._dictionary.damaged() from None

    def frames(self, start: int, stop: int) -> tuple[list[bytes], list[int]]:
        """Return documents `[start:stop]` as they are compressed, and the bytes they take unpacked."""
        return self._frames.range(start, stop), self._sizes.slice(start, stop).tolist()

    @cached_property
    def _prepared(self) -> zstandard.ZstdCompressionDict | None:
        raw = self.dictionary
        return zstandard.ZstdCompressionDict(raw) if raw else None
