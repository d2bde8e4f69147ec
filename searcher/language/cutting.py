"""The words that a query is made of: its syllables cut where they hold together least."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from searcher.analysis import Alternative, QueryTerm
from searcher.analysis.knownwords import known_words
from searcher.analysis.syllable import split

_LONGEST: Final = 4
_UNSEEN: Final = 0.5
"""What a known word counts that the index does not have."""
_DEFAULT_TOTAL: Final = 10_000_000


def cut(terms: Sequence[QueryTerm], frequency: Callable[[str], int], total: int = 0) -> list[QueryTerm]:
    """Return the words that cover the syllables of `terms` one after the other.

    - `terms` are those of `query_terms`; `frequency` gives in how many articles a term is, and `total` how many
      syllables the index holds.
    - Of all ways to cut the syllables into known words the one is taken whose words hold together most: the highest
      sum of  ln(f(w) * total^(n-1) / (f(s1) * ... * f(sn)))  over its words w of n syllables s, which is n-gram
      pointwise mutual information (Church & Hanks 1990).
    - A word comes with the synonyms and abbreviations of the longer expressions that it is part of.

    With the words việt_trung (rare) and trung_quốc (frequent), 'cô dâu Việt Trung Quốc' is cô_dâu, việt, trung_quốc.
    """
    by_place = {(term.position, term.length): term for term in terms}
    bonds = {
        place: bond
        for place, term in by_place.items()
        if 1 < term.length <= _LONGEST and (bond := _bond(term, by_place, frequency, total or _DEFAULT_TOTAL)) > 0
    }
    words: list[QueryTerm] = []
    for first, last in _runs([term.position for term in terms if term.length == 1]):
        words += [_with_longer(by_place[place], terms) for place in _best_cut(first, last, bonds)]
    return words


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches of positions without a gap, as first and one past the last."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs


def _best_cut(first: int, last: int, bonds: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    best = [0.0]
    lengths = [0]
    for end in range(first + 1, last + 1):
        scores = {1: best[-1]}
        for length in range(2, min(_LONGEST, end - first) + 1):
            if (bond := bonds.get((end - length, length))) is not None:
                scores[length] = best[end - length - first] + bond
        length = max(scores, key=lambda one: scores[one])
        best.append(scores[length])
        lengths.append(length)
    found = []
    end = last
    while end > first:
        length = lengths[end - first]
        found.append((end - length, length))
        end -= length
    return found[::-1]


def _bond(
    term: QueryTerm, by_place: dict[tuple[int, int], QueryTerm], frequency: Callable[[str], int], total: int
) -> float:
    """Return how much the syllables hold together, 0 where they are no word."""
    bond = 0.0
    is_expression = any(one.kind == "synonym" for one in term.alternatives)
    shortened = any(_is_abbreviation(by_place.get((at, 1))) for at in range(term.position, term.position + term.length))
    for one in term.alternatives:
        if one.kind in ("synonym", "abbreviation") or len(one.syllables) != term.length:
            continue
        count = frequency(one.term)
        if shortened and (one.kind == "folded" or not count):
            continue  # 'CA tinh' is no 'cá tính'
        if not count and term.length > 2 and one.term not in known_words():
            continue  # an expression that has synonyms, not a word
        if not is_expression and any(split(syllable) is None for syllable in one.syllables):
            continue  # what is foreign is a word by itself: 'zalo facebook', 'xe container'
        parts = sum(math.log(max(frequency(syllable), 1) / total) for syllable in one.syllables)
        bond = max(bond, one.weight * (math.log((count or _UNSEEN) / total) - parts), _UNSEEN * (not count))
    return bond


def _is_abbreviation(term: QueryTerm | None) -> bool:
    return term is not None and any(one.kind == "abbreviation" for one in term.alternatives)


def _with_longer(word: QueryTerm, terms: Sequence[QueryTerm]) -> QueryTerm:
    end = word.position + word.length
    known = {one.syllables for one in word.alternatives}
    others: dict[tuple[str, ...], Alternative] = {}
    for longer in terms:
        if longer.length > word.length and longer.position <= word.position and end <= longer.position + longer.length:
            for one in longer.alternatives:
                if one.kind not in ("synonym", "abbreviation") or one.syllables in known:
                    continue
                if one.syllables not in others or others[one.syllables].weight < one.weight:
                    others[one.syllables] = one
    return replace(word, alternatives=(*word.alternatives, *sorted(others.values(), key=lambda one: -one.weight)))
