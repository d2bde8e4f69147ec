"""More like this: the articles that have most of what sets an article apart.

What sets it apart are its key terms: words of several syllables, and names and foreign words, of which it has more than
chance would give it. A term's weight is Bo1's, the Bose-Einstein model of divergence from randomness (Amati 2003, as
used for expansion from one document):

    w(t) = f(t) * log2((1 + p) / p) + log2(1 + p),    p = occurrences of t in the index / articles of the index

with f(t) the occurrences in the article, a title's counting 3 and a lead's 2. The `TERMS` heaviest are looked for; an
article gets for each its weight times BM25F's saturated frequency, as a share of what all could give. All of that is
multiplied by 1 - MEANING * (1 - cosine of the two articles' vectors), where the index has vectors: what shares words
but is about something else comes later.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.offsets import term_spans
from searcher.analysis.stream import analyze
from searcher.analysis.syllable import JOINER
from searcher.article import Article
from searcher.codec.arrays import SegmentArrays
from searcher.codec.terms import term_bytes
from searcher.execution import Whole, best
from searcher.facts.fields import read_facts
from searcher.language.functionwords import function_words
from searcher.language.tree import Mark
from searcher.query.matches import Finder
from searcher.query.results import Hit
from searcher.query.similar import KeyTerm, Similar
from searcher.query.snippets import make_snippet
from searcher.ranking.copies import leading
from searcher.ranking.formula import saturated
from searcher.ranking.frequencies import Frequencies, Sought
from searcher.ranking.statistics import FIELDS, Statistics
from searcher.schema import to_article
from searcher.semantics.nearness import ArticleVectors

TERMS: Final = 25
MEANING: Final = 0.5
"""What an article keeps of its score that is about something else altogether: the rest of 1."""
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
    """The words of a text: those of several syllables, and syllables that are in none of them, nor in a name.

    A name is a run of capitalised syllables: of 'Bùi Văn Tịnh' none says anything alone.
    """
    stream = analyze(text)
    in_name = _in_names(text)
    inside: set[int] = set()
    for term, at in stream:
        inside.update(range(at, at + term.count(JOINER) + 1) if JOINER in term else ())
    return [
        term
        for term, at in stream
        if JOINER in term
        or (
            at not in inside
            and at not in in_name
            and len(term) >= _LEAST_LETTERS
            and term.isalpha()
            and term not in function_words()
        )
    ]


def _in_names(text: str) -> set[int]:
    """Return the places of capitalised syllables that are beside another; none in a text all in capitals."""
    if text.isupper():
        return set()
    spans = list(term_spans(text))
    capital = [text[start].isupper() for start, _end in spans]
    found: set[int] = set()
    for at in range(len(spans) - 1):
        if capital[at] and capital[at + 1] and not text[spans[at][1] : spans[at + 1][0]].strip():
            found.update((at, at + 1))
    return found


def _occurrences(segments: Sequence[SegmentArrays], term: str) -> int:
    """How often a term is in all articles."""
    encoded = term_bytes(term)
    fields = [arrays for segment in segments for name in FIELDS if (arrays := segment.field(name)) is not None]
    return sum(arrays.total_weight(one) for arrays in fields if (one := arrays.find(encoded)) >= 0) or 1


def find_similar(
    article: Article, docnum: int, whole: Whole, statistics: Statistics, vectors: ArticleVectors, limit: int
) -> Similar:
    """Return at most so many articles like the one with this number."""
    terms = key_terms(article, statistics)
    scores = _scores(whole, statistics, terms)
    scores[docnum] = 0.0
    candidates = best(scores, (limit + 1) * _CANDIDATES)
    candidates = candidates[scores[candidates] > 0]
    factors = _nearness(vectors, docnum, candidates)
    order = np.argsort(-scores[candidates] * factors, kind="stable")
    candidates, factors = np.concatenate(([docnum], candidates[order])), np.concatenate(([1.0], factors[order]))
    leads = leading(whole, candidates)
    copies = candidates[1:][leads[1:] == 0]
    kept = np.flatnonzero(leads == np.arange(len(leads)))[1 : limit + 1]
    counts = np.bincount(leads)[kept] - 1
    docnums = candidates[kept]
    finder = Finder({tuple(one.term.split(JOINER)): Mark(at, one.weight) for at, one in enumerate(terms)})
    points = _points(whole, statistics, terms, docnums, factors[kept])
    hits = []
    for rank, (one, copied, parts) in enumerate(zip(docnums.tolist(), counts.tolist(), points, strict=True), 1):
        stored = whole.reader.stored_fields(one)
        found, facts = to_article(stored), read_facts(stored.get("facts"))
        hits.append(Hit(rank, found, sum(parts.values()), make_snippet(found, finder), copied, parts, facts=facts))
    copied_in = tuple(to_article(whole.reader.stored_fields(one)) for one in copies.tolist())
    return Similar(article, terms, tuple(hits), copied_in)


def _nearness(vectors: ArticleVectors, docnum: int, docnums: NDArray[np.intp]) -> Floats:
    """Return float64[n], at most 1: what documents keep of their score for what they are about."""
    if not vectors.exist:
        return np.ones(len(docnums))
    cosines = vectors.cosines(vectors.centre(np.array([docnum])), docnums).astype(np.float64)
    return 1 - MEANING * (1 - np.clip(cosines, 0, 1))


def _scores(whole: Whole, statistics: Statistics, terms: Sequence[KeyTerm]) -> Floats:
    """Return 0..100 for each document, 0 for deleted ones."""
    scores = np.zeros(whole.doc_count)
    for term in terms:
        frequency = np.zeros(whole.doc_count)
        for name in FIELDS:
            field = whole.field(name)
            postings = None if field is None else whole.postings(field, term_bytes(term.term))
            if field is not None and postings is not None:
                ids = postings.docs.ids
                frequency[ids] += postings.freqs * statistics.inverse_norms(name).take(field.length_codes.take(ids))
        scores += 100 * term.weight * saturated(frequency)
    scores[~whole.live.mask] = 0.0
    return scores


def _points(
    whole: Whole, statistics: Statistics, terms: Sequence[KeyTerm], docnums: NDArray[np.intp], factors: Floats
) -> list[dict[str, float]]:
    """Return for each of the documents the points that it has for each term, times its factor, most first."""
    order = docnums.argsort()
    seen = Frequencies(whole, docnums[order])
    weights = np.array([100 * term.weight for term in terms]).reshape(-1, 1)
    table = seen.table([Sought((term.term,)) for term in terms])
    points = np.empty((len(terms), len(docnums)))
    points[:, order] = weights * saturated((table * seen.norms(statistics)).sum(axis=1)) * factors[order]
    named = [
        {term.text: round(had, 2) for term, had in zip(terms, row, strict=True) if had} for row in points.T.tolist()
    ]
    return [dict(sorted(one.items(), key=lambda pair: -pair[1])) for one in named]
