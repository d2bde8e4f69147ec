"""A folder of fetched pages that came from a stranger: what is planted in it changes and hangs nothing."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from searcher.errors import FolderUnusable
from searcher.fetching import Store
from tests.fetching.conftest import Fetch
from tests.fetching.server import Site, page

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")


def record(folder: Path, *statements: str) -> None:
    """Make the record of a folder, then change it as its owner would not."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fetched.sqlite").touch()  # a record that was not there before and has nothing in it goes with its folder
    with Store(folder):
        pass
    database = sqlite3.connect(folder / "fetched.sqlite")
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


@pytest.mark.parametrize("size", [0, 3])
@pytest.mark.parametrize(
    "name", ["../victim.txt", "{absolute}", "victim.txt", "20200217-170500-000.warc.gz/../../victim.txt"]
)
def test_names_of_other_files_in_a_record_touch_none(tmp_path: Path, name: str, size: int) -> None:
    victim, folder = tmp_path / "victim.txt", tmp_path / "fetched"
    victim.write_text("không được sửa", encoding="utf-8")
    given = name.format(absolute=victim)
    record(folder, f"INSERT INTO files VALUES ('{given}', {size})")
    (folder / "victim.txt").write_text("không được sửa", encoding="utf-8")
    with pytest.raises(FolderUnusable, match="names files"):
        Store(folder)
    assert victim.read_text(encoding="utf-8") == (folder / "victim.txt").read_text(encoding="utf-8") == "không được sửa"


@needs_links
@pytest.mark.parametrize("make", [os.symlink, os.link], ids=["symbolic", "hard"])
def test_a_link_to_another_file_is_not_cut_off(tmp_path: Path, make: Callable[[Path, Path], None]) -> None:
    victim, folder = tmp_path / "victim.txt", tmp_path / "fetched"
    victim.write_text("không được sửa", encoding="utf-8")
    record(folder, "INSERT INTO files VALUES ('20200217-170500-000.warc.gz', 3)")
    make(victim, folder / "20200217-170500-000.warc.gz")
    with pytest.raises(FolderUnusable, match="is a link"):
        Store(folder)
    assert victim.read_text(encoding="utf-8") == "không được sửa"


@needs_links
@pytest.mark.parametrize(
    "name", ["fetched.sqlite", "fetched.sqlite-wal", "fetched.sqlite-journal", "20200217-170500-000.warc.gz"]
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_pipe_does_not_hang(tmp_path: Path, name: str, dry_run: bool) -> None:
    record(tmp_path, "INSERT INTO files VALUES ('20200217-170500-000.warc.gz', 3)")
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    if dry_run and name.endswith(".gz"):
        return  # no page is looked at then
    with pytest.raises(FolderUnusable, match="is a link, a pipe"):
        Store(tmp_path, dry_run=dry_run)


@needs_links
def test_what_is_no_file_is_not_given_to_an_index(tmp_path: Path) -> None:
    folder = tmp_path / "fetched"
    record(
        folder,
        "INSERT INTO files VALUES ('20200217-170500-000.warc.gz', 3)",
        "INSERT INTO files VALUES ('20200217-170500-001.warc.gz', 3)",
    )
    (folder / "20200217-170500-001.warc.gz").write_bytes(b"abc")
    with Store(folder) as store:
        (folder / "20200217-170500-000.warc.gz").symlink_to(tmp_path / "victim.txt")
        (tmp_path / "victim.txt").write_text("abc", encoding="utf-8")
        assert [path.name for path in store.not_indexed(tmp_path / "index")] == ["20200217-170500-001.warc.gz"]


@pytest.mark.parametrize(
    "planted",
    [
        (
            "DROP TABLE files",
            "CREATE VIEW files AS WITH RECURSIVE n (bytes) AS (SELECT 1 UNION ALL SELECT bytes FROM n) "
            "SELECT 'a' AS name, bytes FROM n",
        ),
        ("CREATE TRIGGER t AFTER UPDATE ON pages BEGIN DELETE FROM pages; END",),
        ("CREATE TABLE more (x)",),
        ("DROP TABLE lists", "CREATE TABLE lists (url, parent, etag, modified)"),
    ],
    ids=["a view without end", "a trigger", "one more table", "another table of the name"],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_record_with_other_tables_is_refused(tmp_path: Path, planted: tuple[str, ...], dry_run: bool) -> None:
    record(tmp_path, *planted)
    with pytest.raises(FolderUnusable, match="other tables"):
        Store(tmp_path, dry_run=dry_run)


def test_values_of_the_wrong_kind_are_damage(tmp_path: Path, site: Site, fetch: Fetch, into: Path) -> None:
    site.routes["/a"] = page("Bài giả định")
    fetch("/a")
    database = sqlite3.connect(into / "fetched.sqlite")
    database.execute("UPDATE pages SET etag = x'ff', attempts = 'nhiều'")
    database.commit()
    database.close()
    with Store(into) as store, pytest.raises(FolderUnusable, match="damaged"):
        store.add(f"{site.url}/a")
