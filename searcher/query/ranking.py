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
    head           2/3 the mean over syllables of being in the title, 1/3 the mean over words of being in title or lead
    coverage       mean over words w of being in the article at all
    topic, place   whether the article is tagged with a topic, a province, that the query names
    recent         0.5 ** (years since publication / 5), counted back from the index's newest article

Neighbours are two syllables next to each other in the query, found next to each other in the article: the ordered
pairs of the sequential dependence model (Metzler & Croft 2005). Of something that may be written in
several ways the best counts: the greatest of weight * sat, so that no synonym counts more than its weight; n(x) is the
greatest of weight * n. docs/ranking.md says what each part is worth.

Documents are ranked in two passes. The first needs no positions: text, title and day. The best `CANDIDATES` of it get
the whole formula; on the judged queries 300 to 1,000 candidates give the same first ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING, NumericColumn, SegmentArrays
from searcher.query.asked import Ask, Asked, Syllables
from searcher.query.evidence import Evidence, Floats
from searcher.query.statistics import FIELDS, Statistics
from searcher.query.understanding import Understanding

K1: Final = 1.2
CANDIDATES: Final = 500
HEAD: Final = ("title", "lead")
BODY: Final = ("body",)
_WHOLE: Final = 0.6
"""In `head`: what a word counts that stands there whole; its syllables have the rest."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the formula counts; they sum to 1 but for `recent`, which only parts what is alike."""

    text: float = 0.28
    pairs_head: float = 0.24
    pairs_body: float = 0.11
    words: float = 0.18
    head: float = 0.05
    coverage: float = 0.05
    topic: float = 0.07
    place: float = 0.02
    recent: float = 0.01

    def without(self, part: str) -> Weights:
        """Return the weights with one part left out."""
        return Weights(**{one.name: 0.0 if one.name == part else getattr(self, one.name) for one in fields(self)})


HALF_LIFE: Final = 5 * 365 * 86_400 * 1_000_000
"""Microseconds in which `recent` falls to half."""

PARTS: Final = tuple(one.name for one in fields(Weights))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Scores of documents, in 0..100, and for each of `PARTS` the points that it has in them."""

    scores: Floats
    parts: dict[str, Floats]


class Ranking:
    """The formula for one query.

    - `first_pass` and `rank` take ascending documents of one segment, as numbers within it.
    - A document's score depends on the index and the query only, not on what other documents are ranked with it.
    """

    def __init__(self, statistics: Statistics, asked: Asked, named: Understanding, weights: Weights) -> None:
        self._statistics = statistics
        self._asked = asked
        self._named = named
        self._weights = weights
        self._rarity = {ask: statistics.idf(ask) for ask in (*asked.syllables, *asked.pairs, *asked.words)}

    def first_pass(self, segment: SegmentArrays, doc_ids: NDArray[np.intp]) -> Floats:
        """Return the points for text, title and day: what needs no positions."""
        seen = _Seen(self._statistics, Evidence(segment, doc_ids))
        text = self._mean(seen, self._asked.syllables, lambda ask: seen.saturated(ask, FIELDS))
        title = self._mean(seen, self._asked.syllables, lambda ask: seen.present(ask, HEAD[:1]))
        recent = seen.recent(self._statistics.newest)
        weights = self._weights
        return 100 * (weights.text * text + weights.head * 2 / 3 * title + weights.recent * recent)

    def rank(self, segment: SegmentArrays, doc_ids: NDArray[np.intp]) -> Ranked:
        """Return the scores of the documents, with their parts."""
        seen = _Seen(self._statistics, Evidence(segment, doc_ids))
        shares = self._shares(seen)
        parts = {name: 100 * getattr(self._weights, name) * share for name, share in shares.items()}
        return Ranked(np.sum(list(parts.values()), axis=0), parts)

    def _shares(self, seen: _Seen) -> dict[str, Floats]:
        syllables, words = self._asked.syllables, self._asked.words
        pairs = self._asked.pairs or syllables
        title = self._mean(seen, syllables, lambda ask: seen.present(ask, HEAD[:1]))
        return {
            "text": self._mean(seen, syllables, lambda ask: seen.saturated(ask, FIELDS)),
            "pairs_head": self._mean(seen, pairs, lambda ask: seen.saturated(ask, HEAD)),
            "pairs_body": self._mean(seen, pairs, lambda ask: seen.saturated(ask, BODY)),
            "words": self._mean(seen, words, lambda ask: seen.saturated(ask, FIELDS, others=True)),
            "head": (2 * title + self._mean(seen, words, lambda ask: self._in_head(seen, ask))) / 3,
            "coverage": self._mean(seen, words, lambda ask: seen.present(ask, FIELDS)),
            "topic": seen.tagged("topic", self._named.topics),
            "place": seen.tagged("province", self._named.provinces),
            "recent": seen.recent(self._statistics.newest),
        }

    def _in_head(self, seen: _Seen, word: Ask) -> Floats:
        whole = seen.present(word, HEAD)
        if len(word.parts) < 2:
            return whole
        parts = sum((seen.present(ask, HEAD) for ask in word.parts), np.zeros(len(seen)))
        return _WHOLE * whole + (1 - _WHOLE) / len(word.parts) * parts

    def _mean(self, seen: _Seen, asks: Iterable[Ask], share: Callable[[Ask], Floats]) -> Floats:
        """Return the mean of the shares, by rarity; what no document has is left out."""
        summed, total = np.zeros(len(seen)), 0.0
        for ask in asks:
            if rarity := self._rarity[ask]:
                summed += rarity * share(ask)
                total += rarity
        return summed / total if total else summed


class _Seen:
    """What documents of a segment have of things asked for."""

    def __init__(self, statistics: Statistics, evidence: Evidence) -> None:
        self._statistics = statistics
        self._evidence = evidence
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

    def present(self, ask: Ask, names: Iterable[str]) -> Floats:
        """Return the weight of the best reading that is in any of the fields; 0 where none is."""
        best = np.zeros(len(self))
        for name in names:
            for syllables, weight in ask.readings:
                if (found := self._evidence.frequency(name, syllables)) is not None:
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
        column = self._evidence.segment.column("published")
        if newest is None or not isinstance(column, NumericColumn):
            return np.zeros(len(self))
        published = column.values[self._evidence.doc_ids]
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
