"""What words typed without marks mean first, where what stands beside them does not say it.

For 'dien bien' the likeliest reading is 'diễn biến', a course of events. Who searches news by place means the province.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from searcher.analysis import Alternative, QueryTerm, canonical
from searcher.tagging import PlaceSpan

_BESIDE_A_NAME: Final = 0.5
"""What the other readings of a province's name count, against before."""


def with_names(terms: Sequence[QueryTerm], places: Iterable[PlaceSpan]) -> list[QueryTerm]:
    """Return the terms, those of provinces that were typed without marks with the province as their likeliest reading.

    The other readings stay, and count half.
    """
    names = {
        (place.start, place.end): tuple(map(canonical, place.name.lower().split()))
        for place in places
        if place.kind == "province" and not place.exact
    }
    found = list(terms)
    for term in terms:
        name = names.get((term.start, term.end), ())
        if term.length < 2 or len(name) != term.length:
            continue
        for number, other in enumerate(terms):
            at = other.position - term.position
            if at == 0 and other.length == term.length:
                found[number] = _meaning(other, name)
            elif 0 <= at < term.length and other.length == 1:
                found[number] = _meaning(other, name[at : at + 1])
    return found


def _meaning(term: QueryTerm, syllables: tuple[str, ...]) -> QueryTerm:
    """Return the term with one reading before all but the literal one, and the other readings halved."""
    literal, *others = term.alternatives
    if literal.syllables == syllables:
        return term
    rest = [
        replace(one, weight=one.weight * _BESIDE_A_NAME) if one.kind == "folded" else one
        for one in others
        if one.syllables != syllables
    ]
    meant = Alternative(syllables, 1.0, "folded")
    return replace(term, alternatives=(literal, *sorted([meant, *rest], key=lambda one: -one.weight)))
