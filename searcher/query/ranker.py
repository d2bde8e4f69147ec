"""From the articles that match to their order: the formula over all segments, copies of one article drawn together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.analysis.signature import likenesses
from searcher.codec.arrays import BytesColumn
from searcher.execution import Whole
from searcher.query.asked import asked
from searcher.query.evidence import Floats
from searcher.query.explanation import Explanation, explain
from searcher.query.ranking import CANDIDATES, Ranking, Weights
from searcher.query.statistics import Statistics
from searcher.query.understanding import Understanding

if TYPE_CHECKING:
    from searcher.query.tree import ParsedQuery

COPY: Final = 0.7
"""Likeness from which on two articles are copies of one: in the corpus no such pair shared less than half its runs."""
ENOUGH: Final = 1 / 3
"""The share of a query, by rarity, that an article has to have where too few have all of it."""


class RankedDocuments(msgspec.Struct, frozen=True):
    """Documents, best first.

    - `docnums: int64[n]` over all segments; `scores: float64[n]`, 0 to 100.
    - `parts` has for each part of the formula the points of the first documents, as far as they got all of it.
    - `copies: int64[n]`: how many near-identical ones were drawn together with each; these are not in `docnums`.
    """

    docnums: NDArray[np.int64]
    scores: Floats
    parts: dict[str, Floats]
    copies: NDArray[np.int64]


class Ranker:
    """Ranks documents of an index; for as many queries as there are."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self.statistics = Statistics([segment.arrays for segment in whole.segments])

    def rank(
        self,
        docnums: NDArray[np.int64],
        parsed: ParsedQuery,
        named: Understanding,
        *,
        weights: Weights | None = None,
        all_copies: bool = False,
    ) -> RankedDocuments:
        """Return the documents in order; `docnums` are ascending."""
        ranking = Ranking(self.statistics, asked(parsed), named, weights or Weights())
        first = ranking.first_pass(self._whole, docnums)
        order = np.argsort(-first, kind="stable")
        chosen = np.sort(docnums[order[:CANDIDATES]])
        rest = order[CANDIDATES:]
        ranked = ranking.rank(self._whole, chosen)
        scores = ranked.scores
        best = np.argsort(-scores, kind="stable")
        parts = {name: points[best] for name, points in ranked.parts.items()}
        copies = np.zeros(len(best), dtype=np.int64)
        if not all_copies:
            kept, copies = self._drawn_together(chosen[best])
            best = best[kept]
            parts = {name: points[kept] for name, points in parts.items()}
        return RankedDocuments(
            np.concatenate((chosen[best], docnums[rest])).astype(np.int64),
            np.concatenate((scores[best], first[rest])),
            parts,
            np.concatenate((copies, np.zeros(len(rest), dtype=np.int64))),
        )

    def having_enough(self, docnums: NDArray[np.int64], parsed: ParsedQuery) -> NDArray[np.int64]:
        """Return those of the documents that have at least `ENOUGH` of the query; where none has, all of them."""
        ranking = Ranking(self.statistics, asked(parsed), Understanding(), Weights())
        enough = docnums[ranking.share(self._whole, docnums) >= ENOUGH - 1e-9]
        return enough if len(enough) else docnums

    def explain(self, parsed: ParsedQuery, weights: Weights) -> Explanation:
        """Return what the query asks for in this index, and what each part of the formula adds at most."""
        return explain(parsed, self.statistics, weights)

    def _drawn_together(self, docnums: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return which of these documents, best first, to keep, and how many copies each of the kept has."""
        signatures = [self._signature(int(docnum)) for docnum in docnums]
        alike = likenesses(signatures) >= COPY
        np.fill_diagonal(alike, True)
        alone = (np.count_nonzero(alike, axis=1) == 1).tolist()
        taken = np.zeros(len(docnums), dtype=bool)
        kept, copies = [], []
        for number in range(len(docnums)):
            if alone[number]:
                kept.append(number)
                copies.append(0)
            elif not taken[number]:
                group = alike[number] & ~taken
                taken |= group
                kept.append(number)
                copies.append(int(np.count_nonzero(group)) - 1)
        return np.array(kept, dtype=np.intp), np.array(copies, dtype=np.int64)

    def _signature(self, docnum: int) -> bytes:
        for segment, first in self._whole.segments:
            if first <= docnum < first + segment.doc_count:
                column = segment.column("signature")
                return column[docnum - first] if isinstance(column, BytesColumn) else b""
        return b""
