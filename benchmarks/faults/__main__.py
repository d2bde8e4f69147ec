"""Runs the whole, or, where it is started by itself, the process that is to be killed."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks import faults
from benchmarks.faults.flips import flip_bytes
from benchmarks.faults.indexing import (
    REFUSALS,
    fail_every_step,
    fail_for_real,
    index_and_tell,
    kill_at_every_step,
    kill_indexing,
)
from benchmarks.faults.processes import Outcome
from benchmarks.faults.writers import kill_writers, read_for_ever, read_while_writing, write_for_ever


def main() -> int:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.faults", description=faults.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--kills",
        type=int,
        default=200,
        help="at random moments; a fifth of them of index_paths, a tenth with --rebuild",
    )
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--done", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--rebuild", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--die-at", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--as-nobody", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write_for_ever(given.write, given.done)
    if given.read:
        read_for_ever(given.read)
        return 0
    if given.index:
        return index_and_tell(*given.index, rebuild=given.rebuild, die_at=given.die_at, as_nobody=given.as_nobody)
    return report(given.kills)


def report(kills: int) -> int:
    of_indexing = kills // 5
    of_rebuilding = kills // 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in ("writers", "indexing", "rebuilding", "flips", "readers"):
            (folder / one).mkdir()
        lost = _table(
            "a writer that commits and merges, killed",
            kill_writers(folder / "writers", kills - of_indexing - of_rebuilding),
        )
        lost += _table(
            "index_paths with 2 workers, killed, or one of them",
            kill_indexing(folder / "indexing" / "index", of_indexing),
        )
        lost += _table(
            "the same making the index anew (--rebuild)",
            kill_indexing(folder / "rebuilding" / "index", of_rebuilding, rebuild=True),
        )
        lost += _table("index_paths, killed at every step that touches the disk", kill_at_every_step(folder / "steps"))
        for code, what in REFUSALS.items():
            lost += _table(f"every such step refused: {what}", fail_every_step(folder / what, code))
        lost += _table("refused by the system", fail_for_real(folder / "refused"))
        flips = [
            Outcome("check names it, no wrong answer", one and f"{part}: {one}")
            for part, one in flip_bytes(folder / "flips")
        ]
        lost += _table("one byte flipped, in every part of a segment", flips)
        looks, broken = read_while_writing(folder / "readers", 8, 100)
        seen = [
            *([Outcome("only whole states seen", "")] * looks),
            *(Outcome("only whole states seen", one) for one in broken),
        ]
        lost += _table("looks of 8 readers during 100 commits", seen)
    return 1 if lost else 0


def _table(title: str, outcomes: Iterable[Outcome]) -> int:
    """Print how often what was going on, and how often something was lost; returns the latter."""
    phases: dict[str, list[str]] = {}
    for phase, problem in outcomes:
        phases.setdefault(phase, []).append(problem)
    times = sum(map(len, phases.values()))
    lost = sum(1 for problems in phases.values() for one in problems if one)
    print(f"{title:60}{'times':>8}{'lost':>8}")
    for phase, problems in sorted(phases.items()):
        print(f"    {phase:56}{len(problems):8}{sum(map(bool, problems)):8}")
        for one in filter(None, problems):
            print(f"        {one}")
    print(f"    {'together':56}{times:8}{lost:8}\n", flush=True)
    return lost


if __name__ == "__main__":
    sys.exit(main())
