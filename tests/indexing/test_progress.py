"""A long run shows from its beginning that it goes on: its bar moves, and what it has done is committed early."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from searcher.indexing import making
from searcher.sources import measure
from tests.sources import made

PAGES = 60


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "tin"
    folder.mkdir()
    for number in range(PAGES):
        (folder / f"{number}.html").write_bytes(made.page(number, body="Đoạn văn giả định. " * 200))
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_commit_comes_long_before_the_end(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(making, "_FIRST_BYTES", 20_000)
    committed: list[int] = []

    def watch(_bytes: int, _articles: int) -> None:
        try:
            with searcher.open_index(tmp_path / "index") as index:
                committed.append(index.stats().articles)
        except searcher.IndexNotFound:
            committed.append(0)

    summary = searcher.index_paths(tmp_path / "index", [pages], jobs=jobs, on_progress=watch)
    assert summary.added == PAGES
    early = next(count for count in committed if count)
    assert early < PAGES / 2


def test_progress_is_told_while_sources_are_read_and_comes_to_all_of_them(tmp_path: Path, pages: Path) -> None:
    told: list[tuple[int, int]] = []
    searcher.index_paths(
        tmp_path / "index", [pages], jobs=1, on_progress=lambda count, done: told.append((count, done))
    )
    assert sum(count for count, _done in told) == measure([pages])
    assert len([count for count, done in told if count and not done]) >= PAGES
    assert told[-1][1] == PAGES
