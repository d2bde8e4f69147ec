"""How frequent terms and runs of syllables are in an index, and which terms fold to what was typed, over its segments.

It is for questions about few terms: each costs some binary searches a segment, and nothing is set up beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.folding import FoldedOrder
from searcher.codec.terms import term_bytes
from searcher.execution.evidence import Evidence

if TYPE_CHECKING:
    from searcher.codec.arrays import FieldArrays, SegmentArrays

_FIELDS: Final = ("body", "title")
_KEPT: Final = 16_384
"""Terms of a dictionary that are kept at the most; a server meets ever more of them."""
_MOST_SHARED: Final = 2048
"""Articles of a segment in which syllables are looked for side by side; of more, so many evenly spread."""


def segments_of(reader: Any) -> list[tuple[int, SegmentArrays]]:
    """Return the segments that a Whoosh reader shows, each with the number of its first document."""
    return [(offset, leaf.arrays) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()]


class TermCounts:
    """Counts over segments, deleted articles included; what was looked up is kept.

    They are those of bodies, and of titles for what no body has.
    """

    def __init__(self, segments: Sequence[SegmentArrays]) -> None:
        self._by_field = {
            name: [(one, arrays) for one in segments if (arrays := one.field(name)) is not None] for name in _FIELDS
        }
        self._largest = [_Dictionary(_largest(pairs)) for pairs in self._by_field.values() if pairs]
        self._counts: dict[str, int] = {}
        self._phrases: dict[tuple[str, ...], int] = {}
        self.doc_count = sum(one.doc_count for one in segments)

    def documents(self, term: str) -> int:
        """Return in how many articles the term is; of a word of several syllables, where it was taken for a word."""
        found = self._counts.get(term)
        if found is None:
            encoded = term_bytes(term)
            found = 0
            for name in _FIELDS:
                fields = [(arrays, arrays.find(encoded)) for _segment, arrays in self._by_field[name]]
                found = found or sum(arrays.doc_freq(ordinal) for arrays, ordinal in fields if ordinal >= 0)
            self._counts[term] = found
        return found

    def folding_to(self, folded: str) -> list[str]:
        """Return the terms of the largest segment that fold to this, with marks or without."""
        return next((found for dictionary in self._largest if (found := dictionary.folding_to(folded))), [])

    def starting_with(self, prefix: str, most: int) -> list[str]:
        """Return the terms of the largest segment that start so, in order; none where there are more than `most`."""
        return self._largest[0].starting_with(prefix, most) if self._largest else []

    def side_by_side(self, syllables: Sequence[str]) -> int:
        """Return in about how many articles the syllables follow each other."""
        key = tuple(syllables)
        found = self._phrases.get(key)
        if found is None:
            found = 0
            for name in _FIELDS:
                found = found or sum(self._in_segment(*pair, key) for pair in self._by_field[name])
            self._phrases[key] = found
        return found

    def _in_segment(self, segment: SegmentArrays, arrays: FieldArrays, syllables: tuple[str, ...]) -> int:
        ordinals = [arrays.find(term_bytes(one)) for one in syllables]
        if min(ordinals) < 0:
            return 0
        shared: NDArray[Any] = min((arrays.doc_ids(one) for one in ordinals), key=len)
        for one in ordinals:
            shared = np.intersect1d(shared, arrays.doc_ids(one), assume_unique=True)
        if not len(shared):
            return 0
        stride = -(-len(shared) // _MOST_SHARED)
        found = Evidence(segment, shared[::stride].astype(np.intp)).frequency(arrays.name, syllables)
        return 0 if found is None else int(np.count_nonzero(found)) * stride


def _largest(pairs: Sequence[tuple[SegmentArrays, FieldArrays]]) -> FieldArrays:
    return max(pairs, key=lambda pair: pair[0].doc_count)[1]


class _Dictionary:
    """The terms of a field of a segment; those that were read last are kept."""

    def __init__(self, arrays: FieldArrays) -> None:
        self._arrays = arrays
        self._kept: dict[int, str] = {}

    def folding_to(self, folded: str) -> list[str]:
        plain = [folded] if self._arrays.find(term_bytes(folded)) >= 0 else []
        return plain + list(FoldedOrder(self._arrays.folded_order, self._term).folding_to(folded))

    def starting_with(self, prefix: str, most: int) -> list[str]:
        first, last = self._arrays.span(term_bytes(prefix), term_bytes(f"{prefix}\U0010ffff"))
        found = self._arrays.terms(first, last) if last - first <= most else []
        return [term.decode("utf-8", "replace") for term in found]

    def _term(self, ordinal: int) -> str:
        found = self._kept.get(ordinal)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[ordinal] = self._arrays.term(ordinal).decode("utf-8", "replace")
        return found
