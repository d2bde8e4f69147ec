"""How fast the page is: `python -m benchmarks.web [--index FOLDER] [--requests N] [--articles N]`.

The server is `searcher serve` over articles of the corpus, to which days of four years are given by their number, as it
has none. Pages are of the 24 queries of the engine benchmark, each with filters, orders and pages, none with
If-None-Match. "New" ones were not asked for before, the others are those again, which the server keeps. The client is
on the same machine, so it takes part of the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from benchmarks.common import records
from benchmarks.corpusindex import indexed
from benchmarks.queries import QUERIES
from benchmarks.webserver import Server, server

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
_WARM: Final = 48
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


def resident_mb(pid: int) -> float:
    """Return what a process has resident, in MB; 0 where the system doesn't say."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS:"))


def processor_s(pid: int) -> float:
    """Return the processor time that a process took, in seconds; 0 where the system doesn't say."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    import os

    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _line(name: str, answers: Sequence[Answer], seconds: float, cpu: float) -> None:
    times = sorted(answer.ms for answer in answers)
    refused = sum(1 for answer in answers if answer.status != 200)
    at_95 = times[min(int(len(times) * 0.95), len(times) - 1)]
    print(
        f"{name:38} {len(answers):6} {len(answers) / seconds:8.0f} {statistics.median(times):8.1f} {at_95:8.1f} "
        f"{cpu / len(answers) * 1000:8.1f} {refused:8}"
    )


def _mixed(known: Sequence[str], new: Sequence[str], count: int) -> list[str]:
    fresh = iter(new)
    return [next(fresh, known[0]) if number % 10 == 0 else known[number % len(known)] for number in range(count)]


def measure(started: Server, requests: int) -> None:
    """Print the figures of a server."""
    asyncio.run(one_by_one(started.address, addresses()[:_WARM]))
    print(f"{'':38} {'pages':>6} {'pages/s':>8} {'median':>8} {'95 %':>8} {'CPU ms':>8} {'not 200':>8}")

    def timed(name: str, run: Any) -> list[Answer]:
        began, cpu = time.perf_counter(), processor_s(started.pid)
        answers: list[Answer] = asyncio.run(run)
        _line(name, answers, time.perf_counter() - began, processor_s(started.pid) - cpu)
        return answers

    alone = timed("new, one after the other", one_by_one(started.address, addresses(density="compact")))
    new = iter(addresses(recent="no"))
    timed(f"new, {_CONNECTIONS} connections, as fast as it goes", at_once(started.address, new, _CONNECTIONS))
    paths = addresses(density="compact")
    again = iter(paths * 10)
    timed(f"again, {_CONNECTIONS} connections, as fast as it goes", at_once(started.address, again, _CONNECTIONS))
    mixed = _mixed(paths, addresses(copies="all"), _RATE * 10)
    timed(f"one in ten new, {_RATE} a second", at_a_rate(started.address, mixed, _RATE))
    before = resident_mb(started.pid)
    many = itertools.islice(itertools.cycle([*paths, *addresses(n="11")]), requests)
    timed(f"{requests} pages more", at_once(started.address, many, _CONNECTIONS))
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
    given = options.parse_args()
    folder = indexed(given.index, dated(given.articles))
    with server(folder) as started:
        measure(started, given.requests)


if __name__ == "__main__":
    main()
