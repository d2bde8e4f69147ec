"""What a query asks for, in the three grains that ranking looks at: syllables, pairs of neighbours, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from searcher.analysis import Alternative, QueryTerm
    from searcher.query.tree import ParsedQuery, Unit

SYNONYM: Final = 0.5
"""What a synonym or abbreviation counts, times its own weight, against the word as typed."""
_READINGS: Final = 3
_LEAST_PAIR: Final = 0.1

Syllables = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked for, at positions `position` to `position + length - 1` of the query.

    - `readings` are the syllables it may be written as, each with a weight of at most 1: as typed, or with the marks
      that it was typed without; `others` are synonyms and abbreviations, likewise.
    - `boost` is what the query says with ^.
    """

    position: int
    length: int
    readings: tuple[tuple[Syllables, float], ...]
    others: tuple[tuple[Syllables, float], ...] = ()
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for: every syllable, every two that stand next to each other, every word."""

    syllables: tuple[Ask, ...]
    pairs: tuple[Ask, ...]
    words: tuple[Ask, ...]


def asked(parsed: ParsedQuery) -> Asked:
    """Return what a query asks for."""
    boosts = {place: unit.boost for unit in parsed.units for place in _places(unit)}
    single = [term for term in parsed.terms if term.length == 1]
    by_position = {term.position: term for term in single}
    syllables = [_ask(term, boosts.get(term.position, 1.0)) for term in single]
    pairs = [
        _pair(term, after, parsed.terms, boosts.get(term.position, 1.0))
        for term in single
        if (after := by_position.get(term.position + 1)) is not None
    ]
    words = [
        Ask(unit.position, len(_places(unit)), *_parted(unit.alternatives), boost=unit.boost)
        for unit in parsed.units
        if unit.alternatives
    ]
    return Asked(tuple(syllables), tuple(pairs), tuple(words))


def _places(unit: Unit) -> range:
    length = len(unit.alternatives[0].syllables) if unit.alternatives else 0
    return range(unit.position, unit.position + length)


def _ask(term: QueryTerm, boost: float) -> Ask:
    return Ask(term.position, term.length, *_parted(term.alternatives), boost=boost)


def _parted(
    alternatives: Sequence[Alternative],
) -> tuple[tuple[tuple[Syllables, float], ...], tuple[tuple[Syllables, float], ...]]:
    readings, others = [], []
    for one in alternatives:
        if one.kind in ("synonym", "abbreviation"):
            others.append((one.syllables, SYNONYM * one.weight))
        else:
            readings.append((one.syllables, one.weight))
    return tuple(readings), tuple(others)


def _pair(first: QueryTerm, second: QueryTerm, terms: Sequence[QueryTerm], boost: float) -> Ask:
    """Return two neighbours, as typed and with the marks that the words which hold both may have."""
    weights: dict[Syllables, float] = {}
    for term in terms:
        at = first.position - term.position
        if 0 <= at < term.length - 1:
            for one in term.alternatives:
                if one.kind in ("literal", "folded") and len(one.syllables) == term.length:
                    key = one.syllables[at : at + 2]
                    weights[key] = max(weights.get(key, 0.0), one.weight)
    for one, other in product(_written(first), _written(second)):
        key = one.syllables + other.syllables
        if one.weight * other.weight >= _LEAST_PAIR:
            weights[key] = max(weights.get(key, 0.0), one.weight * other.weight)
    return Ask(first.position, 2, tuple(weights.items()), boost=boost)


def _written(term: QueryTerm) -> list[Alternative]:
    found = [one for one in term.alternatives if one.kind in ("literal", "folded") and len(one.syllables) == 1]
    return found[:_READINGS]
