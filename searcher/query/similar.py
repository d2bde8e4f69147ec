"""More like this: the articles that have most of what sets an article apart.

What sets it apart are its key terms: words of several syllables, and names and foreign words, of which it has more than
chance would give it. A term's weight is Bo1's, the Bose-Einstein model of divergence from randomness (Amati 2003, as
used for expansion from one document):

    w(t) = f(t) * log2((1 + p) / p) + log2(1 + p),    p = occurrences of t in the index / articles of the index

with f(t) the occurrences in the article, a title's counting 3 and a lead's 2. The `TERMS` heaviest are looked for; an
article gets for each its weight times BM25F's saturated frequency (`ranking.py`), as a share of what all could give.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.analysis.signature import likenesses
from searcher.analysis.stream import analyze
from searcher.analysis.syllable import JOINER
from searcher.article import Article
from searcher.codec.arrays import BytesColumn, SegmentArrays
from searcher.query.copies import COPY
from searcher.query.functionwords import function_words
from searcher.query.matches import Finder, Mark
from searcher.query.ranking import K1
from searcher.query.results import Hit
from searcher.query.snippets import make_snippet
from searcher.query.statistics import FIELDS, Statistics
from searcher.schema import to_article

TERMS: Final = 25
_TITLE, _LEAD, _BODY = 3, 2, 1
_LEAST_LETTERS: Final = 3
_MOST_COMMON: Final = 4
"""A term that more than one article in so many has sets nothing apart."""
_MOST_COMMON_SYLLABLE: Final = 20
_SMALL: Final = 1000
"""Of fewer articles a common term may be all that they share."""
_CANDIDATES: Final = 4
"""Articles that are looked through for copies, for each one asked for."""
_MAX_BODY: Final = 100_000

Floats = NDArray[np.float64]


class KeyTerm(msgspec.Struct, frozen=True):
    """A term that sets an article apart: `weight` in 0..1, all sum to 1; `articles` is how many have it."""

    term: str
    weight: float
    articles: int

    @property
    def text(self) -> str:
        """The term as it is read."""
        return self.term.replace(JOINER, " ")


class Similar(msgspec.Struct, frozen=True):
    """Articles like one.

    - `terms` are the key terms that they were found by, heaviest first.
    - `hits` are the articles, most alike first, each with a score in 0..100: how much of the key terms it has; its
      `explanation` has the points for each, its `copies` counts near-identical ones.
    - `copies` are near-identical copies of the article itself; they are not among the hits.
    """

    article: Article
    terms: tuple[KeyTerm, ...]
    hits: tuple[Hit, ...]
    copies: tuple[Article, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the object that `similar --json` prints."""
        return {
            "id": self.article.id,
            "title": self.article.title,
            "terms": [
                {"term": one.text, "weight": round(one.weight, 4), "articles": one.articles} for one in self.terms
            ],
            "hits": [hit.to_dict() for hit in self.hits],
            "copies": [{"id": one.id, "title": one.title} for one in self.copies],
        }


def key_terms(article: Article, statistics: Statistics, count: int = TERMS) -> tuple[KeyTerm, ...]:
    """Return the terms that set an article apart, heaviest first."""
    found: Counter[str] = Counter()
    for text, times in ((article.title, _TITLE), (article.lead, _LEAD), (article.body[:_MAX_BODY], _BODY)):
        for term in _terms(text):
            found[term] += times
    n_articles = max(statistics.doc_count, 1)
    weighed = []
    for term, frequency in found.items():
        articles = statistics.documents_with((term,))
        most = _MOST_COMMON if JOINER in term else _MOST_COMMON_SYLLABLE
        if articles < 2 or (articles * most > n_articles >= _SMALL):
            continue
        chance = _occurrences(statistics.segments, term) / n_articles
        weighed.append((frequency * math.log2((1 + chance) / chance) + math.log2(1 + chance), term, articles))
    weighed = sorted(weighed, key=lambda one: (-one[0], one[1]))[:count]
    total = sum(weight for weight, _term, _articles in weighed) or 1.0
    return tuple(KeyTerm(term, weight / total, articles) for weight, term, articles in weighed)


def _terms(text: str) -> list[str]:
    """The words of a text: those of several syllables, and syllables that are in none of them."""
    stream = analyze(text)
    inside: set[int] = set()
    for term, at in stream:
        inside.update(range(at, at + term.count(JOINER) + 1) if JOINER in term else ())
    return [
        term
        for term, at in stream
        if JOINER in term
        or (at not in inside and len(term) >= _LEAST_LETTERS and term.isalpha() and term not in function_words())
    ]


def _occurrences(segments: Sequence[SegmentArrays], term: str) -> int:
    """How often a term is in all articles."""
    encoded = term.encode("utf-8", "surrogatepass")
    fields = [arrays for segment in segments for name in FIELDS if (arrays := segment.field(name)) is not None]
    return sum(arrays.total_weight(one) for arrays in fields if (one := arrays.find(encoded)) >= 0) or 1


def find_similar(
    article: Article,
    docnum: int,
    segments: Sequence[tuple[int, SegmentArrays]],
    statistics: Statistics,
    limit: int,
) -> Similar:
    """Return at most so many articles like the one with this number."""
    terms = key_terms(article, statistics)
    scored = [(first, segment, _scores(segment, statistics, terms)) for first, segment in segments]
    scores = np.concatenate([one for _first, _segment, one in scored]) if scored else np.empty(0)
    numbers = np.concatenate([first + np.arange(len(one)) for first, _segment, one in scored])
    scores[numbers == docnum] = 0.0
    wanted = min((limit + 1) * _CANDIDATES, len(scores))
    best = np.argsort(-scores, kind="stable")[:wanted]
    best = best[scores[best] > 0]
    reader = _Documents(segments)
    alike = likenesses([reader.signature(int(one)) for one in (docnum, *numbers[best])]) >= COPY
    own = alike[0, 1:]
    copies = tuple(to_article(reader.stored(int(numbers[place]))) for place in best[own])
    kept, counts = _drawn_together(alike[1:, 1:], own, limit)
    docnums = [int(numbers[best[place]]) for place in kept]
    finder = Finder({tuple(one.term.split(JOINER)): Mark(at, one.weight) for at, one in enumerate(terms)})
    points = reader.points(docnums, statistics, terms)
    hits = []
    for rank, (one, copied) in enumerate(zip(docnums, counts, strict=True), 1):
        found = to_article(reader.stored(one))
        hits.append(Hit(rank, found, sum(points[one].values()), make_snippet(found, finder), copied, points[one]))
    return Similar(article, terms, tuple(hits), copies)


def _drawn_together(alike: NDArray[np.bool_], taken: NDArray[np.bool_], limit: int) -> tuple[list[int], list[int]]:
    """Return which of the candidates to show, best first, and how many copies each has; those taken are not shown."""
    taken = taken.copy()
    kept: list[int] = []
    counts: list[int] = []
    for place in range(len(taken)):
        if taken[place] or len(kept) == limit:
            continue
        group = alike[place] & ~taken
        group[place] = True
        taken |= group
        kept.append(place)
        counts.append(int(np.count_nonzero(group)) - 1)
    return kept, counts


def _scores(segment: SegmentArrays, statistics: Statistics, terms: Sequence[KeyTerm]) -> Floats:
    """Return 0..100 for each document of a segment, 0 for deleted ones."""
    scores = np.zeros(segment.doc_count)
    for term in terms:
        scores += 100 * term.weight * _saturated(segment, statistics, term.term)
    if segment.live is not None:
        scores[~segment.live] = 0.0
    return scores


def _saturated(segment: SegmentArrays, statistics: Statistics, term: str) -> Floats:
    encoded = term.encode("utf-8", "surrogatepass")
    frequency = np.zeros(segment.doc_count)
    for name in FIELDS:
        arrays = segment.field(name)
        ordinal = -1 if arrays is None else arrays.find(encoded)
        if arrays is not None and ordinal >= 0:
            ids, freqs = arrays.postings(ordinal)
            frequency[ids] += freqs * statistics.inverse_norms(name)[arrays.length_codes[ids]]
    return frequency / (frequency + K1)


class _Documents:
    """Single documents by their number over all segments."""

    def __init__(self, segments: Sequence[tuple[int, SegmentArrays]]) -> None:
        self._segments = segments

    def stored(self, docnum: int) -> dict[str, Any]:
        segment, number = self._at(docnum)
        return segment.stored(number)

    def signature(self, docnum: int) -> bytes:
        segment, number = self._at(docnum)
        column = segment.column("signature")
        return column[number] if isinstance(column, BytesColumn) else b""

    def points(
        self, docnums: Sequence[int], statistics: Statistics, terms: Sequence[KeyTerm]
    ) -> dict[int, dict[str, float]]:
        """Return for each document the points that it has for each term, most first."""
        found: dict[int, dict[str, float]] = {docnum: {} for docnum in docnums}
        for first, segment in self._segments:
            inside = [docnum for docnum in docnums if first <= docnum < first + segment.doc_count]
            for term in terms if inside else ():
                shares = _saturated(segment, statistics, term.term)
                for docnum in inside:
                    if share := float(shares[docnum - first]):
                        found[docnum][term.text] = round(100 * term.weight * share, 2)
        return {one: dict(sorted(points.items(), key=lambda pair: -pair[1])) for one, points in found.items()}

    def _at(self, docnum: int) -> tuple[SegmentArrays, int]:
        for first, segment in self._segments:
            if first <= docnum < first + segment.doc_count:
                return segment, docnum - first
        raise IndexError(docnum)
