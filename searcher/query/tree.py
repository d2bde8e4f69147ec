"""From a query's text to a Whoosh query tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from whoosh import query as wq

from searcher.analysis import Alternative, Lexicon, QueryTerm, query_terms

FIELD_BOOSTS: Final = {"title": 2.0, "lead": 1.5, "body": 1.0}


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The tree that wants all words, the one that is content with some, and the terms to mark in snippets.

    `strict` and `relaxed` are None where the text has no word at all: then every article matches.
    """

    strict: wq.Query | None
    relaxed: wq.Query | None
    marks: frozenset[tuple[str, ...]]


def parse_query(text: str, lexicon: Lexicon | None = None) -> ParsedQuery:
    """Return the query that plain words make: each word, whole where it has several syllables, in any text field."""
    units = _units(query_terms(text, lexicon))
    if not units:
        return ParsedQuery(None, None, frozenset())
    clauses = [_clause(unit) for unit in units]
    marks = frozenset(alternative.syllables for unit in units for alternative in unit.alternatives)
    if len(clauses) == 1:
        return ParsedQuery(clauses[0], clauses[0], marks)
    return ParsedQuery(wq.And(clauses), wq.Or(clauses), marks)


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
