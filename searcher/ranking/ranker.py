"""From the articles that match to their order: the formula over all segments, copies of one article drawn together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.execution import Whole, best
from searcher.execution.evidence import Floats
from searcher.language.understanding import Understanding
from searcher.ranking.asked import asked
from searcher.ranking.copies import draw_together
from searcher.ranking.explanation import Explanation, explain
from searcher.ranking.formula import Ranking, Weights, share
from searcher.ranking.meaning import Meaning, meaning_of
from searcher.ranking.parts import CANDIDATES, ENOUGH, SHARE, SHARE_OR_FRAGMENTS, known_share, words_wanted
from searcher.ranking.statistics import Statistics
from searcher.semantics.nearness import ArticleVectors

if TYPE_CHECKING:
    from searcher.language.tree import ParsedQuery

_HIGHEST: Final = 100.0
"""No article gets more points."""


class RankedDocuments(msgspec.Struct, frozen=True):
    """Documents, best first.

    - `docnums: int64[n]` over all segments; `scores: float64[n]`, 0 to 100. `distinct` is how many there are in all.
    - `parts` has for each part of the formula the points of the first documents, as far as they got all of it.
    - `copies: int64[n]`: how many near-identical ones were drawn together with each; these are not in `docnums`.
    - `complete_end` is the rank of the last of those that have all words, be it beyond these documents; 0 for none.
    """

    docnums: NDArray[np.int64]
    scores: Floats
    parts: dict[str, Floats]
    copies: NDArray[np.int64]
    distinct: int
    complete_end: int


class Ranker:
    """Ranks documents of an index; for as many queries as there are."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self.statistics = Statistics([segment.arrays for segment in whole.segments])
        self.articles = ArticleVectors([(segment.arrays, segment.first) for segment in whole.segments])

    def rank(
        self,
        docnums: NDArray[np.int64],
        parsed: ParsedQuery,
        named: Understanding,
        *,
        weights: Weights | None = None,
        meaning: Meaning | None = None,
        near: NDArray[np.intp] | None = None,
        complete: NDArray[np.intp] | None = None,
        all_copies: bool = False,
        limit: int,
    ) -> RankedDocuments:
        """Return the first so many documents in order; `docnums` are ascending.

        `near` are those of them that were found by meaning, `complete` those that have all words, where others have
        not: both get the whole formula, however they do in the first pass.
        """
        ranking = Ranking(self._whole, self.statistics, asked(parsed), named, weights or Weights(), meaning)
        first = ranking.first_pass(docnums)
        for certain in (near, complete):
            if certain is not None:
                first[docnums.searchsorted(certain)] += _HIGHEST
        chosen = np.sort(docnums[best(first, CANDIDATES)])
        ranked = ranking.rank(chosen)
        order = np.argsort(-ranked.scores, kind="stable")
        copies = np.zeros(len(order), dtype=np.int64)
        if not all_copies:
            kept, copies = draw_together(self._whole, chosen[order])
            order = order[kept]
        rest = best(first, CANDIDATES + limit - len(order))[CANDIDATES:] if limit > len(order) else order[:0]
        distinct = len(order) + len(docnums) - len(chosen)
        ends = np.isin(chosen[order], complete).nonzero()[0] if complete is not None else order[:0]
        order, copies = order[:limit], copies[:limit]
        return RankedDocuments(
            np.concatenate((chosen[order], docnums[rest])),
            np.concatenate((ranked.scores[order], first[rest])),
            {name: points[order] for name, points in ranked.parts.items()},
            np.concatenate((copies, np.zeros(len(rest), dtype=np.int64))),
            distinct,
            int(ends[-1]) + 1 if len(ends) else 0,
        )

    def having_enough(self, docnums: NDArray[np.int64], parsed: ParsedQuery) -> NDArray[np.int64]:
        """Return those of the documents that have at least `ENOUGH` of the query; where none has, all of them.

        Of a word it is enough to have what it holds: of 'trà sữa' tea.
        """
        words = words_wanted(asked(parsed), self.statistics, SHARE_OR_FRAGMENTS)
        enough = docnums[share(self._whole, words, docnums) >= ENOUGH - 1e-9]
        return enough if len(enough) else docnums

    def shares(self, docnums: NDArray[np.int64], parsed: ParsedQuery) -> Floats:
        """Return how much of the query these ascending documents have, by rarity: 1 is all of it.

        Words that are nowhere in the index, which ranking passes over, count as those that one article has.
        """
        wanted = asked(parsed)
        words = words_wanted(wanted, self.statistics, SHARE)
        return share(self._whole, words, docnums) * known_share(wanted, self.statistics)

    def meaning(self, parsed: ParsedQuery) -> Meaning | None:
        """Return what a query is about; None where the index has no vectors or no word of the query has one."""
        return meaning_of(asked(parsed), self.articles)

    def explain(self, parsed: ParsedQuery, weights: Weights) -> Explanation:
        """Return what the query asks for in this index, and what each part of the formula adds at most."""
        return explain(parsed, self.statistics, weights)
