"""A trie over symbols: every entry of a gazetteer is looked for in one pass over a text, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from searcher.tagging.symbols import SymbolTable

Value = TypeVar("Value")

_END: Final = ""  # no symbol is empty
_PAD: Final = "\0"  # nor is one this
_PAIRS: Final = 1 << 16  # as many as stay in the processor's cache
_FACTOR: Final = 7919


class Match(NamedTuple, Generic[Value]):
    """An entry found at `symbols[start:end]`."""

    start: int
    end: int
    value: Value


class Beginnings(NamedTuple):
    """By what entries begin, all in lower case, as the numbers of `table`.

    - `alone: bool[n]`: by number, whether the symbol is an entry; the last one stands for all numbers from there on.
    - `pairs: bool[_PAIRS]`: by `pair_slots`, whether an entry may begin with these two symbols.
    """

    table: SymbolTable
    alone: NDArray[np.bool_]
    pairs: NDArray[np.bool_]


def pair_slots(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64[n - 1]: of each symbol and the next where `Beginnings.pairs` has them; others may lie there too."""
    slots: NDArray[np.int64] = numbers[:-1] * _FACTOR
    slots += numbers[1:]
    slots &= _PAIRS - 1
    return slots


class Trie(Generic[Value]):
    """Sequences of symbols with a value each; adding a sequence again replaces its value.

    >>> trie = Trie([(("Hà", "Nội"), 1), (("Hà", "Nam"), 2)])
    >>> list(trie.find(["ở", "Hà", "Nội"]))
    [Match(start=1, end=3, value=1)]
    """

    def __init__(self, entries: Iterable[tuple[Sequence[str], Value]] = ()) -> None:
        # Nested dictionaries: one look-up a symbol, in C. An Aho-Corasick automaton would save nothing here, as two
        # thirds of all attempts end at the first symbol and hardly any goes beyond the third.
        self._root: dict[str, Any] = {}
        self._beginnings: Beginnings | None = None
        for symbols, value in entries:
            self.add(symbols, value)

    def add(self, symbols: Sequence[str], value: Value) -> None:
        """Add an entry of at least one symbol."""
        node = self._root
        for symbol in symbols:
            node = node.setdefault(symbol, {})
        node[_END] = value
        self._beginnings = None

    def find(self, symbols: Sequence[str]) -> list[Match[Value]]:
        """Return the leftmost longest matches, in reading order and without overlap."""
        return self.find_at(symbols, range(len(symbols)))

    def find_at(self, symbols: Sequence[str], starts: Sequence[int]) -> list[Match[Value]]:
        """Return those of the matches that begin at one of these places, which ascend.

        They are all that `find` gives where no place is left out at which an entry begins.
        """
        found: list[Match[Value]] = []
        if not starts:
            return found
        root = self._root
        padded = [*symbols, _PAD]
        free = 0
        for start in starts:
            if start < free:
                continue
            node, at, end, value = root.get(padded[start]), start, 0, None
            while node is not None:
                at += 1
                if _END in node:
                    end, value = at, node[_END]
                node = node.get(padded[at])
            if end:
                found.append(tuple.__new__(Match, (start, end, value)))  # a NamedTuple's own way takes twice as long
                free = end
        return found

    def beginnings(self, table: SymbolTable) -> Beginnings:
        """Return by what the entries begin, as the numbers of a table."""
        known = self._beginnings
        if known is None or known.table is not table:
            known = self._beginnings = self._made(table)
        return known

    def _made(self, table: SymbolTable) -> Beginnings:
        first: list[int] = []
        second: list[int] = []
        alone: list[int] = []
        for symbol, node in self._root.items():
            number = table.number(symbol.lower())
            for after in node:
                if after == _END:
                    alone.append(number)
                else:
                    first.append(number)
                    second.append(table.number(after.lower()))
        entries = np.zeros(max(alone, default=0) + 2, dtype=np.bool_)
        entries[alone] = True
        pairs = np.zeros(_PAIRS, dtype=np.bool_)
        both = np.array([first, second], dtype=np.int64).T
        pairs[pair_slots(both.ravel())[::2]] = True
        return Beginnings(table, entries, pairs)
