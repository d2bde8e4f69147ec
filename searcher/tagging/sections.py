"""An article as tagging reads it: title, lead and body as symbols, with what is found in each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.tagging.symbols import SymbolTable, symbol_table
from searcher.tagging.trie import Match, Trie, Value, pair_slots

SECTIONS: Final = ("title", "lead", "body")
ISSUER: Final = "issuer"
"""The name of the section that an issuer of a notice makes, above the title."""
MOST_SYMBOLS: Final = 20_000
"""What stands further down in a section is not read for tags: a hundred pages say what a text is about."""


class Numbered:
    """The symbols of several sections as numbers, by which places in all of them are found at once.

    `codes` are theirs, with a code of no symbol before each and behind the last.
    """

    def __init__(self, table: SymbolTable, codes: NDArray[np.int64]) -> None:
        self.codes = codes
        self._table = table
        self._numbers = self.codes >> 1
        self._slots = pair_slots(self._numbers)
        self._places: dict[Any, list[int]] = {}

    def begin(self, trie: Trie[Any]) -> list[int]:
        """Return the places, among all codes, where an entry of a trie may begin, whatever capitals it has."""
        places = self._places.get(trie)
        if places is None:
            beginnings = trie.beginnings(self._table)
            found = beginnings.pairs.take(self._slots, mode="clip")
            found |= beginnings.alone.take(self._numbers[:-1], mode="clip")
            places = self._places[trie] = found.nonzero()[0].tolist()
        return places

    def hold(self, holds: Callable[[str], bool]) -> list[int]:
        """Return the places, among all codes, of the symbols of which this holds in lower case."""
        places = self._places.get(holds)
        if places is None:
            found = self._table.flags(holds).take(self._numbers)
            places = self._places[holds] = found.nonzero()[0].tolist()
        return places


class Section(NamedTuple):
    """A part of an article: its name, its symbols, and the same in lower case.

    `numbered` has them from its code `first` on; None where it was not read with others.
    """

    name: str
    symbols: list[str]
    low: list[str]
    numbered: Numbered | None = None
    first: int = 0

    def find(self, trie: Trie[Value], *, capitals: bool = False) -> list[Match[Value]]:
        """Return what `trie.find` does of the symbols in lower case, or with their capitals."""
        symbols = self.symbols if capitals else self.low
        if self.numbered is None:
            return trie.find(symbols)
        return trie.find_at(symbols, self._within(self.numbered.begin(trie), 0, len(symbols)))

    def find_within(self, trie: Trie[Value], start: int, stop: int) -> list[Match[Value]]:
        """Return what `trie.find(low[start:stop])` does; places are counted from `start`."""
        low = self.low[start:stop]
        if self.numbered is None:
            return trie.find(low)
        return trie.find_at(low, self._within(self.numbered.begin(trie), start, start + len(low)))

    def places(self, holds: Callable[[str], bool], start: int, stop: int) -> list[int]:
        """Return the places of `low[start:stop]`, counted from `start`, of whose symbols this holds.

        `holds` is kept with what it says of every symbol, so it is a function of a module, and no other each time.
        """
        if self.numbered is None:
            return [place for place, symbol in enumerate(self.low[start:stop]) if holds(symbol)]
        return self._within(self.numbered.hold(holds), start, min(stop, len(self.low)))

    def _within(self, places: list[int], start: int, stop: int) -> list[int]:
        begin = self.first + start
        chosen = places[bisect_left(places, begin) : bisect_left(places, self.first + stop)]
        return [place - begin for place in chosen] if begin else chosen


def sections(article: Article) -> tuple[Section, ...]:
    """Return title, lead and body, in that order; not to be written to.

    Those of the last article are kept: its tags and its facts are asked for one after the other.
    """
    return _read(*(getattr(article, name) for name in SECTIONS))


@lru_cache(maxsize=1)
def _read(*texts: str) -> tuple[Section, ...]:
    table = symbol_table()
    codes = table.codes(texts)
    if len(codes) > MOST_SYMBOLS:
        codes = _cut(codes)
    numbered = Numbered(table, codes)
    symbols, low = table.names(codes), table.names(codes & -2)
    apart = (codes == 0).nonzero()[0].tolist()
    return tuple(
        Section(name, symbols[before + 1 : after], low[before + 1 : after], numbered, before + 1)
        for name, (before, after) in zip(SECTIONS, pairwise(apart), strict=True)
    )


def _cut(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the codes of sections, with 0 before each and at the end, with at most `MOST_SYMBOLS` of each."""
    kept = [
        codes[before : min(after, before + 1 + MOST_SYMBOLS)] for before, after in pairwise((codes == 0).nonzero()[0])
    ]
    return np.concatenate([*kept, codes[-1:]])
