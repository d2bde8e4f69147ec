"""The public face: every name is there, and costs nothing until it is used."""

from __future__ import annotations

import inspect
import pydoc
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

import searcher
from tests.conftest import SEEDS


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("name", searcher.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(searcher, name).__module__.startswith("searcher.")
    assert name in dir(searcher)


@pytest.mark.parametrize("name", searcher.__all__)
def test_every_public_name_explains_itself(name: str) -> None:
    named = getattr(searcher, name)
    assert inspect.signature(named).parameters is not None
    assert (named.__doc__ or "").strip()
    assert name in pydoc.render_doc(named)


def test_locations_are_texts_or_paths(tmp_path: Path) -> None:
    for place in (tmp_path / "one", str(tmp_path / "two")):
        searcher.index_paths(Path(place), [SEEDS])
        with searcher.open_index(place) as index:
            assert index.stats().articles == 45


def test_results_are_a_sequence_with_a_short_repr_and_a_table(seeds_index: searcher.EmbeddedIndex) -> None:
    results = seeds_index.search("ma túy", limit=3)
    assert len(results) == len(list(results)) == 3 and next(iter(results)) == results.hits[0]
    trends, similar = seeds_index.trends("ma túy"), seeds_index.similar(results.hits[0].article.id)
    for one in (results, results.hits[0], trends, similar, seeds_index.export("ma túy")):
        assert len(repr(one)) < 200 and "\n" not in repr(one)
    for table in (results._repr_html_(), trends._repr_html_(), similar._repr_html_()):
        assert table.count("<table>") == table.count("</table>") == 1


def test_rows_are_tidy(seeds_index: searcher.EmbeddedIndex) -> None:
    rows = seeds_index.search("ma túy", limit=4).to_dicts()
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert all(isinstance(row["published"], datetime) and isinstance(row["provinces"], list) for row in rows)
    assert len(seeds_index.export("ma túy").to_dicts()) == seeds_index.search("ma túy", limit=0).total
    found = seeds_index.trends("ma túy", by="topic")
    assert len(found.to_dicts()) == len(found.rows) * len(found.periods)


def test_what_articles_say_is_no_markup_in_a_notebook(tmp_path: Path) -> None:
    (tmp_path / "tin.jsonl").write_text(
        '{"title": "<script>alert(1)</script> ma túy", "body": "<img onerror=x> ma túy", "url": "javascript:alert(1)"}'
    )
    searcher.index_paths(tmp_path / "index", [tmp_path / "tin.jsonl"])
    with searcher.open_index(tmp_path / "index") as index:
        shown = index.search("ma túy")._repr_html_()
    assert "<script" not in shown and "<img" not in shown and "javascript:" not in shown


def test_a_folder_that_goes_while_it_is_open_is_no_trace(seeds_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_folder, tmp_path / "index")
    with searcher.open_index(tmp_path / "index") as index:
        shutil.rmtree(tmp_path / "index")
        calls: list[Callable[[], object]] = [
            lambda: index.search("ma túy"),
            lambda: index.trends(),
            lambda: list(index.export("ma túy")),
            lambda: index.suggest("ma"),
            index.stats,
        ]
        for call in calls:
            with suppress(searcher.SearcherError):
                call()
        with pytest.raises(searcher.IndexUnusable):
            index.stats()


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = searcher.no_such_name


def test_importing_searcher_loads_no_library() -> None:
    loaded = _python(
        "import sys, searcher; print(*[m for m in ('numpy', 'whoosh', 'msgspec', 'typer') if m in sys.modules])"
    )
    assert loaded == ""
