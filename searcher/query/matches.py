"""Where in a text the terms of a query stand, whichever way they are spelled there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import accumulate
from typing import Final, NamedTuple

from searcher.analysis import canonical
from searcher.analysis.legacy import decode_legacy
from searcher.analysis.normalization import UNUSUAL, clean
from searcher.analysis.offsets import term_spans
from searcher.analysis.terms import syllable_terms

Syllables = tuple[str, ...]

_WORD: Final = re.compile(r"(\d+(?:[.,]\d+)+|[^\W_]+)")


class Mark(NamedTuple):
    """What a match is worth: the number of the unit of the query that it answers, and its weight for it, up to 1."""

    unit: int
    weight: float


class Match(NamedTuple):
    """A match at `text[start:end]`."""

    start: int
    end: int
    mark: Mark


class Finder:
    """Finds the terms of one query in many texts.

    `marks` are what to find: terms of syllables, one after the other.
    """

    def __init__(self, marks: Mapping[Syllables, Mark]) -> None:
        self._marks = marks
        self._by_first: dict[str, list[Syllables]] = {}
        for syllables in sorted(marks, key=len, reverse=True):
            self._by_first.setdefault(syllables[0], []).append(syllables)
        self._wanted = frozenset(syllable for syllables in marks for syllable in syllables)
        self._term_of: dict[str, str] = {}

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
        terms, ends = self._terms(text)
        matches = []
        free = 0
        for place in [place for place, term in enumerate(terms) if term in self._by_first]:
            if place < free:
                continue
            for syllables in self._by_first[terms[place]]:
                last = place + len(syllables)
                if tuple(terms[place:last]) == syllables:
                    matches.append(Match(ends[place][0], ends[last - 1][1], self._marks[syllables]))
                    free = last
                    break
        return matches

    def _terms(self, text: str) -> tuple[list[str], list[tuple[int, int]]]:
        """The text's terms that matter, "" for the others, and where each stands."""
        plain = _same_length(text)
        if plain is None or "@" in plain or "://" in plain or decode_legacy(text) != text:
            return list(syllable_terms(text)), list(term_spans(text))
        parts = _WORD.split(plain.lower())
        ends = list(accumulate(map(len, parts)))
        words = parts[1::2]
        for word in set(words).difference(self._term_of):
            term = canonical(word)
            self._term_of[word] = term if term in self._wanted else ""
        return list(map(self._term_of.__getitem__, words)), list(zip(ends[0::2], ends[1::2], strict=False))


def _same_length(text: str) -> str | None:
    """Return the text cleaned up, or None where its letters do not stay where they are."""
    unusual = set(UNUSUAL.findall(text))
    if not unusual:
        return text
    if any(unicodedata.combining(letter) or len(clean(letter).lower()) != 1 for letter in unusual):
        return None
    cleaned = clean(text)
    return cleaned if len(cleaned) == len(text) else None
