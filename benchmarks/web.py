"""How fast the page is: `python -m benchmarks.web [--index FOLDER] [--requests N] [--articles N] [--workers N]`.

The server is `searcher serve` over articles of the corpus, to which days of four years are given by their number, as it
has none. The client is on the same machine, so it takes part of the same cores; it sends no If-None-Match, so no answer
is an empty one. The loads:

- "new": search pages that nobody asked for before, which the server makes one by one. They are of the 24 queries of the
  engine benchmark, from the commonest words to the rarest, each with eight filters, orders and pages. It is the worst
  that readers could do: no page twice.
- "again": those same pages, which the server has kept.
- "mixed": what readers might do, as far as that can be guessed without a log of any. A visit is a search; six of ten
  are of the 52 queries of ../shared/eval by a Zipf law (the k-th most popular 1/k as often), half of them typed without
  diacritics, and four of ten are of words in a row of some title, which hardly anybody else asks for. Every second
  visit then clicks on a facet, every fifth on the second page, and four of five open an article that was found.
  Whether a page comes from what is kept depends on that alone; the share that did is printed. Suggestions while one
  types are left out: they are quicker than pages.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import os
import random
import statistics
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

import searcher
from benchmarks.common import records
from benchmarks.corpusindex import indexed
from benchmarks.queries import QUERIES
from benchmarks.webserver import Server, server
from searcher.analysis import fold

_SEED: Final = 15
_FILTERS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"topic": "ma-tuy"},
    {"province": "Nghệ An"},
    {"year": "2018"},
    {"since": "2017", "until": "2018"},
    {"shade": "share"},
    {"sort": "newest", "n": "20"},
    {"page": "2"},
)
_QUERIES: Final = Path(__file__).parents[1].parent / "shared" / "eval" / "queries-dev.tsv"
_TITLES: Final = 20_000
_RARE: Final = 0.4
"""The share of visits whose query hardly anybody else asks, and of visits those that click, turn a page, open one."""
_CLICKS: Final = 0.5
_TURNS: Final = 0.2
_OPENS: Final = 0.8
_WARM: Final = 96
_CONNECTIONS: Final = 16
_RATE: Final = 200
_MOST_CONNECTIONS: Final = 32


class Answer(NamedTuple):
    """One answer: its status, how long it took (ms), and its body's bytes as they came."""

    status: int
    ms: float
    size: int


def dated(articles: int) -> Iterator[dict[str, Any]]:
    """Yield articles of the corpus with a day each."""
    for number, record in enumerate(records(limit=articles)):
        day = date(2016, 1, 1) + timedelta(days=number * 7 % 1461)
        yield {**record, "published": f"{day}T08:00:00+07:00"}


def addresses(**more: str) -> list[str]:
    """Return the addresses that are asked for, with `more` in each, in an order that is the same each time."""
    pairs = [{"q": query.spoken, **one, **more} for query, one in itertools.product(QUERIES, _FILTERS)]
    random.Random(_SEED).shuffle(pairs)
    return [f"/?{urlencode(one)}" for one in pairs]


def visits(index: Path, seed: int) -> Iterator[str]:
    """Yield the addresses of the pages of one visit after the other, without end, in an order given by the seed."""
    chance = random.Random(seed)
    asked = [line.split("\t")[1] for line in _QUERIES.read_text("utf-8").splitlines()]
    weights = [1 / rank for rank in range(1, len(asked) + 1)]
    with searcher.open_index(index) as opened:
        found = {text: [hit.article.id for hit in opened.search(text, snippets=False).hits] for text in asked}
    titles = [(record["id"], record["title"].split()) for record in records(limit=_TITLES)]
    while True:
        if chance.random() < _RARE:
            article, words = chance.choice(titles)
            length = chance.randint(2, 5)
            start = chance.randrange(max(len(words) - length, 0) + 1)
            query, ids = " ".join(words[start : start + length]), [article]
        else:
            query = chance.choices(asked, weights)[0]
            ids = found[query]
            query = query if chance.random() < 0.5 else fold(query.lower())
        yield f"/?{urlencode({'q': query})}"
        if chance.random() < _CLICKS:
            yield f"/?{urlencode({'q': query, **chance.choice(_FILTERS[1:5])})}"
        if chance.random() < _TURNS:
            yield f"/?{urlencode({'q': query, 'page': '2'})}"
        if ids and chance.random() < _OPENS:
            place = chance.choices(range(len(ids)), [1 / rank for rank in range(1, len(ids) + 1)])[0]
            yield f"/article/{ids[place]}?{urlencode({'q': query})}"


class Client:
    """A keep-alive connection, with as little work for each answer as can be."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def get(self, path: str) -> Answer:
        """Return the answer to one request."""
        started = time.perf_counter()
        head = f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAccept-Encoding: gzip\r\n\r\n"
        self._writer.write(head.encode())
        answered = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        size = int(answered.partition(b"content-length: ")[2].partition(b"\r")[0])
        await self._reader.readexactly(size)
        return Answer(int(answered.split(b" ", 2)[1]), (time.perf_counter() - started) * 1000, size)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def one_by_one(address: str, paths: Sequence[str]) -> list[Answer]:
    """Return the answers to requests of which each waits for the one before."""
    client = Client(address)
    await client.open()
    answers = [await client.get(path) for path in paths]
    client.close()
    return answers


async def at_once(address: str, paths: Iterator[str], connections: int) -> list[Answer]:
    """Return the answers to requests over so many connections, each as fast as it gets answers."""
    answers: list[Answer] = []

    async def work() -> None:
        client = Client(address)
        await client.open()
        answers.extend([await client.get(path) for path in paths])
        client.close()

    await asyncio.gather(*(work() for _one in range(connections)))
    return answers


async def at_a_rate(address: str, paths: Sequence[str], rate: int) -> list[Answer]:
    """Return the answers to requests that begin so many a second, whether those before were answered or not.

    The time that a request waits for a connection counts.
    """
    free: asyncio.Queue[Client] = asyncio.Queue()
    for _one in range(_MOST_CONNECTIONS):
        client = Client(address)
        await client.open()
        free.put_nowait(client)
    answers: list[Answer] = []

    async def ask(path: str) -> None:
        began = time.perf_counter()
        client = await free.get()
        answer = await client.get(path)
        free.put_nowait(client)
        answers.append(answer._replace(ms=(time.perf_counter() - began) * 1000))

    started = time.perf_counter()
    tasks = []
    for number, path in enumerate(paths):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(path)))
    await asyncio.gather(*tasks)
    return answers


def family(pid: int) -> list[int]:
    """Return a process and those that it started; none where the system doesn't say."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return [one for one in parents if pid in (one, parents[one])]


def resident_mb(pid: int) -> float:
    """Return the memory of a server and its workers in MB, where what they share counts once."""
    total = 0
    for one in family(pid):
        with suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def processor_s(pid: int) -> float:
    """Return the processor time that a server and its workers took, in seconds."""
    total = 0
    for one in family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def _line(name: str, answers: Sequence[Answer], seconds: float, cpu: float) -> None:
    times = sorted(answer.ms for answer in answers)
    refused = sum(1 for answer in answers if answer.status != 200)
    at_95 = times[min(int(len(times) * 0.95), len(times) - 1)]
    print(
        f"{name:42} {len(answers):6} {len(answers) / seconds:8.0f} {statistics.median(times):8.1f} {at_95:8.1f} "
        f"{cpu / len(answers) * 1000:8.1f} {refused:8}"
    )


def _share_again(paths: Sequence[str], before: Sequence[str]) -> float:
    """Return the share of requests for what was asked for already."""
    seen, again = set(before), 0
    for path in paths:
        again += path in seen
        seen.add(path)
    return again / len(paths)


def measure(started: Server, index: Path, requests: int) -> None:
    """Print the figures of a server."""
    asyncio.run(at_once(started.address, iter(addresses()[:_WARM]), 2))
    print(f"{'':42} {'pages':>6} {'pages/s':>8} {'median':>8} {'95 %':>8} {'CPU ms':>8} {'not 200':>8}")

    def timed(name: str, run: Coroutine[Any, Any, list[Answer]]) -> list[Answer]:
        began, cpu = time.perf_counter(), processor_s(started.pid)
        answers = asyncio.run(run)
        _line(name, answers, time.perf_counter() - began, processor_s(started.pid) - cpu)
        return answers

    alone = timed("new, one after the other", one_by_one(started.address, addresses(density="compact")))
    new = iter(addresses(recent="no"))
    timed(f"new, {_CONNECTIONS} connections, as fast as it goes", at_once(started.address, new, _CONNECTIONS))
    rate = [*addresses(copies="all"), *addresses(n="12"), *addresses(n="13"), *addresses(n="14")]
    timed(f"new, {_RATE} a second", at_a_rate(started.address, rate, _RATE))
    again = iter(addresses(density="compact") * 10)
    timed(f"again, {_CONNECTIONS} connections, as fast as it goes", at_once(started.address, again, _CONNECTIONS))
    readers = visits(index, _SEED)
    first = list(itertools.islice(readers, _RATE * 10))
    timed(f"mixed, {_RATE} a second, nothing kept yet", at_a_rate(started.address, first, _RATE))
    second = list(itertools.islice(readers, _RATE * 20))
    timed(f"mixed, {_RATE} a second, after that", at_a_rate(started.address, second, _RATE))
    third = list(itertools.islice(readers, _RATE * 10))
    timed(f"mixed, {_CONNECTIONS} connections, as fast as it goes", at_once(started.address, iter(third), _CONNECTIONS))
    again_at_first, again_later = _share_again(first, ()), _share_again(second, first)
    print(f"asked for before: {again_at_first:.0%} of the first, {again_later:.0%} of those after")
    before = resident_mb(started.pid)
    many = itertools.islice(readers, requests)
    timed(f"mixed, {requests} pages more", at_once(started.address, many, _CONNECTIONS))
    print(f"memory: {before:.0f} MB before those, {resident_mb(started.pid):.0f} MB after")
    largest = max(answer.size for answer in alone)
    print(f"the largest page has {largest / 1000:.1f} kB as it is sent (gzip)", end="; ")
    print(f"with style and scripts {(largest + _static_bytes()) / 1000:.1f} kB on a first visit")


def _static_bytes() -> int:
    folder = Path(__file__).parents[1] / "searcher" / "web" / "static"
    files = ("searcher.css", "searcher.js", "htmx.min.js", "searcher.svg")
    return sum(len(gzip.compress((folder / name).read_bytes())) for name in files)


def main() -> None:
    """Make the index where there is none, start the server, measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--index", type=Path, default=Path("index/web"))
    options.add_argument("--articles", type=int, default=50_000)
    options.add_argument("--requests", type=int, default=10_000)
    options.add_argument("--workers", type=int, help="as the option of serve")
    given = options.parse_args()
    folder = indexed(given.index, dated(given.articles))
    workers = () if given.workers is None else ("--workers", str(given.workers))
    with server(folder, *workers) as started:
        measure(started, folder, given.requests)


if __name__ == "__main__":
    main()
