"""What a query says, as Whoosh query trees: words, phrases, prefixes, with all that each may stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from msgspec import field
from whoosh import query as wq

from searcher.analysis import Alternative, QueryTerm

FIELD_BOOSTS: Final = {"title": 2.0, "lead": 1.5, "body": 1.0}
_DAYS: Final = frozenset(("published", "year"))


class Mark(NamedTuple):
    """What a match is worth: the number of the unit of the query that it answers, and its weight for it, up to 1."""

    unit: int
    weight: float


class Unit(msgspec.Struct, frozen=True):
    """One thing that a query asks for: a word, a phrase in quotes, a prefix.

    - `alternatives` are what it may stand for, the literal first, with weights of at most 1; none where only the
      index knows them (a prefix, a word spelled roughly).
    - `position` is that of its first syllable in the query; units of which something else stands between are more
      than their length apart.
    - `fields` are the text fields it is looked for in; `boost` is what the query says with ^.
    - `query` finds it: a Whoosh query tree.
    - `pattern` is what was typed where there are no alternatives, such as 'nghi*', and `expanded` the most frequent
      terms of the index that it stands for.
    """

    alternatives: tuple[Alternative, ...]
    position: int
    fields: tuple[str, ...]
    query: wq.Query
    boost: float = 1.0
    quoted: bool = False
    pattern: str = ""
    expanded: tuple[str, ...] = ()


class ParsedQuery(msgspec.Struct, frozen=True):
    """What a query says.

    - `strict` is the tree that wants all words, `relaxed` the one that is content with some; both are None where the
      text asks for no word: then every article that `filter` lets through matches.
    - `filter` narrows by province, topic, source and date, and leaves out what was taken away; None for nothing.
    - `units` are what articles are ranked by, in reading order, and `terms` the same with all syllables and words
      that overlap, as `query_terms` gives them. Neither has what a NOT takes away.
    - `marks` are the terms to mark in snippets, as tuples of syllables, with the unit that each answers.
    - `insists` is whether it asks for something in so many words: in quotes, with operators, in a field.
    - `notes` are sentences for the reader: what was not understood, and how it was read instead.
    """

    strict: wq.Query | None
    relaxed: wq.Query | None
    marks: Mapping[tuple[str, ...], Mark] = field(default_factory=dict)
    filter: wq.Query | None = None
    units: tuple[Unit, ...] = ()
    terms: tuple[QueryTerm, ...] = ()
    notes: tuple[str, ...] = ()
    insists: bool = False


def any_of(
    alternatives: Iterable[Alternative], fields: Iterable[str], *, boost: float = 1.0, slop: int = 1
) -> wq.Query:
    """Return the tree that finds any of the alternatives in any of the fields, each with its weight."""
    return wq.Or(
        [
            _in_field(name, boost * FIELD_BOOSTS[name] * one.weight, one.syllables, slop)
            for one in alternatives
            for name in fields
        ]
    )


def joined(operator: type[wq.And] | type[wq.Or], clauses: Sequence[wq.Query]) -> wq.Query | None:
    """Return the clauses under the operator; of one clause itself, of none None."""
    if len(clauses) < 2:
        return clauses[0] if clauses else None
    return operator(list(clauses))


def published_between(since: datetime | None, until: datetime | None) -> wq.Query:
    """Return the tree of the articles published between two moments (`moments.py`), both included, None for no end."""
    return wq.DateRange("published", since, until)


def without_days(tree: wq.Query | None) -> wq.Query | None:
    """Return a filter without what it says of days, None where nothing is left; itself where it says nothing of them.

    What is excluded stays excluded: an article without a date is not of a day that is not wanted.
    """
    if tree is None or isinstance(tree, wq.Not):
        return tree
    if isinstance(tree, wq.NumericRange) and tree.fieldname in _DAYS:
        return None
    if isinstance(tree, wq.And):
        kept = [without_days(child) for child in tree]
        if all(one is child for one, child in zip(kept, tree, strict=True)):
            return tree
        rest = [one for one in kept if one is not None]
        return wq.And(rest) if rest else None
    if isinstance(tree, wq.Or):
        kept = [without_days(child) for child in tree]
        return None if any(one is None for one in kept) else tree
    return tree


def _in_field(name: str, weight: float, syllables: tuple[str, ...], slop: int) -> wq.Query:
    if len(syllables) == 1:
        return wq.Term(name, syllables[0], boost=weight)
    return wq.Phrase(name, list(syllables), slop=slop, boost=weight)
