"""What the last run could not read is kept beside the index."""

from __future__ import annotations

from pathlib import Path

import searcher
from searcher.lastrun import FILE, last_run
from tests.invented import indexed, invented


def test_the_last_run_is_kept_with_what_it_could_not_read(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", invented(3))
    (tmp_path / "bad.jsonl").write_text('{"title": "Tin"', encoding="utf-8")
    summary = searcher.index_paths(folder, [tmp_path / "bad.jsonl"])
    with searcher.open_index(folder) as index:
        kept = index.stats().last_run
    assert kept is not None
    assert (kept.added, kept.rejected) == (0, 1)
    assert [(one.line, one.reason) for one in kept.unread] == [(one.line, one.reason) for one in summary.rejected]
    assert kept.unread[0].file.endswith("bad.jsonl")


def test_an_index_without_it_is_as_sound_as_before(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", invented(3))
    (folder / FILE).write_text("no JSON", encoding="utf-8")
    assert last_run(folder) is None
    (folder / FILE).unlink()
    with searcher.open_index(folder) as index:
        assert index.stats().last_run is None
        assert index.search("").total == 3
