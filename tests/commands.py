"""Run `searcher` with arguments in a process, piped or in a terminal, and see what it prints."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tests import forkserver
from tools.terminal import TERM, clean_environment, screen

COMMAND: Final = (sys.executable, "-m", "searcher")
_READ_BY_IMPORTS: Final = (
    "SEARCHER_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "FORCE_COLOR", "NO_COLOR", "PY_COLORS",
    "TERMINAL_WIDTH", "GITHUB_ACTIONS",
)  # fmt: skip
"""Variables that decide what a module is once imported: texts of help, and how typer prints them."""


class _Server:
    """A process that forks commands, one at a time; its environment has these variables."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._channel, theirs = socket.socketpair()
        kept = {name: value for name, value in os.environ.items() if name not in _READ_BY_IMPORTS}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forkserver", str(theirs.fileno())],
            cwd=Path(__file__).parents[1],
            env={**kept, **variables},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def run(self, arguments: list[str], environment: Mapping[str, str], folder: str, streams: list[int]) -> int:
        request = {"arguments": arguments, "environment": dict(environment), "folder": folder}
        forkserver.send(self._channel, request, streams)
        code, _files = forkserver.receive(self._channel)
        return int(code)


@cache
def _server(variables: tuple[tuple[str, str], ...]) -> _Server:
    return _Server(dict(variables))


def _run(arguments: list[str], environment: Mapping[str, str], folder: Path | None, streams: list[int]) -> int:
    variables = tuple((name, environment[name]) for name in _READ_BY_IMPORTS if name in environment)
    return _server(variables).run(arguments, environment, str(folder or Path.cwd()), streams)


def run_bytes(*arguments: object, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Return what the command printed, not to a terminal, and its exit code.

    Only what is given decides on language, width and colour.
    """
    given = [str(argument) for argument in arguments]
    with tempfile.TemporaryFile() as nothing, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        streams = [nothing.fileno(), output.fileno(), errors.fileno()]
        code = _run(given, clean_environment(**environment), folder, streams)
        for file in (output, errors):
            file.seek(0)
        return subprocess.CompletedProcess(given, code, output.read(), errors.read())


def run(*arguments: object, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what the command printed, not to a terminal, as text whose lines end as Python's do, and its exit code."""
    done = run_bytes(*arguments, folder=folder, **environment)
    shown, said = (stream.decode("utf-8").replace("\r\n", "\n") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, shown, said)


def run_in_terminal(
    *arguments: object, columns: int = 80, folder: Path | None = None, **environment: str
) -> tuple[int, str]:
    """Return the command's exit code, and all that it wrote to a pseudo-terminal with this many columns."""
    given = [str(argument) for argument in arguments]
    with screen(columns) as (terminal, shown):
        code = _run(given, {**clean_environment(**environment), "TERM": TERM}, folder, [terminal] * 3)
    return code, shown.decode("utf-8")
