"""The engine beside its peers: `python -m benchmarks.engine [CORPUS] [--sizes 5000,50000,500000]` (`make bench`).

Everything in one run on one machine, query by query and engine by engine:

- **queries**: 24 of them, each with the best ten, the exact total and counts by province, topic and year, over all
  documents, over one province and over a year's days. Every engine has the same tokens (words as segmentation gives
  them, in lower case), provinces and topics as tagging infers them, and days that are drawn at random, for the corpus
  has none. More articles than the corpus has are the corpus again and again, under other numbers. One warm-up, then
  the median of `--runs`, in CPU time, which is what it takes where nothing else runs: all engines work in this
  process, none in several threads. The answers are compared as well: a difference in totals or counts is printed.
- **start**: whole processes of `searcher query` beside one that only imports what any such program needs, in pairs.
- **indexing**: as `benchmarks.indexing` has it, of the same articles.

What is compared is plain BM25; the column "with ranking" is `EmbeddedIndex.search` with all that it does: the query
language, the ranking formula, near-identical articles, snippets. Its index has the corpus once, whatever the size.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final
from unittest.mock import patch

import searcher
from benchmarks import indexing
from benchmarks.common import CORPUS, full_text, records
from benchmarks.peers import Answer, Bm25s, Document, Fts5, Ours, Peer, Tantivy, Whoosh
from benchmarks.queries import COMMON, QUERIES, Filter, Query
from searcher.analysis import segment_many
from searcher.indexing import Summary, index_paths

FILTERS: Final = {
    "all articles": Filter(),
    "one province": Filter(province="Hà Nội"),
    "a year's days": Filter(since=datetime(2017, 3, 1), until=datetime(2018, 2, 28, 23, 59, 59)),
}
_WORD: Final = re.compile(r"\w+")
_FIRST_DAY: Final = datetime(2016, 1, 1)
_MINUTES: Final = 4 * 365 * 24 * 60
_BM25S_UP_TO: Final = 50_000
_FLOOR: Final = "import typer, rich.table, numpy, whoosh.index, whoosh.qparser"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--sizes", default="5000,50000", help="articles; example: 5000,50000,500000")
    parser.add_argument(
        "--whoosh-up-to", type=int, default=50_000, help="more articles are not indexed with stock Whoosh"
    )
    parser.add_argument("--runs", type=int, default=7, help="runs of each query after one warm-up")
    parser.add_argument("--skip", default="", help="sections to leave out: queries,start,indexing")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    skipped = given.skip.split(",")
    print(f"{date.today()}, {os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory() as folder:
        articles = _dated(given.corpus, Path(folder), max(sizes))
        index = Path(folder) / "index"
        summary, peak_bytes = _index(articles, index)
        if "indexing" not in skipped:
            _print_indexing(articles, index, summary, peak_bytes)
        if "start" not in skipped:
            _print_start(index, given.runs)
        if "queries" not in skipped:
            documents = list(_documents(articles, index))
            for size in sizes:
                _print_queries(_repeated(documents, size), index, Path(folder), given.runs, given.whoosh_up_to)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.exists() else []
    return names[0] if names else platform.processor()


# The articles


def _dated(corpus: Path, folder: Path, most: int) -> Path:
    """Write the corpus as JSON Lines, with days of publication that are drawn at random, and return the file."""
    chance = random.Random(7)
    path = folder / "articles.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for record in records(corpus, most):
            moment = _FIRST_DAY + timedelta(minutes=chance.randrange(_MINUTES))
            file.write(json.dumps({**record, "published": moment.isoformat()}, ensure_ascii=False) + "\n")
    return path


def _documents(articles: Path, folder: Path) -> Iterator[Document]:
    """Yield what the peers index: the tokens of each article, and its tags as they are in the index."""
    with searcher.open_index(folder) as index, index.whoosh.searcher() as opened:
        tags = {stored["id"]: stored for stored in opened.reader().all_stored_fields()}
    given = [json.loads(line) for line in articles.read_bytes().splitlines()]
    for record, segmented in zip(given, segment_many(map(full_text, given)), strict=True):
        stored = tags[record["id"]]
        yield Document(
            " ".join(_WORD.findall(segmented.lower())),
            tuple(filter(None, stored["province"].split(","))),
            tuple(filter(None, stored["topic"].split(","))),
            datetime.fromisoformat(record["published"]),
        )


def _repeated(documents: Sequence[Document], size: int) -> list[Document]:
    return [documents[number % len(documents)] for number in range(size)]


# Indexing


def _index(articles: Path, folder: Path) -> tuple[Summary, int]:
    with indexing.PeakMemory() as memory:
        summary = index_paths(folder, [articles])
    return summary, memory.peak_bytes


def _print_indexing(articles: Path, folder: Path, summary: Summary, peak_bytes: int) -> None:
    print("## Indexing and size\n\n```")
    with tempfile.TemporaryDirectory() as empty, articles.open("rb") as file:
        stock_run = indexing.stock(Path(empty), map(json.loads, islice(file, indexing.STOCK_ARTICLES)))
    indexing.show(summary, index_paths(folder, [articles]), stock_run, peak_bytes)
    indexing.show_size(folder, articles, summary.added)
    print("```\n")


# Start


def _print_start(index: Path, runs: int) -> None:
    floor = [sys.executable, "-c", _FLOOR]
    print("## Start\n\n| process | wall ms | CPU ms | wall, x the floor | CPU, x the floor |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for number, text in enumerate(("mại dâm Sơn La", "mai dam son la", "công an bắt ma túy Nghệ An")):
        ours = [sys.executable, "-m", "searcher", "query", "--index", str(index), text]
        pairs = [(_process(floor), _process(ours)) for _run in range(2 * runs + 1)][1:]
        cpus, walls = ([[process[at] for process in pair] for pair in pairs] for at in (0, 1))
        if number == 0:
            print(f"| `python -c '{_FLOOR}'` | {_median(walls, 0):.0f} | {_median(cpus, 0):.0f} | 1 | 1 |")
        ratios = (median(mine / least for least, mine in figures) for figures in (walls, cpus))
        figures = f"{_median(walls, 1):.0f} | {_median(cpus, 1):.0f} | {' | '.join(f'{one:.2f}' for one in ratios)}"
        print(f"| `searcher query '{text}'` | {figures} |")
    print()


def _median(pairs: Sequence[Sequence[float]], at: int) -> float:
    return median(pair[at] for pair in pairs)


def _process(command: Sequence[str]) -> tuple[float, float]:
    """Return the CPU and wall milliseconds that a process takes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3, wall * 1e3


# Queries


def _print_queries(documents: list[Document], index: Path, folder: Path, runs: int, whoosh_up_to: int) -> None:
    kinds: list[type[Peer]] = [Ours, Tantivy, Fts5]
    kinds += [Whoosh] if len(documents) <= whoosh_up_to else []
    kinds += [Bm25s] if len(documents) <= _BM25S_UP_TO else []
    peers = [_built(kind, documents, folder) for kind in kinds]
    names = [peer.name for peer in peers]
    print(f"## Queries over {len(documents):,} articles (CPU ms, median of {runs})\n")
    for what in sorted({Whoosh, Bm25s}.difference(kinds), key=lambda kind: kind.name):
        print(f"{what.name} is left out at this size: building its index takes too long or too much memory.\n")
    forgetful = patch("searcher.embedded.questions.REMEMBERED", 0)  # each search reads its text, as a command's does
    with forgetful, searcher.open_index(index) as product:
        for title, narrowed in FILTERS.items():
            print(f"### {title}\n\n| query | hits | {' | '.join(names)} | with ranking |")
            print("| --- | ---: |" + " ---: |" * (len(names) + 1))
            rows = [_measure(query, narrowed, peers, product, runs) for query in QUERIES]
            for query, (total, times) in zip(QUERIES, rows, strict=True):
                print(f"| `{query}` | {total:,} | {' | '.join(f'{ms:.3f}' for ms in times)} |".replace("nan", "–"))
            sums = [sum(times[at] for _total, times in rows) for at in range(len(names) + 1)]
            print(f"| **sum** | | {' | '.join(f'**{ms:.2f}**' for ms in sums)} |\n".replace("nan", "–"))
            _print_verdict(names, rows)
    for peer in peers:
        peer.close()


def _print_verdict(names: Sequence[str], rows: Sequence[tuple[int, list[float]]]) -> None:
    ours, tantivy = ([times[names.index(name)] for _total, times in rows] for name in (Ours.name, Tantivy.name))
    over = sum(one > 2 * other + 0.5 for one, other in zip(ours, tantivy, strict=True))
    print(f"Sum: {sum(ours) / sum(tantivy):.2f} x tantivy's; queries over 2 x tantivy's + 0.5 ms: {over}.")
    if Whoosh.name in names:
        at = names.index(Whoosh.name)
        common = [times[at] / times[0] for query, (_total, times) in zip(QUERIES, rows, strict=True) if query in COMMON]
        print(f"Stock Whoosh on common words: {min(common):,.0f} to {max(common):,.0f} times as long.")
    print()


def _built(kind: type[Peer], documents: Sequence[Document], folder: Path) -> Peer:
    place = folder / f"{kind.__name__}-{len(documents)}"
    place.mkdir()
    return kind(documents, place)


def _measure(
    query: Query, narrowed: Filter, peers: Sequence[Peer], product: searcher.EmbeddedIndex, runs: int
) -> tuple[int, list[float]]:
    """Return how many match, and the median milliseconds of each peer and of the product."""
    prepared = [peer.prepare(query, narrowed) if peer.can(query, narrowed) else None for peer in peers]
    answers = [run() if run is not None else None for run in prepared]
    _compare(query, narrowed, peers, answers)
    provinces = [narrowed.province] if narrowed.province else []

    def whole() -> object:
        return product.search(query.spoken, provinces=provinces, since=narrowed.since, until=narrowed.until)

    every: list[Callable[[], object] | None] = [*prepared, whole]
    times = [[] if run is None else _taken(run, runs) for run in every]
    assert answers[0] is not None
    return answers[0].total, [median(taken) if taken else float("nan") for taken in times]


def _taken(run: Callable[[], object], runs: int) -> list[float]:
    """Return the CPU milliseconds of each run, after one that warms up."""
    run()
    taken = []
    for _run in range(runs):
        started = time.process_time()
        run()
        taken.append((time.process_time() - started) * 1e3)
    return taken


def _compare(query: Query, narrowed: Filter, peers: Sequence[Peer], answers: Sequence[Answer | None]) -> None:
    first, *others = answers
    assert first is not None
    for peer, answer in zip(peers[1:], others, strict=True):
        if answer is not None and answer.counts and (answer.total, answer.counts) != (first.total, first.counts):
            print(f"<!-- {peer.name} answers {query} with {narrowed} otherwise: {answer.total} hits -->")


if __name__ == "__main__":
    main()
