"""An index lives on Windows as elsewhere, where no file can be removed or replaced while somebody has it open."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

import searcher
from tests import windows
from tests.conformance.library import filled, found, ids_of
from tests.invented import invented
from tests.windows import as_on_windows


@pytest.fixture(autouse=True)
def _windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    with as_on_windows(tmp_path, monkeypatch):
        yield


def test_the_tests_would_notice(tmp_path: Path) -> None:
    held = tmp_path / "held"
    with held.open("wb") as file:
        file.write(b"x")
        with pytest.raises(PermissionError):
            held.unlink()
        with pytest.raises(PermissionError):
            held.replace(tmp_path / "other")
    held.unlink()
    with pytest.raises(OSError, match="syntax"):
        (tmp_path / "a:b").open("wb")


def test_an_index_is_filled_changed_and_rebuilt_while_it_is_read(tmp_path: Path) -> None:
    folder, file = tmp_path / "index", tmp_path / "articles.jsonl"
    filled(folder, file, invented(40), commit_every=10)
    before = searcher.open_index(folder)
    assert before.search("ma túy", limit=0).total > 0
    assert before.suggest("mại d")
    changed = [{**article, "body": f"{article['body']} Thêm một câu."} for article in invented(30)]
    assert filled(folder, file, changed, prune=True).updated == 30
    between = searcher.open_index(folder)
    assert between.stats().articles == 30
    assert before.stats().articles == 40
    assert [hit.article.id for hit in before.export("")]
    filled(folder, file, invented(20, start=100), rebuild=True)
    with searcher.open_index(folder) as after:
        assert set(found(after.search("", limit=100, all_copies=True))) == ids_of(invented(20, start=100))
        assert after.suggest("mại d")
    assert set(found(between.search("", limit=100, all_copies=True))) == ids_of(invented(30))
    assert windows.refused, "nothing was in use, so nothing was shown"
    before.close()
    between.close()
    del before, between
    gc.collect()


def test_what_could_not_be_removed_goes_with_the_next_commit(tmp_path: Path) -> None:
    folder, file = tmp_path / "index", tmp_path / "articles.jsonl"
    filled(folder, file, invented(10))
    held = searcher.open_index(folder)
    held.search("ma túy")
    filled(folder, file, invented(10, start=50), rebuild=True)
    held.close()
    del held
    gc.collect()
    filled(folder, file, [*invented(10, start=50), *invented(1)])
    assert windows.refused, "nothing was in use, so nothing was shown"
    with searcher.open_index(folder) as index:
        assert index.stats().articles == 11
        listed = {segment.segment_id() for segment in index.whoosh._segments()}
    assert {file.stem for file in folder.glob("*.seg")} == listed
    assert len(list(folder.glob("*.toc"))) == 1
    del index
    gc.collect()
    for file in folder.iterdir():
        file.unlink()


def test_two_of_one_folder_make_the_same_phrases(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    filled(folder, tmp_path / "articles.jsonl", invented(30))
    with searcher.open_index(folder) as one, searcher.open_index(folder) as other:
        assert one.suggest("mại d") == other.suggest("mại d")
