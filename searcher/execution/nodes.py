"""What a query is run as: nodes that find documents and score them, as array operations.

Scores are those of Whoosh's matchers, to the last addition or two.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np

from searcher.execution.docs import Docs, Ids, Mask, union
from searcher.execution.whole import Field, Floats, Places, Postings, Whole


class Node(ABC):
    """A query, or a part of one, for one run.

    - `cost` estimates how many documents it looks at, by which it is decided what is run first.
    - `ready` are all documents that match, whatever `within`, where nothing is to be done to know them.
    - `docs` is called once, and before `scores`; `scores` is asked about documents of `docs`'s `within`.
    """

    cost: int
    ready: Docs | None = None
    _found: Docs | None = None

    def docs(self, within: Docs) -> Docs:
        """Return the documents of `within` that match."""
        self._found = self._find(within)
        return self._found

    @abstractmethod
    def scores(self, docs: Docs) -> Floats:
        """Return the score of each of the documents: float64[len(docs)], 0 where it doesn't match."""

    @abstractmethod
    def _find(self, within: Docs) -> Docs: ...

    def _matched(self, docs: Docs) -> Mask | None:
        """Return which of the documents match, None for all."""
        found = self.docs(docs) if self._found is None else self._found
        if found is docs:
            return None
        mask = found.has(docs.ids)
        return None if mask.all() else mask

    def _masked(self, docs: Docs, score: Callable[[], Floats]) -> Floats:
        matched = self._matched(docs)
        return score() if matched is None else np.where(matched, score(), 0.0)


class Nothing(Node):
    """Matches no document."""

    cost = 0

    def _find(self, within: Docs) -> Docs:
        return Docs.none(within.doc_count)

    def scores(self, docs: Docs) -> Floats:
        return np.zeros(len(docs))


class Term(Node):
    """The documents of a term; with BM25F's score where the field is scored by length, else the term's frequency."""

    def __init__(self, whole: Whole, field: Field, term: bytes, postings: Postings, boost: float) -> None:
        self.whole, self.field, self.term, self._boost = whole, field, term, boost
        self._postings = postings
        self.own = self.ready = postings.docs
        self.cost = len(self.own)

    def _find(self, within: Docs) -> Docs:
        return self.own & within

    def scores(self, docs: Docs) -> Floats:
        freqs = self._postings.freqs if docs is self.own else self._postings.at(docs.ids)
        if not self.whole.schema[self.field.name].scorable:
            return self._boost * freqs
        norms = self.field.norm_of
        weights: Floats = norms.take(docs.ids) if len(docs) < len(norms) else norms.copy()
        weights += freqs
        np.divide(freqs, weights, out=weights)
        weights *= self._boost * self.whole.idf(self.field.name, self.term) * (self.whole.k1 + 1)
        return weights

    @property
    def places(self) -> Places:
        """Where the term stands in its documents."""
        return self.whole.places(self.field, self.term)

    def rows(self, docs: Docs) -> Ids:
        """Return which of the term's documents these are, all of which have the term: intp[len(docs)]."""
        if docs.is_dense:
            return np.flatnonzero(docs.mask.take(self.own.ids))
        return self.own.ids.searchsorted(docs.ids)


class Terms(Node):
    """The documents of any of several terms of a field; scored as the sum of the terms' scores.

    - `constant` are the ranges of documents in which all that match have the score 1.
    """

    def __init__(self, terms: Sequence[Term], constant: Sequence[tuple[int, int]]) -> None:
        self._terms, self._constant = terms, constant
        self.cost = sum(term.cost for term in terms)

    def _find(self, within: Docs) -> Docs:
        return union(within.doc_count, [term.own for term in self._terms]) & within

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._scores(docs))

    def _scores(self, docs: Docs) -> Floats:
        ends = [np.searchsorted(docs.ids, ends).tolist() for ends in self._constant]
        if sum(end - start for start, end in ends) == len(docs):
            return np.ones(len(docs))
        scores = sum_scores(self._terms, docs)
        for start, end in ends:
            scores[start:end] = 1.0
        return scores


class Fixed(Node):
    """Documents known from the start, all with one score: all that have a field, those of a range of numbers."""

    def __init__(self, make: Callable[[], Docs], cost: int, score: float) -> None:
        self._make, self.cost, self._score = make, cost, score

    def _find(self, within: Docs) -> Docs:
        return self._make() & within

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: np.full(len(docs), self._score))


class Scored(Node):
    """Documents and scores that were computed elsewhere: intp[n], ascending, and float64[n]."""

    def __init__(self, docs: Docs, scores: Floats) -> None:
        self._all, self._scores = docs, scores
        self.cost = len(docs)

    def _find(self, within: Docs) -> Docs:
        return self._all & within

    def scores(self, docs: Docs) -> Floats:
        found = np.zeros(self._all.doc_count)
        found[self._all.ids] = self._scores
        return found.take(docs.ids)


class All(Node):
    """The documents that match all of the children; scored as their sum."""

    def __init__(self, children: Sequence[Node], boost: float) -> None:
        self.children = sorted(children, key=lambda child: child.cost)
        self.cost = self.children[0].cost
        self._boost = boost

    def _find(self, within: Docs) -> Docs:
        for child in self.children:
            if len(within) == 0:
                break
            within = child.docs(within)
        return within

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._boost * sum_scores(self.children, docs))


class AnyOf(Node):
    """The documents that match any of the children; scored as the sum of those that match."""

    def __init__(self, children: Sequence[Node], boost: float) -> None:
        self.children = children
        self.cost = sum(child.cost for child in children)
        self._boost = boost

    def _find(self, within: Docs) -> Docs:
        return union(within.doc_count, [child.docs(within) for child in self.children])

    def scores(self, docs: Docs) -> Floats:
        return self._boost * sum_scores(self.children, docs)


class AnyUnscored(AnyOf):
    """The documents that match any of the children; what a cheap child has found is not looked at by a dear one."""

    def _find(self, within: Docs) -> Docs:
        found = union(within.doc_count, [child.ready for child in self.children if child.ready is not None]) & within
        for child in sorted(self.children, key=lambda child: child.cost):
            if child.ready is None:
                found = union(within.doc_count, [found, child.docs(within - found)])
        return found


class Highest(AnyOf):
    """The documents that match any of the children; with the highest of the scores of those that match."""

    def scores(self, docs: Docs) -> Floats:
        scores: Floats = np.max([child.scores(docs) for child in self.children], axis=0)
        return self._boost * scores


class Without(Node):
    """The documents of a child that don't match another."""

    def __init__(self, child: Node, excluded: Node) -> None:
        self._child, self._excluded = child, excluded
        self.cost = child.cost

    def _find(self, within: Docs) -> Docs:
        found = self._child.docs(within)
        return found - self._excluded.docs(found)

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._child.scores(docs))


class Complement(Node):
    """The documents that don't match; all with the score 1, as in Whoosh."""

    def __init__(self, excluded: Node, doc_count: int) -> None:
        self._excluded = excluded
        self.cost = doc_count

    def _find(self, within: Docs) -> Docs:
        return within - self._excluded.docs(within)

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: np.ones(len(docs)))


class Constant(Node):
    """The documents of a child, all with one score."""

    def __init__(self, child: Node, score: float) -> None:
        self._child, self._score = child, score
        self.cost = child.cost

    def _find(self, within: Docs) -> Docs:
        return self._child.docs(within)

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: np.full(len(docs), self._score))


class Required(Node):
    """The documents that match two children, with the score of the first."""

    def __init__(self, scored: Node, required: Node) -> None:
        self._scored, self._both = scored, All([scored, required], 1.0)
        self.cost = self._both.cost

    def _find(self, within: Docs) -> Docs:
        return self._both.docs(within)

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._scored.scores(docs))


class Optional(Node):
    """The documents of a child; those that match another as well have its score on top."""

    def __init__(self, child: Node, optional: Node) -> None:
        self._child, self._optional = child, optional
        self.cost = child.cost

    def _find(self, within: Docs) -> Docs:
        return self._child.docs(within)

    def scores(self, docs: Docs) -> Floats:
        return self._masked(docs, lambda: self._child.scores(docs) + self._optional.scores(docs))


class Otherwise(Node):
    """The documents of a child; in the ranges of documents where it has none, those of another."""

    def __init__(self, child: Node, other: Node, live: Docs, ranges: Sequence[tuple[int, int]]) -> None:
        self._child, self._other, self._live, self._ranges = child, other, live, ranges
        self.cost = child.cost + other.cost

    def _find(self, within: Docs) -> Docs:
        firsts = self._child.docs(self._live).ids
        self._where = np.zeros(within.doc_count, dtype=np.bool_)
        for start, end in self._ranges:
            first, last = np.searchsorted(firsts, (start, end))
            self._where[start:end] = first == last
        others = Docs.of_mask(self._where)
        return union(within.doc_count, [self._child.docs(within), self._other.docs(within & others)])

    def scores(self, docs: Docs) -> Floats:
        matched = self._matched(docs)
        scores = np.where(self._where.take(docs.ids), self._other.scores(docs), self._child.scores(docs))
        return scores if matched is None else np.where(matched, scores, 0.0)


def sum_scores(children: Sequence[Node], docs: Docs) -> Floats:
    """Return the sum of the children's scores of the documents."""
    total = children[0].scores(docs)
    for child in children[1:]:
        total = total + child.scores(docs)
    return total
