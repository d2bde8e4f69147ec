"""Measures completion, more like this and trends: `python -m benchmarks.completion [--index FOLDER]`.

- The first use of an index: how long it takes to make what titles are found by, and how many bytes are kept.
- Warm: the CPU milliseconds of `suggest` for every beginning of some queries, letter by letter, with and without marks.
- `similar` for some articles, `trends` by year and by province over all.

The index is of 50,000 articles of the corpus; it is made in a temporary folder unless FOLDER has it. The articles of
the corpus have no dates; those of the index made here get one each, so that trends count something.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.common import CORPUS, records
from benchmarks.corpusindex import indexed
from searcher.analysis import fold
from searcher.codec.segment import PHRASES_EXTENSION
from searcher.embedded.engine import EmbeddedIndex
from searcher.opening import open_index

QUERIES: Final = (
    "mại dâm sơn la", "ma túy đá", "đường dây mua bán người", "công an hà nội bắt giữ", "cai nghiện", "heroin",
    "nhiễm hiv", "tp hồ chí minh", "bắt quả tang", "vận chuyển ma túy qua biên giới",
)  # fmt: skip
LIMIT_MS: Final = 20
ROUNDS: Final = 3
SIMILAR: Final = 50


def main() -> int:
    """Print the report; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="where the index is, or is to be made")
    options = parser.parse_args()
    if not CORPUS.exists():
        print(f"There is no corpus at {CORPUS}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        where = indexed(options.index or Path(folder), map(_dated, enumerate(records())))
        for kept in where.glob(f"*{PHRASES_EXTENSION}"):
            kept.unlink()
        report(where)
    return 0


def _dated(numbered: tuple[int, dict[str, str]]) -> dict[str, str]:
    number, article = numbered
    return {**article, "published": f"{2016 + number % 4}-{1 + number % 12:02}-{1 + number % 28:02}"}


def report(folder: Path) -> None:
    """Print the measurements of an index."""
    with open_index(folder) as index:
        articles = index.stats().articles
        segments = len(index.whoosh.reader().leaf_readers())
        made = timed(lambda: index.suggest("ma"))
    kept = sum(path.stat().st_size for path in folder.glob(f"*{PHRASES_EXTENSION}"))
    print(f"{articles} articles, {segments} segments; first suggest {made:.0f} ms of CPU")
    print(f"kept beside them {kept / 1e6:.1f} MB, {kept / articles:.0f} bytes an article")
    with open_index(folder) as index:
        print(f"first suggest of the next process {timed(lambda: index.suggest('ma')):.0f} ms")
        for name, queries in {"with marks": QUERIES, "without": [fold(query) for query in QUERIES]}.items():
            show(f"suggest, {name}", completions(index, queries), LIMIT_MS)
        show("suggest, one letter", completions(index, [query[0] for query in QUERIES]), LIMIT_MS)
        ids = [hit.article.id for hit in index.search("ma túy", limit=SIMILAR, snippets=False).hits]
        show("similar", [timed(lambda one=one: index.similar(one)) for one in ids])
        for by in ("year", "month", "province", "topic"):
            show(f"trends by {by}, all", [timed(lambda by=by: index.trends("", by=by)) for _ in range(ROUNDS)])
            show(f"trends by {by}, ma túy", [timed(lambda by=by: index.trends("ma túy", by=by)) for _ in range(ROUNDS)])


def completions(index: EmbeddedIndex, queries: Sequence[str]) -> list[float]:
    """Return for every beginning of the queries the median time of a suggestion, once warm."""
    taken = []
    for query in queries:
        for length in range(1, len(query) + 1):
            index.suggest(query[:length])
            times = [timed(lambda: index.suggest(query[:length])) for _ in range(ROUNDS)]  # noqa: B023 - called at once
            taken.append(statistics.median(times))
    return taken


def show(name: str, taken: Sequence[float], limit: int | None = None) -> None:
    """Print the median, the 95th of a hundred and the worst of some times."""
    ordered = sorted(taken)
    bound = f" (limit {limit})" if limit else ""
    print(
        f"{name:26} median {statistics.median(ordered):7.1f} ms, 95 of 100 under"
        f" {ordered[len(ordered) * 95 // 100]:7.1f} ms{bound}, worst {ordered[-1]:7.1f} ms of {len(ordered)}"
    )


def timed(call: Callable[[], Any]) -> float:
    """Return the CPU milliseconds that a call takes."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())
