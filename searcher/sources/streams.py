"""Byte streams: counted, decompressed and transcoded piece by piece, so that no size is too large."""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

import zstandard

from searcher.messages import _
from searcher.sources.items import Unreadable

BUFFER_BYTES: Final = 256 * 1024
BLOCK_BYTES: Final = 64 * 1024
_IN_MEMORY_BYTES: Final = 32 * 1024 * 1024
# What one call of the decompressor may return can't be limited, but what goes in can: a block of 128 KB takes 4 bytes
# at the least, so 2 KB give 64 MB at most.
_ZSTD_BLOCK_BYTES: Final = 2048
_ZSTD_WINDOW_BYTES: Final = 1 << 27

Progress = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


class _Pieces(io.RawIOBase):
    """A raw stream over pieces of bytes.

    What came before an error is delivered before the error is raised; it is raised again by whoever reads on.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest, self._error = pieces, memoryview(b""), cast("Exception | None", None)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._error is not None:
            raise self._error
        filled = 0
        while filled < len(buffer):
            if not self._rest:
                try:
                    self._rest = memoryview(next(self._pieces))
                except StopIteration:
                    break
                except Exception as error:
                    self._error = error
                    if not filled:
                        raise
                    break
            count = min(len(self._rest), len(buffer) - filled)
            buffer[filled : filled + count] = self._rest[:count]
            self._rest = self._rest[count:]
            filled += count
        return filled


def from_pieces(pieces: Iterator[bytes]) -> io.BufferedReader:
    """Return a buffered stream of the pieces; its `peek` gives `BUFFER_BYTES` unless the stream is shorter."""
    return io.BufferedReader(_Pieces(pieces), BUFFER_BYTES)


def blocks(stream: BinaryIO, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield what is left of a stream in blocks of at most `size` bytes."""
    while block := stream.read(size):
        yield block


class _Counted(io.RawIOBase):
    """A file that tells how many of its bytes have been read, however it is gone through."""

    def __init__(self, raw: BinaryIO, progress: Progress) -> None:
        self._raw, self._progress = raw, progress
        self._told = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = self._raw.readinto(buffer)  # type: ignore[attr-defined]
        at = self._raw.tell()
        if at > self._told:
            self._progress(at - self._told)
            self._told = at
        return int(count or 0)


def counted(raw: BinaryIO, progress: Progress) -> io.BufferedReader:
    """Return a stream of the unbuffered file `raw` that tells `progress` how many of its bytes have been read."""
    return io.BufferedReader(_Counted(raw, progress), BUFFER_BYTES)


def gunzipped(stream: BinaryIO) -> io.BufferedReader:
    """Return the decompressed stream of a gzip stream of any number of members; it raises where that breaks off."""
    return from_pieces(blocks(cast(BinaryIO, gzip.GzipFile(fileobj=stream))))


def unzstandard(stream: BinaryIO) -> io.BufferedReader:
    """Return the decompressed stream of a zstd stream of any number of frames; it raises EOFError where that breaks
    off (zstandard's own reader ends there as if all were well)."""

    def pieces() -> Iterator[bytes]:
        frames = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
        frame, begun = frames.decompressobj(), False
        for block in blocks(stream, _ZSTD_BLOCK_BYTES):
            while block:
                yield frame.decompress(block)
                begun, block = True, b""
                if frame.eof:
                    block, frame, begun = frame.unused_data, frames.decompressobj(), False
        if begun:
            raise EOFError

    return from_pieces(pieces())


def utf8(stream: io.BufferedReader) -> io.BufferedReader:
    """Return the stream without a byte order mark, and as UTF-8 where the mark says UTF-16.

    Raises Unreadable while reading where it is not UTF-16 after all.
    """
    head = stream.peek()[:3]
    if head == codecs.BOM_UTF8:
        stream.read(3)
    if not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return stream

    return transcoded(stream, "utf-16", errors="strict")


def transcoded(stream: BinaryIO, charset: str, *, errors: str = "replace") -> io.BufferedReader:
    """Return a stream in a charset as UTF-8; with `errors` "strict", reading raises Unreadable where it is in another.

    It goes piece by piece, so a line may be as long as it likes.
    """

    def pieces() -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(charset)(errors)
        try:
            for block in blocks(stream):
                yield decoder.decode(block).encode("utf-8", errors)
            yield decoder.decode(b"", final=True).encode("utf-8", errors)
        except UnicodeError:
            raise Unreadable("encoding", _("The file begins as UTF-16 but is not.")) from None

    return from_pieces(pieces())


def spooled(stream: BinaryIO, spend: Callable[[int], None]) -> BinaryIO:
    """Return all of a stream as one that can be read from anywhere, on disk where it is large; close it after use.

    `spend` hears of every block before it is kept, and may raise.
    """
    file = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES))  # noqa: SIM115  # the caller closes it
    try:
        for block in blocks(stream, BUFFER_BYTES):
            spend(len(block))
            file.write(block)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def too_large(most: int) -> Unreadable:
    """Return the rejection of a file of more than `most` bytes."""
    reason = _("The file is larger than {limit} MB, the most for a file of its kind.")
    return Unreadable("too_large", reason.format(limit=most // 1024 // 1024))


def read_whole(stream: BinaryIO, most: int) -> bytes:
    """Return all of a stream; raises Unreadable where it has more than `most` bytes."""
    raw = stream.read(most + 1)
    if len(raw) > most:
        raise too_large(most)
    return raw
