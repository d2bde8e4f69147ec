"""Many threads on one open index: each of many calls, over every method, answers as it does to one thread alone.

    python -m benchmarks.threads --threads 8 --calls 10000

The index is of the seeds in two segments. Threads begin together, on an index that was opened anew, and take turns
after every few bytecodes (`sys.setswitchinterval`); under a free-threaded Python they run side by side.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any, Final

import msgspec
from whoosh import query as wq

import searcher
from benchmarks.common import SEEDS
from searcher.embedded.engine import EmbeddedIndex

TEXTS: Final = (
    "ma túy",
    "mại dâm ở Sơn La",
    '"công an"',
    "heroin -tuyên",
    "duong day ma tuy",
    "tra*",
    "drug trafficking",
    "",
)
TYPED: Final = ("ma", "đường d", "son", "cong an ti", "mai dam")
TURNS: Final = 10
_SECONDS_A_TURN: Final = 1e-6

Call = Callable[[EmbeddedIndex], Any]


def calls(ids: list[str]) -> dict[str, list[Call]]:
    """Return calls of every method of an open index, by the method's name."""

    def request(text: str) -> searcher.SearchRequest:
        return searcher.SearchRequest(text, "relevance", 5, 0, snippets=True, today=date(2024, 1, 1))

    return {
        "search": [
            *(lambda index, text=text: index.search(text, explain=True) for text in TEXTS),
            *(lambda index, text=text: index.search(text, sort="newest", months=True) for text in TEXTS),
            *(lambda index, text=text: index.search(text, topics=["ma-tuy"], all_copies=True) for text in TEXTS),
            *(lambda index, text=text: index.search(text, provinces=["Sơn La"], provinces_of=2025) for text in TEXTS),
            *(lambda index, text=text: index.search(text, since="2015", literal=True) for text in TEXTS),
        ],
        "run": [lambda index, text=text: index.run(request(text)) for text in TEXTS],
        "export": [lambda index, text=text: list(index.export(text, snippets=True)) for text in TEXTS[:4]],
        "trends": [
            lambda index, by=by, stories=stories: index.trends("ma túy", by=by, stories=stories)
            for by in ("year", "month", "province", "topic")
            for stories in (False, True)
        ],
        "similar": [lambda index, one=one: index.similar(one) for one in ids[:10]],
        "suggest": [lambda index, text=text: index.suggest(text) for text in TYPED],
        "get": [lambda index, one=one: index.get(one) for one in ids],
        "stats": [lambda index: index.stats()],
        "mark": [
            lambda index, text=text: index.mark(text, ["Công an bắt đường dây ma túy ở Sơn La"]) for text in TEXTS
        ],
        "version": [lambda index: (index.version, index.is_current())],
        "whoosh": [lambda index, query=query: _by_whoosh(index, query) for query in _whoosh_queries()],
    }


def _whoosh_queries() -> Iterator[wq.Query]:
    yield wq.Or([wq.Term("body", "an"), wq.Phrase("title", ["công", "an"]), wq.Prefix("body", "m")])
    yield wq.SpanNear2([wq.Term("body", "công"), wq.Term("body", "tỉnh")], slop=3)


def _by_whoosh(index: EmbeddedIndex, query: wq.Query) -> Any:
    with index.whoosh.searcher() as opened:
        return [(hit["id"], hit.score) for hit in opened.search(query, limit=20)]


def _plain(answer: Any) -> Any:
    """Return an answer as plain data, without what it took."""
    data = msgspec.to_builtins(answer)
    return {name: value for name, value in data.items() if name != "took_ms"} if isinstance(data, dict) else data


def main() -> int:
    """Print a line for each method; returns 1 where an answer was another one, or there was none."""
    parser = argparse.ArgumentParser("python -m benchmarks.threads", description=__doc__)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--calls", type=int, default=10_000, help="of each thread")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return report(Path(name) / "index", given.threads, given.calls)


def report(folder: Path, threads: int, count: int) -> int:
    """Compare, and print what came of it."""
    half = sorted(path for path in SEEDS.iterdir() if path.is_file())
    for batch in (half[::2], half[1::2]):
        searcher.index_paths(folder, batch)
    with searcher.open_index(folder) as index:
        methods = calls([hit.article.id for hit in index.search("", limit=1000).hits])
        listed = [(name, call) for name, several in methods.items() for call in several]
        right = [_plain(call(index)) for _name, call in listed]
    places = {name: [at for at, (other, _call) in enumerate(listed) if other == name] for name in methods}
    begun = time.perf_counter()
    made: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SECONDS_A_TURN)
    try:
        for turn in range(TURNS):
            for done, bad in _turn(folder, listed, right, places, threads, -(-count // TURNS), turn):
                made += done
                wrong += bad
    finally:
        sys.setswitchinterval(before)
    free = not getattr(sys, "_is_gil_enabled", lambda: True)()
    print(f"Python {sys.version.split()[0]}, {'free threads' if free else 'one thread at a time'}: {threads} threads")
    print(f"{'method':12}{'calls':>10}{'other answers':>16}")
    for name in methods:
        print(f"{name:12}{made[name]:10,}{wrong[name]:16,}")
    print(f"{'together':12}{made.total():10,}{wrong.total():16,}   in {time.perf_counter() - begun:.0f} s")
    return 1 if wrong else 0


def _turn(
    folder: Path,
    listed: list[tuple[str, Call]],
    right: list[Any],
    places: dict[str, list[int]],
    threads: int,
    count: int,
    turn: int,
) -> list[tuple[Counter[str], Counter[str]]]:
    """Open the index, have each thread make so many calls, methods drawn alike, and return what each counted."""
    together = Barrier(threads)
    names = list(places)

    def work(thread: int) -> tuple[Counter[str], Counter[str]]:
        random = Random(turn * threads + thread)
        made: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        together.wait()
        for _call in range(count):
            name = random.choice(names)
            at = random.choice(places[name])
            made[name] += 1
            try:
                same = _plain(listed[at][1](index)) == right[at]
            except Exception as error:
                same = False
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
            wrong[name] += not same
        return made, +wrong

    with searcher.open_index(folder) as index, ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(threads)))


if __name__ == "__main__":
    sys.exit(main())
