"""How frequent terms and runs of syllables are in an index, and which terms fold to what was typed, over its segments.

It is for questions about few terms: each costs some binary searches a segment, and nothing is set up beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.folding import FoldedOrder
from searcher.query.evidence import Evidence

if TYPE_CHECKING:
    from searcher.codec.arrays import FieldArrays, SegmentArrays

_MOST_SHARED: Final = 2048
"""Articles of a segment in which syllables are looked for side by side; of more, so many evenly spread."""


def segments_of(reader: Any) -> list[tuple[int, SegmentArrays]]:
    """Return the segments that a Whoosh reader shows, each with the number of its first document."""
    return [(offset, leaf.arrays) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()]


class TermCounts:
    """Counts over a text field's segments, deleted articles included; what was looked up is kept."""

    def __init__(self, segments: Sequence[SegmentArrays], field: str = "body") -> None:
        self._fields = [(one, arrays) for one in segments if (arrays := one.field(field)) is not None]
        self._fields.sort(key=lambda pair: -pair[0].doc_count)
        self._name = field
        self._orders: dict[int, FoldedOrder] = {}
        self._counts: dict[str, int] = {}
        self._phrases: dict[tuple[str, ...], int] = {}
        self.doc_count = sum(one.doc_count for one in segments)

    def documents(self, term: str) -> int:
        """Return in how many articles the term is; of a word of several syllables, where it was taken for a word."""
        found = self._counts.get(term)
        if found is None:
            encoded = term.encode("utf-8", "surrogatepass")
            found = sum(
                arrays.doc_freq(ordinal) for _segment, arrays in self._fields if (ordinal := arrays.find(encoded)) >= 0
            )
            self._counts[term] = found
        return found

    def folding_to(self, folded: str) -> list[str]:
        """Return the terms of the largest segment that fold to this, with marks or without."""
        if not self._fields:
            return []
        arrays = self._fields[0][1]
        plain = [folded] if arrays.find(folded.encode("utf-8", "surrogatepass")) >= 0 else []
        return plain + list(self._order(0).folding_to(folded))

    def starting_with(self, prefix: str, most: int) -> list[str]:
        """Return the terms of the largest segment that start so, in order; none where there are more than `most`."""
        if not self._fields:
            return []
        arrays = self._fields[0][1]
        first, last = arrays.span(prefix.encode("utf-8", "surrogatepass"), (prefix + "\U0010ffff").encode("utf-8"))
        if last - first > most:
            return []
        return [term.decode("utf-8", "replace") for term in arrays.terms(first, last)]

    def side_by_side(self, syllables: Sequence[str]) -> int:
        """Return in about how many articles the syllables follow each other."""
        key = tuple(syllables)
        found = self._phrases.get(key)
        if found is None:
            found = self._phrases[key] = sum(self._in_segment(*pair, key) for pair in self._fields)
        return found

    def _in_segment(self, segment: SegmentArrays, arrays: FieldArrays, syllables: tuple[str, ...]) -> int:
        ordinals = [arrays.find(one.encode("utf-8", "surrogatepass")) for one in syllables]
        if min(ordinals) < 0:
            return 0
        shared: NDArray[Any] = min((arrays.doc_ids(one) for one in ordinals), key=len)
        for one in ordinals:
            shared = np.intersect1d(shared, arrays.doc_ids(one), assume_unique=True)
        if not len(shared):
            return 0
        stride = -(-len(shared) // _MOST_SHARED)
        found = Evidence(segment, shared[::stride].astype(np.intp)).frequency(self._name, syllables)
        return 0 if found is None else int(np.count_nonzero(found)) * stride

    def _order(self, number: int) -> FoldedOrder:
        found = self._orders.get(number)
        if found is None:
            arrays = self._fields[number][1]
            kept: dict[int, str] = {}

            def term(ordinal: int) -> str:
                text = kept.get(ordinal)
                if text is None:
                    text = kept[ordinal] = arrays.term(ordinal).decode("utf-8", "replace")
                return text

            found = self._orders[number] = FoldedOrder(arrays.folded_order, term)
        return found
