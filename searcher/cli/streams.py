"""Standard output and error as every command has them: open, in UTF-8, and nothing from outside commands a terminal."""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Any, Final, TextIO, cast

from searcher.harmless import harmless

_STANDARD: Final = 3
"""File descriptors that are standard streams: 0 to 2."""
_ERROR: Final = 2


class HarmlessStream(io.TextIOBase):
    """A text stream that what comes from outside can be written to: warnings and log lines of libraries."""

    def __init__(self, below: TextIO) -> None:
        self.below = below

    def write(self, text: str) -> int:
        """Write the text without what commands a terminal; returns the length of what was given."""
        self.below.write(harmless(text))
        return len(text)

    def flush(self) -> None:
        """Have all that was written reach the stream below."""
        self.below.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)

    def isatty(self) -> bool:
        """Return whether the stream below is a terminal."""
        return self.below.isatty()

    def fileno(self) -> int:
        """Return the descriptor of the stream below."""
        return self.below.fileno()


class _Output(io.FileIO):
    """Standard output that remembers why something could not be written."""

    failure: OSError | None = None

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.failure = error
            raise


def below(stream: TextIO) -> TextIO:
    """Return the stream that a console writes its own colours to."""
    return stream.below if isinstance(stream, HarmlessStream) else stream


def prepare() -> None:
    """Have standard output and error open and in UTF-8, whatever the locale says; it is for a program's start.

    Where standard output is closed, writing to it fails as on a full disk (`lost_output`); where standard error is,
    what is written to it is nowhere. Without this the next file to be opened would take the place of the closed one.
    Warnings, which are for programmers, are shown where Python was asked to (-W, PYTHONWARNINGS).
    """
    for fd in range(_STANDARD):
        _hold_open(fd)
    if sys.stdin is None:
        sys.stdin = _text(io.FileIO(0, closefd=False))
    if sys.stdout is None or not sys.stdout.isatty():
        sys.stdout = _text(_Output(1, "w", closefd=False))
    else:
        _in_utf8(sys.stdout)
    if sys.stderr is None:
        sys.stderr = _text(io.FileIO(2, "w", closefd=False))
    _in_utf8(sys.stderr)
    sys.stderr = cast(TextIO, HarmlessStream(sys.stderr))
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _hold_open(fd: int) -> None:
    """Have something stand where a standard stream was closed; those before it are open."""
    try:
        os.fstat(fd)
    except OSError:
        # The lowest free descriptor is given: a closed standard output gets one that can only be read.
        os.open(os.devnull, os.O_WRONLY if fd == _ERROR else os.O_RDONLY)


def _text(raw: io.FileIO) -> TextIO:
    buffer = io.BufferedWriter(raw) if raw.writable() else io.BufferedReader(raw)
    return io.TextIOWrapper(buffer, encoding="utf-8", errors="replace")


def _in_utf8(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")


def lost_output() -> OSError | None:
    """Return why what was printed did not reach standard output, None where all did."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, _Output) else None
