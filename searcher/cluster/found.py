"""What a request finds in a cluster: which articles match, and the first of them in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import field
from numpy.typing import NDArray

from searcher.cluster.documents import signed_parts
from searcher.cluster.formula import WINDOW, Formula
from searcher.cluster.trees import Clause
from searcher.cluster.walking import Row
from searcher.language.tree import ParsedQuery
from searcher.language.understanding import Understanding
from searcher.query.results import FacetCount
from searcher.ranking.copies import ALL_COMPARED, NEIGHBOURS, alike_pairs
from searcher.ranking.formula import Weights
from searcher.ranking.parts import LEADERS
from searcher.semantics.articlevectors import SCALE
from searcher.semantics.nearness import unit

Floats = NDArray[np.float64]
COMPLETE: Final = "complete"
"""The name of the clause that articles with all the words match, where others are found as well."""
FIELDS: Final = ("id", "signed")
"""What is fetched of articles that are put in order."""


class Found(msgspec.Struct, frozen=True):
    """An article on a page."""

    id: str
    score: float = 0.0
    copies: int = 0
    copy_of: str = ""
    parts: dict[str, float] = field(default_factory=dict)
    by_meaning: bool = False
    is_ranked: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What a request finds.

    - `query` finds the articles but for the chosen values of facets, which `narrowed` has as well.
    - `window` are the first `CANDIDATES` in the order asked for; of those found by relevance, with the whole formula's
      scores but for what articles are about, of which `vector` is the query's. Where one shard has far more than its
      share of the best, the last of these have the scores of the first pass.
    """

    parsed: ParsedQuery
    named: Understanding
    formula: Formula
    query: Clause
    narrowed: Clause
    total: int
    complete: int
    facets: dict[str, tuple[FacetCount, ...]]
    window: list[Row]
    undated: Mapping[str, Any]
    near: frozenset[str] = frozenset()
    vector: NDArray[np.float32] | None = None
    share: float = 1.0

    @property
    def is_relaxed(self) -> bool:
        """Whether some of what it finds has not all the words."""
        return self.total > self.complete


class Signed:
    """Articles in an order, with their signatures and vectors."""

    def __init__(self, rows: list[Row]) -> None:
        self.ids: list[str] = [str(row.first("id")) for row in rows]
        self.signatures, self.vectors = signed_parts([row.first("signed") or "" for row in rows])

    def cosines(self, direction: NDArray[np.float32]) -> Floats:
        """Return float64[n], at least 0: how near each is to a vector of length 1; 0 for those without a vector."""
        if self.vectors.shape[1] != len(direction):
            return np.zeros(len(self.ids))
        cosines = self.vectors.astype(np.float32) @ direction / np.float32(SCALE)
        nearness: Floats = np.maximum(cosines, 0).astype(np.float64)
        return nearness

    def centre(self, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the direction of the sum of some of the vectors."""
        return unit(self.vectors[places].astype(np.float32).sum(axis=0))

    def leading(self) -> NDArray[np.intp]:
        """Return for each the place of the first one that it is a copy of, else its own."""
        return leads_of(self.signatures)


def leads_of(signatures: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return for each signature the place of the first one that it is alike, else its own."""
    leads = list(range(len(signatures)))
    within = None if len(leads) <= ALL_COMPARED else NEIGHBOURS
    for one, other in alike_pairs(signatures, within) if leads else ():
        if leads[one] == one and leads[other] == other:
            leads[other] = one
    return np.array(leads, dtype=np.intp)


class Ordered(msgspec.Struct, frozen=True):
    """The first articles in order, without the copies that were drawn together, and how many of each were.

    `complete_end` is the rank of the last of those that have all the words, where others have not; 0 for none.
    """

    ids: list[str]
    scores: Floats
    copies: NDArray[np.int64]
    parts: dict[str, Floats]
    signatures: NDArray[np.uint8]
    complete_end: int

    def page(self, near: frozenset[str]) -> list[Found]:
        """Return them as they stand on a page."""
        return [
            Found(
                one,
                float(self.scores[at]),
                int(self.copies[at]),
                parts={name: float(points[at]) for name, points in self.parts.items()},
                by_meaning=one in near,
                is_ranked=True,
            )
            for at, one in enumerate(self.ids)
        ]


def in_order(answer: Answer, weights: Weights, *, by_relevance: bool, all_copies: bool) -> Ordered:
    """Return the window in its final order: what articles are about counted in, copies drawn together."""
    rows = answer.window
    signed = Signed(rows)
    points = np.array([row.score or 0.0 if by_relevance else 0.0 for row in rows])
    scores = np.where(points >= WINDOW, points - WINDOW, points)
    parts: dict[str, Floats] = {}
    order = np.arange(len(rows))
    if by_relevance:
        meaning, feedback = np.zeros((2, len(rows)))
        if answer.vector is not None and len(rows):
            meaning = 100 * weights.meaning * signed.cosines(answer.vector)
            leaders = np.argsort(-(scores + meaning), kind="stable")[:LEADERS]
            feedback = 100 * weights.feedback * signed.cosines(signed.centre(leaders))
        parts = {"meaning": meaning, "feedback": feedback}
        scores = scores + meaning + feedback
        order = np.lexsort((np.array(signed.ids), -scores)) if len(rows) else order
    copies = np.zeros(len(rows), dtype=np.int64)
    if not all_copies and len(rows):
        leads = leads_of(signed.signatures[order])
        kept = np.flatnonzero(leads == np.arange(len(leads)))
        copies = np.bincount(leads, minlength=len(leads))[kept] - 1
        order = order[kept]
    return Ordered(
        [signed.ids[one] for one in order.tolist()],
        scores[order],
        copies,
        {name: points[order] for name, points in parts.items()},
        signed.signatures[order],
        max((rank for rank, one in enumerate(order.tolist(), 1) if rows[one].matches(COMPLETE)), default=0),
    )
