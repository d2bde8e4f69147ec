"""Postings that are taken one by one, document after document, until they are made into arrays all at once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.codec.inversion import Occurrences, Postings


class Items:
    """Postings of a field.

    - `positional`: where a term stands is kept, else how often it occurs.
    - `valued`: what the field's format says of a posting is kept as it encodes it.
    """

    def __init__(self, *, positional: bool, valued: bool) -> None:
        self._positional, self._valued = positional, valued
        self._ids: dict[bytes, int] = {}
        self._term_ids, self._doc_ids, self._counts = array("I"), array("I"), array("I")
        self._positions = array("I")
        self._weights = array("f")
        self._values: list[bytes] = []

    def add(
        self, term: bytes, docnum: int, count: int, weight: float, value: bytes, positions: Sequence[int] = ()
    ) -> None:
        """Take a posting; the documents of each term ascend."""
        self._term_ids.append(self._ids.setdefault(term, len(self._ids)))
        self._doc_ids.append(docnum)
        self._counts.append(count)
        self._weights.append(weight)
        if self._positional:
            self._positions.extend(positions)
        if self._valued:
            self._values.append(value)

    def occurrences(self, numbers: NDArray[np.int64]) -> Occurrences:
        """Return what was taken, for `invert`; document d is now `numbers[d]`, and gone where that is negative."""
        doc_ids = numbers[_numbers(self._doc_ids)]
        kept = doc_ids >= 0
        counts = _numbers(self._counts)
        term_ids = _numbers(self._term_ids)
        if not self._positional:
            return Occurrences(list(self._ids), term_ids[kept], doc_ids[kept], None, counts[kept])
        positions = _numbers(self._positions)
        return Occurrences(
            list(self._ids),
            np.repeat(term_ids[kept], counts[kept]),
            np.repeat(doc_ids[kept], counts[kept]),
            positions[np.repeat(kept, counts)],
        )

    def attach(self, postings: Postings, numbers: NDArray[np.int64]) -> Postings:
        """Return the postings made of `occurrences(numbers)` with their weights and values."""
        doc_ids = numbers[_numbers(self._doc_ids)]
        weights = np.frombuffer(self._weights, dtype=np.float32)
        if not self._valued and np.array_equal(weights, _numbers(self._counts)):
            return postings
        ranks = np.empty(len(self._ids), dtype=np.int64)
        ranks[sorted(range(len(self._ids)), key=list(self._ids).__getitem__)] = np.arange(len(self._ids))
        order = np.lexsort((doc_ids, ranks[_numbers(self._term_ids)]))
        order = order[doc_ids[order] >= 0]
        values = [self._values[at] for at in order.tolist()] if self._valued else None
        return postings.with_values(weights[order], values)


def _numbers(items: Any) -> NDArray[np.int64]:
    return np.frombuffer(items, dtype=np.uint32).astype(np.int64) if len(items) else np.empty(0, dtype=np.int64)
