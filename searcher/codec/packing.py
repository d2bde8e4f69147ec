"""Numbers in as few bytes as random access allows: a narrow array, and beside it the few that don't fit.

Widths are 8, 12, 16 or 32 bits, whichever takes the fewest bytes. Of 12 bits, the low 8 are one array and the high 4
another, two to a byte (the even item in the low half). Items too large for the width are zero there, and stand in
two arrays of their own: `at`, where, and `large`, what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import Container, Part

_WIDTHS: Final = (8, 12, 16, 32)
_LARGE_BYTES: Final = 8


def pack(name: str, values: NDArray[np.integer[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays that hold `values` (0 to 2**32 - 1), by their names in a container."""
    count = len(values)
    width, _bytes = min(
        ((bits, count * bits // 8 + _LARGE_BYTES * int(np.count_nonzero(values >> bits))) for bits in _WIDTHS),
        key=lambda choice: choice[1],
    )
    at = np.flatnonzero(values >> width).astype(np.uint32)
    arrays: dict[str, NDArray[Any]] = {}
    if len(at):
        arrays |= {f"{name}.at": at, f"{name}.large": values[at].astype(np.uint32)}
        values = values.copy()
        values[at] = 0
    if width == 12:
        high = (values >> 8).astype(np.uint8)
        if count % 2:
            high = np.append(high, np.uint8(0))
        arrays[f"{name}.high"] = high[0::2] | (high[1::2] << 4)
        arrays[name] = (values & 0xFF).astype(np.uint8)
    else:
        arrays[name] = values.astype(f"<u{width // 8}")
    return arrays


def read_unpacked(name: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Return the values that `pack` gave these arrays for: for what has not been written yet."""
    values = arrays[name]
    if f"{name}.high" in arrays:
        values = _joined(values, arrays[f"{name}.high"], 0)
    if f"{name}.at" in arrays:
        values = values.astype(np.uint32)
        values[arrays[f"{name}.at"]] = arrays[f"{name}.large"]
    return values


def _joined(low: NDArray[np.uint8], high: NDArray[np.uint8], odd: int) -> NDArray[np.uint16]:
    """Return the 12-bit items; `odd` is 1 where the first of them has its high bits in the upper half of `high[0]`."""
    nibbles = np.empty(2 * len(high), dtype=np.uint16)
    nibbles[0::2] = high & 15
    nibbles[1::2] = high >> 4
    nibbles <<= 8
    values = nibbles[odd : odd + len(low)]
    values |= low
    return values


class Packed:
    """A packed array in a container: `len` items, read by range or by place."""

    def __init__(self, container: Container, name: str) -> None:
        self._low = container.part(name)
        self._high: Part | None = container.part(f"{name}.high") if f"{name}.high" in container else None
        self._at: Part | None = None
        if f"{name}.at" in container:
            self._at, self._large = container.part(f"{name}.at"), container.part(f"{name}.large")
            if len(self._at) != len(self._large):
                raise self._at.damaged()

    def __len__(self) -> int:
        return len(self._low)

    def slice(self, start: int, stop: int) -> NDArray[Any]:
        """Return items `[start:stop]` as uint8, uint16 or uint32; a view of the file where that is possible."""
        values = self._low.slice(start, stop)
        if self._high is not None:
            values = _joined(values, self._high.slice(start // 2, (stop + 1) // 2), start % 2)
        if self._at is not None:
            at = self._at.all()
            first, last = np.searchsorted(at, [start, stop]).tolist()
            if first < last:
                values = values.astype(np.uint32)
                places = at[first:last].astype(np.int64) - start
                values[places] = self._large.slice(first, last)
        return values

    def take(self, indices: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return the items at `indices`."""
        values = self._low.take(indices)
        if self._high is not None:
            high = self._high.take(indices >> 1)
            values = values | (((high >> ((indices & 1) << 2).astype(np.uint8)) & 15).astype(np.uint16) << 8)
        if self._at is not None:
            at = self._at.all()
            places = np.minimum(np.searchsorted(at, indices), len(at) - 1)
            large = np.flatnonzero(at[places] == indices)
            if len(large):
                values = values.astype(np.uint32)
                values[large] = self._large.all()[places[large]]
        return values

    def all(self) -> NDArray[Any]:
        """Return the whole array."""
        return self.slice(0, len(self))
