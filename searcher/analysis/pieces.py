"""Text as numbers of its pieces, shared by all that reads texts piece by piece: a text is cut and looked up once.

What each reader makes of a piece (tokens, symbols) it keeps as a row of numbers, and gathers the rows of a text by
array look-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.tokenizer import pieces

_MOST_PIECES: Final = 200_000
_MOST_CHARS: Final = 4_000_000


APART: Final = np.zeros(1, dtype=np.int32)
"""The number of no piece, which parts texts that lie end to end."""


class PieceTable:
    """The distinct pieces of all texts seen so far, by number; `known` lists them. Number 0 is none of them.

    It may be used by several threads. It only grows: `full` says when it is time for a new one.
    """

    def __init__(self) -> None:
        self.known: list[str] = [" "]
        self._chars = 0
        self._lock = Lock()
        self._numbers = _Numbers(self._new)
        self._kept: dict[str, NDArray[np.int32]] | None = None

    @property
    def full(self) -> bool:
        """Whether so many pieces were seen that memory is better given back."""
        return len(self.known) > _MOST_PIECES or self._chars > _MOST_CHARS

    def numbers(self, text: str) -> NDArray[np.int32]:
        """Return the numbers of a text's pieces (`tokenizer.pieces`); not to be written to."""
        kept = self._kept
        if kept is not None and (known := kept.get(text)) is not None:
            return known
        found = pieces(text)
        numbers = np.fromiter(map(self._numbers.__getitem__, found), dtype=np.int32, count=len(found))
        if kept is not None:
            kept[text] = numbers
        return numbers

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep the numbers of all texts that are asked for within, as they will be asked for once more."""
        self._kept = {}
        try:
            yield
        finally:
            self._kept = None  # whoever else keeps some at the time cuts its texts once more

    def _new(self, piece: str) -> int:
        with self._lock:
            number = self._numbers.get(piece)
            if number is None:
                number = self._numbers[piece] = len(self.known)
                self.known.append(piece)
                self._chars += len(piece)
            return number


class _Numbers(dict[str, int]):
    def __init__(self, new: Callable[[str], int]) -> None:
        super().__init__()
        self._new = new

    def __missing__(self, piece: str) -> int:
        return self._new(piece)


class Rows:
    """For each piece of a table a row of numbers: what `row` makes of it when it is first asked for."""

    def __init__(self, table: PieceTable, row: Callable[[str], Sequence[int]]) -> None:
        self.table = table
        self._row = row
        self._size = 0
        self._starts = np.empty(0, dtype=np.int64)  # -1 for pieces that nobody asked for
        self._lengths = np.empty(0, dtype=np.int64)
        self._flat = np.empty(0, dtype=np.int64)

    def of(self, numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return int64[n]: the rows of some pieces, one after the other."""
        if len(self._starts) < (count := len(self.table.known)):
            self._starts, self._lengths = _longer(self._starts, 2 * count), _longer(self._lengths, 2 * count)
        starts = self._starts.take(numbers)
        if len(starts) and starts.min() < 0:
            self._add(dict.fromkeys(numbers[starts < 0].tolist()))
            starts = self._starts.take(numbers)
        lengths = self._lengths.take(numbers)
        starts -= lengths.cumsum()
        starts += lengths
        places = starts.repeat(lengths)
        places += np.arange(len(places))
        return self._flat.take(places)

    def _add(self, new: Iterable[int]) -> None:
        numbers = list(new)
        rows = [self._row(self.table.known[number]) for number in numbers]
        flat = [one for row in rows for one in row]
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        start, self._size = self._size, self._size + len(flat)
        if self._size > len(self._flat):
            self._flat = _longer(self._flat, 2 * self._size)
        self._flat[start : self._size] = flat
        self._lengths[numbers] = lengths
        self._starts[numbers] = lengths.cumsum() - lengths + start


def _longer(array: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    longer = np.full(size, -1, dtype=np.int64)
    longer[: len(array)] = array
    return longer


_tables: Final = [PieceTable()]


def piece_table() -> PieceTable:
    """Return the table that texts are read by now."""
    if _tables[0].full:
        _tables[0] = PieceTable()
    return _tables[0]
