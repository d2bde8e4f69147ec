"""A Whoosh query tree as a query of the cluster: which articles match; nothing is scored by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from whoosh import query as wq

from searcher.cluster.documents import as_typed
from searcher.cluster.lexicon import phrase
from searcher.cluster.mapping import TEXTS

Clause = dict[str, Any]
EVERYTHING: Final[Clause] = {"match_all": {}}
NOTHING: Final[Clause] = {"match_none": {}}
MOST_CLAUSES: Final = 900
"""Leaves of one query, of the 1,024 that a server allows."""
_DATE_FIELDS: Final = ("published",)


def clause_of(tree: wq.Query | None) -> Clause:
    """Return the query that finds what a tree finds; of None, everything.

    Where it would be larger than a server allows, readings that weigh least are left out.
    """
    if tree is None:
        return EVERYTHING
    found = _clause(tree, 0.0)
    least = _LEAST
    while leaves(found) > MOST_CLAUSES and least < 1:
        found = _clause(tree, least)
        least *= 2
    return found


_LEAST: Final = 1 / 32


def leaves(clause: Any) -> int:
    """Return how many leaves a query has."""
    if isinstance(clause, list):
        return sum(map(leaves, clause))
    if not isinstance(clause, dict):
        return 0
    inner = sum(leaves(value) for value in clause.values() if isinstance(value, dict | list))
    own = any(key in _LEAF for key in clause)
    return max(inner, 1) if own else inner


_LEAF: Final = frozenset(("term", "terms", "match_phrase", "prefix", "fuzzy", "intervals", "range", "exists", "ids"))


def all_of(*clauses: Clause) -> Clause:
    """Return the query that wants all of these."""
    wanted = [one for one in clauses if one != EVERYTHING]
    if len(wanted) < 2:
        return wanted[0] if wanted else EVERYTHING
    return {"bool": {"filter": wanted}}


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Return the query that wants any of these; terms of one field are put together."""
    terms: dict[str, list[Any]] = defaultdict(list)
    others: list[Clause] = []
    for one in clauses:
        if one == EVERYTHING:
            return EVERYTHING
        if (found := _plain_term(one)) is not None:
            terms[found[0]].append(found[1])
        elif one not in others and one != NOTHING:
            others.append(one)
    joined = [
        {"terms": {field: list(dict.fromkeys(values))}} if len(values) > 1 else {"term": {field: {"value": values[0]}}}
        for field, values in terms.items()
    ]
    wanted = joined + others
    if len(wanted) < 2:
        return wanted[0] if wanted else NOTHING
    return {"bool": {"should": wanted, "minimum_should_match": 1}}


def none_of(*clauses: Clause) -> Clause:
    """Return the query that wants none of these."""
    return {"bool": {"must_not": list(clauses)}}


def _plain_term(clause: Clause) -> tuple[str, Any] | None:
    if set(clause) != {"term"}:
        return None
    ((field, how),) = clause["term"].items()
    return (field, how["value"]) if set(how) == {"value"} else None


def _clause(tree: wq.Query, least: float) -> Clause:
    for kind, make in _KINDS.items():
        if isinstance(tree, kind):
            return make(tree, least)
    raise TypeError(f"no query of a cluster for {type(tree).__name__}")


def _and(tree: Any, least: float) -> Clause:
    return all_of(*(_clause(one, least) for one in tree))


def _or(tree: Any, least: float) -> Clause:
    most = max((_weight(one) for one in tree), default=1.0)
    kept = [one for one in tree if not least or _weight(one) >= least * most or not isinstance(one, _WEIGHED)]
    return any_of(_clause(one, least) for one in kept)


def _weight(tree: Any) -> float:
    return float(getattr(tree, "boost", 1.0))


def _term(tree: Any, _least: float) -> Clause:
    if tree.fieldname in TEXTS:
        return phrase(tree.fieldname, [str(tree.text)])
    return {"term": {tree.fieldname: {"value": str(tree.text)}}}


def _phrase(tree: Any, _least: float) -> Clause:
    if tree.slop <= 1 or len(tree.words) < 2:
        return phrase(tree.fieldname, tree.words)
    first, *others = ({"match": {"query": as_typed(one), "analyzer": "terms"}} for one in tree.words)
    found: dict[str, Any] = first
    for one in others:  # each word within so many of the one before
        found = {"all_of": {"intervals": [found, one], "ordered": True, "max_gaps": tree.slop - 1}}
    return {"intervals": {TEXTS[tree.fieldname]: found}}


def _prefix(tree: Any, _least: float) -> Clause:
    return {"prefix": {TEXTS.get(tree.fieldname, tree.fieldname): {"value": as_typed(str(tree.text))}}}


def _rough(tree: Any, _least: float) -> Clause:
    how = {
        "value": as_typed(str(tree.text)),
        "fuzziness": min(int(tree.maxdist), 2),
        "prefix_length": int(tree.prefixlength),
        "transpositions": False,
        "max_expansions": 1000,
        "rewrite": "constant_score",
    }
    return {"fuzzy": {TEXTS.get(tree.fieldname, tree.fieldname): how}}


def _range(tree: Any, _least: float) -> Clause:
    start, end = tree.start, tree.end
    if tree.fieldname in _DATE_FIELDS:
        start, end = _moment(tree.startdate), _moment(tree.enddate)
    bounds = {}
    if start is not None:
        bounds["gt" if tree.startexcl else "gte"] = start
    if end is not None:
        bounds["lt" if tree.endexcl else "lte"] = end
    return {"range": {tree.fieldname: bounds}} if bounds else {"exists": {"field": tree.fieldname}}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.isoformat(timespec='milliseconds')}Z"


_WEIGHED: Final = (wq.Term, wq.Phrase)
_KINDS: Final[dict[Any, Callable[[Any, float], Clause]]] = {
    wq.And: _and,
    wq.Or: _or,
    wq.Not: lambda tree, least: none_of(_clause(tree.query, least)),
    wq.AndNot: lambda tree, least: all_of(_clause(tree.a, least), none_of(_clause(tree.b, least))),
    wq.ConstantScoreQuery: lambda tree, least: _clause(tree.child, least),
    wq.FuzzyTerm: _rough,
    wq.Prefix: _prefix,
    wq.Phrase: _phrase,
    wq.Term: _term,
    wq.NumericRange: _range,
    wq.Every: lambda _tree, _least: EVERYTHING,
    type(wq.NullQuery): lambda _tree, _least: NOTHING,
}
