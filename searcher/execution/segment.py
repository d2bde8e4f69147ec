"""One segment as queries are run over it: its arrays, and what Whoosh's BM25F needs to know of the whole index."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from whoosh.scoring import BM25F

from searcher.codec.arrays import FieldArrays, LabelColumn, NumericColumn, SegmentArrays
from searcher.codec.lengths import code_lengths
from searcher.execution.docs import Docs, union
from searcher.execution.facets import FacetCodes, label_codes, number_codes

if TYPE_CHECKING:
    from whoosh.searching import Searcher

Floats = NDArray[np.float64]

_KEPT_TERMS: Final = 100_000


class Statistics:
    """What BM25F takes from the index as a whole, as a Whoosh searcher has it: deleted documents are counted.

    With N documents of which n have the term, and the average over all documents of the field's length,

        score = boost * idf * tf * (K1 + 1) / (tf + norm),   idf = ln(N / (n + 1)) + 1,
        norm = K1 * (1 - B + B * length / average)

    which is `whoosh.scoring.bm25`. Lengths are those that the byte codes stand for, averages are exact.
    """

    def __init__(self, searcher: Searcher) -> None:
        weighting = searcher.weighting
        if type(weighting) is not BM25F:
            raise ValueError(f"scores are BM25F's only, not {type(weighting).__name__}'s")
        self._searcher = searcher
        self._b, self._field_b = weighting.B, weighting._field_B
        self.k1 = weighting.K1
        self._norms: dict[str, Floats] = {}

    def idf(self, field: str, term: bytes) -> float:
        """Return the rarity of a term."""
        return float(self._searcher.idf(field, term))

    def norms(self, field: str) -> Floats:
        """Return float64[256]: for each code of a length the `norm` above."""
        norms = self._norms.get(field)
        if norms is None:
            average = self._searcher.avg_field_length(field) or 1
            b = self._field_b.get(field, self._b)
            norms = self._norms[field] = self.k1 * ((1 - b) + b * code_lengths() / average)
        return norms


class Segment:
    """A segment of an index that is open for searching.

    - `offset` is the index-wide number of its first document; `searcher` is Whoosh's for this segment alone.
    - What is computed of a segment and does not depend on a query is kept.
    """

    def __init__(self, searcher: Searcher, offset: int, statistics: Statistics) -> None:
        self.searcher = searcher
        self.offset = offset
        self.statistics = statistics
        reader: Any = searcher.reader()
        self.arrays: SegmentArrays = reader.arrays
        self.doc_count = self.arrays.doc_count
        self.schema = searcher.schema
        self._with_field: dict[str, Docs] = {}
        self._facets: dict[str, FacetCodes] = {}

    def field(self, name: str) -> FieldArrays | None:
        """Return an indexed field, None where the schema or the segment has none of that name."""
        return self.arrays.field(name) if name in self.schema else None

    @cached_property
    def live(self) -> Docs:
        """The documents that are not deleted."""
        live = self.arrays.live
        return Docs.every(self.doc_count) if live is None else Docs.of_mask(live)

    def with_field(self, name: str) -> Docs:
        """Return the documents that have any term in the field."""
        found = self._with_field.get(name)
        if found is None:
            found = self._with_field[name] = self._find_with_field(name)
        return found

    def facet(self, name: str) -> FacetCodes:
        """Return the values of a field by document, for counting; raises ValueError for a field that has no column."""
        codes = self._facets.get(name)
        if codes is None:
            column = self.arrays.column(name)
            if isinstance(column, LabelColumn):
                codes = label_codes(column)
            elif isinstance(column, NumericColumn):
                codes = number_codes(column)
            elif column is None:
                codes = FacetCodes.empty(self.doc_count)
            else:
                raise ValueError(f"the field {name!r} can't be counted by")
            self._facets[name] = codes
        return codes

    def numbers(self, name: str) -> NDArray[np.int64] | None:
        """Return the values of a numeric column, None where the segment has none."""
        column = self.arrays.column(name)
        return column.values if isinstance(column, NumericColumn) else None

    def _find_with_field(self, name: str) -> Docs:
        field = self.field(name)
        if field is None:
            return Docs.none(self.doc_count)
        if field.has_lengths:
            return Docs.of_mask(field.length_codes > 0)
        column = self.arrays.column(name)
        if isinstance(column, LabelColumn):
            return Docs.of_mask(np.diff(column.offsets) > 0)
        return union(self.doc_count, [field.doc_ids(ordinal) for ordinal in range(field.n_terms)])


def open_segments(searcher: Searcher) -> list[Segment]:
    """Return the segments that a Whoosh searcher shows; raises ValueError where it scores by something else."""
    statistics = Statistics(searcher)
    leaves: list[tuple[Any, int]] = searcher.leaf_searchers()
    return [Segment(leaf, offset, statistics) for leaf, offset in leaves if leaf.doc_count_all()]
