"""What a search takes, stage by stage: `python -m benchmarks.stages [TEXT]... [--index FOLDER] [--runs N]`.

`EmbeddedIndex.search` over the corpus with all that it does, ten hits and their snippets, in CPU milliseconds: of each
query the median of `--runs`, after a first search of it, which is the last column; it has to read what it asks for, but
for what queries before it had in common with it. Without TEXT these are queries as people type them, and those of the
engine benchmark. `rest` is what is in no stage.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest.mock import patch

import searcher
from benchmarks.common import CORPUS
from benchmarks.queries import QUERIES
from benchmarks.wholecorpus import DEFAULT, corpus_index

TYPED: Final = (
    "ma túy Nghệ An",
    "công an",
    "mua bán người",
    "mai dam son la",
    "HIV",
    "mại dâm Sơn La",
    "phòng chống tệ nạn xã hội ở Hà Nội",
    "heroin",
)
_PARTS: Final = {
    "parse": "searcher.embedded.questions.parse_query",
    "understand": "searcher.embedded.questions.understand",
    "find": "searcher.execution.executor.Executor.match",
    "count": "searcher.embedded.engine.narrow",
    "rank": "searcher.ranking.ranker.Ranker.rank",
    "copies": "searcher.ranking.ranker.draw_together",
    "read": "searcher.codec.arrays.SegmentArrays.stored",
    "snippets": "searcher.embedded.engine.make_snippet",
    "correct": "searcher.embedded.questions.correct",
}
"""The function that does a stage; copies are drawn together within ranking, which is counted without them."""
_COLUMNS: Final = (*_PARTS, "rest", "all", "first")


def main() -> None:
    """Print the table, or in one sentence what is missing."""
    parser = argparse.ArgumentParser(description="what a search takes, stage by stage")
    parser.add_argument("text", nargs="*", help="queries; by default those of the benchmarks")
    parser.add_argument("--index", type=Path, default=DEFAULT, help="where the index of the corpus is, or is to be")
    parser.add_argument("--runs", type=int, default=15, help="searches of each query after the first")
    options = parser.parse_args()
    if not CORPUS.exists():
        print(f"Stages are not measured: {CORPUS} is missing.")
        return
    forgetful = patch("searcher.embedded.questions.REMEMBERED", 0)  # each search reads its text, as a command's does
    with forgetful, searcher.open_index(corpus_index(options.index)) as index:
        index.search("thời tiết")
        sets = [("given", options.text)] if options.text else [("typed", TYPED), ("engine", _of_the_engine())]
        for name, texts in sets:
            print(f"| {name} | {' | '.join(_COLUMNS)} |\n| --- |{' ---: |' * len(_COLUMNS)}")
            rows = [_measure(index, text, options.runs) for text in texts]
            for text, row in zip(texts, rows, strict=True):
                _print(f"`{text}`", row)
            _print("**median**", {column: median(row[column] for row in rows) for column in _COLUMNS})
            print()


def _of_the_engine() -> list[str]:
    return [query.spoken for query in QUERIES]


def _print(name: str, row: dict[str, float]) -> None:
    print(f"| {name} | {' | '.join(f'{row[column]:.2f}' for column in _COLUMNS)} |")


def _measure(index: searcher.EmbeddedIndex, text: str, runs: int) -> dict[str, float]:
    first = _timed(lambda: index.search(text))
    whole = median(_timed(lambda: index.search(text)) for _run in range(runs))
    parts = [_stages(index, text) for _run in range(runs)]
    row = {name: median(one[name] for one in parts) for name in _PARTS}
    row["rank"] -= row["copies"]
    return row | {"rest": max(whole - sum(row.values()), 0.0), "all": whole, "first": first}


def _timed(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return (time.process_time() - started) * 1e3


def _stages(index: searcher.EmbeddedIndex, text: str) -> Counter[str]:
    """Return the milliseconds that each stage of one search takes."""
    taken: Counter[str] = Counter()
    with ExitStack() as patched:
        for name, place in _PARTS.items():
            patched.enter_context(_watched(name, place, taken))
        index.search(text)
    return taken


@contextmanager
def _watched(name: str, place: str, taken: Counter[str]) -> Iterator[None]:
    watch = patch(place)
    original, _local = watch.get_original()

    def timed(*args: Any, **options: Any) -> Any:
        started = time.process_time()
        found = original(*args, **options)
        taken[name] += (time.process_time() - started) * 1e3  # type: ignore[assignment]
        return found

    with patch(place, timed):
        yield


if __name__ == "__main__":
    main()
