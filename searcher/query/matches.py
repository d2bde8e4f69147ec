"""Where in a text the terms of a query stand, whichever way they are spelled there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from searcher.analysis import canonical
from searcher.analysis.legacy import decode_legacy
from searcher.analysis.normalization import UNUSUAL, clean
from searcher.analysis.offsets import term_spans
from searcher.analysis.syllable import spellings
from searcher.analysis.terms import syllable_terms
from searcher.language.tree import Mark

Syllables = tuple[str, ...]

_WORD: Final = re.compile(r"(\d+(?:[.,]\d+)+|[^\W_]+)")
_BETWEEN: Final = r"[\W_]+"
_MOST_AT_ONCE: Final = 64
"""Of more terms the expression would take longer to make than to do without."""


class Match(NamedTuple):
    """A match at `text[start:end]`."""

    start: int
    end: int
    mark: Mark


class Finder:
    """Finds the terms of one query in many texts.

    `marks` are what to find: terms of syllables, one after the other. An expression made of all their spellings finds
    them in most texts; in one where it can't be sure, they are looked for among the terms of the text.
    """

    def __init__(self, marks: Mapping[Syllables, Mark]) -> None:
        self._marks = marks
        self._by_first: dict[str, list[Syllables]] = {}
        for syllables in sorted(marks, key=len, reverse=True):
            self._by_first.setdefault(syllables[0], []).append(syllables)
        self._wanted = frozenset(syllable for syllables in marks for syllable in syllables)
        self._term_of: dict[str, str] = {}
        self._mark_of: dict[str, Mark] = {}

        best: dict[int, float] = {}
        for mark in marks.values():
            best[mark.unit] = max(best.get(mark.unit, 0.0), mark.weight)
        self.most = sum(best.values())
        """What matches are worth that leave nothing of the query open."""

    def find(self, text: str) -> list[Match]:
        """Return the matches in reading order, the longest where several begin; none overlap.

        Punctuation between the syllables of a match makes no difference, as in the index.
        """
        if not self._marks:
            return []
        plain = _same_length(text)
        if plain is None or "@" in plain or "://" in plain or decode_legacy(text) != text:
            return self._among(list(syllable_terms(text)), list(term_spans(text)))
        lowered = plain.lower()
        found = self._at_once(lowered)
        return self._among(*self._terms(lowered)) if found is None else found

    def _among(self, terms: list[str], spans: list[tuple[int, int]]) -> list[Match]:
        """The matches among the terms of a text."""
        matches = []
        free = 0
        for place in [place for place, term in enumerate(terms) if term in self._by_first]:
            if place < free:
                continue
            for syllables in self._by_first[terms[place]]:
                last = place + len(syllables)
                if tuple(terms[place:last]) == syllables:
                    matches.append(Match(spans[place][0], spans[last - 1][1], self._marks[syllables]))
                    free = last
                    break
        return matches

    def _at_once(self, text: str) -> list[Match] | None:
        """The matches in a text of usual characters, in lower case; None where they need a closer look.

        That is where a term stands right after a digit, which may be the end of a number like 1.5, and where a number
        that is looked for stands in the text as part of something longer as well.
        """
        if self._expression is None:
            return None
        matches = []
        numbers = dict.fromkeys(filter(_has_digit, self._by_first), 0)
        at = 0
        while found := self._expression.search(text, at):
            start, at = found.span()
            before = text[start - 1] if start else " "
            if before.isdecimal():
                return None
            written = found[0]
            if before.isalnum() or (before in ".," and written in numbers):
                at = start + 1
                continue
            if written in numbers:
                numbers[written] += 1
            matches.append(Match(start, at, self._mark(written)))
        if any(text.count(number) > count for number, count in numbers.items()):
            return None
        return matches

    def _mark(self, written: str) -> Mark:
        """The mark of a match, as it is written."""
        mark = self._mark_of.get(written)
        if mark is None:
            syllables = tuple(map(canonical, _WORD.split(written)[1::2]))
            mark = self._mark_of[written] = self._marks[syllables]
        return mark

    @cached_property
    def _expression(self) -> re.Pattern[str] | None:
        """Finds the terms however they are spelled, up to the end of a word; None where that does not pay."""
        if len(self._marks) > _MOST_AT_ONCE or any(any(map(_has_digit, one)) for one in self._marks if len(one) > 1):
            return None
        branches = []
        for first, several in self._by_first.items():
            written = [list(map(_written, others)) for _first, *others in several]
            rests = ["".join(_BETWEEN + _any(ways) for ways in one) for one in written if all(one)]
            after = r"(?![.,]\d)" if _has_digit(first) else _any(rests)
            # The letters that a branch begins with, when it is not in brackets, are looked for first and fast.
            branches += [re.escape(one) + after for one in _written(first) if rests]
        return re.compile(_any(branches) + r"(?![^\W_])") if branches else None

    def _terms(self, text: str) -> tuple[list[str], list[tuple[int, int]]]:
        """The terms that matter of a text of usual characters, in lower case, "" for the others; where each stands."""
        parts = _WORD.split(text)
        ends = list(accumulate(map(len, parts)))
        words = parts[1::2]
        for word in set(words).difference(self._term_of):
            term = canonical(word)
            self._term_of[word] = term if term in self._wanted else ""
        return list(map(self._term_of.__getitem__, words)), list(zip(ends[0::2], ends[1::2], strict=False))


@lru_cache(4096)
def _written(syllable: str) -> list[str]:
    """How a term stands in texts of usual characters, in lower case; no way for what is no term there."""
    return [one for one in spellings(syllable) if canonical(one) == syllable and _WORD.fullmatch(one)]


def _any(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _has_digit(term: str) -> bool:
    return any(map(str.isdecimal, term))


def _same_length(text: str) -> str | None:
    """Return the text cleaned up, or None where its letters do not stay where they are."""
    unusual = set(UNUSUAL.findall(text))
    if not unusual:
        return text
    if any(unicodedata.combining(letter) or len(clean(letter).lower()) != 1 for letter in unusual):
        return None
    cleaned = clean(text)
    return cleaned if len(cleaned) == len(text) else None
