"""More like this: the articles that have most of what sets an article apart.

What sets it apart are its key terms (`query/keyterms.py`). The heaviest are looked for; an article gets for each its
weight times BM25F's saturated frequency, as a share of what all could give. All of that is
multiplied by 1 - MEANING * (1 - cosine of the two articles' vectors), where the index has vectors: what shares words
but is about something else comes later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.syllable import JOINER
from searcher.article import Article
from searcher.codec.terms import term_bytes
from searcher.execution import Whole, best
from searcher.facts.fields import read_facts
from searcher.language.tree import Mark
from searcher.query.keyterms import key_terms
from searcher.query.matches import Finder
from searcher.query.results import Hit
from searcher.query.similar import CANDIDATES, MEANING, KeyTerm, Similar
from searcher.query.snippets import make_snippet
from searcher.ranking.copies import leading
from searcher.ranking.formula import saturated
from searcher.ranking.frequencies import Frequencies
from searcher.ranking.parts import Sought
from searcher.ranking.rarity import FIELDS
from searcher.ranking.statistics import Statistics
from searcher.schema import to_article
from searcher.semantics.nearness import ArticleVectors

Floats = NDArray[np.float64]


def find_similar(
    article: Article,
    docnum: int,
    whole: Whole,
    statistics: Statistics,
    vectors: ArticleVectors,
    limit: int,
    *,
    snippets: bool,
) -> Similar:
    """Return at most so many articles like the one with this number."""
    terms = key_terms(article, statistics)
    scores = _scores(whole, statistics, terms)
    scores[docnum] = 0.0
    candidates = best(scores, (limit + 1) * CANDIDATES)
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
        snippet = make_snippet(found, finder) if snippets else ""
        hits.append(Hit(rank, found, sum(parts.values()), snippet, copied, parts, facts=facts))
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
