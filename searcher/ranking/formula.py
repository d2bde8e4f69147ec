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
    words          mean over words w of  sat(d, w or its synonyms or fragments, title + lead + body)
    together       mean over words v, w side by side in the query of both being in title + lead, as such or by synonym
    coverage       mean over words w of being in the article at all
    topic, place   whether the article is tagged with a topic, a province, that the query names
    recent         0.5 ** (years since publication / 5), counted back from the index's newest article
    meaning        cos(vector of the query, vector of the article), not below 0 (`searcher.semantics`)
    feedback       the same with the centre of the `LEADERS` best by all other parts (Rocchio 1971)

Neighbours are two syllables next to each other in the query, found next to each other in the article: the ordered
pairs of the sequential dependence model (Metzler & Croft 2005); `together` is its unordered pairs, with the head of the
article as the window. Of something that may be written in several ways the best counts: the greatest of weight * sat,
so that no synonym counts more than its weight; n(x) is the greatest of weight * n. docs/ranking.md says what each part
is worth. Of a word of several syllables a fragment, which is a word that it holds or a telling syllable, counts
FRAGMENT * idf(fragment) / idf(word).

Documents are ranked in two passes. The first needs no positions: text, syllables in the title, day. The best
`CANDIDATES` of it get the whole formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING
from searcher.codec.terms import term_bytes
from searcher.execution import Whole, best, union
from searcher.execution.evidence import Floats
from searcher.language.understanding import Understanding
from searcher.ranking.asked import Asked
from searcher.ranking.frequencies import Frequencies
from searcher.ranking.meaning import Meaning
from searcher.ranking.parts import (
    FIRST_TEXT,
    FIRST_TITLE,
    K1,
    LEADERS,
    TEXT_PARTS,
    TITLE,
    Sought,
    Wanted,
    plan,
)
from searcher.ranking.statistics import Statistics

Ids = NDArray[np.intp]


class Weights(msgspec.Struct, frozen=True):
    """What each part of the formula counts; they sum to 1. `recent` only parts what is alike.

    docs/ranking.md says how they were found and what each is worth.
    """

    text: float = 0.18
    pairs_head: float = 0.14
    pairs_body: float = 0.03
    words: float = 0.19
    together: float = 0.06
    coverage: float = 0.02
    topic: float = 0.06
    place: float = 0.04
    recent: float = 0.01
    meaning: float = 0.11
    feedback: float = 0.16

    def without(self, *parts: str) -> Weights:
        """Return the weights with some parts left out."""
        return Weights(**{name: 0.0 if name in parts else getattr(self, name) for name in self.__struct_fields__})


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
    - A document's score depends on the index and the query only, but for `feedback`, which depends on the best of the
      documents that are ranked with it.
    - `meaning` is what the query is about; None where nothing is known of that.
    """

    def __init__(
        self,
        whole: Whole,
        statistics: Statistics,
        asked: Asked,
        named: Understanding,
        weights: Weights,
        meaning: Meaning | None = None,
    ) -> None:
        self._whole = whole
        self._statistics = statistics
        self._named = named
        self._weights = weights
        self._meaning = meaning
        self._wanted = {grain: _Wanted(wanted) for grain, wanted in plan(asked, statistics).grains().items()}

    def first_pass(self, doc_ids: Ids) -> Floats:
        """Return the points for text, title and day: what needs no positions."""
        seen = Frequencies(self._whole, doc_ids)
        norms = seen.norms(self._statistics)
        wanted = self._wanted[FIRST_TEXT.grain]
        text, title = np.zeros((2, len(wanted), len(doc_ids)))
        for place, (sought, weights) in enumerate(zip(wanted.sought, wanted.weights, strict=True)):
            table = seen.table(sought)
            text[place] = (weights * saturated((table * norms).sum(axis=1))).max(axis=0)
            title[place] = (weights * (table[:, FIRST_TITLE.fields].max(axis=1) > 0)).max(axis=0)
        points = self._weights.text * wanted.mean(text) + TITLE * wanted.mean(title)
        return 100 * (points + self._weights.recent * self._recent(doc_ids))

    def rank(self, doc_ids: Ids) -> Ranked:
        """Return the scores of the documents, with their parts."""
        shares = self._shares(doc_ids)
        parts = {name: 100 * getattr(self._weights, name) * share for name, share in shares.items()}
        scores = np.sum(list(parts.values()), axis=0)
        if self._meaning is None:
            parts["meaning"] = parts["feedback"] = np.zeros(len(doc_ids))
        else:
            parts["meaning"] = 100 * self._weights.meaning * self._meaning.near(doc_ids)
            scores = scores + parts["meaning"]
            leaders = doc_ids.take(best(scores, LEADERS))
            parts["feedback"] = 100 * self._weights.feedback * self._meaning.near_centre(leaders, doc_ids)
            scores = scores + parts["feedback"]
        return Ranked(scores, parts)

    def _shares(self, doc_ids: Ids) -> dict[str, Floats]:
        rows: dict[Sought, int] = {}
        for wanted in self._wanted.values():
            for sought in wanted.sought:
                for each in sought:
                    rows.setdefault(each, len(rows))
        seen = Frequencies(self._whole, doc_ids)
        table = seen.table(list(rows))
        normed = table * seen.norms(self._statistics)
        measured: dict[tuple[str, int, int], Floats] = {}
        found = {}
        for part in TEXT_PARTS:
            key = (part.measure, part.fields.start, part.fields.stop)
            if key not in measured:
                measured[key] = (
                    saturated(normed[:, part.fields].sum(axis=1))
                    if part.measure == "saturated"
                    else table[:, part.fields].max(axis=1) > 0
                )
            wanted = self._wanted[part.grain]
            best_of = wanted.best(measured[key], rows)
            found[part.name] = wanted.mean_of_neighbours(best_of) if part.beside else wanted.mean(best_of)
        return {
            **found,
            "topic": self._tagged("topic", self._named.topics, doc_ids),
            "place": self._tagged("province", self._named.provinces, doc_ids),
            "recent": self._recent(doc_ids),
        }

    def _tagged(self, column: str, labels: Iterable[str], doc_ids: Ids) -> Floats:
        """Return 1.0 where a document carries any of the labels, else 0.0."""
        field = self._whole.field(column)
        tagged = np.zeros(len(doc_ids), dtype=np.bool_)
        for label in labels:
            postings = None if field is None else self._whole.postings(field, term_bytes(label))
            if postings is not None:
                tagged |= postings.at(doc_ids) > 0
        return tagged.astype(np.float64)

    def _recent(self, doc_ids: Ids) -> Floats:
        """Return 1.0 for the newest article, half for one that is `HALF_LIFE` older, 0.0 where the day is unknown."""
        newest, column = self._statistics.newest, self._whole.numbers("published")
        if newest is None or column is None:
            return np.zeros(len(doc_ids))
        published = column.take(doc_ids)
        known = published > MISSING
        ages: Floats = (newest - np.where(known, published, newest)) / HALF_LIFE
        return np.where(known, np.exp2(-ages), 0.0)


class _Wanted:
    """Things asked for, those that are somewhere in the index, and what each may stand in a text as.

    - `sought` has for each what it may be written as, and `weights` what that counts, float64[n, 1].
    - `rarities: float64[n_wanted, 1]`.
    """

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self.rarities = np.array([one.rarity for one in wanted]).reshape(-1, 1)
        self.sought = [[sought for sought, _weight in one.forms] for one in wanted]
        self.weights = [np.array([weight for _sought, weight in one.forms]).reshape(-1, 1) for one in wanted]

    def __len__(self) -> int:
        return len(self.sought)

    def best(self, values: NDArray[Any], rows: Mapping[Sought, int]) -> Floats:
        """Return float64[n_wanted, n_documents]: of each the greatest of weight * value; `rows` are those of values."""
        if not self.sought:
            return np.zeros((0, values.shape[1]))
        wanted = [rows[one] for sought in self.sought for one in sought]
        starts = np.cumsum([0, *map(len, self.sought[:-1])])
        best: Floats = np.maximum.reduceat(values.take(wanted, axis=0) * np.concatenate(self.weights), starts, axis=0)
        return best

    def mean(self, shares: Floats) -> Floats:
        """Return the mean of the shares, float64[n_wanted, n_documents], by rarity."""
        return _mean(shares, self.rarities)

    def mean_of_neighbours(self, shares: Floats) -> Floats:
        """Return the mean over things side by side of the lesser share; of a single one, its share.

        Each two count by the rarity of both.
        """
        if len(shares) < 2:
            return self.mean(shares)
        return _mean(np.minimum(shares[1:], shares[:-1]), self.rarities[1:] + self.rarities[:-1])


def share(whole: Whole, words: Sequence[Wanted], doc_ids: Ids) -> Floats:
    """Return how much of a query's words ascending documents have, by rarity: 1 is all, be it by synonyms."""
    wanted = _Wanted(words)
    seen = Frequencies(whole, doc_ids)
    has = np.zeros((len(wanted), len(doc_ids)))
    for place, sought in enumerate(wanted.sought):
        found = [postings.docs for one in sought for postings in seen.postings(one) if postings is not None]
        has[place] = union(whole.doc_count, found).mask.take(doc_ids)
    return wanted.mean(has)


def _mean(shares: Floats, weights: Floats) -> Floats:
    """Return the weighted mean over the first axis; of nothing, zeros."""
    mean: Floats = (weights * shares).sum(axis=0)
    return mean / weights.sum() if len(weights) else mean


def saturated(frequencies: Floats) -> Floats:
    """Return t / (t + K1) for each frequency t, in 0..1."""
    return frequencies / (frequencies + K1)
