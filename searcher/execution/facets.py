"""Counting documents by their values.

At first by looking at each document's values. Once that came to more than all documents are, each document is given
one code, so that a count is one bincount: a document with several labels has the code of their combination, of which
there are few; of 63 provinces in 50,000 articles some hundreds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING
from searcher.codec.ranges import places_in
from searcher.execution.docs import Docs, Ids

_FEW: Final = 24
"""Up to so many documents are counted one by one, which is quicker than starting on arrays."""
_WORTH_CODES: Final = 2
"""Codes are made when the documents looked at are so many times those of the index: that is what making them costs."""


class Labels(NamedTuple):
    """The labels of documents: those of document d are `values[i]` for i in `ordinals[offsets[d]:offsets[d + 1]]`."""

    offsets: NDArray[np.integer[Any]]
    ordinals: NDArray[np.integer[Any]]
    values: Sequence[str]


class Facet(ABC):
    """The values of a field by document, for counting."""

    def __init__(self, doc_count: int) -> None:
        self._to_look_at = _WORTH_CODES * doc_count
        self._codes: FacetCodes | None = None

    def count(self, docs: Docs) -> dict[str | int, int]:
        """Return how many of the documents have each value; values of none are left out."""
        if self._codes is None:
            self._to_look_at -= len(docs)
            if self._to_look_at >= 0:
                return self._look_at(docs.ids)
            self._codes = self._make_codes()
        return self._codes.count(docs)

    @abstractmethod
    def _look_at(self, ids: Ids) -> dict[str | int, int]: ...

    @abstractmethod
    def _make_codes(self) -> FacetCodes: ...


class LabelFacet(Facet):
    """The labels of documents."""

    def __init__(self, labels: Labels) -> None:
        super().__init__(len(labels.offsets) - 1)
        self._labels = labels

    def _look_at(self, ids: Ids) -> dict[str | int, int]:
        offsets, ordinals, values = self._labels
        starts = offsets.take(ids)
        wanted = ordinals.take(places_in(starts, offsets.take(ids + 1) - starts))
        counts = np.bincount(wanted, minlength=len(values)).tolist()
        return {value: count for value, count in zip(values, counts, strict=True) if count}

    def _make_codes(self) -> FacetCodes:
        return label_codes(self._labels)


class NumberFacet(Facet):
    """A number for each document: int64[doc_count], MISSING where it has none."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        super().__init__(len(numbers))
        self._numbers = numbers

    def _look_at(self, ids: Ids) -> dict[str | int, int]:
        numbers = self._numbers.take(ids)
        values, places = _numbered(numbers.compress(numbers != MISSING))
        return dict(zip(values.tolist(), np.bincount(places).tolist(), strict=True))

    def _make_codes(self) -> FacetCodes:
        return number_codes(self._numbers)


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


def label_codes(labels: Labels) -> FacetCodes:
    """Return the codes of documents with labels."""
    values = labels.values
    starts = labels.offsets[:-1].astype(np.int64)
    sizes = labels.offsets[1:] - starts
    codes = np.zeros(len(starts), dtype=np.int64)
    combinations: list[tuple[int, ...]] = [()]
    has = np.flatnonzero(sizes)
    place = 0
    while len(has):  # combinations of `place` labels become those of one more
        pairs, number = _numbered(codes.take(has) * len(values) + labels.ordinals.take(starts.take(has) + place))
        codes[has] = number + len(combinations)
        before, label = np.divmod(pairs, len(values))
        combinations += [(*combinations[code], one) for code, one in zip(before.tolist(), label.tolist(), strict=True)]
        place += 1
        has = has[sizes.take(has) > place]
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
