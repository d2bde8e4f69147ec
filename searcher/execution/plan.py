"""From a Whoosh query tree to the nodes that find the same documents with the same scores.

What Whoosh does is followed closely, where it surprises as well; it is said where that is. What its matchers get wrong
when they are nested is not (tests/execution/sound.py has a list). A kind of query that is not known here is run by
Whoosh's own matcher, and its documents and scores go on as arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from whoosh import query as wq
from whoosh.fields import NUMERIC

from searcher.codec.arrays import MISSING
from searcher.execution import nodes
from searcher.execution.docs import Docs
from searcher.execution.nodes import Node, Nothing
from searcher.execution.phrases import Phrase
from searcher.execution.whole import Field, Whole

_SMALL_INDEX: Final = 5000
_TOO_MANY_CLAUSES: Final = wq.Or.TOO_MANY_CLAUSES
_NEVER_LAST: Final = b"\xff\xff\xff\xff"


class Planner:
    """Makes the nodes of one query; with `scored`, ones that can be asked for scores."""

    def __init__(self, whole: Whole, *, scored: bool) -> None:
        self._whole = whole
        self._scored = scored

    def plan(self, query: wq.Query) -> Node:
        """Return the node for a query; raises what Whoosh raises for a query that it can't run."""
        if self._whole.has_weights or not _boosts_are_positive(query):
            return self._by_whoosh(query)
        return self._node(query)

    def _node(self, query: wq.Query) -> Node:
        make: Callable[[Planner, Any], Node | None] | None = _PLANS.get(type(query))
        node = make(self, query) if make is not None else None
        return self._by_whoosh(query) if node is None else node

    def _unscored(self, query: wq.Query) -> Node:
        return self._node(query) if not self._scored else Planner(self._whole, scored=False)._node(query)

    def _by_whoosh(self, query: wq.Query) -> Node:
        """Return what Whoosh's matcher finds."""
        searcher = self._whole.searcher
        if self._scored:
            found = sorted((docnum, score) for score, docnum in searcher.search(query, limit=None).top_n)
        else:
            found = [(docnum, 0.0) for docnum in sorted(searcher.docs_for_query(query))]
        ids = np.array([docnum for docnum, _score in found], dtype=np.intp)
        scores = np.array([score for _docnum, score in found], dtype=np.float64)
        return nodes.Scored(Docs.of_ids(self._whole.doc_count, ids), scores)

    def _bytes(self, field: str, text: Any) -> bytes | None:
        """Return a term as it is in the index, None for what no term of the field can be."""
        try:
            encoded: bytes = self._whole.schema[field].to_bytes(text)
        except ValueError:
            return None
        return encoded

    # Terms

    def _term(self, query: wq.Term) -> Node | None:
        if query.minquality:
            return None
        return self._of_text(query.fieldname, query.text, query.boost) or Nothing()

    def _of_text(self, name: str, text: Any, boost: float = 1.0) -> nodes.Term | None:
        field = self._whole.field(name)
        term = None if field is None else self._bytes(name, text)
        return None if field is None or term is None else self._of_term(field, term, boost)

    def _of_term(self, field: Field, term: bytes, boost: float) -> nodes.Term | None:
        postings = self._whole.postings(field, term)
        return None if postings is None else nodes.Term(self._whole, field, term, postings, boost)

    def _phrase(self, query: wq.Phrase) -> Node | None:
        if query.fieldname not in self._whole.schema:
            return Nothing()
        positional = self._whole.schema[query.fieldname].format
        if not positional or not positional.supports("positions") or not query.words:
            return None
        texts = [self._bytes(query.fieldname, word) for word in query.words]
        terms = [text for text in texts if text is not None]
        field = self._whole.field(query.fieldname)
        if field is None or len(terms) < len(texts):
            return Nothing()
        kept = self._whole.phrases.get(field.name, *terms) if query.slop == 1 else None
        if kept is not None and not self._scored:
            return nodes.Found(kept.docs)
        words = [word for term in terms if (word := self._of_term(field, term, 1.0)) is not None]
        return Phrase(words, query.slop, query.boost) if len(words) == len(terms) else Nothing()

    # Many terms of a field

    def _expanded(self, query: Any) -> Node | None:
        """Prefix, Wildcard, Regex, FuzzyTerm, Variations, TermRange."""
        name = query.fieldname
        if name not in self._whole.schema:
            return None
        field = self._whole.field(name)
        if field is None:
            return Nothing()
        found = [self._of_term(field, term, query.boost) for term in self._expand(query, field) if term]
        terms = [term for term in found if term is not None]
        if len(terms) < 2:
            return terms[0] if terms else Nothing()
        return nodes.Terms(terms, self._joined_in_array(field, terms) if query.constantscore else ())

    def _expand(self, query: Any, field: Field) -> Sequence[bytes]:
        spec = self._whole.schema[query.fieldname]
        if isinstance(query, wq.TermRange):
            start = b"" if query.start is None else self._bytes(query.fieldname, query.start)
            end = _NEVER_LAST if query.end is None else self._bytes(query.fieldname, query.end)
            if start is None or end is None:
                return ()
            return field.terms_between(
                start + b"\0" if query.startexcl else start, end if query.endexcl else end + b"\0"
            )
        if isinstance(query, wq.Prefix):
            prefix = spec.to_bytes(query.text)
            return field.terms_between(prefix, _after(prefix))
        leaves = self._whole.reader.leaf_readers()
        return sorted({spec.to_bytes(term) for leaf, _first in leaves for _field, term in query.expanded_terms(leaf)})

    def _joined_in_array(self, field: Field, terms: Sequence[nodes.Term]) -> list[tuple[int, int]]:
        """Return the segments where all of "constant score" do have the same score, as ranges of documents.

        Whoosh gives one only where it joins terms in an array: of small segments and of very many terms. Otherwise they
        go through a tree of matchers, which scores them.
        """
        ranges = []
        for arrays, first in self._whole.segments:
            known = sum(field.is_known(one.term, first) for one in terms)
            if known >= _TOO_MANY_CLAUSES or (known > 2 and arrays.doc_count <= _SMALL_INDEX):
                ranges.append((first, first + arrays.doc_count))
        return ranges

    def _wildcard(self, query: Any) -> Node | None:
        anything = {wq.Prefix: "", wq.Wildcard: "*", wq.Regex: ".*"}[type(query)]
        if query.text == anything:
            return self._node(wq.Every(query.fieldname, boost=query.boost))
        return self._expanded(query)

    # Numbers

    def _numeric(self, query: wq.NumericRange) -> Node | None:
        whole, name = self._whole, query.fieldname
        if name not in whole.schema or not isinstance(spec := whole.schema[name], NUMERIC):
            return None
        values = whole.numbers(name)
        if not query.constantscore or values is None or spec.numtype is not int or spec.decimal_places:
            return self._node(query._compile_query(whole.reader))
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

        return nodes.Fixed(between, whole.doc_count, _score(query.boost))

    # All, any, not

    def _and(self, query: wq.And) -> Node:
        children = [self._node(one) for one in query.subqueries]
        if len(children) < 2:  # Whoosh forgets the boost here
            return children[0] if children else Nothing()
        return nodes.All(children, query.boost)

    def _or(self, query: wq.Or) -> Node | None:
        if len(query.subqueries) > 1 and (query.scale or query.matcher_type != wq.Or.AUTO_MATCHER):
            return None
        subqueries = query.subqueries if self._scored else _without_longer(query.subqueries)
        children = [self._node(one) for one in subqueries]
        if len(children) < 2:
            return children[0] if children else Nothing()
        return (nodes.AnyOf if self._scored else nodes.AnyUnscored)(children, query.boost)

    def _highest(self, query: wq.DisjunctionMax) -> Node:
        children = [self._node(one) for one in query.subqueries]
        if len(children) < 2:
            return children[0] if children else Nothing()
        return (nodes.Highest if self._scored else nodes.AnyUnscored)(children, query.boost)

    def _not(self, query: wq.Not) -> Node:
        return nodes.Complement(self._unscored(query.query), self._whole.doc_count)

    def _and_not(self, query: wq.AndNot) -> Node:
        return nodes.Without(self._node(query.a), self._unscored(query.b))

    def _require(self, query: wq.Require) -> Node:
        return nodes.Required(self._node(query.a), self._unscored(query.b))

    def _and_maybe(self, query: wq.AndMaybe) -> Node:
        child = self._node(query.a)
        return nodes.Optional(child, self._node(query.b)) if self._scored else child

    def _otherwise(self, query: wq.Otherwise) -> Node:
        ranges = [(first, first + arrays.doc_count) for arrays, first in self._whole.segments]
        return nodes.Otherwise(self._node(query.a), self._node(query.b), self._whole.live, ranges)

    def _constant(self, query: wq.ConstantScoreQuery) -> Node:
        return nodes.Constant(self._unscored(query.child), _score(query.score))

    def _every(self, query: wq.Every) -> Node | None:
        whole, name = self._whole, query.fieldname
        if name is None:
            return nodes.Fixed(lambda: whole.live, whole.doc_count, _score(query.boost))
        if name not in whole.schema:
            return None
        return nodes.Fixed(lambda: whole.with_field(name), whole.doc_count, _score(query.boost))

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
    wq.Otherwise: Planner._otherwise,
    wq.ConstantScoreQuery: Planner._constant,
    wq.Every: Planner._every,
    type(wq.NullQuery): Planner._nothing,
}


def _without_longer(queries: Sequence[wq.Query]) -> Sequence[wq.Query]:
    """Return the queries without phrases that hold a shorter one of them: these find nothing that it does not."""
    phrases = [one for one in queries if type(one) is wq.Phrase and one.slop == 1 and one.words]
    lengths = sorted({len(one.words) for one in phrases})
    if len(lengths) < 2:
        return queries
    known = {(one.fieldname, *one.words) for one in phrases}
    superfluous = {id(one) for one in phrases if any(part in known for part in _shorter(one, lengths))}
    return [one for one in queries if id(one) not in superfluous]


def _shorter(phrase: wq.Phrase, lengths: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """Yield the field of a phrase with each run of its words that is of one of these lengths, and not all of it."""
    words = phrase.words
    for size in lengths:
        if size >= len(words):
            return
        for start in range(len(words) - size + 1):
            yield (phrase.fieldname, *words[start : start + size])


def _boosts_are_positive(query: wq.Query) -> bool:
    """Return whether no boost is 0 or less: with such, documents of no score are lost in some of Whoosh's matchers."""
    if not (_positive(getattr(query, "boost", 1.0)) and _positive(getattr(query, "score", 1.0))):
        return False
    if query.is_leaf():
        return True
    return all(map(_boosts_are_positive, [query.query] if isinstance(query, wq.Not) else query.children()))


def _positive(boost: Any) -> bool:
    return not isinstance(boost, int | float) or boost > 0


def _score(boost: float) -> float:
    return boost or 1.0


def _after(prefix: bytes) -> bytes | None:
    """Return the least byte string that is after all that start with the prefix, None where there is none."""
    stripped = prefix.rstrip(b"\xff")
    return stripped[:-1] + bytes([stripped[-1] + 1]) if stripped else None
