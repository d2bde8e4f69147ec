"""The terms of a field: sorted bytes in one blob, found by binary search over every 64th and then within 64."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import U8, U32, Container
from searcher.codec.damage import IndexDamaged

SAMPLE: Final = 64
_MAX_MEMORY: Final = 50_000


def term_bytes(term: str) -> bytes:
    """Return a term as dictionaries have it: UTF-8, in which half a surrogate pair, should a text hold one, stays."""
    return term.encode("utf-8", "surrogatepass")


def term_arrays(field: str, terms: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a dictionary of these terms, which are sorted and distinct."""
    return blob_arrays(f"{field}.terms", terms) | blob_arrays(f"{field}.samples", terms[::SAMPLE])


def blob_arrays(name: str, items: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a sequence of byte strings: the bytes, and `NAME.ends: uint32[n + 1]`, from 0."""
    lengths = np.fromiter(map(len, items), dtype=np.int64, count=len(items))
    ends = np.concatenate(([0], np.cumsum(lengths)))
    if ends[-1] >= 1 << 32:
        raise ValueError(f"{name} takes more than 4 GB")
    return {f"{name}.ends": ends.astype(np.uint32), name: np.frombuffer(b"".join(items), dtype=np.uint8)}


def row_arrays(name: str, rows: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Return the same of byte strings that are all as long: `rows: uint8[n, length]`."""
    if rows.size >= 1 << 32:
        raise ValueError(f"{name} takes more than 4 GB")
    ends = np.arange(len(rows) + 1, dtype=np.int64) * rows.shape[1]
    return {f"{name}.ends": ends.astype(np.uint32), name: np.ascontiguousarray(rows).ravel()}


class Blob:
    """A sequence of byte strings in a container."""

    def __init__(self, container: Container, name: str) -> None:
        self._bytes, self._ends = container.part(name, U8), container.part(f"{name}.ends", U32)
        if not len(self._ends):
            raise self._ends.damaged()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:
        start, stop = self._ends.slice(number, number + 2).tolist()
        return self._bytes.slice(start, stop).tobytes()

    def range(self, start: int, stop: int) -> list[bytes]:
        """Return the strings `[start:stop]`."""
        raw, ends = self._joined(start, stop)
        base = ends[0]
        return [raw[first - base : last - base] for first, last in pairwise(ends)]

    def lower_bound(self, item: bytes, start: int, stop: int) -> int:
        """Return the first of `[start:stop]` that is not smaller than `item`, `stop` for none; they ascend."""
        raw, ends = self._joined(start, stop)
        base = ends[0]
        return start + bisect_left(range(stop - start), item, key=lambda at: raw[ends[at] - base : ends[at + 1] - base])

    def _joined(self, start: int, stop: int) -> tuple[bytes, list[int]]:
        """Return the strings `[start:stop]`, one after the other, and their bounds in the array."""
        ends = self._ends.slice(start, stop + 1).tolist()
        return self._bytes.slice(ends[0], ends[-1]).tobytes(), ends


class TermDictionary:
    """Terms by ordinal, and ordinals by term; ordinals are in the order of the terms' bytes."""

    def __init__(self, container: Container, field: str) -> None:
        self._terms = Blob(container, f"{field}.terms")
        self._sample_blob = Blob(container, f"{field}.samples")
        self._samples: list[bytes] | None = None
        self._found: dict[bytes, int] = {}
        if len(self._sample_blob) != -(-len(self._terms) // SAMPLE):
            raise IndexDamaged(container.file, f"{field}.samples")

    def __len__(self) -> int:
        return len(self._terms)

    def term(self, ordinal: int) -> bytes:
        """Return the term of an ordinal; raises IndexDamaged for one that is none."""
        return self._terms[ordinal]

    def range(self, start: int, stop: int) -> list[bytes]:
        """Return the terms of ordinals `[start:stop]`."""
        return self._terms.range(start, min(stop, len(self)))

    def find(self, term: bytes) -> int:
        """Return the ordinal of a term, or -1."""
        found = self._found.get(term)
        if found is None:
            ordinal = self.lower_bound(term)
            found = ordinal if ordinal < len(self) and self.term(ordinal) == term else -1
            if len(self._found) >= _MAX_MEMORY:
                self._found.clear()
            self._found[term] = found
        return found

    def lower_bound(self, term: bytes) -> int:
        """Return how many terms are smaller than `term`."""
        if self._samples is None:
            self._samples = self._sample_blob.range(0, len(self._sample_blob))
        start = max(bisect_right(self._samples, term) - 1, 0) * SAMPLE
        return self._terms.lower_bound(term, start, min(start + SAMPLE, len(self)))
