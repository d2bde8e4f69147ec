"""Numbers in as few bits as quick access allows: a narrow array, and beside it the few that don't fit.

Widths are 4, 8, 10, 12, 16 or 32 bits, whichever takes the fewest bytes. Of 4 bits, two items share a byte. Of 10 and
12 bits, the low 8 are one array and the others, four or two items to a byte, are a second one. The first item is in
the lowest bits of its byte. Items too large for the width are zero there, and stand in two arrays of their own: `at`,
where, and `large`, what.

Parts of an array NAME, by width: 4: `NAME.nibbles`; 8, 16, 32: `NAME`; 10: `NAME` and `NAME.bits2`; 12: `NAME` and
`NAME.bits4`; with any of them `NAME.at: uint32` and `NAME.large: uint16 or uint32`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import U8, U16, U32, Container, Part

_WIDTHS: Final = (4, 8, 10, 12, 16, 32)


def pack(name: str, values: NDArray[np.integer[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays that hold `values` (0 to 2**32 - 1), by their names in a container."""
    most = int(values.max(initial=0))
    large_type = np.dtype(np.uint16 if most < 1 << 16 else np.uint32)
    per_large = 4 + large_type.itemsize
    width, _bytes = min(
        ((bits, len(values) * bits // 8 + per_large * _over(values, bits)) for bits in _WIDTHS),
        key=lambda choice: choice[1],
    )
    arrays: dict[str, NDArray[Any]] = {}
    if most >> width:
        at = np.flatnonzero(values >> width).astype(np.uint32)
        arrays |= {f"{name}.at": at, f"{name}.large": values[at].astype(large_type)}
        values = values.copy()
        values[at] = 0
    match width:
        case 4:
            arrays[f"{name}.nibbles"] = _crowd(values.astype(np.uint8), 4)
        case 10 | 12:
            bits = width - 8
            arrays[f"{name}.bits{bits}"] = _crowd((values >> 8).astype(np.uint8), bits)
            arrays[name] = (values & 0xFF).astype(np.uint8)
        case _:
            arrays[name] = values.astype(f"<u{width // 8}")
    return arrays


def _over(values: NDArray[np.integer[Any]], bits: int) -> int:
    """Return how many of the values don't fit into so many bits."""
    most = (1 << bits) - 1
    return 0 if most > np.iinfo(values.dtype).max else int(np.count_nonzero(values > most))


def _crowd(items: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """Return items of so many bits, 8 // bits of them to a byte."""
    per_byte = 8 // bits
    padded = np.zeros(-(-len(items) // per_byte) * per_byte, dtype=np.uint8)
    padded[: len(items)] = items
    crowded = padded[::per_byte].copy()
    for place in range(1, per_byte):
        crowded |= padded[place::per_byte] << (place * bits)
    return crowded


class _Crowd:
    """Items of 2 or 4 bits, four or two to a byte; read through a table of what each byte holds."""

    def __init__(self, part: Part, bits: int) -> None:
        self._part, self._bits, self._per_byte = part, bits, 8 // bits
        self._table = _SPREAD[bits]

    def slice(self, start: int, stop: int) -> NDArray[np.uint8]:
        first = start // self._per_byte
        crowded = self._part.slice(first, -(-stop // self._per_byte))
        spread = self._table.take(crowded).view(np.uint8)
        return spread[start - first * self._per_byte : stop - first * self._per_byte]

    def take(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        shifts = ((indices % self._per_byte) * self._bits).astype(np.uint8)
        crowded: NDArray[np.uint8] = self._part.take(indices // self._per_byte)
        return (crowded >> shifts) & np.uint8((1 << self._bits) - 1)


def _spread(bits: int) -> NDArray[Any]:
    """Return an item for each byte, whose bytes in memory are the items of `bits` bits in it."""
    every = np.arange(256, dtype=np.uint8)
    rows = np.stack([(every >> shift) & ((1 << bits) - 1) for shift in range(0, 8, bits)], axis=1)
    return np.ascontiguousarray(rows).view(f"u{8 // bits}").ravel()


_SPREAD: Final = {bits: _spread(bits) for bits in (2, 4)}


class Packed:
    """A packed array in a container, read by range or by place."""

    def __init__(self, container: Container, name: str) -> None:
        self._low: Part | None = None
        self._high: _Crowd | None = None
        self._at: Part | None = None
        if f"{name}.nibbles" in container:
            self._high = _Crowd(container.part(f"{name}.nibbles", U8), 4)
        else:
            self._low = container.part(name, U8, U16, U32)
            for bits in (2, 4):
                if f"{name}.bits{bits}" in container:
                    self._high = _Crowd(container.part(f"{name}.bits{bits}", U8), bits)
        if f"{name}.at" in container:
            self._at, self._large = container.part(f"{name}.at", U32), container.part(f"{name}.large", U16, U32)
            if len(self._at) != len(self._large):
                raise self._at.damaged()

    @staticmethod
    def is_in(container: Container, name: str) -> bool:
        """Return whether the container has a packed array of this name."""
        return name in container or f"{name}.nibbles" in container

    def slice(self, start: int, stop: int) -> NDArray[Any]:
        """Return items `[start:stop]` as uint8, uint16 or uint32; a view of the file where that is possible."""
        if self._high is None:
            assert self._low is not None
            values = self._low.slice(start, stop)
        else:
            values = self._high.slice(start, stop)
            if self._low is not None:
                values = values.astype(np.uint16)
                values <<= 8
                values |= self._low.slice(start, stop)
        if self._at is not None:
            first, last = self._at.lower_bound(start), self._at.lower_bound(stop)
            if first < last:
                values = values.astype(np.promote_types(values.dtype, self._large.dtype))
                places = self._at.slice(first, last).astype(np.int64) - start
                if int(places.min()) < 0 or int(places.max()) >= len(values):
                    raise self._at.damaged()
                values[places] = self._large.slice(first, last)
        return values

    def take(self, indices: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return the items at `indices`."""
        if self._high is None:
            assert self._low is not None
            values = self._low.take(indices)
        else:
            values = self._high.take(indices)
            if self._low is not None:
                values = values.astype(np.uint16) << 8 | self._low.take(indices)
        if self._at is not None:
            places = np.minimum(self._at.lower_bounds(indices), len(self._at) - 1)
            large = np.flatnonzero(self._at.take(places) == indices)
            if len(large):
                values = values.astype(np.promote_types(values.dtype, self._large.dtype))
                values[large] = self._large.take(places[large])
        return values
