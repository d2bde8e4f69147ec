"""What a query was probably meant to be: 'did you mean'.

Syllables that are part of a word which the index has are left alone. Of the others, two next to each other are taken
for a misspelled word where the index has a word near them (`spelling.py`) that is frequent, while they hardly ever
stand side by side in it; and one alone where the index hardly knows it, but one near it. So what is offered really
occurs, and what is rare but right is not touched: it occurs as it is.

A word w near to what was typed, at the cost c, is worth  ln n(w) - RIGOUR * c,  n(w) being the articles that have it:
a noisy channel (Kernighan, Church & Gale 1990) with a frequency for the source and exp(-RIGOUR * c) for the channel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final

import msgspec

from searcher.analysis import fold, is_marked, normalize
from searcher.analysis.keystrokes import from_keystrokes
from searcher.analysis.knownwords import known_words
from searcher.analysis.offsets import term_spans
from searcher.analysis.syllable import JOINER, split
from searcher.analysis.terms import syllable_terms
from searcher.suggesting.spelling import letter_edits, likely_folds, near_folds, word_cost

if TYPE_CHECKING:  # every query comes by here, and pays for no more than it needs
    from typing import Protocol

    from searcher.language.tree import ParsedQuery

    class Counts(Protocol):
        """How frequent terms are in an index of `doc_count` articles: what corrections ask of it."""

        doc_count: int

        def documents(self, term: str) -> int:
            """Return in how many articles the term is."""

        def folding_to(self, folded: str) -> list[str]:
            """Return the terms that fold to this, with marks or without."""

        def starting_with(self, prefix: str, most: int) -> list[str]:
            """Return the terms that start so, in order; none where there are more than `most`."""

        def side_by_side(self, syllables: Sequence[str]) -> int:
            """Return in about how many articles the syllables follow each other."""


RIGOUR: Final = 3.0
_COST_OF_KNOWN: Final = 0.85
"""What a correction may cost where the index has all the syllables typed: another tone or sound, no other letter."""
_COST_OF_UNKNOWN: Final = 1.4
_COST_WITHOUT_MARKS: Final = 0.45
_NAME: Final = 1.5
"""What more a correction must be worth where both syllables are capitalised in a query that is not: names are rare."""
_ALONE: Final = 1.0
"""What more one must be worth of a syllable alone; of a foreign word it is this much less, as few are near it."""
_IN_CONTEXT: Final = 50
_MISSPELLED: Final = 200
"""A word that is so many times as frequent as what was typed may be meant by it: where the words beside say so, and
where there are none."""
_MAX_SYLLABLES: Final = 32
_MAX_LOOKED_UP: Final = 4
"""Pairs, and as many single syllables, of one query that are looked up: a bound on the time."""
_MAX_TRIED: Final = 5
_MOST_SCANNED: Final = 4096
_READINGS: Final = 2
_LONGEST_WORD: Final = 4
_LEAST_FOREIGN: Final = 5
_LEAST_JOINED: Final = 4


class _Typed(msgspec.Struct, frozen=True):
    """A syllable of the query: its term, and where it stands."""

    term: str
    start: int
    end: int


class Correction(msgspec.Struct, frozen=True):
    """A query as it was probably meant.

    `is_certain` is whether the index hardly has a word that it replaces, so that no article has all that was typed.
    """

    text: str
    is_certain: bool


def correct(text: str, parsed: ParsedQuery, counts: Counts) -> Correction | None:
    """Return the query as it was probably meant, with its signs and fields as they are; None where it is fine."""
    text = " ".join(normalize(text).split())
    typed = _typed(text, parsed)
    if not typed or not counts.doc_count:
        return None
    return _Corrector(text, typed, counts).corrected()


def _typed(text: str, parsed: ParsedQuery) -> list[_Typed]:
    """The syllables that the query searches for, found again in its text in their order."""
    wanted = [term.term for term in parsed.terms if term.length == 1][:_MAX_SYLLABLES]
    found: list[_Typed] = []
    for term, (start, end) in zip(syllable_terms(text), term_spans(text), strict=True):
        if len(found) < len(wanted) and term == wanted[len(found)]:
            found.append(_Typed(term, start, end))
    return found


class _Corrector:
    def __init__(self, text: str, typed: Sequence[_Typed], counts: Counts) -> None:
        self._text = text
        self._typed = typed
        self._terms = [one.term for one in typed]
        self._counts = counts
        self._unmarked = not any(map(is_marked, self._terms))
        self._rare = counts.doc_count // 20_000
        self._known = 1 + counts.doc_count // 15_000
        # In a larger index more words are near to anything by chance.
        self._least_worth = 0.43 * math.log(counts.doc_count) - 2.2
        self._capitals = not text.isupper()

    def corrected(self) -> Correction | None:
        meant = dict(self._keystrokes()) | dict(self._run_together())
        trusted = self._trusted()
        free = [place for place in range(len(self._terms)) if place not in meant and place not in trusted]
        looked_up = 0
        for place in free:
            if looked_up == _MAX_LOOKED_UP:
                break
            if place not in meant and place + 1 in free and self._may_be_a_word(place):
                looked_up += 1
                if word := self._word(place):
                    meant[place], meant[place + 1] = word
        alone = [place for place in free if place not in meant and self._is_unknown(place)][:_MAX_LOOKED_UP]
        for place in alone:
            if one := self._alone(place, meant):
                meant[place] = one
        if not meant:
            return None
        is_certain = any(self._counts.documents(self._terms[place]) <= self._rare for place in meant)
        return Correction(self._written(meant), is_certain)

    def _may_be_a_word(self, place: int) -> bool:
        return self._adjoin(place) and all(one.isalpha() and len(one) > 1 for one in self._terms[place : place + 2])

    def _keystrokes(self) -> Iterator[tuple[int, str]]:
        """Places that the index knows only as keystrokes of Telex or VNI, or that make a word with one beside them so.

        'hair' is a word elsewhere, but beside 'Phòng' it is 'hải'.
        """
        readings = {place: one for place, term in enumerate(self._terms) if (one := from_keystrokes(term))}
        for place, syllable in readings.items():
            if self._counts.documents(self._terms[place]) <= self._rare:
                if self._counts.documents(syllable) > 0:
                    yield place, syllable
            elif any(self._makes_a_word(place, at, readings) for at in (place - 1, place + 1)):
                yield place, syllable

    def _makes_a_word(self, place: int, beside: int, readings: dict[int, str]) -> bool:
        """Whether a syllable read as keystrokes makes a word with its neighbour that it does not make as typed."""
        if not 0 <= beside < len(self._terms) or not self._adjoin(min(place, beside)):
            return False
        first, second = sorted((place, beside))
        word = JOINER.join(readings.get(at, self._terms[at]) for at in (first, second))
        typed = self._counts.side_by_side(self._terms[first : second + 1])
        return typed <= self._rare and self._counts.documents(word) >= self._known

    def _run_together(self) -> Iterator[tuple[int, str]]:
        """Places that no article has, but as two syllables of a word: 'matuy'."""
        for place, term in enumerate(self._terms):
            if len(term) < _LEAST_JOINED or not term.isalpha() or self._counts.documents(term) > self._rare:
                continue
            halves = ((term[:at], term[at:]) for at in range(2, len(term) - 1))
            words = [
                word
                for first, second in halves
                if split(first) is not None and split(second) is not None
                for word in self._spelled(first, second)
            ]
            likeliest = max(words, key=self._counts.documents, default="")
            if likeliest and self._counts.documents(likeliest) >= self._known:
                yield place, likeliest.replace(JOINER, " ")

    def _spelled(self, first: str, second: str) -> list[str]:
        """The words of two syllables that these may be: with the marks they have, or any where they have none."""
        word = f"{first}{JOINER}{second}"
        return [word] if is_marked(word) else [word, *self._counts.folding_to(word)]

    def _trusted(self) -> set[int]:
        """Places that are part of a word of several syllables which the index has, or which is known to be one."""
        trusted: set[int] = set()
        for length in range(_LONGEST_WORD, 1, -1):
            for first in range(len(self._terms) - length + 1):
                places = range(first, first + length)
                if trusted.issuperset(places) or not all(map(self._adjoin, places[:-1])):
                    continue
                word = JOINER.join(self._terms[first : first + length])
                if self._documents(word) >= self._known or self._is_known(word):
                    trusted.update(places)
        return trusted

    def _is_known(self, word: str) -> bool:
        return word in known_words() or (self._unmarked and bool(known_words().folding_to(word)))

    def _documents(self, term: str) -> int:
        """In how many articles a term is; in a query without marks, the best of the terms that fold to it."""
        if not self._unmarked:
            return self._counts.documents(term)
        return max(map(self._counts.documents, self._counts.folding_to(term)), default=self._counts.documents(term))

    def _adjoin(self, place: int) -> bool:
        return not self._text[self._typed[place].end : self._typed[place + 1].start].strip(" -")

    def _side_by_side(self, place: int) -> int:
        """In how many articles this syllable and the next stand side by side."""
        pair = self._terms[place : place + 2]
        if not self._unmarked:
            return self._counts.side_by_side(pair)
        readings = [
            sorted(self._counts.folding_to(one), key=lambda term: -self._counts.documents(term))[:_READINGS] or [one]
            for one in pair
        ]
        return max(map(self._counts.side_by_side, product(*readings)))

    def _word(self, place: int) -> tuple[str, str] | None:
        """The word of two syllables that this one and the next were probably meant to be."""
        first, second = self._terms[place : place + 2]
        unknown = self._is_unknown(place) or self._is_unknown(place + 1)
        most = _COST_OF_UNKNOWN if unknown else _COST_WITHOUT_MARKS if self._unmarked else _COST_OF_KNOWN
        for wider in (False, True) if unknown else (False,):
            firsts = near_folds(first) if wider else likely_folds(first)
            seconds = near_folds(second) if wider else likely_folds(second)
            folds = {
                *(f"{one}{JOINER}{fold(second)}" for one in firsts),
                *(f"{fold(first)}{JOINER}{one}" for one in seconds),
            }
            words = [word for one in folds for word in self._counts.folding_to(one)]
            for word, worth in self._ranked(words, (first, second), most)[:1]:
                if worth > self._least(place) and self._is_rather(place, word):
                    one, other = word.split(JOINER)
                    return one, other
        return None

    def _least(self, place: int) -> float:
        return self._least_worth + (_NAME if self._named(place) and self._named(place + 1) else 0.0)

    def _named(self, place: int) -> bool:
        return self._capitals and self._text[self._typed[place].start].isupper()

    def _is_rather(self, place: int, word: str) -> bool:
        """Whether what was typed is so much rarer than the word that it was hardly meant."""
        typed = self._side_by_side(place)
        if typed <= self._rare:
            return True
        times = self._counts.documents(word) / typed
        beside = [
            at for at in (place - 1, place + 2) if 0 <= at < len(self._terms) and self._adjoin(min(at, place + 1))
        ]
        if not beside or self._unmarked:
            return times >= _MISSPELLED
        return times >= _IN_CONTEXT and any(self._fits_rather(place, at, word) for at in beside)

    def _fits_rather(self, place: int, beside: int, word: str) -> bool:
        """Whether the word stands with this neighbour, and what was typed does not."""
        found = []
        for pair in (tuple(self._terms[place : place + 2]), tuple(word.split(JOINER))):
            other = (self._terms[beside],)
            found.append(self._counts.side_by_side(other + pair if beside < place else pair + other))
        return found[0] <= self._rare < found[1]

    def _ranked(self, words: Iterable[str], typed: tuple[str, ...], most: float) -> list[tuple[str, float]]:
        """The terms that may be meant by what was typed, and cost no more, with what they are worth; the best first."""
        found = []
        for word in set(words):
            cost = word_cost(typed, word.split(JOINER), unmarked=self._unmarked)
            if cost <= most and word != JOINER.join(typed) and (documents := self._counts.documents(word)) > 1:
                found.append((word, math.log(documents) - RIGOUR * cost))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def _is_unknown(self, place: int) -> bool:
        term = self._terms[place]
        documents = self._documents(term)
        if documents <= self._rare:
            return term.isalpha()
        return _is_foreign(term) and documents < self._counts.doc_count // 1000

    def _alone(self, place: int, meant: dict[int, str]) -> str:
        """The term that a syllable or foreign word was probably meant to be, "" for none."""
        term = self._terms[place]
        foreign = _is_foreign(term)
        if foreign and any(self._is_beside_foreign(place, at) for at in (place - 1, place + 1)):
            return ""  # words of another language, such as 'sugar baby'
        near = self._foreign(term) if foreign else []
        if not near:
            near = [word for one in (*likely_folds(term), *near_folds(term)) for word in self._counts.folding_to(one)]
        beside = [
            (at, step)
            for step in (-1, 1)
            if 0 <= (at := place + step) < len(self._terms) and self._adjoin(min(place, at))
        ]
        least = self._least_worth + (-_ALONE if foreign else _ALONE) + math.log(self._documents(term) + 1)
        found = [pair for pair in self._ranked(near, (term,), _COST_OF_UNKNOWN)[:_MAX_TRIED] if pair[1] > least]
        if foreign or not beside:
            return found[0][0] if found else ""
        together = {word: self._together(word, beside, meant) for word, _worth in found}
        likeliest = max(found, key=lambda pair: pair[1] + math.log(1 + together[pair[0]]), default=("", 0.0))[0]
        return likeliest if together.get(likeliest, 0) > self._rare else ""

    def _is_beside_foreign(self, place: int, beside: int) -> bool:
        if not 0 <= beside < len(self._terms) or not self._adjoin(min(place, beside)):
            return False
        other = self._terms[beside]
        return split(other) is None and other.isascii() and other.isalpha()

    def _together(self, term: str, beside: Sequence[tuple[int, int]], meant: dict[int, str]) -> int:
        """In how many articles the term stands beside a neighbour, before or behind it: of several the most."""
        most = 0
        for place, _step in beside:
            other = meant.get(place, self._terms[place])
            most = max(most, self._counts.side_by_side((term, other)), self._counts.side_by_side((other, term)))
        return most

    def _foreign(self, term: str) -> list[str]:
        """Terms one letter away, of which one half is right."""
        half = len(term) // 2
        beginning, end = term[:half], term[half + 1 :]
        near = self._counts.starting_with(beginning[:2], _MOST_SCANNED)
        found = [
            one for one in near if (one.startswith(beginning) or one.endswith(end)) and letter_edits(term, one) == 1
        ]
        shorter = (term[:at] + term[at + 1 :] for at in range(2))
        swapped = (term[:at] + term[at + 1] + term[at] + term[at + 2 :] for at in range(2))
        return found + [one for one in (*shorter, *swapped) if one != term and self._counts.documents(one)]

    def _written(self, meant: dict[int, str]) -> str:
        """The query with the syllables that are meant in place of those typed, in capitals as these are."""
        pieces, at = [], 0
        for place, one in enumerate(self._typed):
            if place in meant:
                pieces += [self._text[at : one.start], self._as_typed(meant[place], self._text[one.start : one.end])]
                at = one.end
        return "".join([*pieces, self._text[at:]])

    def _as_typed(self, term: str, typed: str) -> str:
        """The term in capitals as what was typed, and without marks where none were typed."""
        if self._unmarked and not from_keystrokes(typed.lower()):
            term = fold(term)
        return _as_capital(term, typed)


def _is_foreign(term: str) -> bool:
    return split(term) is None and len(term) >= _LEAST_FOREIGN and term.isascii() and term.isalpha()


def _as_capital(term: str, typed: str) -> str:
    if len(typed) > 1 and typed.isupper():
        return term.upper()
    return term[0].upper() + term[1:] if typed[0].isupper() else term
