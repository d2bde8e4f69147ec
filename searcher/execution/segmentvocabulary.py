"""The vocabulary of segments of arrays: what a query asks for is looked up, and nothing is put together beforehand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis import fold
from searcher.codec.terms import term_bytes
from searcher.execution.termcounts import segments_of
from searcher.language.vocabulary import ReaderVocabulary
from searcher.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from searcher.codec.arrays import FieldArrays

_LAST: Final = "\U0010ffff"
_KEPT: Final = 16_384
_LOOKED_AT: Final = 4
"""Terms of each dictionary that are looked at for each one that is wanted of those that start with a prefix."""


class SegmentVocabulary(ReaderVocabulary):
    """What `ReaderVocabulary` says, of a reader whose segments are arrays: by binary search in their dictionaries.

    Of many terms that start with a prefix those are seen that are among the most frequent of some segment.
    """

    def __init__(self, reader: Any) -> None:
        super().__init__(reader)
        by_field = [
            [arrays for _first, segment in segments_of(reader) if (arrays := segment.field(name)) is not None]
            for name in TEXT_FIELDS
        ]
        self._dictionaries = [[_Dictionary(arrays) for arrays in fields] for fields in by_field]
        self.folding_to = lru_cache(_KEPT)(self.folding_to)  # type: ignore[method-assign]
        self.frequency = lru_cache(_KEPT)(self.frequency)  # type: ignore[method-assign]

    def __contains__(self, term: str, /) -> bool:
        return self.frequency(term) > 0

    def folding_to(self, folded: str, /) -> Sequence[str]:
        """The terms with marks that fold to `folded`, in order."""
        return sorted({term for one in self._all() for term in one.folding_to(folded)})

    def frequency(self, term: str, /) -> int:
        """In how many articles the term is, in the field in which it is most frequent."""
        encoded = term_bytes(term)
        return max((sum(one.doc_freq(encoded) for one in fields) for fields in self._dictionaries), default=0)

    def starting_with(self, prefix: str, count: int, /, *, folded: bool = False) -> Sequence[str]:
        """At most so many terms that start with the prefix, most frequent first."""
        found = {term for one in self._all() for term in one.starting_with(prefix, _LOOKED_AT * count, folded=folded)}
        return sorted(found, key=lambda term: (-self.frequency(term), term))[:count]

    def _all(self) -> Iterable[_Dictionary]:
        return (one for fields in self._dictionaries for one in fields)


class _Dictionary:
    """The terms of a field of a segment; what binary search meets is kept."""

    def __init__(self, arrays: FieldArrays) -> None:
        self._arrays = arrays
        self._folded: dict[int, tuple[str, str]] = {}

    def doc_freq(self, term: bytes) -> int:
        ordinal = self._arrays.find(term)
        return self._arrays.doc_freq(ordinal) if ordinal >= 0 else 0

    def folding_to(self, folded: str) -> list[str]:
        order = self._arrays.folded_order
        found = []
        for place in range(self._lower_bound(folded), len(order)):
            key, term = self._at(int(order[place]))
            if key != folded:
                break
            found.append(term)
        return found

    def starting_with(self, prefix: str, most: int, *, folded: bool) -> list[str]:
        first, last = self._arrays.span(term_bytes(prefix), term_bytes(prefix + _LAST))
        ordinals: NDArray[np.int64] = np.arange(first, last)
        if folded:
            order = self._arrays.folded_order
            marked = order[self._lower_bound(prefix) : self._lower_bound(prefix + _LAST)]
            plain = [ordinal for ordinal in ordinals.tolist() if self._at(ordinal)[0].startswith(prefix)]
            ordinals = np.union1d(marked.astype(np.int64), np.array(plain, dtype=np.int64))
        frequent = ordinals[np.argsort(-self._arrays.doc_freqs[ordinals].astype(np.int64), kind="stable")[:most]]
        return [self._arrays.term(ordinal).decode("utf-8", "replace") for ordinal in frequent.tolist()]

    def _lower_bound(self, folded: str) -> int:
        return bisect_left(self._arrays.folded_order, folded, key=lambda ordinal: self._at(int(ordinal))[0])

    def _at(self, ordinal: int) -> tuple[str, str]:
        """A term without its marks, and with them."""
        found = self._folded.get(ordinal)
        if found is None:
            if len(self._folded) >= _KEPT:
                self._folded.clear()
            term = self._arrays.term(ordinal).decode("utf-8", "replace")
            found = self._folded[ordinal] = fold(term), term
        return found
