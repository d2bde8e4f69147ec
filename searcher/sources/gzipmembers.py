"""gzip, member by member: where one is damaged, the next intact one is looked for."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from searcher.sources.streams import BLOCK_BYTES, from_pieces

MARK: Final = b"\x1f\x8b\x08"
_WINDOW: Final = 31  # of zlib: a gzip header is expected
_MAX_KEPT_BYTES: Final = 16 * 1024 * 1024
"""So much of a member is kept in case that it is damaged and others begin within what it seemed to be."""
_TRIED_BYTES: Final = 8192
_MAX_TRIES: Final = 10_000


def inflated_beginning(packed: bytes, count: int) -> bytes:
    """Return the first `count` bytes of what a gzip member holds of which these bytes are the beginning."""
    try:
        return zlib.decompressobj(_WINDOW).decompress(packed, count)
    except zlib.error:
        return b""


class Damaged(Exception):
    """Raised while a member is read that is damaged or breaks off."""


class Members:
    """The members of a gzip stream, one after the other: each is to be read to its end, or its damage, before the next.

    `begins` is what every member begins with once it is unpacked, by which it is known again behind a damage.
    """

    def __init__(self, stream: BinaryIO, begins: bytes) -> None:
        self._stream, self._begins = stream, begins
        self._ahead = b""
        self._kept: list[bytes] = []
        self._tries = 0

    def __iter__(self) -> Iterator[io.BufferedReader | int]:
        """Yield the stream of each member, and how many bytes were passed over where there was damage."""
        while True:
            self._ahead = self._ahead or self._stream.read(BLOCK_BYTES)
            if not self._ahead:
                return
            yield from_pieces(self._pieces())
            if self._kept:
                yield self._pass_over()

    def _pieces(self) -> Iterator[bytes]:
        """Yield what the member at hand unpacks to; what was packed is kept until the member has ended."""
        unpacking = zlib.decompressobj(_WINDOW)
        packed, self._ahead, self._kept = self._ahead, b"", []
        kept_bytes = 0
        while packed:
            if kept_bytes < _MAX_KEPT_BYTES:
                self._kept.append(packed)
                kept_bytes += len(packed)
            while packed:
                try:
                    piece = unpacking.decompress(packed, BLOCK_BYTES)
                except zlib.error:
                    raise Damaged from None
                packed = unpacking.unconsumed_tail
                if unpacking.eof:
                    self._ahead, self._kept = unpacking.unused_data, []
                yield piece
                if unpacking.eof:
                    return
            packed = self._stream.read(BLOCK_BYTES)
        raise Damaged

    def _pass_over(self) -> int:
        """Go to the next member that is one, and return how many bytes lie before it."""
        held, self._kept = b"".join(self._kept), []
        passed, at, ended = 0, 1, False
        while True:
            found = held.find(MARK, at) if self._tries < _MAX_TRIES else -1
            if found >= 0 and (ended or len(held) - found >= _TRIED_BYTES):
                self._tries += 1
                if inflated_beginning(held[found : found + _TRIED_BYTES], len(self._begins)) == self._begins:
                    self._ahead = held[found:]
                    return passed + found
                at = found + 1
                continue
            if ended:
                return passed + len(held)
            start = found if found >= 0 else max(at, len(held) - len(MARK) + 1)
            more = self._stream.read(BLOCK_BYTES)
            held, passed, at, ended = held[start:] + more, passed + start, 0, not more
