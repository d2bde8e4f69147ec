"""A server of an index, run as a command for as long as a block lasts: for tests, pictures and measurements."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_END_S: Final = 10


@contextmanager
def running(index: Path, *options: str, **environment: str) -> Iterator[str]:
    """Give the address that `searcher serve` prints, without the slash at its end; the server ends with the block."""
    command = [sys.executable, "-m", "searcher", "serve", "--port", "0", "--index", str(index), *options]
    surroundings = {**os.environ, "SEARCHER_LANG": "en", **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process, _ended(process):
        assert process.stdout is not None
        line = process.stdout.readline()
        if "http://" not in line:
            raise RuntimeError(f"the server did not start: {line!r}")
        yield line.split(" ")[1].rstrip("/")


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
