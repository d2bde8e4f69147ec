"""Runs Whoosh query trees over an index: what matches, how well, in what order, with what values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq
from whoosh.scoring import BM25F

from searcher.execution.docs import Docs, Ids
from searcher.execution.plan import Planner
from searcher.execution.top import best
from searcher.execution.whole import Floats, Whole

if TYPE_CHECKING:
    from whoosh.reading import IndexReader


class Top(msgspec.Struct, frozen=True):
    """The best documents: `docnums: intp[n]` with their `scores: float64[n]`, best first, and all that match."""

    docnums: Ids
    scores: Floats
    matches: Docs


class Executor:
    """Runs queries over the segments that a Whoosh reader shows.

    - Documents have their index-wide numbers; deleted ones are never found.
    - Documents, scores and their order are those of a Whoosh searcher with this weighting; of equal scores the first
      document comes first.
    - It may be used from several threads.

    Raises ValueError for a weighting other than BM25F. Methods raise what Whoosh raises for a query that it
    can't run, and IndexDamaged.
    """

    def __init__(self, reader: IndexReader, weighting: BM25F | None = None) -> None:
        self.whole = Whole(reader, weighting or BM25F())

    def everything(self) -> Docs:
        """Return all documents."""
        self.whole.check_sizes()
        return self.whole.live

    def match(self, query: wq.Query, within: Docs | None = None) -> Docs:
        """Return the documents that match, of `within` where that is given."""
        self.whole.check_sizes()
        return Planner(self.whole, scored=False).plan(query).docs(self.whole.live if within is None else within)

    def score(self, query: wq.Query, within: Docs | None = None) -> tuple[Docs, Floats]:
        """Return the documents that match, of `within` where that is given, and the score of each: float64[n]."""
        self.whole.check_sizes()
        node = Planner(self.whole, scored=True).plan(query)
        matches = node.docs(self.whole.live if within is None else within)
        return matches, node.scores(matches)

    def top(self, query: wq.Query, limit: int, within: Docs | None = None) -> Top:
        """Return the `limit` best documents that match, of `within` where that is given."""
        matches, scores = self.score(query, within)
        places = best(scores, limit)
        return Top(matches.ids.take(places), scores.take(places), matches)

    def ordered(self, matches: Docs, field: str, *, descending: bool, limit: int) -> Ids:
        """Return the first `limit` documents by a numeric column.

        Those without a value come last either way, and of equal ones the first document first.
        """
        values = self.whole.numbers(field)
        if values is None:
            return matches.ids[:limit]
        keys: NDArray[np.int64] = values.take(matches.ids)
        # The negative of MISSING is MISSING: it stays the least.
        return matches.ids.take(best(keys if descending else np.negative(keys), limit))

    def count(self, matches: Docs, field: str) -> dict[str | int, int]:
        """Return how many of the documents have each value of a field: labels, or a column's numbers.

        Raises ValueError for a field that has neither.
        """
        return self.whole.facet(field).count(matches)
