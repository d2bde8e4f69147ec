"""An article as facts read it: its sentences, with the words that matter in each by what they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from searcher.facts.lexicon import Term, lexicon, units
from searcher.facts.numbers import Number, is_number, numbers
from searcher.tagging.sections import Section
from searcher.tagging.trie import Match

TOLD: Final = ("title", "lead", "body")
"""The sections that tell a case; sentences know theirs by its number here."""
BODY: Final = 2
OPENING: Final = 5
"""Sentences from the start of the body in which a report says what its case is."""
MOST: Final = 2_000
"""Symbols of a section that are read for facts: what stands further down is not the case that title and lead tell."""
_MANY: Final = 4
_APART: Final = frozenset(("record", "statistics", "other"))
_FAR: Final = 1 << 60
_LAST: Final[Match[tuple[Term, ...]]] = Match(_FAR, _FAR, ())
_LAST_NUMBER: Final = Number(_FAR, _FAR, 0.0, 0.0)


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A word at `symbols[start:end]` of its section, and what it does there."""

    start: int
    end: int
    term: Term


class Sentence:
    """A sentence of an article.

    - `section` is 0 for the title, 1 for the lead and 2 for the body; `place` counts the sentences of a section.
    - `roles` has the words by role, each in reading order; `numbers` likewise.
    - `heads` says whether this is the title or in the lead.
    - `asides` says what speaks for its telling something else than the main case: record, statistics, law, other.
    """

    __slots__ = ("asides", "end", "heads", "low", "numbers", "place", "roles", "section", "start", "symbols")

    def __init__(self, section: int, place: int, start: int, end: int, source: Section) -> None:
        self.section = section
        self.place = place
        self.start = start
        self.end = end
        self.symbols = source.symbols
        self.low = source.low
        self.roles: dict[str, list[Hit]] = {}
        self.numbers: list[Number] = []
        self.asides: frozenset[str] = frozenset()
        self.heads = section < BODY

    def get(self, role: str) -> Sequence[Hit]:
        """Return the words of a role."""
        return self.roles.get(role, ())

    def values(self, role: str) -> set[str]:
        """Return what the words of a role stand for."""
        return {hit.term.value for hit in self.roles.get(role, ())}


def read_sentences(sections: Sequence[Section], most: int = MOST) -> list[Sentence]:
    """Return the sentences of title, lead and body, `most` symbols of each."""
    found: list[Sentence] = []
    for number, section in enumerate(sections):
        if section.low:
            found += _sentences(number, section, 0, 0, most)
    return found


def read_on(sections: Sequence[Section], sentences: list[Sentence], read: int) -> list[Sentence]:
    """Return the sentences of which `read` symbols of the body were read, with the rest of the body.

    Those behind one that goes over to another case are marked so.
    """
    body = sections[-1]
    if len(body.low) > read:
        last = sentences[-1] if sentences and sentences[-1].section == BODY else None
        kept = sentences[:-1] if last else sentences
        start, place = (last.start, last.place) if last else (0, 0)
        sentences = [*kept, *_sentences(BODY, body, start, place, MOST)]
    apart = False
    for one in sentences:
        if apart or (one.section == BODY and one.place > OPENING and "other" in one.asides):
            apart = True
            one.asides |= {"other"}
    return sentences


def main_sentences(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that tell the main case: what title and lead say is always of it."""
    return [one for one in sentences if one.heads or not one.asides & _APART]


def first_sentences(main: Sequence[Sentence], most: int) -> list[Sentence]:
    """Return title, lead and the first sentences of the body."""
    return [one for one in main if one.heads or one.place < most]


def _sentences(number: int, section: Section, begin: int, place: int, most: int) -> Iterator[Sentence]:
    low = section.low[begin:most]
    symbols = section.symbols[begin:most]
    counted = numbers(low, section.places(is_number, begin, most))
    ends = _ends(low, symbols, section.places(_is_point, begin, most), counted) if number else []
    if not ends or ends[-1] < len(low):
        ends.append(len(low))
    matches = iter([*section.find_within(lexicon(), begin, most), _LAST])
    counts = iter([*counted, _LAST_NUMBER])
    match, count = next(matches), next(counts)
    start = 0
    for end in ends:
        sentence = Sentence(number, place, start + begin, end + begin, section)
        roles = sentence.roles
        while match.start < end:
            first, last, terms = match
            for term in terms:
                hit = Hit(first + begin, last + begin, term)
                if (known := roles.get(term.role)) is None:
                    roles[term.role] = [hit]
                else:
                    known.append(hit)
            match = next(matches)
        while count.start < end:
            sentence.numbers.append(
                count if not begin else count._replace(start=count.start + begin, end=count.end + begin)
            )
            count = next(counts)
        if "asides" in roles:
            sentence.asides = frozenset(sentence.values("asides"))
        if "unit" in roles and sentence.numbers and _counts_cases(sentence):
            sentence.asides |= {"statistics"}
        yield sentence
        start, place = end, place + 1


def _is_point(symbol: str) -> bool:
    return symbol == "."


def _ends(low: Sequence[str], symbols: Sequence[str], points: Sequence[int], counted: Sequence[Number]) -> list[int]:
    """Return where sentences end: at no point of a number or of initials, nor at any before a small letter."""
    inside = {place for one in counted if one.end - one.start > 1 for place in range(one.start + 1, one.end)}
    last = len(low) - 1
    ends = []
    for place in points:
        if place in inside:
            continue
        if place < last and (symbols[place + 1][:1].islower() or symbols[place + 1] == "("):
            continue
        if not place or len(low[place - 1]) > 1 or not symbols[place - 1][:1].isupper():
            ends.append(place + 1)
    return ends


def _counts_cases(sentence: Sentence) -> bool:
    """Return whether a sentence counts cases: "bắt 54 vụ, 90 đối tượng" is of a year, not of the case."""
    starts = [hit.start for hit in sentence.roles["unit"] if hit.term.value == "cases"]
    return bool(starts) and any(number.end in starts and number.value >= _MANY for number in sentence.numbers)


def unit_of(sentence: Sentence, number: Number) -> tuple[Term, int] | None:
    """Return the unit that a number is given in and where it ends, or None."""
    if number.unit:
        term = units().get(number.unit)
        return (term, number.end) if term else None
    for hit in sentence.get("unit"):
        if hit.start == number.end:
            return hit.term, hit.end
    return None
