"""How well an article answers a query: one formula for all queries, a sum of shares that can be shown.

    score(d, q) = 100 * sum over parts of  weight(part) * share(part, d, q)

Each share is in 0..1: of what the query asks for, how much the article has, weighted by rarity. With

    sat(d, x, F) = t / (t + K1),   t = sum over fields f in F of  tf(f, d, x) / (1 - B + B * length(f, d) / average(f))
    idf(x) = ln(1 + (N - n(x) + 0.5) / (n(x) + 0.5))
    mean over x of y(x) = (sum of idf(x) * y(x)) / (sum of idf(x))

which is BM25F (Robertson & Zaragoza 2009, section 3.6) with its k1 + 1 left out, the parts are

    text           mean over syllables s of  sat(d, s, title + lead + body)
    pairs_head     mean over neighbours p of  sat(d, p, title + lead)
    pairs_body     mean over neighbours p of  sat(d, p, body)
    words          mean over words w of  sat(d, w or its synonyms, title + lead + body)
    together       mean over words v, w side by side in the query of both being in title + lead, as such or by synonym
    coverage       mean over words w of being in the article at all
    topic, place   whether the article is tagged with a topic, a province, that the query names
    recent         0.5 ** (years since publication / 5), counted back from the index's newest article

Neighbours are two syllables next to each other in the query, found next to each other in the article: the ordered
pairs of the sequential dependence model (Metzler & Croft 2005); `together` is its unordered pairs, with the head of the
article as the window. Of something that may be written in several ways the best counts: the greatest of weight * sat,
so that no synonym counts more than its weight; n(x) is the greatest of weight * n. docs/ranking.md says what each part
is worth.

Documents are ranked in two passes. The first needs no positions: text, syllables in the title, day. The best
`CANDIDATES` of it get the whole formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING
from searcher.execution import Whole
from searcher.query.asked import Ask, Asked, Syllables
from searcher.query.evidence import Evidence, Floats
from searcher.query.statistics import FIELDS, Statistics
from searcher.query.understanding import Understanding

K1: Final = 1.2
CANDIDATES: Final = 500
HEAD: Final = ("title", "lead")
BODY: Final = ("body",)
_TITLE: Final = 0.05
"""What the share of the query's syllables that are in the title counts in the first pass."""


class Weights(msgspec.Struct, frozen=True):
    """What each part of the formula counts; they sum to 1. `recent` only parts what is alike.

    docs/ranking.md says how they were found and what each is worth.
    """

    text: float = 0.24
    pairs_head: float = 0.15
    pairs_body: float = 0.15
    words: float = 0.20
    together: float = 0.07
    coverage: float = 0.05
    topic: float = 0.10
    place: float = 0.03
    recent: float = 0.01

    def without(self, part: str) -> Weights:
        """Return the weights with one part left out."""
        return Weights(**{name: 0.0 if name == part else getattr(self, name) for name in self.__struct_fields__})


HALF_LIFE: Final = 5 * 365 * 86_400 * 1_000_000
"""Microseconds in which `recent` falls to half."""

PARTS: Final = Weights.__struct_fields__


class Ranked(msgspec.Struct, frozen=True):
    """Scores of documents, in 0..100, and for each of `PARTS` the points that it has in them."""

    scores: Floats
    parts: dict[str, Floats]


class Ranking:
    """The formula for one query.

    - `first_pass` and `rank` take ascending documents.
    - A document's score depends on the index and the query only, not on what other documents are ranked with it.
    """

    def __init__(self, statistics: Statistics, asked: Asked, named: Understanding, weights: Weights) -> None:
        self._statistics = statistics
        self._asked = asked
        self._named = named
        self._weights = weights
        self._rarity = {ask: statistics.idf(ask) for ask in (*asked.syllables, *asked.pairs, *asked.words)}

    def share(self, whole: Whole, doc_ids: NDArray[np.intp]) -> Floats:
        """Return how much of the query the documents have, by rarity: 1 is all of it, be it by synonyms."""
        seen = _Seen(self._statistics, whole, doc_ids)
        return self._mean(seen, self._asked.words, lambda ask: seen.present(ask, FIELDS, others=True) > 0)

    def first_pass(self, whole: Whole, doc_ids: NDArray[np.intp]) -> Floats:
        """Return the points for text, title and day: what needs no positions."""
        seen = _Seen(self._statistics, whole, doc_ids)
        text = self._mean(seen, self._asked.syllables, lambda ask: seen.saturated(ask, FIELDS))
        title = self._mean(seen, self._asked.syllables, lambda ask: seen.present(ask, HEAD[:1]))
        recent = seen.recent(self._statistics.newest)
        weights = self._weights
        return 100 * (weights.text * text + _TITLE * title + weights.recent * recent)

    def rank(self, whole: Whole, doc_ids: NDArray[np.intp]) -> Ranked:
        """Return the scores of the documents, with their parts."""
        seen = _Seen(self._statistics, whole, doc_ids)
        shares = self._shares(seen)
        parts = {name: 100 * getattr(self._weights, name) * share for name, share in shares.items()}
        return Ranked(np.sum(list(parts.values()), axis=0), parts)

    def _shares(self, seen: _Seen) -> dict[str, Floats]:
        syllables, words = self._asked.syllables, self._asked.words
        pairs = self._asked.pairs or syllables
        return {
            "text": self._mean(seen, syllables, lambda ask: seen.saturated(ask, FIELDS)),
            "pairs_head": self._mean(seen, pairs, lambda ask: seen.saturated(ask, HEAD)),
            "pairs_body": self._mean(seen, pairs, lambda ask: seen.saturated(ask, BODY)),
            "words": self._mean(seen, words, lambda ask: seen.saturated(ask, FIELDS, others=True)),
            "together": self._together(seen, words),
            "coverage": self._mean(seen, words, lambda ask: seen.present(ask, FIELDS)),
            "topic": seen.tagged("topic", self._named.topics),
            "place": seen.tagged("province", self._named.provinces),
            "recent": seen.recent(self._statistics.newest),
        }

    def _together(self, seen: _Seen, words: Sequence[Ask]) -> Floats:
        """Return the mean over words side by side of both being in title or lead; of a single word, of its being there.

        Each two count by the rarity of both; words that no document has are passed over.
        """
        known = [word for word in words if self._rarity[word]]
        inside = [seen.present(word, HEAD, others=True) for word in known]
        if len(known) < 2:
            return inside[0] if inside else np.zeros(len(seen))
        rarities = [self._rarity[one] + self._rarity[other] for one, other in pairwise(known)]
        both = (rarity * np.minimum(*two) for rarity, two in zip(rarities, pairwise(inside), strict=True))
        return sum(both, np.zeros(len(seen))) / sum(rarities)

    def _mean(self, seen: _Seen, asks: Iterable[Ask], share: Callable[[Ask], Floats | NDArray[np.bool_]]) -> Floats:
        """Return the mean of the shares, by rarity; what no document has is left out."""
        summed, total = np.zeros(len(seen)), 0.0
        for ask in asks:
            if rarity := self._rarity[ask]:
                summed += rarity * share(ask)
                total += rarity
        return summed / total if total else summed


class _Seen:
    """What documents have of things asked for."""

    def __init__(self, statistics: Statistics, whole: Whole, doc_ids: NDArray[np.intp]) -> None:
        self._statistics = statistics
        self._whole = whole
        self._evidence = Evidence(whole, doc_ids)
        self._inverse_norms: dict[str, Floats] = {}

    def __len__(self) -> int:
        return len(self._evidence)

    def saturated(self, ask: Ask, names: Iterable[str], *, others: bool = False) -> Floats:
        """Return `sat` over the fields for the best reading; with `others`, synonyms are readings as well."""
        best = np.zeros(len(self))
        for syllables, weight in ask.readings:
            self._raise_to(best, weight, names, syllables, self._evidence.frequency)
        for syllables, weight in ask.others if others else ():
            self._raise_to(best, weight, names, syllables, self._evidence.of_word)
        return best

    def _raise_to(
        self,
        best: Floats,
        weight: float,
        names: Iterable[str],
        syllables: Syllables,
        frequency: Callable[[str, Syllables], Floats | None],
    ) -> None:
        normed = [found * self._norms(name) for name in names if (found := frequency(name, syllables)) is not None]
        if normed:
            total = sum(normed[1:], normed[0])
            np.maximum(best, weight * total / (total + K1), out=best)

    def present(self, ask: Ask, names: Iterable[str], *, others: bool = False) -> Floats:
        """Return the weight of the best reading that is in any of the fields; with `others`, synonyms are readings."""
        best = np.zeros(len(self))
        for name in names:
            for syllables, weight in ask.readings:
                if (found := self._evidence.frequency(name, syllables)) is not None:
                    np.maximum(best, weight * (found > 0), out=best)
            for syllables, weight in ask.others if others else ():
                if (found := self._evidence.of_word(name, syllables)) is not None:
                    np.maximum(best, weight * (found > 0), out=best)
        return best

    def tagged(self, column: str, labels: Iterable[str]) -> Floats:
        """Return 1.0 where a document carries any of the labels, else 0.0."""
        best = np.zeros(len(self))
        for label in labels:
            if (found := self._evidence.frequency(column, (label,))) is not None:
                np.maximum(best, found > 0, out=best)
        return best

    def recent(self, newest: int | None) -> Floats:
        """Return 1.0 for the newest article, half for one that is `HALF_LIFE` older, 0.0 where the day is unknown."""
        column = self._whole.numbers("published")
        if newest is None or column is None:
            return np.zeros(len(self))
        published = column[self._evidence.doc_ids]
        known = published > MISSING
        ages: Floats = (newest - np.where(known, published, newest)) / HALF_LIFE
        return np.where(known, np.exp2(-ages), 0.0)

    def _norms(self, name: str) -> Floats:
        if name not in self._inverse_norms:
            arrays = self._evidence.field(name)
            table = self._statistics.inverse_norms(name)
            assert arrays is not None
            self._inverse_norms[name] = table[arrays.length_codes[self._evidence.doc_ids]]
        return self._inverse_norms[name]
