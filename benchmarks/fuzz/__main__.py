"""Runs attempts until the time is up, or one again."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from benchmarks import fuzz
from benchmarks.fuzz.attempts import Target, attack
from benchmarks.fuzz.indexes import Crafted
from benchmarks.fuzz.limits import time_limit
from benchmarks.fuzz.queries import Queries
from benchmarks.fuzz.readers import Readers

TARGETS: Final[dict[str, Callable[[Path], Target]]] = {"index": Crafted, "queries": Queries, "readers": Readers}


def main() -> int:
    """Print what was found; returns 1 where anything was."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.fuzz", description=fuzz.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--of", choices=TARGETS, nargs="*", default=list(TARGETS), help="what to attack; all in turn")
    parser.add_argument(
        "--first", type=int, default=None, help="the number of the first attempt, else one of the clock"
    )
    parser.add_argument("--attempt", metavar="TARGET:NUMBER", help="do this one again, with its trace")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.attempt:
            target, _, number = given.attempt.partition(":")
            return again(_made(target, Path(name)), int(number))
        targets = [_made(target, Path(name)) for target in given.of]
        first = int(time.time()) * 1000 if given.first is None else given.first
        return 1 if attack(targets, given.minutes * 60, first) else 0


def _made(name: str, folder: Path) -> Target:
    own = folder / name
    own.mkdir()
    return TARGETS[name](own)


def again(target: Target, number: int) -> int:
    """Do one attempt again, and print what happens."""
    with time_limit():
        print(target.attempt(Random(number)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
