"""From a Whoosh query tree to the nodes that find the same documents with the same scores in one segment.

What Whoosh's matchers do is followed closely, where it surprises as well; it is said where that is. A kind of query
that is not known here is run by Whoosh's own matcher, and its documents and scores go on as arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from whoosh import query as wq
from whoosh.fields import NUMERIC, FieldType

from searcher.codec.arrays import MISSING, FieldArrays
from searcher.execution import nodes
from searcher.execution.docs import Docs
from searcher.execution.nodes import Node, Norms, Nothing
from searcher.execution.phrases import Phrase
from searcher.execution.segment import Segment

_SMALL_INDEX: Final = 5000
_TOO_MANY_CLAUSES: Final = wq.Or.TOO_MANY_CLAUSES
_NEVER_LAST: Final = b"\xff\xff\xff\xff"


class Planner:
    """Makes the nodes of one query for one segment; with `scored`, ones that can be asked for scores."""

    def __init__(self, segment: Segment, *, scored: bool) -> None:
        self._segment = segment
        self._scored = scored
        self._norms = Norms(segment)
        self._reader = segment.searcher.reader()

    def plan(self, query: wq.Query) -> Node:
        """Return the node for a query; raises what Whoosh raises for a query that it can't run."""
        if not _boosts_are_positive(query):
            return self._by_whoosh(query)
        return self._node(query)

    def _node(self, query: wq.Query) -> Node:
        make: Callable[[Planner, Any], Node | None] | None = _PLANS.get(type(query))
        node = make(self, query) if make is not None else None
        return self._by_whoosh(query) if node is None else node

    def _unscored(self, query: wq.Query) -> Node:
        return self._node(query) if not self._scored else Planner(self._segment, scored=False)._node(query)

    def _by_whoosh(self, query: wq.Query) -> Node:
        """Return what Whoosh's matcher finds."""
        searcher = self._segment.searcher
        matcher = query.matcher(searcher, searcher.context() if self._scored else searcher.boolean_context())
        found: list[int] = []
        scores: list[float] = []
        while matcher.is_active():
            found.append(matcher.id())
            scores.append(matcher.score() if self._scored else 0.0)
            matcher.next()
        docs = Docs.of_ids(self._segment.doc_count, np.array(found, dtype=np.intp))
        return nodes.Scored(docs, np.array(scores, dtype=np.float64))

    def _bytes(self, field: str, text: Any) -> bytes | None:
        """Return a term as it is in the index, None for what no term of the field can be."""
        try:
            encoded: bytes = self._segment.schema[field].to_bytes(text)
        except ValueError:
            return None
        return encoded

    # Terms

    def _term(self, query: wq.Term) -> Node | None:
        if query.minquality:
            return None
        return self._of_term(query.fieldname, query.text, query.boost) or Nothing()

    def _of_term(self, name: str, text: Any, boost: float = 1.0) -> nodes.Term | None:
        field = self._segment.field(name)
        term = None if field is None else self._bytes(name, text)
        ordinal = -1 if field is None or term is None else field.find(term)
        if field is None or ordinal < 0:
            return None
        return nodes.Term(self._segment, self._norms, field, ordinal, boost)

    def _phrase(self, query: wq.Phrase) -> Node | None:
        if query.fieldname not in self._segment.schema:
            return Nothing()
        positional = self._segment.schema[query.fieldname].format
        if not positional or not positional.supports("positions") or not query.words:
            return None
        words = [self._of_term(query.fieldname, word) for word in query.words]
        known = [word for word in words if word is not None]
        return Phrase(known, query.slop, query.boost) if len(known) == len(words) else Nothing()

    # Many terms of a field

    def _expanded(self, query: Any) -> Node | None:
        """Prefix, Wildcard, Regex, FuzzyTerm, Variations, TermRange."""
        name = query.fieldname
        if name not in self._segment.schema:
            return None
        field = self._segment.field(name)
        if field is None or not field.n_terms:
            return Nothing()
        ordinals = self._ordinals(query, field, self._segment.schema[name])
        return self._of_terms(field, ordinals, query.boost, constant=query.constantscore)

    def _ordinals(self, query: Any, field: FieldArrays, spec: FieldType) -> Sequence[int]:
        if isinstance(query, wq.TermRange):
            return self._of_range(query, field)
        if isinstance(query, wq.Prefix):
            prefix = spec.to_bytes(query.text)
            return range(*field.span(prefix, _after(prefix)))
        terms = {spec.to_bytes(term) for _field, term in query.expanded_terms(self._reader)}
        return [ordinal for ordinal in map(field.find, sorted(terms)) if ordinal >= 0]

    def _of_range(self, query: wq.TermRange, field: FieldArrays) -> range:
        start = b"" if query.start is None else self._bytes(query.fieldname, query.start)
        end = _NEVER_LAST if query.end is None else self._bytes(query.fieldname, query.end)
        if start is None or end is None:
            return range(0)
        first = field.span(start + b"\0" if query.startexcl else start, None)[0]
        last = field.span(end if query.endexcl else end + b"\0", None)[0]
        return range(first, max(first, last))

    def _of_terms(self, field: FieldArrays, ordinals: Sequence[int], boost: float, *, constant: bool) -> Node:
        if ordinals and field.term(ordinals[0]) == b"":  # Whoosh leaves out the empty term
            ordinals = ordinals[1:]
        if len(ordinals) == 0:
            return Nothing()
        if len(ordinals) == 1:
            return nodes.Term(self._segment, self._norms, field, ordinals[0], boost)
        node = nodes.Terms(self._segment, self._norms, field, ordinals, boost)
        # "Constant" is only what Whoosh joins in an array; where it goes through a tree of matchers, terms are scored.
        in_array = len(ordinals) >= _TOO_MANY_CLAUSES or (len(ordinals) > 2 and self._segment.doc_count <= _SMALL_INDEX)
        return nodes.Constant(node, 1.0) if constant and in_array else node

    def _wildcard(self, query: Any) -> Node | None:
        anything = {wq.Prefix: "", wq.Wildcard: "*", wq.Regex: ".*"}[type(query)]
        if query.text == anything:
            return self._node(wq.Every(query.fieldname, boost=query.boost))
        return self._expanded(query)

    # Numbers

    def _numeric(self, query: wq.NumericRange) -> Node | None:
        segment, name = self._segment, query.fieldname
        if name not in segment.schema or not isinstance(spec := segment.schema[name], NUMERIC):
            return None
        values = segment.numbers(name)
        if not query.constantscore or values is None or spec.numtype is not int or spec.decimal_places:
            return self._node(query._compile_query(self._reader))
        start = None if query.start is None else int(spec.prepare_number(query.start)) + bool(query.startexcl)
        end = None if query.end is None else int(spec.prepare_number(query.end)) - bool(query.endexcl)
        if start is not None and end is not None and start > end:
            return None

        def between() -> Docs:
            least = MISSING + 1 if start is None else max(start, MISSING + 1)
            inside = values >= least
            if end is not None:
                inside &= values <= end
            return Docs.of_mask(inside)

        return nodes.Fixed(between, segment.doc_count, _score(query.boost))

    # All, any, not

    def _and(self, query: wq.And) -> Node:
        children = [self._node(one) for one in query.subqueries]
        if len(children) < 2:  # Whoosh forgets the boost here
            return children[0] if children else Nothing()
        return nodes.All(children, query.boost)

    def _or(self, query: wq.Or) -> Node | None:
        if len(query.subqueries) > 1 and (query.scale or query.matcher_type != wq.Or.AUTO_MATCHER):
            return None
        children = [self._node(one) for one in query.subqueries]
        if len(children) < 2:
            return children[0] if children else Nothing()
        return (nodes.AnyOf if self._scored else nodes.AnyUnscored)(children, query.boost)

    def _highest(self, query: wq.DisjunctionMax) -> Node:
        children = [self._node(one) for one in query.subqueries]
        if len(children) < 2:
            return children[0] if children else Nothing()
        if not self._scored:
            return nodes.AnyUnscored(children, query.boost)
        return nodes.Highest(children, query.boost, self._segment.live)

    def _not(self, query: wq.Not) -> Node:
        return nodes.Complement(self._unscored(query.query), self._segment.doc_count)

    def _and_not(self, query: wq.AndNot) -> Node:
        return nodes.Without(self._node(query.a), self._unscored(query.b))

    def _require(self, query: wq.Require) -> Node:
        return nodes.Required(self._node(query.a), self._unscored(query.b))

    def _and_maybe(self, query: wq.AndMaybe) -> Node:
        child = self._node(query.a)
        return nodes.Optional(child, self._node(query.b)) if self._scored else child

    def _constant(self, query: wq.ConstantScoreQuery) -> Node:
        return nodes.Constant(self._unscored(query.child), _score(query.score))

    def _every(self, query: wq.Every) -> Node | None:
        segment, name = self._segment, query.fieldname
        if name is None:
            return nodes.Fixed(lambda: segment.live, segment.doc_count, _score(query.boost))
        if name not in segment.schema:
            return None
        return nodes.Fixed(lambda: segment.with_field(name), segment.doc_count, _score(query.boost))

    def _nothing(self, query: wq.Query) -> Node:
        return Nothing()


_PLANS: Final[dict[type[wq.Query], Callable[[Planner, Any], Node | None]]] = {
    wq.Term: Planner._term,
    wq.Phrase: Planner._phrase,
    wq.Prefix: Planner._wildcard,
    wq.Wildcard: Planner._wildcard,
    wq.Regex: Planner._wildcard,
    wq.FuzzyTerm: Planner._expanded,
    wq.Variations: Planner._expanded,
    wq.TermRange: Planner._expanded,
    wq.NumericRange: Planner._numeric,
    wq.DateRange: Planner._numeric,
    wq.And: Planner._and,
    wq.Or: Planner._or,
    wq.DisjunctionMax: Planner._highest,
    wq.Not: Planner._not,
    wq.AndNot: Planner._and_not,
    wq.Require: Planner._require,
    wq.AndMaybe: Planner._and_maybe,
    wq.ConstantScoreQuery: Planner._constant,
    wq.Every: Planner._every,
    type(wq.NullQuery): Planner._nothing,
}


def _boosts_are_positive(query: wq.Query) -> bool:
    """Return whether no boost is 0 or less: with such, documents of no score are lost in some of Whoosh's matchers."""
    if not all(_positive(getattr(query, name, 1.0)) for name in ("boost", "score")):
        return False
    if isinstance(query, wq.Not):
        return _boosts_are_positive(query.query)
    return all(_boosts_are_positive(child) for child in query.children())


def _positive(boost: Any) -> bool:
    return not isinstance(boost, int | float) or boost > 0


def _score(boost: float) -> float:
    return boost or 1.0


def _after(prefix: bytes) -> bytes | None:
    """Return the least byte string that is after all that start with the prefix, None where there is none."""
    stripped = prefix.rstrip(b"\xff")
    return stripped[:-1] + bytes([stripped[-1] + 1]) if stripped else None
