"""Text to symbols: the words and marks that tagging compares, each spelled in one way.

A symbol is a word in its canonical spelling (`analysis.syllable`), lower case, but with a capital where the text has
one ("HÀ" and "Hà" are both "Hà"), or a punctuation mark that parts what is said: . , ; : ( ). Hyphens, slashes and
quotes are no symbols, nor is the point of an abbreviation such as "TP.".
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.legacy import decode_legacy
from searcher.analysis.normalization import clean
from searcher.analysis.pieces import APART, Rows, piece_table
from searcher.analysis.syllable import canonical

PARTING: Final = frozenset(".,;:()")
SENTENCE_ENDS: Final = frozenset(".;")
_UNIT: Final = re.compile(r"[^\W_]+|[.,;:()?!…]")
_POINTS: Final = {"?": ".", "!": ".", "…": "."}
_ABBREVIATED: Final = frozenset(["Tp", "Tx", "Tt", "Q", "H", "P", "X", "T", "Tt", "Kp"])
_MOST_KNOWN: Final = 200_000
_LONGEST_PIECE: Final = 64
_CODE: Final = "q"  # as struct and memoryview have it: 64 bits, what arrays are indexed by
CODE_BYTES: Final = 8


class SymbolTable:
    """The symbols of every distinct piece of text met so far, and a code for each, by which arrays can be looked up.

    - A symbol in lower case has a number, and twice this number as its code; with a capital it has one more.
    - Number 0 is no symbol.
    - It may be used by several threads. It only grows: `full` says when it is time for a new one.
    """

    def __init__(self) -> None:
        self._lock, self._reading = Lock(), Lock()
        self._rows: Rows | None = None
        self._numbers: dict[str, int] = {"": 0}
        self._names: list[str] = ["", ""]
        self._pieces = _Pieces(self._encoded)
        self._array: NDArray[Any] = np.empty(0, dtype=object)
        self._filled = 0
        self._flags: dict[Callable[[str], bool], NDArray[np.bool_]] = {}

    @property
    def full(self) -> bool:
        """Whether so much was met, as in a hostile collection, that memory is better given back."""
        return len(self._pieces) >= _MOST_KNOWN or len(self._numbers) >= _MOST_KNOWN

    def number(self, symbol: str) -> int:
        """Return the number of a symbol in lower case, a new one if it was not met before."""
        found = self._numbers.get(symbol)
        if found is None:
            with self._lock:
                found = self._numbers.get(symbol)
                if found is None:
                    found = len(self._names) // 2
                    self._names += (sys.intern(symbol), sys.intern(symbol[:1].upper() + symbol[1:]))
                    self._numbers[symbol] = found
        return found

    def encode(self, text: str) -> bytes:
        """Return the codes of a text's symbols, int64 each."""
        return b"".join(map(self._pieces.__getitem__, unicodedata.normalize("NFC", decode_legacy(text)).split()))

    def codes(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return the codes of the symbols of texts that analysis reads as well, with 0 before each and at the end."""
        table = piece_table()
        numbers = [APART]
        for text in texts:
            numbers += (table.numbers(decode_legacy(text)), APART)
        with self._reading:
            rows = self._rows
            if rows is None or rows.table is not table:
                rows = self._rows = Rows(table, self._codes_between)
            return rows.of(np.concatenate(numbers))

    def _codes_between(self, piece: str) -> list[int]:
        # A piece ends at spaces and line breaks alone; that of no piece is the space itself.
        if piece == " ":
            return [0]
        return [code for one in unicodedata.normalize("NFC", piece).split() for code in self._codes(one)]

    def symbols(self, encoded: bytes) -> list[str]:
        """Return the symbols of some codes, few at best; `names` is for many."""
        return list(map(self._names.__getitem__, memoryview(encoded).cast(_CODE)))

    def names(self, codes: NDArray[np.int64]) -> list[str]:
        """Return the symbols of these codes."""
        if self._filled < len(self._names):
            self._fill(len(self._names))
        found: list[str] = self._array.take(codes).tolist()
        return found

    def _fill(self, count: int) -> None:
        with self._lock:
            array, filled = self._array, self._filled
            if count > len(array):
                array = np.empty(2 * count, dtype=object)
                array[:filled] = self._array[:filled]
            if count > filled:
                array[filled:count] = self._names[filled:count]
                self._array, self._filled = array, count

    def flags(self, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return bool[n]: whether something holds of the symbol in lower case that has a number; not to be written to.

        It is asked once of each; `holds` itself is the key by which that is kept.
        """
        known = self._flags.get(holds)
        done, count = 0 if known is None else len(known), len(self._names) // 2
        if done < count or known is None:
            new = np.fromiter(map(holds, self._names[2 * done : 2 * count : 2]), dtype=np.bool_, count=count - done)
            known = self._flags[holds] = new if known is None else np.concatenate((known, new))
        return known

    def _encoded(self, piece: str) -> bytes:
        return b"".join(code.to_bytes(CODE_BYTES, sys.byteorder) for code in self._codes(piece))

    def _codes(self, piece: str) -> list[int]:
        found: list[int] = []
        last = ""
        for unit in _UNIT.findall(clean(piece)):
            if unit[0].isalnum():
                word = canonical(unit.lower())
                last = word[0].upper() + word[1:] if unit[0].isupper() else word
                # Of some letters no capital leads back to them; they stand in lower case.
                found.append(2 * self.number(word) + (last != word and last.lower() == word))
            elif unit != "." or last not in _ABBREVIATED:
                last = _POINTS.get(unit, unit)
                found.append(2 * self.number(last))
        return found


class _Pieces(dict[str, bytes]):
    """The codes of every piece of text met so far."""

    def __init__(self, encoded: Callable[[str], bytes]) -> None:
        super().__init__()
        self._encoded = encoded

    def __missing__(self, piece: str) -> bytes:
        found = self._encoded(piece)
        if len(piece) <= _LONGEST_PIECE:
            self[piece] = found
        return found


_tables: Final = [SymbolTable()]


def symbol_table() -> SymbolTable:
    """Return the table that texts are read by now."""
    if _tables[0].full:
        _tables[0] = SymbolTable()
    return _tables[0]


def symbols(text: str) -> list[str]:
    """Return the symbols of a text, in any encoding and normal form that `analysis` reads.

    >>> symbols("Công an TP. HÀ NỘI, HIV/AIDS")
    ['Công', 'an', 'Tp', 'Hà', 'Nội', ',', 'Hiv', 'Aids']
    """
    table = symbol_table()
    return table.symbols(table.encode(text))


def lower_case(symbols: Sequence[str]) -> list[str]:
    """Return the symbols in lower case."""
    return [symbol.lower() for symbol in symbols]


def symbol_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end in the text of the piece that each of `symbols(text)` stands in.

    The text is in NFC and in no legacy encoding; where one is not, spans are those of its converted form.
    """
    table = symbol_table()
    pieces = re.finditer(r"\S+", unicodedata.normalize("NFC", decode_legacy(text)))
    return [match.span() for match in pieces for _symbol in range(len(table.encode(match[0])) // CODE_BYTES)]
