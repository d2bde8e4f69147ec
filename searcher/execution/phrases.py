"""Phrases: the documents in which words follow each other, found in their positions all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.execution.docs import Docs
from searcher.execution.nodes import Node, Term, sum_scores
from searcher.execution.whole import Floats

_RANK: Final = 34
_DEAR: Final = 8
"""How many documents of a term could be looked at while positions are compared in one."""


class Phrase(Node):
    """The documents in which each word is 1 to `slop` positions after the one before; scored as the sum of the words.

    A place is one number: the document's rank among those looked at in its upper bits, the position in its lower 34.
    Of phrases so far only the places of their last words matter: of the next word those are kept that have one of
    them at most `slop` before.
    """

    def __init__(self, words: Sequence[Term], slop: int, boost: float) -> None:
        self._words, self._slop, self._boost = words, slop, boost
        self.cost = min(word.cost for word in words) * _DEAR

    def _find(self, within: Docs) -> Docs:
        terms = {word.term: word for word in self._words}
        for term in sorted(terms.values(), key=lambda term: term.cost):
            within = term.own & within
        if len(terms) == len(self._words) == 1 or len(within) == 0:
            return within
        places = {word: _places(term, within) for word, term in terms.items()}
        ends = places[self._words[0].term]
        for word in self._words[1:]:
            ends = _following(ends, places[word.term], self._slop)
        ranks = ends >> _RANK
        return Docs.of_ids(within.doc_count, within.ids[_distinct(ranks)])

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._boost * sum_scores(self._words, docs))


def _places(term: Term, docs: Docs) -> NDArray[np.int64]:
    """Return the places of the term in the documents, which all have it, ascending."""
    counts, positions = term.field.places(term.term, docs)
    positions += np.repeat(np.arange(len(docs), dtype=np.int64) << _RANK, counts)
    return positions


def _following(ends: NDArray[np.int64], places: NDArray[np.int64], slop: int) -> NDArray[np.int64]:
    """Return the places that have one of `ends` 1 to `slop` before."""
    if len(ends) == 0:
        return ends
    before = np.searchsorted(ends, places) - 1
    return np.compress((before >= 0) & (places - ends.take(before) <= slop), places)


def _distinct(ascending: NDArray[Any]) -> NDArray[Any]:
    return np.compress(np.diff(ascending, prepend=-1) > 0, ascending)
