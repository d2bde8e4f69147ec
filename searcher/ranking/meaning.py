"""What a query is about, as a vector, and how near articles are to that."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.syllable import JOINER
from searcher.execution import Docs
from searcher.execution.evidence import Floats as Shares
from searcher.ranking.asked import Ask, Asked
from searcher.semantics.nearness import ArticleVectors, unit
from searcher.semantics.termvectors import Floats, TermVectors

MOST: Final = 50
"""Articles found by meaning for a query, at most."""
NEAR: Final = 0.45
"""The cosine from which on an article is found by meaning alone."""
_SHARPNESS: Final = 3
"""Readings of a word count by this power of their weight: of one without marks the likeliest should decide."""
_LEAST: Final = 0.25
"""Readings that weigh less are not looked at."""


class Meaning:
    """What one query is about, among the articles of an index."""

    def __init__(self, articles: ArticleVectors, vector: Floats) -> None:
        self._articles, self._vector = articles, vector

    def near(self, docnums: NDArray[np.intp]) -> Shares:
        """Return float64[n] in 0..1: how near the documents are to the query."""
        return _share(self._articles.cosines(self._vector, docnums))

    def near_centre(self, leaders: NDArray[np.intp], docnums: NDArray[np.intp]) -> Shares:
        """Return float64[n] in 0..1: how near the documents are to the centre of the leaders."""
        return _share(self._articles.cosines(self._articles.centre(leaders), docnums))

    def nearest(self, allowed: Docs) -> NDArray[np.intp]:
        """Return the documents of `allowed` that are about the same, ascending: `MOST` at most, `NEAR` at least."""
        found, cosines = self._articles.nearest(self._vector, MOST, allowed.mask)
        return np.sort(found[cosines >= NEAR])


def meaning_of(asked: Asked, articles: ArticleVectors) -> Meaning | None:
    """Return what a query is about; None where the index has no vectors or no word of the query one."""
    if not articles.exist:
        return None
    vector = query_vector(asked, articles.terms)
    return None if vector is None else Meaning(articles, vector)


def _share(cosines: Floats) -> Shares:
    return np.maximum(cosines, 0).astype(np.float64)


def query_vector(asked: Asked, vectors: TermVectors) -> Floats | None:
    """Return the vector of length 1 of what a query asks for; None where no word of it has one.

    It is the sum over words of the vector that queries get of them, as the vectors were trained; of a word without one
    over its syllables, and of something that may be read in several ways the mean of its readings.
    """
    found = np.zeros(vectors.dimensions, dtype=np.float32)
    for word in asked.words:
        own = _vector_of(word, vectors)
        for vector in (_vector_of(part, vectors) for part in word.parts) if own is None else (own,):
            if vector is not None:
                found += vector
    direction = unit(found)
    return direction if direction.any() else None


def _vector_of(ask: Ask, vectors: TermVectors) -> Floats | None:
    parts = [
        (vector, weight**_SHARPNESS)
        for syllables, weight in ask.readings
        if weight >= _LEAST and (vector := vectors.query(JOINER.join(syllables))) is not None
    ]
    if not parts:
        return None
    total = sum(weight for _vector, weight in parts)
    mean: Floats = np.sum([vector * np.float32(ask.boost * weight / total) for vector, weight in parts], axis=0)
    return mean
