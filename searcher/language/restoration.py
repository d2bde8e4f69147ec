"""Which marks syllables were typed without: the readings of a query weighed by how likely they follow each other.

'ma tuy qua duong buu dien' has thousands of readings; what parts them is which syllables stand side by side in
Vietnamese. With c(a, b) how often b follows a in the articles that the table was made of, c(b) how often b is there,
N the number of all syllables and d(a) = FOLLOWERS * the number of different syllables that follow a,

    P(b | a) = (c(a, b) + d(a) * c(b) / N) / (c(a) + d(a))

which is a bigram model smoothed as by Witten & Bell (1991). The forward-backward algorithm (Rabiner 1989) makes of it
how likely each reading of a syllable or word is in its place.

The table is `syllablepairs.bin`, made by `tools/train_restoration.py`; it holds syllables and numbers and no text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from searcher.analysis import Alternative, QueryTerm
from searcher.codec.container import Container, Written
from searcher.codec.terms import TermDictionary, term_bytes

FILE: Final = Path(__file__).with_name("syllablepairs.bin")
PROVENANCE: Final = FILE.with_suffix(".json")
FOLLOWERS: Final = 3.0
STEPS: Final = 8.0
"""Counts are kept as  round(STEPS * log2(count))."""
_UNSEEN: Final = 0.5
"""What a syllable counts that the table does not have."""
_MOST_READINGS: Final = 10
"""Readings of one syllable that are told apart."""
_SHARPNESS: Final = 0.5
"""A reading weighs this power of how likely it is against the likeliest: it may be the one that was meant."""
_LEAST: Final = 0.04
"""Readings that weigh less are left out, but for the one as typed."""

Floats = NDArray[np.float64]
Syllables = tuple[str, ...]


class Provenance(msgspec.Struct, frozen=True):
    """How the table came about.

    - `size` and `header_crc32` are what the file is known by; `made_by` is the script, `articles` how many it read.
    - `right` is the share of syllables of titles that were kept away which the likeliest reading has right.
    """

    size: int
    header_crc32: int
    made_by: str
    articles: int
    right: float


class SyllablePairs:
    """How often syllables follow each other. Raises IndexDamaged where the file is not what its description says."""

    def __init__(self, file: Path, provenance: Provenance) -> None:
        container = Container(file, Written(provenance.size, provenance.header_crc32))
        self._terms = TermDictionary(container, "syllable")
        self._counts = _decoded(container.part("counts").all())
        self._pairs = container.part("pairs").all()
        self._codes = container.part("pairs.counts").all()
        self._total = float(self._counts.sum())

    def syllables(self) -> list[str]:
        """Return the syllables of the table, in the order of their numbers."""
        return [one.decode("utf-8", "replace") for one in self._terms.range(0, len(self._terms))]

    def frequency(self, syllable: str) -> int:
        """Return how often a syllable was counted, 0 for one that the table does not have."""
        number = self._terms.find(term_bytes(syllable))
        return 0 if number < 0 else round(float(self._counts[number]))

    def numbers(self, syllables: Sequence[str]) -> NDArray[np.int64]:
        """Return the numbers of syllables, -1 for those that the table does not have."""
        return np.array([self._terms.find(term_bytes(one)) for one in syllables], dtype=np.int64)

    def alone(self, numbers: NDArray[np.int64]) -> Floats:
        """Return how likely each of these syllables is, whatever stands beside it."""
        counts: Floats = np.where(numbers < 0, _UNSEEN, self._counts[numbers])
        return counts / self._total

    def following(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> Floats:
        """Return float64[len(first), len(second)]: how likely each second syllable is after each first one."""
        size = len(self._terms)
        keys = (first.clip(0)[:, None] * size + second.clip(0)).astype(np.uint32)  # of other types all would be cast
        at = np.minimum(self._pairs.searchsorted(keys.ravel()), len(self._pairs) - 1).reshape(keys.shape)
        known = (self._pairs[at] == keys) & (first[:, None] >= 0) & (second >= 0)
        together = np.where(known, _decoded(self._codes[at]), 0.0)
        ends = self._pairs.searchsorted((np.stack((first, first + 1)).clip(0) * size).astype(np.uint32))
        followers = FOLLOWERS * np.where(first < 0, 0, ends[1] - ends[0])[:, None] + 1
        often = np.where(first < 0, _UNSEEN, self._counts[first])[:, None]
        found: Floats = (together + followers * self.alone(second)) / (often + followers)
        return found


def _decoded(codes: NDArray[Any]) -> Floats:
    return np.exp2(codes / STEPS)


def encoded(counts: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Return counts, 1 and more, as the file keeps them."""
    codes: NDArray[np.uint8] = np.round(STEPS * np.log2(counts)).astype(np.uint8)
    return codes


@cache
def syllable_pairs() -> SyllablePairs:
    """Return the table that comes with the package."""
    return SyllablePairs(FILE, msgspec.json.decode(PROVENANCE.read_bytes(), type=Provenance))


def with_marks(terms: Sequence[QueryTerm], pairs: SyllablePairs | None = None) -> list[QueryTerm]:
    """Return the terms of a query, their readings weighed by what stands beside them; the literal one stays the first.

    Readings that differ from what was typed in marks only, and what was typed, weigh 1 where they are the likeliest in
    their place, and the less the less likely they are. Synonyms and abbreviations weigh what they did. A word that is
    hardly any reading of its place is left out: 'con minh' is not 'Côn Minh'.
    """
    places = sorted(term.position for term in terms if term.length == 1)
    readings = {term.position: _readings(term) for term in terms if term.length == 1}
    if all(len(one) == 1 for one in readings.values()):
        return list(terms)
    chain = _Chain([readings[place] for place in places], pairs or syllable_pairs())
    rank = {place: number for number, place in enumerate(places)}
    found = (_weighed(term, chain, rank[term.position]) if term.unmarked else term for term in terms)
    return [term for term in found if term is not None]


def _readings(term: QueryTerm) -> list[str]:
    own = [one.syllables[0] for one in term.alternatives if _is_reading(one, 1)]
    return own[:_MOST_READINGS]


def _is_reading(one: Alternative, length: int) -> bool:
    return one.kind in ("literal", "folded") and len(one.syllables) == length


class _Chain:
    """The readings of syllables one after the other, and how likely each is in its place."""

    def __init__(self, readings: Sequence[Sequence[str]], pairs: SyllablePairs) -> None:
        self._readings: list[Mapping[str, int]] = [{one: at for at, one in enumerate(own)} for own in readings]
        numbers = [pairs.numbers(own) for own in readings]
        self._steps = [pairs.following(one, other) for one, other in pairwise(numbers)]
        self._before = [_shares(pairs.alone(numbers[0]))]
        for step in self._steps:
            self._before.append(_shares(self._before[-1] @ step))
        after = [np.ones(len(numbers[-1]))]
        for step in reversed(self._steps):
            after.append(_shares(step @ after[-1]))
        self._after = after[::-1]

    def likelihoods(self, place: int, runs: Sequence[Syllables]) -> Floats:
        """Return for each run of syllables from a place on how likely it is, against the likeliest run as long.

        A run of syllables that are no readings of theirs gets 0.
        """
        length = len(runs[0])
        best = self._before[place]
        for step in self._steps[place : place + length - 1]:
            best = (best[:, None] * step).max(axis=0)
        most = float((best * self._after[place + length - 1]).max())
        return np.array([self._likelihood(place, run) / most for run in runs])

    def _likelihood(self, place: int, run: Syllables) -> float:
        at = [self._readings[place + number].get(one, -1) for number, one in enumerate(run)]
        if min(at) < 0:
            return 0.0
        found = self._before[place][at[0]]
        for number, step in enumerate(self._steps[place : place + len(run) - 1]):
            found *= step[at[number], at[number + 1]]
        return float(found * self._after[place + len(run) - 1][at[-1]])


def _shares(values: Floats) -> Floats:
    shares: Floats = values / values.sum()
    return shares


def _weighed(term: QueryTerm, chain: _Chain, place: int) -> QueryTerm | None:
    readings = [one for one in term.alternatives if _is_reading(one, term.length)]
    likely = chain.likelihoods(place, [one.syllables for one in readings])
    if not likely.any():
        return term
    weights = np.maximum(likely**_SHARPNESS, _LEAST)
    found = [replace(one, weight=float(weight)) for one, weight in zip(readings, weights, strict=True)]
    literal, *folded = found
    others = [one for one in term.alternatives if not _is_reading(one, term.length)]
    kept = [one for one in folded if one.weight > _LEAST]
    if term.length > 1 and literal.weight <= _LEAST and not (kept or others):
        return None
    return replace(term, alternatives=(literal, *sorted([*kept, *others], key=lambda one: -one.weight)))
