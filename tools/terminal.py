"""Run a command as a person does, in a terminal of a given width, and see what it shows."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS = 50


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment in which only what is given decides on language, width and colour."""
    dropped = ("SEARCHER_", "LC_", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "SEARCHER_LANG": "en", **more}


def in_terminal(
    command: Sequence[str], columns: int, environment: Mapping[str, str], folder: Path | None = None
) -> tuple[int, str]:
    """Return the command's exit code, and all that it wrote to a pseudo-terminal with this many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**environment, "TERM": "xterm-256color"}, cwd=folder
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 65536):
                shown += block
        except OSError:  # how Linux says that the other end has gone
            pass
        os.close(ours)
    return process.returncode, shown.decode("utf-8")
