"""What ranking needs to know of an index as a whole: how rare things are, how long its fields, how new its articles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np

from searcher.codec.arrays import MISSING, NumericColumn, SegmentArrays
from searcher.codec.lengths import code_lengths
from searcher.codec.terms import term_bytes
from searcher.execution.evidence import Evidence, Floats
from searcher.ranking.rarity import FIELDS, SAMPLE, B, Rarities

_KEPT: Final = 4096


class Statistics(Rarities):
    """Numbers over all segments of an index, deleted documents included; what was counted is kept."""

    def __init__(self, segments: Sequence[SegmentArrays]) -> None:
        self.segments = segments
        self.doc_count = sum(segment.doc_count for segment in segments)
        self._counts: dict[tuple[str, ...], int] = {}
        self._inverse_norms: dict[str, Floats] = {}
        self._stride = max(1, self.doc_count // SAMPLE)
        self._samples: list[Evidence] = []

    def documents_with(self, syllables: tuple[str, ...]) -> int:
        """Return in how many documents the syllables follow each other, in the field where most have them.

        Of syllables that are together no term of the index, or hardly one, it is an estimate from a sample.
        """
        known = self._counts.get(syllables)
        if known is None:
            known = self._with_term("_".join(syllables))
            if len(syllables) > 1 and known < 4 * self._stride and (most := self.at_most(syllables)):
                known = max(known, min(self._in_sample(syllables), most))
            if len(self._counts) > _KEPT:
                self._counts.clear()
            self._counts[syllables] = known
        return known

    def occurrences(self, term: str) -> int:
        """Return how often a term is in all articles; 1 at least."""
        encoded = term_bytes(term)
        fields = [arrays for segment in self.segments for name in FIELDS if (arrays := segment.field(name)) is not None]
        return sum(arrays.total_weight(one) for arrays in fields if (one := arrays.find(encoded)) >= 0) or 1

    def inverse_norms(self, field: str) -> Floats:
        """Return float64[256]: for each code of a length what term frequencies in the field are multiplied by."""
        norms = self._inverse_norms.get(field)
        if norms is None:
            total = sum(arrays.length_total for one in self.segments if (arrays := one.field(field)) is not None)
            average = total / self.doc_count if total and self.doc_count else 1.0
            norms = self._inverse_norms[field] = 1 / (1 - B + B * code_lengths() / average)
        return norms

    @cached_property
    def newest(self) -> int | None:
        """When the newest article was published, as its column has it; None where no article has a date."""
        columns = [segment.column("published") for segment in self.segments]
        newest = [int(one.values.max(initial=MISSING)) for one in columns if isinstance(one, NumericColumn)]
        return None if max(newest, default=MISSING) == MISSING else max(newest)

    def _with_term(self, term: str) -> int:
        encoded = term_bytes(term)
        count = 0
        for segment in self.segments:
            fields = [arrays for name in FIELDS if (arrays := segment.field(name)) is not None]
            found = [(arrays, arrays.find(encoded)) for arrays in fields]
            count += max((arrays.doc_freq(ordinal) for arrays, ordinal in found if ordinal >= 0), default=0)
        return count

    def _in_sample(self, syllables: tuple[str, ...]) -> int:
        if sum(map(len, self._samples)) == 0 or any(one.kept > _KEPT for one in self._samples):
            self._samples = [
                Evidence(segment, np.arange(0, segment.doc_count, self._stride)) for segment in self.segments
            ]
        count = 0
        for sample in self._samples:
            found = [frequency for name in FIELDS if (frequency := sample.frequency(name, syllables)) is not None]
            count += max((int(np.count_nonzero(frequency)) for frequency in found), default=0)
        return max(count * self._stride, self._stride // 2)
