"""Reading streams: what it holds does not grow with what it reads."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import zstandard

pytestmark = pytest.mark.slow

MB = 1024 * 1024
ARTICLE = '{{"id": "{}", "title": "Bài viết giả định", "body": "{}"}}\n'
READ = """
import sys
from pathlib import Path
from searcher.sources import Item, read
from benchmarks.memory import peak_mb
items = rejected = 0
for one in read([Path(sys.argv[1])]):
    items += isinstance(one, Item)
    rejected += not isinstance(one, Item)
print(items, rejected, round(peak_mb()))
"""


def read_and_measure(path: Path) -> tuple[int, int, int]:
    """The articles, the rejections, and the peak memory in MB of a process that reads `path`."""
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True)
    items, rejected, peak_mb = map(int, done.stdout.split())
    return items, rejected, peak_mb


@pytest.fixture(scope="module")
def small_mb(tmp_path_factory: pytest.TempPathFactory) -> int:
    path = tmp_path_factory.mktemp("small") / "a.jsonl"
    path.write_text(ARTICLE.format(1, "ma túy"), encoding="utf-8")
    items, _rejected, peak_mb = read_and_measure(path)
    assert items == 1
    return peak_mb


def test_a_line_of_200_mb_is_skipped_and_its_neighbours_are_read(tmp_path: Path, small_mb: int) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(ARTICLE.format(1, "trước").encode() + b'{"body": "')
        for _mb in range(200):
            file.write(b"a" * MB)
        file.write(b'"}\n' + ARTICLE.format(2, "sau").encode())
    items, rejected, peak_mb = read_and_measure(path)
    assert (items, rejected) == (2, 1)
    assert peak_mb < small_mb + 140


def test_a_zst_that_unpacks_to_a_thousand_times_its_size_is_read_in_bounded_memory(
    tmp_path: Path, small_mb: int
) -> None:
    path = tmp_path / "a.jsonl.zst"
    with path.open("wb") as raw, zstandard.ZstdCompressor().stream_writer(raw) as file:
        file.write(ARTICLE.format(1, "trước").encode())
        for _mb in range(500):
            file.write(b" " * MB)
        file.write(b"\n" + ARTICLE.format(2, "sau").encode())
    assert path.stat().st_size < MB
    items, _rejected, peak_mb = read_and_measure(path)
    assert items == 2
    assert peak_mb < small_mb + 250


WRITERS: dict[str, Callable[[BinaryIO], Any]] = {
    "": nullcontext,
    ".gz": lambda raw: gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1),
    ".zst": lambda raw: zstandard.ZstdCompressor().stream_writer(raw),
}


@pytest.mark.parametrize("packed", WRITERS)
def test_300_mb_of_articles_need_no_more_memory_than_one(tmp_path: Path, small_mb: int, packed: str) -> None:
    path = tmp_path / f"a.jsonl{packed}"
    block = "".join(ARTICLE.format(number, "ma túy, mại dâm " * 100) for number in range(1000)).encode()
    count = 300 * MB // len(block)
    with path.open("wb") as raw, WRITERS[packed](raw) as file:
        for _block in range(count):
            file.write(block)
    items, rejected, peak_mb = read_and_measure(path)
    assert (items, rejected) == (count * 1000, 0)
    assert peak_mb < small_mb + 80
