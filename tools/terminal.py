"""Run a command as a person does, in a terminal of a given width, and see what it shows."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROWS: Final = 50
TERM: Final = "xterm-256color"


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment in which only what is given decides on language, width and colour."""
    dropped = ("SEARCHER_", "LC_", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "SEARCHER_LANG": "en", **more}


@contextmanager
def screen(columns: int) -> Iterator[tuple[int, bytearray]]:
    """Give the descriptor of a pseudo-terminal with so many columns, and what is written to it.

    All of that is there when the context is left, after the programs that write have ended.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    shown = bytearray()

    def read() -> None:
        try:
            while block := os.read(ours, 65536):
                shown.extend(block)
        except OSError:  # how Linux says that the other end has gone
            pass

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield theirs, shown
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)


def in_terminal(
    command: Sequence[str], columns: int, environment: Mapping[str, str], folder: Path | None = None
) -> tuple[int, str]:
    """Return the command's exit code, and all that it wrote to a pseudo-terminal with this many columns."""
    with screen(columns) as (terminal, shown):
        done = subprocess.run(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={**environment, "TERM": TERM},
            cwd=folder,
            check=False,
        )
    return done.returncode, shown.decode("utf-8")
