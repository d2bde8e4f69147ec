"""The parts of the formula that are about words, as a plan that every engine works out in its own way.

docs of the formula itself are in `formula.py`, which works it out by arrays; `searcher.cluster.formula` has a query do
so. Both take from here what is asked for in which grain, what it may be written as, how rare it is and what counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from searcher.ranking.asked import Ask, Asked, Syllables
from searcher.ranking.rarity import Rarities

Grain = Literal["syllables", "pairs", "words", "words_or_others", "words_or_fragments"]
K1: Final = 1.2
CANDIDATES: Final = 500
"""Documents that get the whole formula: the best of the first pass."""
TITLE: Final = 0.05
"""What the share of the query's syllables that are in the title counts in the first pass."""
FEW: Final = 40
"""With fewer articles that have all the words, those with a good part of them, or about the same, are found as well."""
ENOUGH: Final = 1 / 3
"""The share of a query, by rarity, that an article has to have where too few have all of it."""
LEADERS: Final = 10
"""Articles whose centre others are compared with."""
FRAGMENT: Final = 0.3
"""What a fragment of a word (`Ask.fragments`) counts, times its rarity against the word's."""
TELLING: Final = 3.0
"""A syllable that is as rare says something of a word by itself: one article in twenty has it."""


class Sought(NamedTuple):
    """Syllables that stand one after the other; `as_word` where the term of the whole word will do.

    Segmentation may have cut the syllables differently in some places, so a word's term is in no more documents than
    its syllables. It is quicker, and near enough for a synonym. Where a field hasn't got it, the syllables count.
    """

    syllables: Syllables
    as_word: bool = False


class Wanted(msgspec.Struct, frozen=True):
    """One thing asked for that is somewhere in the index: its rarity, and what it may be written as, with weights."""

    rarity: float
    forms: tuple[tuple[Sought, float], ...]


class Part(msgspec.Struct, frozen=True):
    """A part of the formula: a mean over what is asked for in a grain of the best of weight * measure, by rarity.

    - `measure` is "saturated", how often it stands in the fields, or "present", whether it does.
    - `fields` are places in `rarity.FIELDS`. With `beside` the mean is over the lesser of each two side by side.
    """

    name: str
    grain: Grain
    measure: Literal["saturated", "present"]
    fields: slice
    beside: bool = False


ALL_FIELDS: Final = slice(0, 3)
HEAD: Final = slice(0, 2)
_BODY: Final = slice(2, 3)
TEXT_PARTS: Final = (
    Part("text", "syllables", "saturated", ALL_FIELDS),
    Part("pairs_head", "pairs", "saturated", HEAD),
    Part("pairs_body", "pairs", "saturated", _BODY),
    Part("words", "words_or_fragments", "saturated", ALL_FIELDS),
    Part("together", "words_or_fragments", "present", HEAD, beside=True),
    Part("coverage", "words", "present", ALL_FIELDS),
)
FIRST_TEXT: Final = Part("text", "syllables", "saturated", ALL_FIELDS)
FIRST_TITLE: Final = Part("title", "syllables", "present", slice(0, 1))
"""What needs no positions: the first pass, which says which documents get the whole formula."""
SHARE: Final = Part("share", "words_or_others", "present", ALL_FIELDS)
"""How much of the query a document has: 1 is all of it. A thing counts whole, whatever it is written as."""
SHARE_OR_FRAGMENTS: Final = Part("share", "words_or_fragments", "present", ALL_FIELDS)
"""The same where of a word it is enough to have what it holds; what is compared with `ENOUGH`."""


class Plan(msgspec.Struct, frozen=True):
    """What a query asks an index for, in each grain."""

    syllables: tuple[Wanted, ...]
    pairs: tuple[Wanted, ...]
    words: tuple[Wanted, ...]
    words_or_others: tuple[Wanted, ...]
    words_or_fragments: tuple[Wanted, ...]

    def grains(self) -> dict[Grain, tuple[Wanted, ...]]:
        """Return what is asked for, by grain."""
        return {
            "syllables": self.syllables,
            "pairs": self.pairs,
            "words": self.words,
            "words_or_others": self.words_or_others,
            "words_or_fragments": self.words_or_fragments,
        }


def plan(asked: Asked, rarities: Rarities) -> Plan:
    """Return the plan of what a query asks for; things that the index has nowhere are left out."""
    syllables = _wanted(asked.syllables, rarities)
    return Plan(
        syllables,
        _wanted(asked.pairs, rarities) if asked.pairs else syllables,
        _wanted(asked.words, rarities),
        words_wanted(asked, rarities, SHARE),
        words_wanted(asked, rarities, SHARE_OR_FRAGMENTS),
    )


def words_wanted(asked: Asked, rarities: Rarities, share: Part) -> tuple[Wanted, ...]:
    """Return the words of a query in the grain of `SHARE`, or of `SHARE_OR_FRAGMENTS`, alone."""
    return _wanted(asked.words, rarities, others=True, fragments=share is SHARE_OR_FRAGMENTS)


def known_share(asked: Asked, rarities: Rarities) -> float:
    """Return how much of what is asked for the index has anywhere: words that are nowhere count as rare ones."""
    found = [(rarities.idf(one), one.boost) for one in asked.words]
    known = sum(rarity for rarity, _boost in found)
    nowhere = rarities.rarity(1) * sum(boost for rarity, boost in found if not rarity)
    return known / (known + nowhere) if known else 0.0


def _wanted(
    asks: Sequence[Ask], rarities: Rarities, *, others: bool = False, fragments: bool = False
) -> tuple[Wanted, ...]:
    found = []
    for ask in asks:
        if rarity := rarities.idf(ask):
            forms = [(Sought(one), weight) for one, weight in ask.readings]
            if others:
                forms += [(Sought(one, as_word=len(one) > 1), weight) for one, weight in ask.others]
            if fragments:
                forms += _fragments(ask, rarity, rarities)
            found.append(Wanted(rarity, tuple(forms)))
    return tuple(found)


def _fragments(ask: Ask, rarity: float, rarities: Rarities) -> Iterator[tuple[Sought, float]]:
    """Yield what of a word counts by itself, and how much: the rarer it is against the word, the more."""
    for one in ask.fragments:
        own = rarities.rarity(rarities.documents_with(one))
        if len(one) > 1 or own >= TELLING:
            yield Sought(one, as_word=len(one) > 1), FRAGMENT * min(1.0, ask.boost * own / rarity)
