"""Why results are in the order that they are: what was asked for, how rare it is, what each part can add to a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import asdict

from searcher.analysis import Alternative
from searcher.ranking.asked import SYNONYM
from searcher.ranking.formula import Weights

if TYPE_CHECKING:
    from searcher.language.tree import ParsedQuery, Unit
    from searcher.ranking.rarity import Rarities

_MOST_READINGS: Final = 8
_OTHERS: Final = ("synonym", "abbreviation")


class Reading(msgspec.Struct, frozen=True):
    """Something that a word of the query was looked for as.

    - `kind` is "literal", "folded" (with the marks that it was typed without), "synonym", "abbreviation", or "expanded"
      for what a prefix or a rough spelling stands for.
    - `weight` is what it counts against the word as typed; `articles` how many have it, of rare phrases an estimate.
    """

    text: str
    kind: str
    weight: float
    articles: int


class Word(msgspec.Struct, frozen=True):
    """A word, phrase or pattern that the query asks for: `text`.

    - `readings` are what it was looked for as, the most of them.
    - `rarity` is its inverse document frequency, by which it counts against the other words.
    - `fields` are the text fields it is looked for in; `boost` is what the query says with ^.
    """

    text: str
    readings: tuple[Reading, ...]
    rarity: float
    fields: tuple[str, ...]
    quoted: bool = False
    boost: float = 1.0


class Explanation(msgspec.Struct, frozen=True):
    """What results were ranked by; `parts` are the points that each part of the formula adds at most."""

    words: tuple[Word, ...]
    parts: dict[str, float]


def explain(parsed: ParsedQuery, statistics: Rarities, weights: Weights) -> Explanation:
    """Return what a query was ranked by in an index."""
    words = tuple(_word(unit, statistics) for unit in parsed.units)
    return Explanation(words, {name: round(100 * weight, 2) for name, weight in asdict(weights).items()})


def _word(unit: Unit, statistics: Rarities) -> Word:
    alternatives = unit.alternatives or tuple(Alternative((term,), 1.0, "literal") for term in unit.expanded)
    typed = [one for one in alternatives if one.kind not in _OTHERS]
    found = max((one.weight * statistics.documents_with(one.syllables) for one in typed), default=0.0)
    readings = (_reading(one, statistics, unit.pattern) for one in alternatives[:_MOST_READINGS])
    text = unit.pattern or " ".join(alternatives[0].syllables)
    rarity = round(statistics.rarity(found) * unit.boost, 2)
    return Word(text, tuple(readings), rarity, unit.fields, unit.quoted, unit.boost)


def _reading(one: Alternative, statistics: Rarities, pattern: str) -> Reading:
    weight = one.weight * SYNONYM if one.kind in _OTHERS else one.weight
    kind = "expanded" if pattern else one.kind
    return Reading(
        " ".join(one.syllables).replace("_", " "), kind, round(weight, 2), statistics.documents_with(one.syllables)
    )
