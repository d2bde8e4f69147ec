"""How fast articles are indexed, where the time goes, how large the index is: `python -m benchmarks.indexing CORPUS`.

In one run on one machine: Whoosh and pyvi as their own users write it over the first 2,000 articles, then `searcher`
over all of them. CORPUS is JSON Lines, maybe compressed with zstandard; by default the corpus beside the checkout.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import threading
import time
import warnings
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from whoosh import fields
from whoosh import index as whoosh_index

from benchmarks.common import CORPUS, records
from searcher import codec
from searcher.indexing import Summary, index_paths

STOCK_ARTICLES = 2000


def stock(folder: Path, articles: Iterable[dict[str, str]]) -> tuple[int, float, float]:
    """Index with Whoosh's own codec and pyvi, article by article; return how many, and wall and processor seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer
    schema = fields.Schema(
        id=fields.ID(unique=True, stored=True), title=fields.TEXT(stored=True), body=fields.TEXT(stored=True)
    )
    ViTokenizer.tokenize("nạp mô hình")
    made = whoosh_index.create_in(folder, schema)
    started, started_cpu = time.perf_counter(), time.process_time()
    writer = made.writer()
    count = 0
    for article in articles:
        text = f"{article['lead']}\n{article['body']}"
        writer.add_document(
            id=article["id"], title=ViTokenizer.tokenize(article["title"]), body=ViTokenizer.tokenize(text)
        )
        count += 1
    writer.commit()
    return count, time.perf_counter() - started, time.process_time() - started_cpu


class PeakMemory:
    """The most memory that this process and its children have together; 0 where there is no /proc."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            self.peak_bytes = max(self.peak_bytes, _resident(os.getpid()) + sum(map(_resident, _children())))


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _children() -> list[int]:
    found: list[int] = []
    for path in Path("/proc/self/task").glob("*/children"):
        found += [int(one) for one in path.read_text().split()]
    return found


def bytes_by_part(folder: Path) -> list[tuple[str, int]]:
    """Return the bytes of all segments by what they hold, most first."""
    sums: dict[str, int] = {}
    total = 0
    for segment in codec.open_index(folder)._segments():
        container = segment.open(folder).container
        for name in container.names():
            size = container.part(name).all().nbytes
            field, _dot, part = name.partition(".")
            sums[_group(field, part)] = sums.get(_group(field, part), 0) + size
            total += size
    on_disk = sum(path.stat().st_size for path in folder.iterdir())
    sums["headers, checksums, table of contents"] = on_disk - total
    return sorted(sums.items(), key=lambda item: -item[1])


def _group(field: str, part: str) -> str:
    kinds = {
        "positions": "positions",
        "docs": "documents of terms",
        "bitmaps": "documents of terms",
        "common": "documents of terms",
        "before": "documents of terms",
        "freqs": "frequencies",
        "occurrences": "offsets",
        "offsets": "offsets",
        "terms": "terms",
        "samples": "terms",
        "folded": "terms",
        "lengths": "columns, labels and lengths",
    }
    if field == "stored":
        return "stored articles"
    return kinds.get(part.partition(".")[0], "columns, labels and lengths")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?", default=CORPUS)
    parser.add_argument("--limit", type=int, help="only so many articles")
    parser.add_argument("--jobs", type=int, help="processes; all cores if not given")
    given = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, {date.today():%d/%m/%Y}, load at the start {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "stock").mkdir()
        stock_run = stock(folder / "stock", records(given.corpus, STOCK_ARTICLES))
        source = _source(given.corpus, folder, given.limit)
        with PeakMemory() as memory:
            summary = index_paths(folder / "index", [source], jobs=given.jobs)
        again = index_paths(folder / "index", [source], jobs=given.jobs)
        show(summary, again, stock_run, memory.peak_bytes)
        show_size(folder / "index", source, summary.added)


def _source(corpus: Path, folder: Path, limit: int | None) -> Path:
    """Write the articles as plain JSON Lines, so that sizes compare."""
    import msgspec

    path = folder / "articles.jsonl"
    with path.open("wb") as file:
        for record in records(corpus, limit):
            file.write(msgspec.json.encode(record) + b"\n")
    return path


def show(summary: Summary, again: Summary, stock_run: tuple[int, float, float], peak_bytes: int) -> None:
    """Print speed, memory and stages.

    On a machine that does other things as well, wall time says little; processor time does, and how many cores are
    kept busy without them is the number of processes.
    """
    count, seconds, cpu_seconds = stock_run
    total = sum(summary.stages.values())
    print(f"{'':36}{'articles':>10}{'s':>8}{'articles/s':>12}{'CPU ms/article':>16}")
    print(f"{'Whoosh and pyvi':36}{count:10,}{seconds:8.1f}{count / seconds:12.0f}{1000 * cpu_seconds / count:16.2f}")
    print(
        f"{f'searcher, {summary.jobs} processes':36}{summary.added:10,}{summary.seconds:8.1f}"
        f"{summary.articles_per_second:12.0f}{1000 * total / summary.added:16.2f}"
    )
    rate = summary.articles_per_second / (count / seconds)
    cpu_rate = (cpu_seconds / count) / (total / summary.added)
    print(f"{'searcher / Whoosh and pyvi':36}{'':18}{rate:10.1f} x{cpu_rate:14.1f} x")
    print(f"{'searcher again, nothing changed':36}{again.unchanged:10,}{again.seconds:8.1f}")
    print(f"most memory of all processes together: {peak_bytes / 1e6:.0f} MB\n")
    print(f"{'stage':12}{'CPU s':>8}{'share':>8}")
    for stage, spent in sorted(summary.stages.items(), key=lambda item: -item[1]):
        print(f"{stage:12}{spent:8.2f}{spent / total:8.0%}")
    print(f"{'all':12}{total:8.2f}\n")


def show_size(folder: Path, source: Path, articles: int) -> None:
    """Print the bytes of the index, by part, beside those of the articles as JSON Lines."""
    parts = bytes_by_part(folder)
    total, given = sum(size for _part, size in parts), source.stat().st_size
    print(f"{'part':40}{'MB':>8}{'bytes/article':>15}")
    for part, size in parts:
        print(f"{part:40}{size / 1e6:8.1f}{size / articles:15.0f}")
    print(f"{'index':40}{total / 1e6:8.1f}{total / articles:15.0f}")
    print(f"{'articles as JSON Lines':40}{given / 1e6:8.1f}{given / articles:15.0f}")
    print(f"index / articles: {total / given:.2f}")


if __name__ == "__main__":
    main()
