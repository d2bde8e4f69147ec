"""Phrases: the documents in which words follow each other, found in their positions all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.ranges import places_in
from searcher.execution.docs import Docs
from searcher.execution.nodes import Node, Term, sum_scores
from searcher.execution.whole import Floats, Postings

_DOCUMENT: Final = 33
_DEAR: Final = 8
"""How many documents of a term could be looked at while positions are compared in one."""
_FEW: Final = 4
"""A phrase is looked for in a few documents only where they are less than one in so many of its rarest word's."""

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
        if self._slop == 1:
            return phrase(self._words, within).docs & within
        return Docs.of_ids(within.doc_count, _counted(_ends(self._words, within, self._slop))[0])

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._boost * sum_scores(self._words, docs))


def phrase(words: Sequence[Term], within: Docs) -> Postings:
    """Return the documents, all that are in `within` and maybe others, where words follow each other, and how often.

    What was looked for everywhere is kept for the next query, by the bound of `Whole.phrases`.
    """
    field, terms = words[0].field.name, [word.term for word in words]
    kept = words[0].whole.phrases.get(field, *terms)
    if kept is not None:
        return kept
    rarest = min(words, key=lambda word: word.cost)
    everywhere = rarest.cost <= len(within) * _FEW
    ids, freqs = _counted(_ends(words, rarest.own if everywhere else within, 1))
    found = Postings(Docs.of_ids(within.doc_count, ids), freqs.astype(np.min_scalar_type(freqs.max(initial=0))))
    if everywhere:
        words[0].whole.phrases.keep(found, found.nbytes, field, *terms)
    return found


def _ends(words: Sequence[Term], within: Docs, slop: int) -> Places:
    """Return the places of the last words of the phrases in some documents."""
    for term in sorted({word.term: word for word in words}.values(), key=lambda term: term.cost):
        within = term.own & within
    if len(within) == 0:
        return np.empty(0, dtype=np.int64)
    ends = _places(words[0], within)
    for word in words[1:]:
        ends = _following(ends, _places(word, within), slop)
        within = Docs.of_ids(within.doc_count, _counted(ends)[0])
    return ends


def _counted(ends: Places) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the documents of places, each once, and how many places each has."""
    documents = ends >> _DOCUMENT
    is_first = np.ones(len(documents) + 1, dtype=np.bool_)
    np.not_equal(documents[1:], documents[:-1], out=is_first[1:-1])
    firsts = is_first.nonzero()[0]
    return documents.take(firsts[:-1]), firsts[1:] - firsts[:-1]


def _places(word: Term, docs: Docs) -> Places:
    """Return the places of a word in documents that all have it."""
    starts, positions = word.places
    if len(docs) == word.cost:
        places = docs.ids << _DOCUMENT
        places = places.repeat(starts[1:] - starts[:-1])
        places += positions
        return places
    rows = word.rows(docs)
    first = starts.take(rows)
    counts = starts.take(rows + 1) - first
    places = (docs.ids << _DOCUMENT).repeat(counts)
    places += positions.take(places_in(first, counts))
    return places


def _following(ends: Places, places: Places, slop: int) -> Places:
    """Return the places that have one of `ends` 1 to `slop` before."""
    if len(ends) == 0 or len(places) == 0:
        return ends[:0]
    if slop == 1:
        both = np.concatenate((ends + 1, places))
        both.sort(kind="stable")  # which merges what is sorted
        return both[1:].compress(both[1:] == both[:-1])
    before = ends.searchsorted(places) - 1
    return places.compress((before >= 0) & (places - ends.take(before) <= slop))
