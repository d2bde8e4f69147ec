"""What a query is run as over one segment: nodes that find documents and score them, as array operations.

Scores are those of Whoosh's matchers, to the last addition or two.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import FieldArrays
from searcher.execution.docs import Docs, Mask, union
from searcher.execution.segment import Floats, Segment

_FEW: Final = 16
"""Postings of a term are searched when the documents to score are less than one in so many of them."""


class Node(ABC):
    """A query, or a part of one, for one segment and one run.

    - `cost` estimates how many documents it looks at, by which it is decided what is run first.
    - `docs` is called once, and before `scores`; `scores` is asked about documents of `docs`'s `within`.
    """

    cost: int
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


class Norms:
    """The length norms of the documents that are being scored, computed once for all terms of a field."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._docs: Docs | None = None
        self._norms: dict[str, Floats] = {}

    def of(self, field: FieldArrays, docs: Docs) -> Floats:
        """Return the norm of each document: float64[len(docs)]."""
        if docs is not self._docs:
            self._docs, self._norms = docs, {}
        norms = self._norms.get(field.name)
        if norms is None:
            codes = field.length_codes.take(docs.ids)
            norms = self._norms[field.name] = self._segment.statistics.norms(field.name).take(codes)
        return norms


class Term(Node):
    """The documents of a term; with BM25F's score where the field is scored by length, else the term's frequency."""

    def __init__(self, segment: Segment, norms: Norms, field: FieldArrays, ordinal: int, boost: float) -> None:
        self._segment, self._norms = segment, norms
        self.field, self.ordinal, self._boost = field, ordinal, boost
        self.cost = field.doc_freq(ordinal)
        self._own: Docs | None = None

    def _find(self, within: Docs) -> Docs:
        return self.own & within

    @property
    def own(self) -> Docs:
        """All documents that have the term."""
        if self._own is None:
            self._own = Docs.of_ids(self._segment.doc_count, self.field.doc_ids(self.ordinal))
        return self._own

    def scores(self, docs: Docs) -> Floats:
        freqs = self._freqs(docs)
        if not self._segment.schema[self.field.name].scorable:
            return self._boost * freqs
        statistics = self._segment.statistics
        idf = statistics.idf(self.field.name, self.field.term(self.ordinal))
        weights: Floats = freqs + self._norms.of(self.field, docs)
        np.divide(freqs, weights, out=weights)
        weights *= self._boost * idf * (statistics.k1 + 1)
        return weights

    def _freqs(self, docs: Docs) -> NDArray[Any]:
        doc_ids, freqs = self.field.postings(self.ordinal)
        if docs is self._own:
            return freqs
        if len(docs) * _FEW < len(doc_ids):
            wanted = docs.ids.astype(doc_ids.dtype)
            at = np.searchsorted(doc_ids, wanted)
            at[at == len(doc_ids)] = 0
            return np.where(doc_ids.take(at) == wanted, freqs.take(at), 0)
        scattered = np.zeros(self._segment.doc_count, dtype=freqs.dtype)
        scattered[self.own.ids] = freqs
        return scattered.take(docs.ids)


class Terms(Node):
    """The documents of any of several terms of a field; scored as the sum of the terms' scores."""

    def __init__(
        self, segment: Segment, norms: Norms, field: FieldArrays, ordinals: Sequence[int], boost: float
    ) -> None:
        self._segment, self._field, self._ordinals = segment, field, ordinals
        self._term: Callable[[int], Term] = lambda ordinal: Term(segment, norms, field, ordinal, boost)
        self.cost = int(field.doc_freqs[_as_index(ordinals)].sum())

    def _find(self, within: Docs) -> Docs:
        parts = [self._field.doc_ids(ordinal) for ordinal in self._ordinals]
        return union(self._segment.doc_count, parts) & within

    def scores(self, docs: Docs) -> Floats:
        return sum((self._term(ordinal).scores(docs) for ordinal in self._ordinals), np.zeros(len(docs)))


def _as_index(ordinals: Sequence[int]) -> Any:
    return slice(ordinals.start, ordinals.stop) if isinstance(ordinals, range) else np.array(ordinals, dtype=np.intp)


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
        found = union(within.doc_count, [child.docs(within) for child in self.children if isinstance(child, Term)])
        for child in sorted(self.children, key=lambda child: child.cost):
            if not isinstance(child, Term):
                found = union(within.doc_count, [found, child.docs(within - found)])
        return found


class Highest(AnyOf):
    """The documents that match any of the children; with the highest of their scores.

    Whoosh takes it over the documents that its matchers stand at, and those of the children without the document stand
    at their next one: that one's score counts as well. So it does here.
    """

    def __init__(self, children: Sequence[Node], boost: float, live: Docs) -> None:
        super().__init__(children, boost)
        self._live = live

    def _find(self, within: Docs) -> Docs:
        return super()._find(self._live) & within

    def scores(self, docs: Docs) -> Floats:
        best = np.full(len(docs), -np.inf)
        for child in self.children:
            own = child.docs(self._live)
            at = np.searchsorted(own.ids, docs.ids)
            ahead = np.append(child.scores(own), -np.inf)
            np.maximum(best, ahead.take(at), out=best)
        return self._masked(docs, lambda: best * self._boost)


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


def sum_scores(children: Sequence[Node], docs: Docs) -> Floats:
    """Return the sum of the children's scores of the documents."""
    total = children[0].scores(docs)
    for child in children[1:]:
        total = total + child.scores(docs)
    return total
