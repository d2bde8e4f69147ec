"""A fault of ours while an article is tagged costs that article, and says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searcher import open_index
from searcher.article import Article
from searcher.errors import ArticleNotFound
from searcher.indexing import batches, index_paths
from searcher.indexing.batches import Batch, BatchBuilder, Built
from searcher.indexing.wire import Done, Work, answers
from searcher.indexing.worker import answer
from searcher.processes import encoded
from searcher.schema import article_schema
from searcher.tagging import tag_scored


def _write(path: Path, *titles: str, body: str = "Bài viết được nghĩ ra.") -> Path:
    lines = (json.dumps({"id": title, "title": title, "body": body}, ensure_ascii=False) for title in titles)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def _faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    def tag(article: Any) -> Any:
        if article.title == "hai":
            raise IndexError("invented")
        return tag_scored(article)

    monkeypatch.setattr(batches, "tag_scored", tag)


@pytest.mark.usefixtures("_faulty")
def test_an_article_that_can_not_be_tagged_is_rejected_and_the_others_are_indexed(tmp_path: Path) -> None:
    file = _write(tmp_path / "tin.jsonl", "một", "hai", "ba")
    summary = index_paths(tmp_path / "index", file)
    assert (summary.added, summary.updated) == (2, 0)
    (rejected,) = summary.rejected
    assert (rejected.file, rejected.code) == (str(file), "fault")
    assert "hai" in rejected.reason
    assert "IndexError" in rejected.reason
    with open_index(tmp_path / "index") as index:
        assert index.get("một") is not None
        with pytest.raises(ArticleNotFound):
            index.get("hai")


def test_an_article_whose_new_version_can_not_be_tagged_is_counted_as_rejected_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    file = _write(tmp_path / "tin.jsonl", "một", "hai")
    index_paths(tmp_path / "index", file)
    request.getfixturevalue("_faulty")
    _write(file, "một", "hai", "ba", body="Bài viết được nghĩ ra, và sửa.")
    summary = index_paths(tmp_path / "index", file)
    assert (summary.added, summary.updated, len(summary.rejected)) == (1, 1, 1)
    monkeypatch.undo()
    again = index_paths(tmp_path / "index", file)  # it is not taken for unchanged
    assert (again.added, again.updated, again.unchanged) == (1, 0, 2)


@pytest.mark.usefixtures("_faulty")
def test_a_worker_answers_with_the_segment_and_what_it_left_out(tmp_path: Path) -> None:
    schema = article_schema()
    builder = BatchBuilder(schema, tmp_path, "MAIN")
    done = answers.decode(encoded(answer(builder, Work(Batch(_articles("một", "hai"), ["tin.jsonl", "tin.jsonl"])))))
    assert isinstance(done, Done)
    built: Built = done.built
    assert [(one.article_id, one.file, one.name) for one in built.faults] == [("hai", "tin.jsonl", "IndexError")]
    assert built.segment.doc_count == 1


def _articles(*titles: str) -> list[Any]:
    return [Article(id=title, title=title, body="Bài viết được nghĩ ra.") for title in titles]
