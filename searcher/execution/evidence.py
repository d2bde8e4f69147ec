"""What some documents of a segment have of a query: how often terms and phrases stand in each field.

A place is one number: the document's rank among those looked at in its upper half, the position in its lower. A
phrase is found where the places of its terms, each less its distance from the first, are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.terms import term_bytes

if TYPE_CHECKING:
    from searcher.codec.arrays import FieldArrays, SegmentArrays

_RANK: Final = 32
_DENSE: Final = 16
"""Postings are scattered over the whole segment when the documents looked at are more than one in so many."""

Floats = NDArray[np.float64]


class Evidence:
    """Frequencies in `doc_ids`, which are ascending documents of the segment; what was looked up is kept.

    Every array that is returned has one value for each of them, in their order.
    """

    def __init__(self, segment: SegmentArrays, doc_ids: NDArray[np.intp]) -> None:
        self.segment = segment
        self.doc_ids = doc_ids
        self._fields: dict[str, FieldArrays | None] = {}
        self._ordinals: dict[tuple[str, str], int] = {}
        self._frequencies: dict[tuple[str, tuple[str, ...]], Floats | None] = {}
        self._found: dict[tuple[str, str], tuple[NDArray[np.intp], NDArray[np.intp]]] = {}

    def __len__(self) -> int:
        return len(self.doc_ids)

    @property
    def kept(self) -> int:
        """How many look-ups are kept."""
        return len(self._frequencies) + len(self._found)

    def field(self, name: str) -> FieldArrays | None:
        """Return the field's arrays, or None where the segment has no such field."""
        if name not in self._fields:
            self._fields[name] = self.segment.field(name)
        return self._fields[name]

    def frequency(self, field: str, syllables: Sequence[str]) -> Floats | None:
        """Return how often the syllables stand one after the other in the field; None where they never do."""
        key = (field, tuple(syllables))
        if key not in self._frequencies:
            found = self._of_term(field, key[1][0]) if len(key[1]) == 1 else self._of_phrase(field, key[1])
            self._frequencies[key] = found if found is not None and found.any() else None
        return self._frequencies[key]

    def _ordinal(self, field: str, term: str) -> int:
        key = (field, term)
        if key not in self._ordinals:
            arrays = self.field(field)
            self._ordinals[key] = -1 if arrays is None else arrays.find(term_bytes(term))
        return self._ordinals[key]

    def _of_term(self, field: str, term: str) -> Floats | None:
        ordinal = self._ordinal(field, term)
        arrays = self.field(field)
        if ordinal < 0 or arrays is None:
            return None
        ids, freqs = arrays.postings(ordinal)
        if len(self.doc_ids) * _DENSE > self.segment.doc_count:
            scattered = np.zeros(self.segment.doc_count)
            scattered[ids] = freqs
            return scattered if len(scattered) == len(self.doc_ids) else scattered[self.doc_ids]
        ranks, rows = self._rows(ids)
        found = np.zeros(len(self.doc_ids))
        found[ranks] = freqs[rows]
        return found

    def _of_phrase(self, field: str, syllables: tuple[str, ...]) -> Floats | None:
        distinct = set(syllables)
        if any(self._ordinal(field, one) < 0 for one in distinct):
            return None
        have = np.zeros(len(self.doc_ids), dtype=np.intp)
        for one in distinct:
            have[self._ranks_and_rows(field, one)[0]] += 1
        have_all = have == len(distinct)
        if not have_all.any():
            return None
        of_term = {one: self._places(field, one, have_all) for one in distinct}
        places = [of_term[one] - distance for distance, one in enumerate(syllables)]
        places.sort(key=len)
        found = places[0]
        for others in places[1:]:
            if len(found) == 0:
                return None
            at = np.searchsorted(others, found)
            at[at == len(others)] = 0
            found = found[others[at] == found] if len(others) else others
        return np.bincount(found >> _RANK, minlength=len(self.doc_ids)).astype(np.float64)

    def _places(self, field: str, term: str, within: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return where the term stands in some of the documents."""
        arrays = self.field(field)
        assert arrays is not None
        ranks, rows = self._ranks_and_rows(field, term)
        wanted = within[ranks]
        ranks, rows = ranks[wanted], rows[wanted]
        offsets, positions = arrays.positions_at(self._ordinal(field, term), rows)
        places: NDArray[np.int64] = np.repeat(ranks.astype(np.int64) << _RANK, np.diff(offsets)) + positions
        return places

    def _ranks_and_rows(self, field: str, term: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the ranks of the documents that have the term, and where in its postings they are."""
        key = (field, term)
        if key not in self._found:
            arrays = self.field(field)
            assert arrays is not None
            self._found[key] = self._rows(arrays.doc_ids(self._ordinal(field, term)))
        return self._found[key]

    def _rows(self, ids: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the ranks of the documents that are in `ids`, and where in it they are."""
        if len(ids) == 0 or len(self.doc_ids) == 0:
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
        if len(ids) < len(self.doc_ids):
            at = np.searchsorted(self.doc_ids, ids)
            at[at == len(self.doc_ids)] = 0
            rows = np.flatnonzero(self.doc_ids[at] == ids)
            return at[rows], rows
        rows = np.searchsorted(ids, self.doc_ids.astype(ids.dtype))
        rows[rows == len(ids)] = 0
        ranks = np.flatnonzero(ids[rows] == self.doc_ids)
        return ranks, rows[ranks]
