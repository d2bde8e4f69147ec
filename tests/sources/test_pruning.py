"""Pruning drops what has gone below the paths given, never what only can't be seen now."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from tests.sources import made
from tests.sources.conftest import Run


def articles(folder: Path, count: int, first: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number}.html").write_bytes(made.page(number))
    return folder


def count(index: Path) -> int:
    with searcher.open_index(index) as opened:
        return opened.stats().articles


def test_a_root_that_is_missing_is_an_error_and_nothing_is_dropped_or_indexed(tmp_path: Path) -> None:
    news, index = articles(tmp_path / "tin", 4), tmp_path / "index"
    searcher.index_paths(index, [news])
    news.rename(tmp_path / "tin-moi")
    with pytest.raises(searcher.SourceMissing, match="is not there"):
        searcher.index_paths(index, [news, tmp_path / "tin-moi"], prune=True)
    assert count(index) == 4


def test_only_what_lies_below_the_paths_given_is_dropped(tmp_path: Path) -> None:
    one, two, index = articles(tmp_path / "mot", 4), articles(tmp_path / "mot-hai", 4, 10), tmp_path / "index"
    searcher.index_paths(index, [one, two])
    (one / "0.html").unlink()
    (two / "10.html").unlink()
    assert searcher.index_paths(index, [one], prune=True).removed == 1
    assert count(index) == 7
    assert searcher.index_paths(index, [one / "1.html", two / ".." / "mot-hai"], prune=True).removed == 1


def test_more_than_half_of_the_index_goes_only_if_that_is_wanted(tmp_path: Path) -> None:
    news, index = articles(tmp_path / "tin", 5), tmp_path / "index"
    searcher.index_paths(index, [news])
    for number in range(3):
        (news / f"{number}.html").unlink()
    kept = searcher.index_paths(index, [news], prune=True)
    assert (kept.removed, kept.not_pruned, count(index)) == (0, 3, 5)
    asked: list[tuple[int, int]] = []

    def may_prune(gone: int, of: int) -> bool:
        asked.append((gone, of))
        return True

    dropped = searcher.index_paths(index, [news], prune=True, may_prune=may_prune)
    assert (dropped.removed, dropped.not_pruned, count(index), asked) == (3, 0, 2, [(3, 5)])


def test_the_command_keeps_them_without_a_word_from_the_user(tmp_path: Path, run: Run) -> None:
    news, index = articles(tmp_path / "tin", 3), tmp_path / "index"
    run("index", news, "-i", index)
    for page in news.iterdir():
        page.unlink()
    done = run("index", news, "-i", index, "--prune")
    assert done.returncode == 1
    assert "3 articles whose files have gone are kept" in done.stdout
    assert count(index) == 3
    assert "3 removed" in run("index", news, "-i", index, "--prune", "--yes").stdout
    assert count(index) == 0
    done = run("index", tmp_path / "gone", "-i", index, "--prune")
    assert (done.returncode, "is not there" in done.stderr) == (1, True)


def test_paths_may_be_text(tmp_path: Path) -> None:
    news, index = articles(tmp_path / "tin", 2), str(tmp_path / "index")
    assert searcher.index_paths(index, [str(news)]).added == 2
    assert searcher.index_paths(index, str(news)).unchanged == 2
    assert searcher.check_index(index).problems == []
