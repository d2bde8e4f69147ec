"""An index folder may come from a stranger: what lies in it under the names of files changes nothing elsewhere."""

import os
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher import codec
from searcher.codec.checking import check
from searcher.codec.lock import IndexLockHeld
from tests.codec.samples import documents, fill, our_index, schema, stored_ids
from tests.codec.test_checking import segment_file
from tests.invented import indexed, invented
from tools.terminal import clean_environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX's")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return indexed(tmp_path / "index", invented(30))


@contextmanager
def without_waiting() -> Iterator[None]:
    """Raise TimeoutError where what is done within waits for ever, as opening a pipe does."""

    def stop(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_a_lock_that_is_a_link_leaves_the_file_it_leads_to_alone(folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    lock = folder / "MAIN_WRITELOCK"
    lock.unlink()
    lock.symlink_to(victim)
    with pytest.raises(searcher.IndexUnusable, match="not a regular file"):
        indexed(folder, invented(1))
    lock.unlink()
    os.link(victim, lock)
    indexed(folder, invented(31))
    assert victim.read_text() == "mine"


def test_files_of_an_index_are_nobody_elses_to_write_or_run(folder: Path) -> None:
    before = os.umask(0o022)
    try:
        (folder / "MAIN_WRITELOCK").unlink()
        indexed(folder, invented(2, start=40))
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} <= {0o644, 0o600}


@pytest.mark.parametrize("pattern", ["*.toc", "*.seg", "*.phrases", "MAIN_WRITELOCK"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_regular_file_keeps_no_command_waiting(folder: Path, pattern: str, kind: str) -> None:
    with searcher.open_index(folder) as index:
        assert index.suggest("đườ")  # which makes the .phrases
    (path,) = folder.glob(pattern)
    if kind == "link":
        path.rename(folder.parent / "elsewhere")
        path.symlink_to(folder.parent / "elsewhere")
    else:
        path.unlink()
        os.mkfifo(path) if kind == "pipe" else path.mkdir()
    with without_waiting():
        if pattern in {"*.toc", "*.seg"}:
            with pytest.raises(searcher.IndexUnusable, match="not a regular file"):
                searcher.open_index(folder)
        else:
            with searcher.open_index(folder) as index:
                assert index.search("ma túy").total
                assert index.suggest("đườ")
        if pattern == "*.toc":
            with pytest.raises(searcher.IndexUnusable, match="not a regular file"):
                searcher.check_index(folder)
        else:
            # What suggest keeps was made anew in place of a pipe or link; where a folder is, it can't be kept.
            wrong = pattern == "*.seg" or (pattern, kind) == ("*.phrases", "folder")
            assert [one.file for one in searcher.check_index(folder).problems] == [path.name] * wrong
        if pattern != "*.phrases":
            with pytest.raises(searcher.IndexUnusable):
                indexed(folder, invented(31))


def test_two_first_writers_lose_no_commit(tmp_path: Path) -> None:
    for turn in range(12):
        folder = tmp_path / f"index{turn}"
        folder.mkdir()
        together = threading.Barrier(4)
        committed: list[str] = []

        def write(name: str, folder: Path = folder, together: Any = together, committed: Any = committed) -> None:
            together.wait()
            try:
                writer = codec.open_or_create(folder, schema()).writer()
            except IndexLockHeld:
                return
            writer.add_document(id=name)
            writer.commit()
            committed.append(name)

        threads = [threading.Thread(target=write, args=(f"d{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert codec.exists(folder) or not committed
        assert sorted(stored_ids(folder) if committed else []) == sorted(committed)


def test_an_index_is_not_made_anew_while_one_is_written_to(tmp_path: Path) -> None:
    writer = our_index(tmp_path).writer()
    writer.add_document(id="kept")
    with pytest.raises(IndexLockHeld):
        codec.create(tmp_path, schema())
    writer.commit()
    assert stored_ids(tmp_path) == ["kept"]


def test_a_commit_that_could_have_no_successor_is_refused_before_it_is_made(folder: Path) -> None:
    (toc,) = folder.glob("*.toc")
    number = 10**18 - 1
    generation = f'"generation":{toc.stem.rpartition("_")[2]}'.encode()
    contents = toc.read_bytes().partition(b'"contents":')[2][:-1].replace(generation, b'"generation":%d' % number)
    checksum = zlib.crc32(contents)
    (folder / f"_MAIN_{number}.toc").write_bytes(b'{"checksum":%d,"contents":%s}' % (checksum, contents))
    assert len(searcher.open_index(folder).search("ma túy").hits) > 0
    with pytest.raises(searcher.IndexUnusable, match=str(number)):
        indexed(folder, invented(1, start=90))


@pytest.mark.parametrize("wrong", ["missing", "unreadable"])
def test_a_segment_that_can_not_be_read_is_said_to_be_one(folder: Path, wrong: str) -> None:
    path = segment_file(folder)
    if wrong == "missing":
        path.unlink()
    else:
        path.unlink()
        path.mkdir()
    with pytest.raises(searcher.IndexUnusable, match=path.name):
        searcher.open_index(folder)
    assert [(one.file, one.part) for one in check(folder).problems] == [(path.name, "file")]


def test_a_segment_cut_short_while_it_is_open_is_an_error(folder: Path) -> None:
    with searcher.open_index(folder) as index:
        assert index.search("ma túy").total
        os.truncate(segment_file(folder), 100)
        for ask in (index.search, index.get, index.suggest, index.similar, index.trends):
            with pytest.raises(codec.IndexDamaged):
                ask("bai-001")


def test_a_segment_cut_short_between_two_hits_ends_a_command_with_a_sentence(tmp_path: Path) -> None:
    index = our_index(tmp_path)
    fill(index, documents(2000))
    program = """
import os, sys
from pathlib import Path
from searcher import codec
from searcher.cli.truncation import say_so_and_leave
say_so_and_leave()
reader = codec.open_index(Path(sys.argv[1])).reader()
stored = reader.all_stored_fields()
next(stored)
os.truncate(sys.argv[2], 0)
print(len(list(stored)))
"""
    arguments = [sys.executable, "-c", program, str(tmp_path), str(segment_file(tmp_path))]
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=20, env=clean_environment(), check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "cut short" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
