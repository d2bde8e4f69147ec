"""The processes that are killed, and what became of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """What was going on when it was killed or failed, and what is wrong since then: "" where nothing is."""

    phase: str
    problem: str


def child(*arguments: object, stdout: Any = subprocess.PIPE, **options: Any) -> subprocess.Popen[str]:
    """Start this program in a process, and a process group, of its own."""
    command = [sys.executable, "-m", "benchmarks.faults", *map(str, arguments)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(command, stdout=stdout, text=True, cwd=root, start_new_session=True, **options)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started and that are still there, where the system tells."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in path.read_text().split()] if path.exists() else []
