"""Phrases: the documents in which words follow each other, found in their positions all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.execution.docs import Docs
from searcher.execution.nodes import Node, Term, sum_scores
from searcher.execution.whole import Floats

_DOCUMENT: Final = 33
_DEAR: Final = 8
"""How many documents of a term could be looked at while positions are compared in one."""

Places = NDArray[np.int64]
"""Where terms stand, each place one number: the document in the upper bits, the position in the lower 33; ascending."""


class Phrase(Node):
    """The documents in which each word is 1 to `slop` positions after the one before; scored as the sum of the words.

    Of the phrase so far only the places of its last word matter: of the next word those are kept that have one of
    them at most `slop` before.
    """

    def __init__(self, words: Sequence[Term], slop: int, boost: float) -> None:
        self._words, self._slop, self._boost = words, slop, boost
        self.cost = min(word.cost for word in words) * _DEAR

    def _find(self, within: Docs) -> Docs:
        for term in sorted({word.term: word for word in self._words}.values(), key=lambda term: term.cost):
            within = term.own & within
        if len(self._words) == 1 or len(within) == 0:
            return within
        ends = _places(self._words[0], within)
        for word in self._words[1:]:
            ends = _following(ends, _places(word, within), self._slop)
            found = ends >> _DOCUMENT
            within = Docs.of_ids(within.doc_count, np.compress(np.diff(found, prepend=-1) > 0, found))
        return within

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._boost * sum_scores(self._words, docs))


def _places(word: Term, docs: Docs) -> Places:
    """Return the places of a word in documents that all have it."""
    starts, positions = word.places
    rows = word.rows(docs)
    first = starts.take(rows)
    counts = starts.take(rows + 1) - first
    ends = np.cumsum(counts)
    wanted = np.repeat(first - ends + counts, counts)
    wanted += np.arange(len(wanted))
    places = np.repeat(docs.ids << _DOCUMENT, counts)
    places += positions.take(wanted)
    return places


def _following(ends: Places, places: Places, slop: int) -> Places:
    """Return the places that have one of `ends` 1 to `slop` before."""
    if len(ends) == 0 or len(places) == 0:
        return ends[:0]
    if slop == 1:
        both = np.concatenate((ends + 1, places))
        both.sort(kind="stable")  # which merges what is sorted
        return np.compress(both[1:] == both[:-1], both[1:])
    before = np.searchsorted(ends, places) - 1
    return np.compress((before >= 0) & (places - ends.take(before) <= slop), places)
