"""Hostile queries against an index of the corpus: `python -m benchmarks.hostile [--index FOLDER] [--count N]`.

Draws 10,000 queries from the strategy of the tests and adds the handwritten long ones. Each must have an answer, or a
sentence for an error, within two seconds of processor time; the slowest are printed. Ends with 1 if one has not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

import searcher
from benchmarks.common import CORPUS
from benchmarks.hostilequeries import LARGE, QUERIES
from benchmarks.wholecorpus import DEFAULT, corpus_index

LIMIT_S = 2.0
_SHOWN = 10


def main() -> int:
    """Print the slowest; returns the exit code."""
    parser = argparse.ArgumentParser(description="hostile queries against an index of the corpus")
    parser.add_argument("--index", type=Path, default=DEFAULT, help="where the index of the corpus is, or is to be")
    parser.add_argument("--count", type=int, default=10_000, help="how many to draw")
    options = parser.parse_args()
    if not CORPUS.exists():
        print(f"Hostile queries are not measured: {CORPUS} is missing.")
        return 0
    taken: list[tuple[float, str]] = []
    failed: list[tuple[str, str]] = []
    with searcher.open_index(corpus_index(options.index)) as index:
        for text in (*LARGE.values(), *drawn(options.count)):
            started = time.process_time()
            try:
                index.search(text)
            except searcher.SearcherError:
                pass  # a sentence is an answer
            except Exception as error:
                failed.append((text, repr(error)))
            taken.append((time.process_time() - started, text))
    taken.sort(reverse=True)
    print(f"{len(taken)} queries; median {1000 * taken[len(taken) // 2][0]:.1f} ms; the slowest, in ms:")
    for seconds, text in taken[:_SHOWN]:
        print(f"  {1000 * seconds:7.0f}  {text[:90]!a}{'...' if len(text) > 90 else ''}")
    for text, error in failed[:_SHOWN]:
        print(f"  NO ANSWER: {text[:90]!a}: {error}")
    return 1 if failed or taken[0][0] > LIMIT_S else 0


def drawn(count: int) -> Iterator[str]:
    """Yield so many queries of the strategy; the same in every run."""
    found: list[str] = []

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(QUERIES)
    def draw(text: str) -> None:
        found.append(text)

    draw()
    yield from found[:count]


if __name__ == "__main__":
    sys.exit(main())
