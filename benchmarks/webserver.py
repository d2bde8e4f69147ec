"""A server of an index, run as a command for as long as a block lasts: for measurements, pictures and tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

_END_S: Final = 10


class Server(NamedTuple):
    """A server that runs: its address without the slash at its end, and its process."""

    address: str
    pid: int


@contextmanager
def server(index: Path, *options: str, **environment: str) -> Iterator[Server]:
    """Give a server of an index, `searcher serve` with these options on a free port; it ends with the block."""
    command = [sys.executable, "-m", "searcher", "serve", "--port", "0", "--index", str(index), *options]
    surroundings = {**os.environ, "SEARCHER_LANG": "en", **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process, _ended(process):
        assert process.stdout is not None
        line = process.stdout.readline()
        if "http://" not in line:
            raise RuntimeError(f"the server did not start: {line!r}")
        yield Server(line.split(" ")[1].rstrip("/"), process.pid)


@contextmanager
def running(index: Path, *options: str, **environment: str) -> Iterator[str]:
    """Give the address of such a server."""
    with server(index, *options, **environment) as started:
        yield started.address


@contextmanager
def _ended(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
