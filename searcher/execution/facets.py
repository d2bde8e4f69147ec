"""Counting documents by their values: each document has one code, so that a count is one bincount.

A document with several labels has the code of their combination. Of combinations there are few: of 63 provinces in
50,000 articles some hundreds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING
from searcher.execution.docs import Docs

_FEW: Final = 24
"""Up to so many documents are counted one by one, which is quicker than starting on arrays."""


class Labels(NamedTuple):
    """The labels of documents, by number: how many each document has, and all, document after document (int64)."""

    sizes: NDArray[np.int64]
    ordinals: NDArray[np.int64]


class FacetCodes(msgspec.Struct, frozen=True):
    """The values of a field, by document.

    - `codes: uint8, uint16 or uint32[doc_count]` is each document's combination of values; 0 is that of none.
    - `values` are the values, and `combinations` the places in it that each code stands for; `members` are those of all
      combinations (intp), one combination after the other, and `owners` the combination of each.
    """

    codes: NDArray[np.unsignedinteger]
    values: Sequence[str | int]
    combinations: Sequence[tuple[int, ...]]
    members: NDArray[np.intp]
    owners: NDArray[np.intp]

    @classmethod
    def empty(cls, doc_count: int) -> FacetCodes:
        """Return the codes of documents without values."""
        nothing = np.empty(0, dtype=np.intp)
        return cls(np.zeros(doc_count, dtype=np.uint8), (), ((),), nothing, nothing)

    def count(self, docs: Docs) -> dict[str | int, int]:
        """Return how many of the documents have each value; values of none are left out."""
        if not self.values or not len(docs):
            return {}
        codes = self.codes if len(docs) == len(self.codes) else self.codes.take(docs.ids)
        if len(docs) <= _FEW:
            return self._count_few(codes.tolist())
        by_code = np.bincount(codes, minlength=len(self.combinations)).take(self.owners)
        counts = np.bincount(self.members, weights=by_code, minlength=len(self.values)).astype(np.intp).tolist()
        return {value: count for value, count in zip(self.values, counts, strict=True) if count}

    def _count_few(self, codes: Sequence[int]) -> dict[str | int, int]:
        counts: dict[str | int, int] = {}
        for code in codes:
            for place in self.combinations[code]:
                value = self.values[place]
                counts[value] = counts.get(value, 0) + 1
        return counts


def label_codes(labels: Labels, values: Sequence[str]) -> FacetCodes:
    """Return the codes of documents with labels; `values` are the labels by number."""
    starts = np.cumsum(labels.sizes) - labels.sizes
    codes = np.zeros(len(starts), dtype=np.int64)
    combinations: list[tuple[int, ...]] = [()]
    has = np.flatnonzero(labels.sizes)
    place = 0
    while len(has):  # combinations of `place` labels become those of one more
        pairs, number = _numbered(codes.take(has) * len(values) + labels.ordinals.take(starts.take(has) + place))
        codes[has] = number + len(combinations)
        before, label = np.divmod(pairs, len(values))
        combinations += [(*combinations[code], one) for code, one in zip(before.tolist(), label.tolist(), strict=True)]
        place += 1
        has = has[labels.sizes.take(has) > place]
    return FacetCodes(
        _narrow(codes, len(combinations)),
        values,
        combinations,
        np.array([label for one in combinations for label in one], dtype=np.intp),
        np.repeat(np.arange(len(combinations)), [len(one) for one in combinations]),
    )


def number_codes(numbers: NDArray[np.int64]) -> FacetCodes:
    """Return the codes of a column of numbers."""
    has = np.flatnonzero(numbers != MISSING)
    values, number = _numbered(numbers.take(has))
    codes = np.zeros(len(numbers), dtype=np.int64)
    codes[has] = number + 1
    places = np.arange(len(values))
    combinations = [(), *((place,) for place in range(len(values)))]
    return FacetCodes(_narrow(codes, len(values) + 1), values.tolist(), combinations, places, places + 1)


def _numbered(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the distinct values, ascending, and for each value its place among them; as np.unique, but not sorting."""
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    if most - least > 4 * len(values) + 1024:
        distinct, places = np.unique(values, return_inverse=True)
        return distinct, places
    shifted = values - least
    distinct = np.flatnonzero(np.bincount(shifted, minlength=1)) if len(values) else np.empty(0, dtype=np.intp)
    table = np.zeros(most - least + 1, dtype=np.intp)
    table[distinct] = np.arange(len(distinct))
    return distinct + least, table.take(shifted)


def _narrow(codes: NDArray[np.int64], count: int) -> NDArray[np.unsignedinteger]:
    return codes.astype(np.min_scalar_type(count))
