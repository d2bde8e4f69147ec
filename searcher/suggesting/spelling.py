"""How far what was typed is from what may be meant: a distance over syllables, by onset, rhyme and tone.

What is often mistaken is near (spelling.toml): s and x, ch and tr, n and ng at the end, hỏi and ngã, a mark left out.
The cost of a syllable is the sum of the costs of its parts; that of a word the sum over its syllables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from unicodedata import combining, normalize

import msgspec

from searcher.analysis.syllable import ONSETS, fold, split

FAR: Final = 9.0
"""The cost of what is not taken for one another."""
_LETTERS: Final = "abcdeghiklmnopqrstuvxy"
_LONGEST: Final = 24


class Confusions(msgspec.Struct, frozen=True):
    """spelling.toml: the costs by kind, and for each part of a syllable the cost of one for another."""

    costs: dict[str, float]
    tones: dict[tuple[str, str], float]
    onsets: dict[tuple[str, str], float]
    codas: dict[tuple[str, str], float]
    rhymes: dict[tuple[str, str], float]


@cache
def confusions() -> Confusions:
    """Return what spelling.toml says."""
    import tomllib

    data = tomllib.loads(Path(__file__).with_name("spelling.toml").read_text("utf-8"))
    return Confusions(data["costs"], *(_pairs(data[name]) for name in ("tones", "onsets", "codas", "rhymes")))


def _pairs(entries: Sequence[dict[str, Any]]) -> dict[tuple[str, str], float]:
    costs: dict[tuple[str, str], float] = {}
    for entry in entries:
        for one in entry["alike"]:
            for other in entry["alike"]:
                if one != other:
                    costs[one, other] = min(entry["cost"], costs.get((one, other), FAR))
    return costs


def word_cost(typed: Sequence[str], meant: Sequence[str], *, unmarked: bool = False) -> float:
    """Return the cost of the syllables for one another, FAR where they are not as many.

    `unmarked`: the query was typed without marks throughout, so that marks left out cost nothing.

    >>> word_cost(("ma", "túi"), ("ma", "tuý")), word_cost(("xơn", "la"), ("sơn", "la"))
    (0.3, 0.4)
    """
    if len(typed) != len(meant):
        return FAR
    return sum(syllable_cost(one, other, unmarked=unmarked) for one, other in zip(typed, meant, strict=True))


@lru_cache(maxsize=16384)
def syllable_cost(typed: str, meant: str, *, unmarked: bool = False) -> float:
    """Return the cost of having typed one syllable, or foreign word, for another."""
    if typed == meant:
        return 0.0
    costs = confusions().costs
    missing = 0.0 if unmarked else costs["mark"]
    one, other = split(typed), split(meant)
    if one is None or other is None:
        edits = letter_edits(fold(typed), fold(meant))
        if edits > 2:
            return FAR
        ending = edits == 1 and (typed[:-1] == meant or meant[:-1] == typed) and one is other
        letters = costs["ending"] if ending else edits * costs["letter"]
        marks, wanted = _marks_of(typed), _marks_of(meant)
        return letters + (0.0 if marks == wanted else missing if not marks else costs["shape"])
    return (
        _onset_cost(one[0], other[0], missing)
        + _rhyme_cost(one[1:3], other[1:3], missing)
        + _tone_cost(one[3], other[3], missing)
    )


def _marks_of(word: str) -> list[str]:
    return sorted(mark for mark in normalize("NFD", word.replace("đ", "d\u0335")) if combining(mark))


def _onset_cost(typed: str, meant: str, missing: float) -> float:
    if typed == meant:
        return 0.0
    known = confusions()
    if {typed, meant} == {"d", "đ"}:
        return missing if typed == "d" else known.costs["shape"]
    listed = known.onsets.get((typed, meant))
    if listed is not None:
        return listed
    edits = letter_edits(fold(typed), fold(meant))
    return known.costs["letter"] if edits <= 1 else FAR


def _rhyme_cost(typed: Sequence[str], meant: Sequence[str], missing: float) -> float:
    if typed == meant:
        return 0.0
    known = confusions()
    (vowels, coda), (other_vowels, other_coda) = typed, meant
    one, other = fold(vowels + coda), fold(other_vowels + other_coda)
    shape = 0.0
    if one == other or fold(vowels) == fold(other_vowels):
        if vowels != other_vowels:
            shape = missing if vowels == fold(vowels) else known.costs["shape"]
        if coda == other_coda:
            return shape
        return shape + known.codas.get((coda, other_coda), known.costs["letter"])
    marks_added = missing if other_vowels != fold(other_vowels) and vowels == fold(vowels) else 0.0
    if (listed := known.rhymes.get((one, other))) is not None:
        return listed + marks_added
    if coda == other_coda and (listed := known.rhymes.get((fold(vowels), fold(other_vowels)))) is not None:
        return listed + marks_added
    return known.costs["letter"] + marks_added if letter_edits(one, other) <= 1 else FAR


def _tone_cost(typed: str, meant: str, missing: float) -> float:
    if typed == meant:
        return 0.0
    if not typed:
        return missing
    known = confusions()
    return known.tones.get((typed, meant), known.costs["tone"])


def letter_edits(one: str, other: str) -> int:
    """Return how many letters are to be changed, added, dropped or swapped with their neighbour (Damerau 1964).

    >>> letter_edits("heroine", "heroin"), letter_edits("phogn", "phong"), letter_edits("an", "na")
    (1, 1, 1)
    """
    if abs(len(one) - len(other)) > 2 or max(len(one), len(other)) > _LONGEST:
        return int(FAR)
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            best = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                best = min(best, before[column - 2] + 1)
            now.append(best)
        before, last = last, now
    return last[-1]


def likely_folds(typed: str) -> list[str]:
    """Return what may have been meant by a syllable, without marks: itself first, then what is often mistaken for it.

    >>> likely_folds("xơn")
    ['xon', 'son', 'xong', 'xonh']
    """
    folded = fold(typed)
    found = {folded: None}
    parts = split(typed) or split(folded)
    if parts is None:
        return list(found)
    known = confusions()
    onset, vowels, coda, _tone = parts
    rhyme = fold(vowels + coda)
    found |= {fold(other) + rhyme: None for one, other in known.onsets if one == onset}
    rhymes = [other for one, other in known.rhymes if one == rhyme]
    rhymes += [other + coda for one, other in known.rhymes if one == fold(vowels) and coda]
    rhymes += [fold(vowels) + other for one, other in known.codas if one == coda]
    found |= {fold(onset) + other: None for other in rhymes}
    return list(found)


def near_folds(typed: str) -> list[str]:
    """Return the Vietnamese syllables without marks that are one letter away: changed, added, dropped or swapped.

    >>> near_folds("phogn")[:2]
    ['phong', 'phon']
    """
    folded = fold(typed)
    found = dict.fromkeys(one for one in _letter_edited(folded) if one != folded and _is_folded_syllable(one))
    return sorted(found, key=lambda one: sorted(one) != sorted(folded))


def _letter_edited(folded: str) -> Iterator[str]:
    for at in range(len(folded) + 1):
        head, tail = folded[:at], folded[at:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        if tail:
            yield head + tail[1:]
        for letter in _LETTERS:
            if tail and letter != tail[0]:
                yield head + letter + tail[1:]
            yield head + letter + tail


@lru_cache(maxsize=16384)
def _is_folded_syllable(folded: str) -> bool:
    """Whether some Vietnamese syllable folds to this."""
    onset = next((one for one in sorted(map(fold, ONSETS), key=len, reverse=True) if folded.startswith(one)), "")
    return folded[len(onset) :] in _folded_rhymes() or folded in _folded_rhymes()


@cache
def _folded_rhymes() -> frozenset[str]:
    from searcher.analysis.syllable import RHYMES

    return frozenset(map(fold, RHYMES))
