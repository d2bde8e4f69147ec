"""One file of named arrays, in safetensors' layout, read through a memory map and checked where it is read.

Layout: the header's length (8 bytes, little-endian), the header (JSON, padded with spaces to a multiple of 64), the
arrays one after the other without gaps, those of the largest items first, so that each is aligned. The header gives of
every array its type, shape and place, and under `__metadata__` what `write_container` was given as strings.

The array `checksums` holds the CRC-32 of every block of `BLOCK` bytes of every other array, in the header's order. A
block is checked when it is first read; its own CRC-32 is in the header, and that of the header is kept by whoever
refers to the file (the table of contents). See https://huggingface.co/docs/safetensors for the layout.
"""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.damage import IndexDamaged, IndexFileUnreadable
from searcher.regular import open_regular

BLOCK: Final = 4 * 1024
CHECKSUMS: Final = "checksums"
MAX_HEADER: Final = 1 << 20
_ALIGNMENT: Final = 64
_TYPES: Final = {"U8": "<u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "I64": "<i8", "F32": "<f4"}
_NAMES: Final = {np.dtype(code): name for name, code in _TYPES.items()}
U8, U16, U32, I64, F32 = (np.dtype(_TYPES[name]) for name in ("U8", "U16", "U32", "I64", "F32"))
_CHECKSUM_OF: Final = "checksums_crc32"
_counting: Final = Lock()
"""Held while a checked block is counted: never for long, so that all parts share it."""


_Size = Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    dtype: str
    shape: tuple[_Size]
    data_offsets: tuple[_Size, _Size]


_header_decoder: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_entry_decoder: Final = msgspec.json.Decoder(_Entry)
_metadata_decoder: Final = msgspec.json.Decoder(dict[str, str])


class Written(msgspec.Struct, frozen=True):
    """A container on disk: its size and the CRC-32 of its header, by which `Container` knows it again."""

    size: int
    header_crc32: int


def encode_container(
    arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]
) -> tuple[list[memoryview], Written]:
    """Return the bytes of a container, piece by piece, and what they will be known by.

    Arrays have one dimension and are of unsigned or signed 64-bit integers, or of 32-bit floats. Raises ValueError for
    others.
    """
    ordered = sorted(arrays.items(), key=lambda item: -item[1].dtype.itemsize)
    sums = np.fromiter(
        (zlib.crc32(block) for _name, array in ordered for block in _blocks(_raw(array))), dtype=np.uint32
    )
    ordered = sorted([*ordered, (CHECKSUMS, sums)], key=lambda item: -item[1].dtype.itemsize)
    entries: dict[str, Any] = {"__metadata__": {**metadata, _CHECKSUM_OF: str(zlib.crc32(_raw(sums)))}}
    end = 0
    for name, array in ordered:
        if array.dtype not in _NAMES or array.ndim != 1:
            raise ValueError(f"the array {name!r} is of {array.dtype}, {array.ndim} dimensions")
        start, end = end, end + array.nbytes
        entries[name] = _Entry(_NAMES[array.dtype], (len(array),), (start, end))
    header = msgspec.json.encode(entries)
    header += b" " * (-(len(header) + 8) % _ALIGNMENT)
    if len(header) > MAX_HEADER:
        raise ValueError("too many arrays for one container")
    pieces = [memoryview(len(header).to_bytes(8, "little") + header), *(_raw(array) for _name, array in ordered)]
    return pieces, Written(sum(piece.nbytes for piece in pieces), zlib.crc32(pieces[0]))


def _raw(array: NDArray[Any]) -> memoryview:
    return np.ascontiguousarray(array).data.cast("B") if len(array) else memoryview(b"")


def _blocks(raw: memoryview) -> Iterator[memoryview]:
    return (raw[start : start + BLOCK] for start in range(0, raw.nbytes, BLOCK))


class Part:
    """One array of a container.

    Everything that is read through `slice`, `take` or `all` has been checked against the checksums; raises
    IndexDamaged where it doesn't agree. What is returned is a read-only view of the file, or a gathered copy. Several
    threads may read at once.
    """

    __slots__ = ("_file", "_left", "_name", "_raw", "_sums", "_unseen", "_values")

    def __init__(
        self, values: NDArray[Any], raw: memoryview, sums: NDArray[np.uint32] | None, file: str, name: str
    ) -> None:
        self._values, self._raw, self._sums, self._file, self._name = values, raw, sums, file, name
        self._left = -(-raw.nbytes // BLOCK)  # blocks not checked so far
        self._unseen = bytearray(b"\x01") * self._left

    def __len__(self) -> int:
        return len(self._values)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the items."""
        return self._values.dtype

    def slice(self, start: int, stop: int) -> NDArray[Any]:
        """Return items `[start:stop]`; raises IndexDamaged where the array has no such items."""
        if not 0 <= start <= stop <= len(self._values):
            raise IndexDamaged(self._file, self._name)
        if self._left and start < stop:
            size = self._values.itemsize
            self._check(start * size // BLOCK, (stop * size - 1) // BLOCK + 1)
        return self._values[start:stop]

    def take(self, indices: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return the items at `indices`, which are not negative; raises IndexDamaged where there is no such item."""
        if len(indices) and self._left:
            if indices.max() >= len(self._values):
                raise IndexDamaged(self._file, self._name)
            wanted = np.zeros(len(self._unseen), dtype=np.bool_)
            wanted[indices * self._values.itemsize // BLOCK] = True
            for block in np.flatnonzero(wanted).tolist():
                self._check(block, block + 1)
        try:
            taken: NDArray[Any] = self._values[indices]
            return taken
        except IndexError:
            raise IndexDamaged(self._file, self._name) from None

    def rows(self, places: NDArray[np.integer[Any]], width: int) -> NDArray[Any]:
        """Return [len(places), width]: of an array that is rows of `width` items, those at `places`."""
        count = len(self._values) // width
        if len(places) and (places.max() >= count or places.min() < 0):
            raise IndexDamaged(self._file, self._name)
        if self._left and len(places):
            size = width * self._values.itemsize
            wanted = np.zeros(len(self._unseen), dtype=np.bool_)
            first, last = places.astype(np.int64) * size // BLOCK, ((places.astype(np.int64) + 1) * size - 1) // BLOCK
            for further in range(int((last - first).max()) + 1):
                wanted[np.minimum(first + further, last)] = True
            for block in np.flatnonzero(wanted).tolist():
                self._check(block, block + 1)
        found: NDArray[Any] = self._values[: count * width].reshape(count, width)[places]
        return found

    def lower_bound(self, value: int) -> int:
        """Return how many items are smaller than `value`, which is one that the items' type can hold.

        For an array that ascends. Checked is only what stands on both sides of the place: it proves the place right,
        whatever the search met on its way.
        """
        # In the array's own type: for another, all of it would be converted before it is searched.
        place = int(self._values.searchsorted(self._values.dtype.type(value)))
        if self._left:
            before, after = self.slice(max(place - 1, 0), place), self.slice(place, min(place + 1, len(self._values)))
            if (len(before) and before[0] >= value) or (len(after) and after[0] < value):
                return int(self.all().searchsorted(value))  # which says what is damaged
        return place

    def lower_bounds(self, values: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
        """Return the same for each of several values: intp[len(values)]."""
        wanted = values.astype(self._values.dtype, copy=False)
        places = self._values.searchsorted(wanted)
        if self._left and len(places):
            has_before, has_after = places > 0, places < len(self._values)
            before, after = self.take(places[has_before] - 1), self.take(places[has_after])
            if (before >= wanted[has_before]).any() or (after < wanted[has_after]).any():
                return self.all().searchsorted(wanted)
        return places

    def all(self) -> NDArray[Any]:
        """Return the whole array."""
        return self.slice(0, len(self._values))

    def damaged(self) -> IndexDamaged:
        """Return the error that says that what this array holds can't be."""
        return IndexDamaged(self._file, self._name)

    def _check(self, first: int, last: int) -> None:
        if self._sums is None:
            return
        for block in range(first, last):
            if self._unseen[block]:
                if zlib.crc32(self._raw[block * BLOCK : (block + 1) * BLOCK]) != self._sums.item(block):
                    raise IndexDamaged(self._file, self._name)
                with _counting:  # two threads may have checked it, and none counted what `_left` is decided by
                    self._left -= self._unseen[block]
                    self._unseen[block] = 0


class Container:
    """A container, opened: its header is read and checked, its arrays are not touched.

    `metadata` is what it was written with. Raises IndexDamaged where size or header are not those of `written`, or
    where the header describes arrays that don't fill the file, and IndexFileUnreadable where the file can't be opened.
    Several threads may read it at once.
    """

    def __init__(self, path: Path, written: Written) -> None:
        self.file = path.name
        try:
            with open_regular(path) as file:
                size = file.seek(0, 2)
                if size != written.size or size < 8:
                    raise IndexDamaged(self.file, "size")
                self._map = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # cut short between the two, it is a ValueError
            unread = error if isinstance(error, OSError) else OSError(str(error))
            raise IndexFileUnreadable(self.file, unread) from error
        self._size = size
        buffer = memoryview(self._map)
        length = int.from_bytes(buffer[:8], "little")
        if length > min(MAX_HEADER, size - 8) or zlib.crc32(buffer[: 8 + length]) != written.header_crc32:
            raise IndexDamaged(self.file, "header")
        try:
            raw_entries = _header_decoder.decode(buffer[8 : 8 + length])
            self.metadata = _metadata_decoder.decode(raw_entries.pop("__metadata__"))
            entries = {name: _entry_decoder.decode(raw) for name, raw in raw_entries.items()}
            self._parts = self._arrays(entries, buffer[8 + length :])
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError, ValueError, OverflowError, RecursionError):
            raise IndexDamaged(self.file, "header") from None

    def _arrays(self, entries: dict[str, _Entry], data: memoryview) -> dict[str, Part]:
        views: dict[str, tuple[NDArray[Any], memoryview]] = {}
        end = 0
        for name, entry in entries.items():
            dtype = np.dtype(_TYPES[entry.dtype])
            start, stop = entry.data_offsets
            if start != end or stop - start != entry.shape[0] * dtype.itemsize or not start <= stop <= data.nbytes:
                raise ValueError(name)
            end = stop
            views[name] = np.frombuffer(data[start:stop], dtype=dtype), data[start:stop]
        if end != data.nbytes:
            raise ValueError(CHECKSUMS)
        sums, raw_sums = views.pop(CHECKSUMS)
        if sums.dtype != U32:
            raise ValueError(CHECKSUMS)
        if zlib.crc32(raw_sums) != int(self.metadata[_CHECKSUM_OF]):
            raise IndexDamaged(self.file, CHECKSUMS)
        parts, block = {}, 0
        for name, (values, raw) in views.items():
            count = -(-raw.nbytes // BLOCK)
            if block + count > len(sums):
                raise ValueError(CHECKSUMS)
            parts[name] = Part(values, raw, sums[block : block + count], self.file, name)
            block += count
        return parts

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def check_size(self) -> None:
        """Raise IndexDamaged where the file was cut short since it was opened: to read on would end the process."""
        if self._map.size() < self._size:
            raise IndexDamaged(self.file, "size")

    def part(self, name: str, *types: np.dtype[Any]) -> Part:
        """Return the array of this name; raises IndexDamaged where there is none, or none of one of these types.

        Without types it may be of any.
        """
        part = self._parts.get(name)
        if part is None or (types and part.dtype not in types):
            raise IndexDamaged(self.file, name)
        return part

    def names(self) -> list[str]:
        """Return the names of the arrays, in the order in which they lie in the file."""
        return list(self._parts)

    def damaged_parts(self) -> list[str]:
        """Return the names of the arrays that don't agree with their checksums, after reading all."""
        found = []
        for name, part in self._parts.items():
            try:
                part.all()
            except IndexDamaged:
                found.append(name)
        return found
