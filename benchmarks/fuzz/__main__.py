"""Runs attempts until the time is up, or one again."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final, Protocol

from benchmarks import fuzz
from benchmarks.fuzz.indexes import Crafted
from benchmarks.fuzz.limits import limit_memory, time_limit
from benchmarks.fuzz.queries import Queries


class Target(Protocol):
    """Something to be attacked."""

    name: str

    def attempt(self, random: Random) -> str: ...


TARGETS: Final = {"index": Crafted, "queries": Queries}
_SHOWN: Final = 12


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
        limit_memory()
        return run(targets, given.minutes * 60, int(time.time()) * 1000 if given.first is None else given.first)


def _made(name: str, folder: Path) -> Target:
    own = folder / name
    own.mkdir()
    return TARGETS[name](own)


def run(targets: list[Target], seconds: float, first: int) -> int:
    """Attack each target in turn until the time is up; finds of one kind are shown once."""
    until = time.monotonic() + seconds
    counts: Counter[str] = Counter()
    kinds: dict[str, str] = {}
    number = first
    while time.monotonic() < until:
        target = targets[number % len(targets)]
        counts[target.name] += 1
        error = _error(target, number)
        if error is not None and (kind := f"{target.name}: {_kind(error)}") not in kinds:
            kinds[kind] = f"--attempt {target.name}:{number}  {' '.join(getattr(error, '__notes__', ()))[:160]!a}"
            print(f"FOUND {kind}\n      {kinds[kind]}", flush=True)
        number += 1
    print(f"{', '.join(f'{count:,} of {name}' for name, count in counts.items())}; finds: {len(kinds)}")
    return 1 if kinds else 0


def again(target: Target, number: int) -> int:
    """Do one attempt again, and print what happens."""
    with time_limit():
        print(target.attempt(Random(number)))
    return 0


def _error(target: Target, number: int) -> BaseException | None:
    try:
        with time_limit():
            target.attempt(Random(number))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return error
    return None


def _kind(error: BaseException) -> str:
    """What tells finds apart: the error, and where in searcher it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/searcher/" in frame.filename] or frames
    at = own[-1]
    return f"{type(error).__name__} {str(error)[:80]!a} at {Path(at.filename).name}:{at.lineno} ({at.name})"


if __name__ == "__main__":
    sys.exit(main())
