"""An article as facts read it: its sentences, with the words that matter in each by what they do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from searcher.facts.lexicon import Term, lexicon, units
from searcher.facts.numbers import Number, is_number, may_end, numbers
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


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A word at `symbols[start:end]` of its section, and what it does there."""

    start: int
    end: int
    term: Term


class Sentence:
    """A sentence of an article.

    - `section` is 0 for the title, 1 for the lead and 2 for the body; `place` counts the sentences of a section.
    - `roles` has the words by role, each in reading order; `numbers` are read when they are first asked for.
    - `heads` says whether this is the title or in the lead.
    - `asides` says what speaks for its telling something else than the main case: record, statistics, law, other.
    """

    __slots__ = (
        "_numbers",
        "_source",
        "asides",
        "end",
        "heads",
        "low",
        "place",
        "roles",
        "section",
        "start",
        "symbols",
    )

    def __init__(self, section: int, place: int, start: int, end: int, source: Section) -> None:
        self.section = section
        self.place = place
        self.start = start
        self.end = end
        self.symbols = source.symbols
        self.low = source.low
        self.roles: dict[str, list[Hit]] = {}
        self._source = source
        self._numbers: list[Number] | None = None
        self.asides: frozenset[str] = frozenset()
        self.heads = section < BODY

    @property
    def numbers(self) -> list[Number]:
        """The numbers, in reading order: no number goes on behind the end of a sentence."""
        found = self._numbers
        if found is None:
            start, end = self.start, self.end
            at = self._source.places(is_number, start, end)
            found = numbers(self.low[start:end], at) if at else []
            self._numbers = found = [one.moved(start) for one in found] if start else found
        return found

    @numbers.setter
    def numbers(self, found: list[Number]) -> None:
        self._numbers = found

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
    ends, counted = _ends(section, begin, most) if number else ([], None)
    if not ends or ends[-1] < len(low):
        ends.append(len(low))
    matches = iter([*section.find_within(lexicon(), begin, most), _LAST])
    first, last, terms = next(matches)
    start = own = 0
    for end in ends:
        sentence = Sentence(number, place, start + begin, end + begin, section)
        roles = sentence.roles
        while first < end:
            for term in terms:
                hit = Hit(first + begin, last + begin, term)
                role = term[0]
                if role in roles:
                    roles[role].append(hit)
                else:
                    roles[role] = [hit]
            first, last, terms = next(matches)
        if counted is not None:
            after = bisect_left(counted, end, own, key=_start)
            sentence.numbers = [one.moved(begin) for one in counted[own:after]]
            own = after
        if "asides" in roles:
            sentence.asides = frozenset(sentence.values("asides"))
        if "unit" in roles and _counts_cases(sentence):
            sentence.asides |= {"statistics"}
        yield sentence
        start, place = end, place + 1


def _start(number: Number) -> int:
    return number.start


def _is_point(symbol: str) -> bool:
    return symbol == "."


def _ends(section: Section, begin: int, most: int) -> tuple[list[int], list[Number] | None]:
    """Return where sentences end: at no point of a number or of initials, nor at any before a small letter.

    And the numbers, where a point stands between digits, so that they had to be read.
    """
    low, symbols = section.low[begin:most], section.symbols[begin:most]
    counted: list[Number] | None = None
    inside: set[int] = set()
    last = len(low) - 1
    ends = []
    for place in section.places(_is_point, begin, most):
        if place < last:
            after = symbols[place + 1]
            if after[:1].islower() or after == "(":
                continue
            if place and after[0].isdecimal() and is_number(low[place - 1]):
                if counted is None:
                    counted = numbers(low, section.places(is_number, begin, most))
                    inside.update(
                        at for one in counted if one.end - one.start > 1 for at in range(one.start + 1, one.end)
                    )
                if place in inside:
                    continue
        if not place or len(low[place - 1]) > 1 or not symbols[place - 1][:1].isupper():
            ends.append(place + 1)
    return ends, counted


def behind_numbers(sentence: Sentence, role: str) -> dict[int, Hit]:
    """Return the words of a role that may stand right behind a number, by where they begin."""
    low = sentence.low
    return {hit.start: hit for hit in sentence.get(role) if hit.start and may_end(low[hit.start - 1])}


def _counts_cases(sentence: Sentence) -> bool:
    """Return whether a sentence counts cases: "bắt 54 vụ, 90 đối tượng" is of a year, not of the case."""
    starts = [start for start, hit in behind_numbers(sentence, "unit").items() if hit.term.value == "cases"]
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
