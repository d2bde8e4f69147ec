"""From a query's text to a Whoosh query tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from whoosh import query as wq

from searcher.analysis import Alternative, Lexicon, QueryTerm, query_terms

FIELD_BOOSTS: Final = {"title": 2.0, "lead": 1.5, "body": 1.0}


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a query asks for: a word, a phrase in quotes, a prefix.

    - `alternatives` are what it may stand for, the literal first, with weights of at most 1; none where only the
      index knows them (a prefix, a word spelled roughly).
    - `position` is that of its first syllable in the query; units of which something else stands between are more
      than their length apart.
    - `fields` are the text fields it is looked for in; `boost` is what the query says with ^.
    - `query` finds it: a Whoosh query tree.
    """

    alternatives: tuple[Alternative, ...]
    position: int
    fields: tuple[str, ...]
    query: wq.Query
    boost: float = 1.0
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """What a query says.

    - `strict` is the tree that wants all words, `relaxed` the one that is content with some; both are None where the
      text asks for no word: then every article that `filter` lets through matches.
    - `filter` narrows by province, topic, source and date, and leaves out what was taken away; None for nothing.
    - `units` are what articles are ranked by, in reading order, and `terms` the same with all syllables and words
      that overlap, as `query_terms` gives them. Neither has what a NOT takes away.
    - `marks` are the terms to mark in snippets, as tuples of syllables.
    - `notes` are sentences for the reader: what was not understood, and how it was read instead.
    """

    strict: wq.Query | None
    relaxed: wq.Query | None
    marks: frozenset[tuple[str, ...]]
    filter: wq.Query | None = None
    units: tuple[Unit, ...] = ()
    terms: tuple[QueryTerm, ...] = ()
    notes: tuple[str, ...] = ()


def parse_query(text: str, lexicon: Lexicon | None = None) -> ParsedQuery:
    """Return the query that plain words make: each word, whole where it has several syllables, in any text field."""
    terms = query_terms(text, lexicon)
    longest = _units(terms)
    if not longest:
        return ParsedQuery(None, None, frozenset())
    units = tuple(Unit(unit.alternatives, unit.position, tuple(FIELD_BOOSTS), _clause(unit)) for unit in longest)
    clauses = [unit.query for unit in units]
    marks = frozenset(alternative.syllables for unit in units for alternative in unit.alternatives)
    if len(clauses) == 1:
        return ParsedQuery(clauses[0], clauses[0], marks, units=units, terms=terms)
    return ParsedQuery(wq.And(clauses), wq.Or(clauses), marks, units=units, terms=terms)


def _units(terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    """Return the longest words that cover the query one after the other."""
    longest: dict[int, QueryTerm] = {}
    for term in terms:
        if term.position not in longest or term.length > longest[term.position].length:
            longest[term.position] = term
    units, position = [], 0
    while position in longest:
        units.append(longest[position])
        position += longest[position].length
    return units


def _clause(unit: QueryTerm) -> wq.Query:
    return wq.Or([_in_field(field, boost, one) for one in unit.alternatives for field, boost in FIELD_BOOSTS.items()])


def _in_field(field: str, boost: float, alternative: Alternative) -> wq.Query:
    weight = boost * alternative.weight
    if len(alternative.syllables) == 1:
        return wq.Term(field, alternative.syllables[0], boost=weight)
    return wq.Phrase(field, list(alternative.syllables), boost=weight)
