"""A trie over symbols: every entry of a gazetteer is looked for in one pass over a text, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, Final, Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

_END: Final = ""  # no symbol is empty
_PAD: Final = "\0"  # nor is one this


class Match(NamedTuple, Generic[Value]):
    """An entry found at `symbols[start:end]`."""

    start: int
    end: int
    value: Value


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
        for symbols, value in entries:
            self.add(symbols, value)

    def add(self, symbols: Sequence[str], value: Value) -> None:
        """Add an entry of at least one symbol."""
        node = self._root
        for symbol in symbols:
            node = node.setdefault(symbol, {})
        node[_END] = value

    def find(self, symbols: Sequence[str]) -> list[Match[Value]]:
        """Return the leftmost longest matches, in reading order and without overlap."""
        root: Any = self._root
        found: list[Match[Value]] = []
        padded = [*symbols, _PAD]
        # Nine of ten that begin like an entry end at the next symbol; these are sifted out first, as that is quickest.
        begin = compress(range(len(symbols)), map(root.__contains__, symbols))
        free = 0
        for start in [one for one in begin if padded[one + 1] in (node := root[padded[one]]) or _END in node]:
            if start < free:
                continue
            node, at = root[padded[start]], start + 1
            end, value = (at, node[_END]) if _END in node else (0, root)
            while (child := node.get(padded[at])) is not None:
                node = child
                at += 1
                if _END in node:
                    end, value = at, node[_END]
            if end:
                found.append(Match(start, end, value))
                free = end
        return found
