"""What a query asks for, in the three grains that ranking looks at: syllables, pairs of neighbours, words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final

import msgspec

from searcher.analysis.knownwords import known_words
from searcher.analysis.syllable import JOINER

if TYPE_CHECKING:
    from searcher.analysis import Alternative, QueryTerm
    from searcher.language.tree import ParsedQuery, Unit

SYNONYM: Final = 0.5
"""What a synonym or abbreviation counts, times its own weight, against the word as typed."""
_READINGS: Final = 3
_LEAST_PAIR: Final = 0.1
_MOST: Final = 64
"""Different syllables, pairs and words of a query that are ranked by."""

Syllables = tuple[str, ...]


class Ask(msgspec.Struct, frozen=True):
    """One thing asked for.

    - `readings` are the syllables it may be written as, each with a weight of at most 1: as typed, or with the marks
      that it was typed without; `others` are synonyms and abbreviations, likewise.
    - `boost` is what the query says with ^; `parts` are the syllables of a word.
    - `fragments` are what of a word of several syllables is likeliest to stand by itself in an article that means it:
      shorter words that it holds, and its syllables. 'xe tải' is found in part where an article has 'tải' alone.
    """

    readings: tuple[tuple[Syllables, float], ...]
    others: tuple[tuple[Syllables, float], ...] = ()
    boost: float = 1.0
    parts: tuple[Ask, ...] = ()
    fragments: tuple[Syllables, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What a query asks for: every syllable, every two that stand next to each other, every word; nothing twice."""

    syllables: tuple[Ask, ...]
    pairs: tuple[Ask, ...]
    words: tuple[Ask, ...]


def asked(parsed: ParsedQuery) -> Asked:
    """Return what a query asks for."""
    boosts = {place: unit.boost for unit in parsed.units for place in _places(unit)}
    single = {term.position: term for term in parsed.terms if term.length == 1}
    syllables = {
        place: Ask(*_parted(term.alternatives), boost=boosts.get(place, 1.0)) for place, term in single.items()
    }
    words, expanded = [], []
    for unit in parsed.units:
        if unit.alternatives:
            parts = tuple(syllables[place] for place in _places(unit) if place in syllables)
            readings, others = _parted(unit.alternatives)
            fragments = () if unit.quoted else _fragments(readings, others)
            words.append(Ask(readings, others, unit.boost, parts, fragments))
        elif readings := tuple(((term,), 1.0) for term in unit.expanded):
            expanded.append(Ask(readings, boost=unit.boost))
    return Asked(
        _distinct([*syllables.values(), *expanded]),
        _distinct(_pairs(single, parsed.terms, boosts)),
        _distinct([*words, *expanded]),
    )


def _distinct(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    return tuple(dict.fromkeys(asks))[:_MOST]


def _places(unit: Unit) -> range:
    length = len(unit.alternatives[0].syllables) if unit.alternatives else 0
    return range(unit.position, unit.position + length)


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


def _fragments(
    readings: Sequence[tuple[Syllables, float]], others: Sequence[tuple[Syllables, float]]
) -> tuple[Syllables, ...]:
    """Return the shorter words and the syllables that the likeliest reading holds, the longer ones first."""
    whole = max(readings, key=lambda one: one[1], default=((), 0.0))[0]
    known = {syllables for syllables, _weight in (*readings, *others)}
    runs = (
        whole[start : start + size] for size in range(len(whole) - 1, 0, -1) for start in range(len(whole) - size + 1)
    )
    return tuple(run for run in runs if run not in known and (len(run) == 1 or JOINER.join(run) in known_words()))


def _pairs(single: dict[int, QueryTerm], terms: Sequence[QueryTerm], boosts: dict[int, float]) -> Iterator[Ask]:
    """Yield every two neighbours, as typed and with the marks that the words which hold both may have."""
    inside: dict[int, dict[Syllables, float]] = defaultdict(dict)
    for term in terms:
        for one in term.alternatives:
            if one.kind in ("literal", "folded") and len(one.syllables) == term.length:
                for at in range(term.length - 1):
                    _note(inside[term.position + at], one.syllables[at : at + 2], one.weight)
    for place, first in single.items():
        if place + 1 not in single:
            continue
        weights = inside[place]
        for one, other in product(_written(first), _written(single[place + 1])):
            if one.weight * other.weight >= _LEAST_PAIR:
                _note(weights, one.syllables + other.syllables, one.weight * other.weight)
        yield Ask(tuple(weights.items()), boost=boosts.get(place, 1.0))


def _note(weights: dict[Syllables, float], syllables: Syllables, weight: float) -> None:
    weights[syllables] = max(weights.get(syllables, 0.0), weight)


def _written(term: QueryTerm) -> list[Alternative]:
    found = [one for one in term.alternatives if one.kind in ("literal", "folded") and len(one.syllables) == 1]
    return found[:_READINGS]
