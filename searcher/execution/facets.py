"""Counting documents by their values: each document has one code, so that a count is one bincount.

A document with several labels has the code of their combination. Of combinations there are few: of 63 provinces in
50,000 articles some hundreds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING, LabelColumn, NumericColumn
from searcher.execution.docs import Docs


@dataclass(frozen=True, slots=True)
class FacetCodes:
    """The values of a field, by document.

    - `codes: uint8, uint16 or uint32[doc_count]` is each document's combination of values; 0 is that of none.
    - `values` are the values; combination c has those at `members[offsets[c]:offsets[c + 1]]` (intp).
    """

    codes: NDArray[np.unsignedinteger]
    values: Sequence[str | int]
    members: NDArray[np.intp]
    offsets: NDArray[np.intp]

    @classmethod
    def empty(cls, doc_count: int) -> FacetCodes:
        """Return the codes of documents without values."""
        nothing = np.empty(0, dtype=np.intp)
        return cls(np.zeros(doc_count, dtype=np.uint8), (), nothing, np.zeros(2, dtype=np.intp))

    def count(self, docs: Docs) -> dict[str | int, int]:
        """Return how many of the documents have each value; values of none are left out."""
        if not self.values or not len(docs):
            return {}
        codes = self.codes if len(docs) == len(self.codes) else self.codes.take(docs.ids)
        by_code = np.bincount(codes, minlength=len(self.offsets) - 1)
        counts = np.bincount(
            self.members, weights=np.repeat(by_code, np.diff(self.offsets)), minlength=len(self.values)
        )
        found = np.flatnonzero(counts)
        return dict(
            zip(map(self.values.__getitem__, found.tolist()), counts.take(found).astype(np.intp).tolist(), strict=True)
        )


def label_codes(column: LabelColumn) -> FacetCodes:
    """Return the codes of a column of labels."""
    starts, sizes = column.offsets[:-1].astype(np.intp), np.diff(column.offsets).astype(np.intp)
    codes = np.zeros(len(column), dtype=np.int64)
    combinations: list[tuple[int, ...]] = [()]
    has = np.flatnonzero(sizes)
    place = 0
    while len(has):  # combinations of `place` labels become those of one more
        labels = column.ordinals.take(starts.take(has) + place).astype(np.int64)
        pairs, number = np.unique(codes.take(has) * len(column.labels) + labels, return_inverse=True)
        codes[has] = number + len(combinations)
        before, label = np.divmod(pairs, len(column.labels))
        combinations += [(*combinations[code], one) for code, one in zip(before.tolist(), label.tolist(), strict=True)]
        place += 1
        has = has[sizes.take(has) > place]
    return FacetCodes(
        _narrow(codes, len(combinations)),
        column.labels,
        np.array([label for one in combinations for label in one], dtype=np.intp),
        np.concatenate(([0], np.cumsum([len(one) for one in combinations]))).astype(np.intp),
    )


def number_codes(column: NumericColumn) -> FacetCodes:
    """Return the codes of a column of numbers."""
    has = np.flatnonzero(column.values != MISSING)
    values, number = np.unique(column.values.take(has), return_inverse=True)
    codes = np.zeros(len(column), dtype=np.int64)
    codes[has] = number + 1
    return FacetCodes(
        _narrow(codes, len(values) + 1),
        values.tolist(),
        np.arange(len(values), dtype=np.intp),
        np.concatenate(([0], np.arange(len(values) + 1))).astype(np.intp),
    )


def _narrow(codes: NDArray[np.int64], count: int) -> NDArray[np.unsignedinteger]:
    return codes.astype(np.min_scalar_type(count))
