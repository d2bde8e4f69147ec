"""Which documents have each term of a field: lists of numbers for rare terms, bitmaps for common ones.

- `F.docs: uint16`: the documents of all terms without a bitmap, term after term, ascending within each.
- `F.common: uint32[c]`: the ordinals of the terms with a bitmap, ascending, and `F.before: uint32[c + 1]`: how many
  postings these terms have, those of the first k of them at `before[k]`. Both are absent where no term is common.
- `F.bitmaps: uint8[c * ceil(d / 8)]`: a bit for each document, the first document in the lowest bit of the first byte.

A term has a bitmap where that takes fewer bytes than its list: in more than one of 16 documents. A segment has at most
65,536 documents, so that a number takes two bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import U8, U16, U32, Container

MAX_DOCUMENTS: Final = 1 << 16
"""The most documents that a segment holds."""


def document_arrays(
    name: str, offsets: NDArray[np.int64], doc_ids: NDArray[np.uint16], doc_count: int
) -> dict[str, NDArray[Any]]:
    """Return the arrays of a field whose term t is in documents `doc_ids[offsets[t]:offsets[t + 1]]`."""
    row = -(-doc_count // 8)
    doc_freqs = np.diff(offsets)
    common = np.flatnonzero(2 * doc_freqs > row)
    if not len(common):
        return {f"{name}.docs": doc_ids}
    bitmaps = np.zeros((len(common), row), dtype=np.uint8)
    bits = np.zeros(row * 8, dtype=np.bool_)
    is_listed = np.ones(len(doc_ids), dtype=np.bool_)
    for number, ordinal in enumerate(common.tolist()):
        start, stop = int(offsets[ordinal]), int(offsets[ordinal + 1])
        bits[:] = False
        bits[doc_ids[start:stop]] = True
        bitmaps[number] = np.packbits(bits, bitorder="little")
        is_listed[start:stop] = False
    return {
        f"{name}.docs": doc_ids[is_listed],
        f"{name}.common": common.astype(np.uint32),
        f"{name}.before": np.concatenate(([0], np.cumsum(doc_freqs[common]))).astype(np.uint32),
        f"{name}.bitmaps": bitmaps.ravel(),
    }


class Documents:
    """The documents of the terms of a field, in a container; those of each term were seen to ascend when they are read.

    Every method may raise IndexDamaged.
    """

    def __init__(self, container: Container, name: str, n_terms: int, doc_count: int) -> None:
        self._listed = container.part(f"{name}.docs", U16)
        self._n_terms = n_terms
        self._row = -(-doc_count // 8)
        self._doc_count = doc_count
        self._has_common = f"{name}.common" in container
        if self._has_common:
            self._common = container.part(f"{name}.common", U32)
            self._before = container.part(f"{name}.before", U32)
            self._bitmaps = container.part(f"{name}.bitmaps", U8)
            if len(self._before) != len(self._common) + 1 or len(self._bitmaps) != len(self._common) * self._row:
                raise self._bitmaps.damaged()

    @cached_property
    def _ordinals(self) -> list[int]:
        if not self._has_common:
            return []
        ordinals = self._common.all()
        if not _ascend(ordinals) or (len(ordinals) and ordinals[-1] >= self._n_terms):
            raise self._common.damaged()
        found: list[int] = ordinals.tolist()
        return found

    @cached_property
    def _counts(self) -> list[int]:
        counts: list[int] = self._before.all().tolist() if self._has_common else [0]
        return counts

    def is_common(self, ordinal: int) -> bool:
        """Return whether the term has a bitmap."""
        place = bisect_left(self._ordinals, ordinal)
        return place < len(self._ordinals) and self._ordinals[place] == ordinal

    def of(self, ordinal: int, start: int, stop: int) -> NDArray[np.uint16]:
        """Return the documents of a term, ascending; its postings are `[start:stop]` among all of the field.

        Every term has some.
        """
        ordinals = self._ordinals
        place = bisect_left(ordinals, ordinal)
        before = self._counts[place]
        if place == len(ordinals) or ordinals[place] != ordinal:
            listed = self._listed.slice(start - before, stop - before)
            if not len(listed) or listed[-1] >= self._doc_count or not _ascend(listed):
                raise self._listed.damaged()
            return listed
        found = np.flatnonzero(self._bits(place)).astype(np.uint16)
        if not len(found) or len(found) != stop - start:
            raise self._bitmaps.damaged()
        return found

    def mask(self, ordinal: int) -> NDArray[np.bool_] | None:
        """Return bool[doc_count] for a term that has a bitmap: which documents have it."""
        place = bisect_left(self._ordinals, ordinal)
        if place == len(self._ordinals) or self._ordinals[place] != ordinal:
            return None
        return self._bits(place)

    def _bits(self, place: int) -> NDArray[np.bool_]:
        raw = self._bitmaps.slice(place * self._row, (place + 1) * self._row)
        return np.unpackbits(raw, count=self._doc_count, bitorder="little").view(np.bool_)

    def all(self, offsets: NDArray[np.integer[Any]]) -> NDArray[np.uint16]:
        """Return the documents of all terms, one after the other; those of term t begin at `offsets[t]`.

        `offsets` ascend from 0.
        """
        listed = self._listed.all()
        if len(listed) and int(listed.max()) >= self._doc_count:
            raise self._listed.damaged()
        if not self._ordinals:
            return listed
        pieces = []
        done = 0  # postings so far, those of common terms not counted
        for place, ordinal in enumerate(self._ordinals):
            start, stop = int(offsets[ordinal]), int(offsets[ordinal + 1])
            upto = start - self._counts[place]
            if not done <= upto <= len(listed) or self._counts[place + 1] - self._counts[place] != stop - start:
                raise self._before.damaged()
            pieces += [listed[done:upto], self.of(ordinal, start, stop)]
            done = upto
        if len(listed) + self._counts[-1] != offsets[-1]:
            raise self._before.damaged()
        return np.concatenate([*pieces, listed[done:]])


def _ascend(numbers: NDArray[np.integer[Any]]) -> bool:
    return bool((numbers[1:] > numbers[:-1]).all())
