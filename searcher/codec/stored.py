"""Stored fields: each document as MessagePack, compressed alone with a dictionary that its segment shares.

One document is read without its neighbours in a few microseconds. A writer takes the dictionary that the index has
already, so that segments share one and a merge copies the documents it keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import zstandard
from numpy.typing import NDArray

from searcher.codec.container import U8, U32, Container
from searcher.codec.terms import Blob, blob_arrays
from searcher.codec.values import decode_value, encode_value

MAX_DOCUMENT: Final = 256 * 1024 * 1024
"""Bytes that a document may take unpacked; more is refused, and taken for damage where it is read."""
_LEVEL: Final = 6
_DICTIONARY_BYTES: Final = 96 * 1024
_TRAIN_FROM: Final = 256
SAMPLES: Final = 2048
"""So many documents tell what is common in them; a dictionary of fewer is made anew for more."""
_PAYS: Final = 4
"""So many times its own size documents should have, for a dictionary to be kept with them."""
_FORMAT: Final = zstandard.FORMAT_ZSTD1_MAGICLESS


def encode_document(fields: Mapping[str, Any]) -> bytes:
    """Return stored fields as MessagePack.

    Raises ValueError for a value of a type that would not come back, and for more than a document may have.
    """
    encoded = encode_value(dict(fields))
    if len(encoded) > MAX_DOCUMENT:
        raise ValueError("the stored fields of one document are too large")
    return encoded


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
        try:
            found = decode_value(self.encoded(number))
        except ValueError:
            raise self._sizes.damaged() from None
        if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
            raise self._sizes.damaged()
        return found

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
