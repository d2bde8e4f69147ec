"""Runs Whoosh query trees over all segments of an index: what matches, how well, in what order, with what values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from searcher.codec.arrays import MISSING
from searcher.execution.docs import Docs
from searcher.execution.plan import Planner
from searcher.execution.segment import Floats, open_segments
from searcher.execution.top import best

if TYPE_CHECKING:
    from whoosh.searching import Searcher

DocNums = NDArray[np.int64]


class Matches:
    """A set of documents of an index, segment by segment; deleted ones are never in it."""

    def __init__(self, parts: Sequence[Docs], offsets: Sequence[int]) -> None:
        self.parts = tuple(parts)
        self._offsets = offsets

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __and__(self, other: Matches) -> Matches:
        return Matches([one & two for one, two in zip(self.parts, other.parts, strict=True)], self._offsets)

    def among(self, docnums: DocNums) -> Matches:
        """Return those of the documents that are among these, which ascend."""
        parts = []
        for part, offset in zip(self.parts, self._offsets, strict=True):
            start, end = np.searchsorted(docnums, (offset, offset + part.doc_count))
            parts.append(part & Docs.of_ids(part.doc_count, docnums[start:end] - offset))
        return Matches(parts, self._offsets)

    @cached_property
    def docnums(self) -> DocNums:
        """int64[n]: the documents' numbers in the whole index, ascending."""
        return _joined([part.ids + offset for part, offset in zip(self.parts, self._offsets, strict=True)], np.int64)


@dataclass(frozen=True, slots=True)
class Top:
    """The best documents: `docnums: int64[n]` with their `scores: float64[n]`, best first, and all that match."""

    docnums: DocNums
    scores: Floats
    matches: Matches


class Executor:
    """Runs queries over the segments that a Whoosh searcher shows.

    - Documents, scores and their order are those of `searcher.search`; of equal scores the first document comes first.
    - It may be used from several threads.

    Raises ValueError for a searcher whose weighting is not BM25F. Methods raise what Whoosh raises for a query that it
    can't run, and IndexDamaged.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._segments = open_segments(searcher)
        self._offsets = [segment.offset for segment in self._segments]

    def everything(self) -> Matches:
        """Return all documents."""
        return Matches([segment.live for segment in self._segments], self._offsets)

    def match(self, query: wq.Query, within: Matches | None = None) -> Matches:
        """Return the documents that match, of `within` where that is given."""
        given = (self.everything() if within is None else within).parts
        parts = [
            Planner(segment, scored=False).plan(query).docs(docs)
            for segment, docs in zip(self._segments, given, strict=True)
        ]
        return Matches(parts, self._offsets)

    def score(self, query: wq.Query, within: Matches | None = None) -> tuple[Matches, Floats]:
        """Return the documents that match, of `within` where that is given, and the score of each: float64[n]."""
        given = (self.everything() if within is None else within).parts
        parts, scores = [], []
        for segment, docs in zip(self._segments, given, strict=True):
            node = Planner(segment, scored=True).plan(query)
            found = node.docs(docs)
            parts.append(found)
            scores.append(node.scores(found))
        return Matches(parts, self._offsets), _joined(scores, np.float64)

    def top(self, query: wq.Query, limit: int, within: Matches | None = None) -> Top:
        """Return the `limit` best documents that match, of `within` where that is given."""
        matches, scores = self.score(query, within)
        places = best(scores, limit)
        return Top(matches.docnums.take(places), scores.take(places), matches)

    def ordered(self, matches: Matches, field: str, *, descending: bool, limit: int) -> DocNums:
        """Return the first `limit` documents by a numeric column: int64[<= limit].

        Those without a value come last either way, and of equal ones the first document first.
        """
        keys = [
            np.full(len(docs), MISSING) if (values := segment.numbers(field)) is None else values.take(docs.ids)
            for segment, docs in zip(self._segments, matches.parts, strict=True)
        ]
        joined = _joined(keys, np.int64)
        # The negative of MISSING is MISSING: it stays the least.
        return matches.docnums.take(best(joined if descending else np.negative(joined), limit))

    def count(self, matches: Matches, field: str) -> dict[str | int, int]:
        """Return how many of the documents have each value of a field: labels, or a column's numbers.

        Raises ValueError for a field that has neither.
        """
        total: Counter[str | int] = Counter()
        for segment, docs in zip(self._segments, matches.parts, strict=True):
            total.update(segment.facet(field).count(docs))
        return dict(total)


def _joined(parts: Sequence[NDArray[Any]], dtype: type[Any]) -> NDArray[Any]:
    if len(parts) == 1:
        return parts[0].astype(dtype, copy=False)
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.empty(0, dtype=dtype)
