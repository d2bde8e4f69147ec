"""An index of the seeds, and a way to run the command as a person does: in a terminal of a given width."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

import searcher

SEEDS = Path(__file__).parents[2] / "seeds"
Terminal = Callable[..., str]
COMMAND = (sys.executable, "-m", "searcher")


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing but what is given decides on language and colour."""
    dropped = ("SEARCHER_", "LC_", "LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "TERM": "xterm-256color", "SEARCHER_LANG": "en", **more}


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds-index")
    searcher.index_paths(folder, [SEEDS])
    return folder


def in_terminal(*arguments: object, columns: int = 80, **environment: str) -> str:
    """Run the command in a pseudo-terminal and return what it showed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=clean_environment(**environment),
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 65536):
                shown += block
        except OSError:  # how Linux says that the other end has gone
            pass
        os.close(ours)
    assert process.returncode == 0
    return shown.decode("utf-8")


@pytest.fixture
def terminal() -> Terminal:
    return in_terminal
