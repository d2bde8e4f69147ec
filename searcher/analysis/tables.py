"""The segmentation model as arrays: what the CRF says of each syllable, and words.txt as one look-up table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import count
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.analysis.errors import SegmentationModelError
from searcher.analysis.folding import folded_order
from searcher.analysis.pyvimodel import PyviModel
from searcher.analysis.syllable import JOINER

HERE, BEFORE, AFTER = 0, 1, 2
"""Rows of the weight arrays: the syllable itself, the one before it, the one after it."""
UPPER, TITLE, DIGIT = 0, 1, 2
"""Columns of `Tables.shape`."""

_PREFIXES: Final = ("word.", "-1:word.", "+1:word.")


class Tables(msgspec.Struct, frozen=True, eq=False):
    """All that segmentation needs, ready to be mapped from a file.

    - `syllables`: the S lower-case syllables that the model knows, one a line; line i has id i + 1, 0 is any other.
    - `weights: float64[S + 1, 3, 2]`: by syllable id, by HERE, BEFORE, AFTER, by label (begin, inside).
    - `shape: float64[3, 3, 2]`: the weights of isupper, istitle and isdigit, laid out like `weights`.
    - `constants: float64[5, 2]`: bias; bigram with the one before, with the one after; trigram likewise.
    - `transitions: float64[2, 2]`: from label, to label.
    - `base: int32[S + 1]` and `cells: int32[n]`: syllables a, b begin an entry of words.txt if and only if
      `cells[base[a] + b] >> 16 == a`; bit 0 then says "a b is an entry", bits 1 to 15 are its number as the first
      two syllables of a three-syllable entry (0: of none). This is row displacement (Tarjan and Yao 1979).
    - `trigrams: int32[n]`: number * (S + 1) + third syllable, ascending.
    - `words: uint8[n]`: the entries of words.txt of two to four syllables, in lower case, joined by an underscore, in
      order and without gaps; word i begins at `word_starts[i]`, of `word_starts: int32[n_words + 1]`.
    - `word_folds: uint32[n_marked]`: `folded_order` of the words.
    """

    syllables: NDArray[np.uint8]
    weights: NDArray[np.float64]
    shape: NDArray[np.float64]
    constants: NDArray[np.float64]
    transitions: NDArray[np.float64]
    base: NDArray[np.int32]
    cells: NDArray[np.int32]
    trigrams: NDArray[np.int32]
    words: NDArray[np.uint8]
    word_starts: NDArray[np.int32]
    word_folds: NDArray[np.uint32]

    def holds(self) -> bool:
        """Return whether shapes and numbers are such as `build` makes, so that none leads out of an array."""
        size, n_words = len(self.base), len(self.word_starts) - 1
        if (self.weights.shape, self.shape.shape) != ((size, 3, 2), (3, 3, 2)) or not size or n_words < 0:
            return False
        if (self.constants.shape, self.transitions.shape) != ((5, 2), (2, 2)):
            return False
        numbers = (self.base, self.cells, self.trigrams, self.words, self.word_starts, self.word_folds, self.syllables)
        if any(array.ndim != 1 for array in numbers):
            return False
        try:
            self.syllables.tobytes().decode("utf-8")
        except UnicodeDecodeError:
            return False
        starts = self.word_starts
        return (
            int(np.count_nonzero(self.syllables == 0)) + 1 < size
            and all(bool(np.isfinite(array).all()) for array in (self.weights, self.shape, self.constants))
            and bool(np.isfinite(self.transitions).all())
            and int(self.base.min()) >= 0
            and int(self.base.max()) + size <= len(self.cells)
            and size <= 0xFFFF
            and int(starts[0]) == 0
            and int(starts[-1]) == len(self.words)
            and bool((np.diff(starts) > 0).all())
            and int(self.word_folds.max(initial=0)) < max(n_words, 1)
        )

    def syllable_ids(self) -> dict[str, int]:
        """Return the dictionary from lower-case syllable to id (1 to S)."""
        return dict(zip(_unlisted(self.syllables), count(1)))


def _listed(names: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\x00".join(names).encode("utf-8"), dtype=np.uint8)


def _unlisted(listed: NDArray[np.uint8]) -> list[str]:
    return listed.tobytes().decode("utf-8").split("\x00")


DTYPES: Final = {
    "syllables": "uint8",
    "weights": "float64",
    "shape": "float64",
    "constants": "float64",
    "transitions": "float64",
    "base": "int32",
    "cells": "int32",
    "trigrams": "int32",
    "words": "uint8",
    "word_starts": "int32",
    "word_folds": "uint32",
}


def build(model: PyviModel, canonical: Callable[[str], str] | None = None) -> Tables:
    """Return the model as arrays.

    With `canonical`, syllables are known by that spelling only, and words.txt is read through it; where spellings
    fall together, the weights of the one that is in more entries of words.txt are kept.
    Raises SegmentationModelError if the word list is larger than the table's bit fields.
    """
    entries = [tuple(word.split(" ")) for word in model.words]
    frequency: dict[str, int] = defaultdict(int)
    for entry in entries:
        for syllable in entry:
            frequency[syllable.lower()] += 1
    spell = canonical or str
    by_place = [_attributes(model, f"{prefix}lower():") for prefix in _PREFIXES]
    # The rarer first, so that the more frequent spelling has the last word.
    attested = sorted(set().union(*by_place), key=lambda name: (frequency[name], name))
    spelled = {name: spell(name) for name in attested}
    # An entry with capitals never matches: pyvi looks the text up in lower case.
    known = {
        entry for entry in entries if len(entry) in (2, 3) and all(part and part == part.lower() for part in entry)
    }
    known = {tuple(map(spell, entry)) for entry in known}
    words = sorted({JOINER.join(spell(part.lower()) for part in entry) for entry in entries if 2 <= len(entry) <= 4})
    in_bytes = [word.encode("utf-8") for word in words]
    names = sorted(set(spelled.values()).union(*known))
    ids = {name: number for number, name in enumerate(names, 1)}
    weights = np.zeros((len(names) + 1, 3, 2))
    for place, attributes in enumerate(by_place):
        for name in attested:
            if name in attributes:
                weights[ids[spelled[name]], place] = attributes[name]
    try:
        base, cells, trigrams = _pack({tuple(ids[part] for part in entry) for entry in known}, len(names) + 1)
    except (ValueError, IndexError) as error:
        raise SegmentationModelError("pyvi's word list does not fit the segmentation tables.") from error
    return Tables(
        syllables=_listed(names),
        weights=weights,
        shape=np.array(
            [
                [model.weights.get(f"{prefix}{test}()", (0.0, 0.0)) for prefix in _PREFIXES]
                for test in ("isupper", "istitle", "isdigit")
            ]
        ),
        constants=np.array(
            [
                model.weights.get(name, (0.0, 0.0))
                for name in (
                    "bias",
                    "-1:word.bi_gram()",
                    "+1:word.bi_gram()",
                    "-2:word.tri_gram()",
                    "+2:word.tri_gram()",
                )
            ]
        ),
        transitions=np.array(model.transitions),
        base=base,
        cells=cells,
        trigrams=trigrams,
        words=np.frombuffer(b"".join(in_bytes), dtype=np.uint8),
        word_starts=np.cumsum([0, *map(len, in_bytes)], dtype=np.int32),
        word_folds=folded_order(words),
    )


def _attributes(model: PyviModel, prefix: str) -> dict[str, tuple[float, float]]:
    return {name[len(prefix) :]: pair for name, pair in model.weights.items() if name.startswith(prefix)}


def _pack(entries: set[tuple[int, ...]], size: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Lay the pairs (first, second) out so that each has a cell of its own; first fit, fullest row first."""
    prefixes = {pair: n for n, pair in enumerate(sorted({entry[:2] for entry in entries if len(entry) == 3}), 1)}
    if size > 32767 or len(prefixes) > 32767:
        raise ValueError("more numbers than the bit fields hold")
    rows: dict[int, list[int]] = defaultdict(list)
    for first, second in sorted({entry[:2] for entry in entries}):
        rows[first].append(second)
    base = np.zeros(size, dtype=np.int32)
    cells = np.full(8 * size + 2 * sum(map(len, rows.values())), -1, dtype=np.int32)
    taken = bytearray(len(cells))
    # Where a row did not fit, one as full hardly will: each size goes on where its last one was laid.
    reached: dict[int, int] = defaultdict(int)
    for first, seconds in sorted(rows.items(), key=lambda row: (-len(row[1]), row[0])):
        at = taken.index(0, max(seconds[0], reached[len(seconds)]))
        while any(taken[at - seconds[0] + second] for second in seconds):
            at = taken.index(0, at + 1)
        base[first] = at - seconds[0]
        if len(seconds) > 1:
            reached[len(seconds)] = at
        for second in seconds:
            cell = at - seconds[0] + second
            taken[cell] = 1
            flag = (first, second) in entries
            cells[cell] = first << 16 | prefixes.get((first, second), 0) << 1 | flag
    used = max(taken.rfind(1), int(base.max())) + size + 1
    trigrams = sorted(prefixes[entry[0], entry[1]] * size + entry[2] for entry in entries if len(entry) == 3)
    return base, cells[:used].copy(), np.array(trigrams, dtype=np.int32)
