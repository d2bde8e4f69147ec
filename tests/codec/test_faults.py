"""What fails while an index is written loses nothing that was committed, whenever and however it fails."""

import errno
import os
import shutil
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest

import searcher
from benchmarks.faults.disks import FailingDisk
from benchmarks.faults.indexing import fail_for_real, kill_at_every_step, kill_indexing
from benchmarks.faults.processes import Outcome, child
from benchmarks.faults.writers import held, kill_writers, read_while_writing, schema, state
from searcher import codec
from searcher.codec import Disk
from searcher.codec.checking import check
from tests.codec.samples import document, documents, fill, our_index, stored_ids

pytestmark = pytest.mark.slow


def problems(outcomes: Iterable[Outcome]) -> list[str]:
    return [one.problem for one in outcomes]


CODES = [errno.ENOSPC, errno.EACCES, errno.EROFS]


def change(index: codec.ArrayIndex) -> None:
    """Add, update, delete and merge; doing it again changes nothing more."""
    writer = index.writer()
    writer.update_document(**document(900, Random(1)))
    writer.update_document(**document(3, Random(2)))
    writer.delete_by_term("id", "d4")
    writer.commit(optimize=True)


@pytest.mark.parametrize("code", CODES, ids=[errno.errorcode[code] for code in CODES])
def test_a_write_that_fails_anywhere_leaves_one_whole_state(tmp_path: Path, code: int) -> None:
    sound = tmp_path / "sound"
    sound.mkdir()
    fill(our_index(sound), documents(20), documents(30)[20:])
    before = stored_ids(sound)
    after = [*(one for one in before if one not in ("d3", "d4")), "d900", "d3"]
    failed = 0
    for at in range(1, 20):
        folder = tmp_path / f"{at}"
        shutil.copytree(sound, folder)
        disk = FailingDisk(at, code)
        try:
            change(codec.open_index(folder, disk=disk))
        except OSError as error:
            assert error.errno == code
            failed += 1
        else:
            assert disk.calls < at
            break
        assert stored_ids(folder) in (before, after)
        assert check(folder).problems == []
        files = {path.name for path in folder.iterdir()}
        listed = {segment.path(folder).name for segment in codec.open_index(folder)._segments()}
        assert {name for name in files if name.endswith(".seg")} == listed  # nothing half-made is left
        change(codec.open_index(folder))
        assert stored_ids(folder) == after
    assert failed > 4


@pytest.mark.parametrize("code", CODES, ids=[errno.errorcode[code] for code in CODES])
def test_indexing_says_in_a_sentence_what_the_disk_refused(tmp_path: Path, code: int) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "a", "title": "Một", "body": "hai"}\n')
    searcher.index_paths(tmp_path / "index", [source])
    source.write_text('{"id": "a", "title": "Một", "body": "ba"}\n')
    with pytest.raises(searcher.IndexUnusable, match=os.strerror(code)):
        searcher.index_paths(tmp_path / "index", [source], disk=FailingDisk(1, code))
    with searcher.open_index(tmp_path / "index") as index:
        assert index.get("a").body == "hai"


def test_a_folder_that_can_not_be_written_to_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "Một"}\n')
    (tmp_path / "file").write_text("")
    with pytest.raises(searcher.IndexUnusable):
        searcher.index_paths(tmp_path / "file" / "index", [tmp_path / "a.jsonl"])
    our_index(tmp_path)
    (tmp_path / "MAIN_WRITELOCK").unlink(missing_ok=True)
    (tmp_path / "MAIN_WRITELOCK").mkdir()
    with pytest.raises(searcher.IndexUnusable):
        searcher.index_paths(tmp_path, [tmp_path / "a.jsonl"])


class PowerLoss(Disk):
    """After each step keeps the states that the folder may be in if the power fails then.

    What `write` returned from is on the disk, under a name that is there for sure only after `sync_folder`. Until then
    none, all, or only some of the changes of names may be.
    """

    def __init__(self, folder: Path, into: Path) -> None:
        self.folder, self.into = folder, into
        self.states: list[Path] = []
        self._certain = self._names()
        self._bytes: dict[str, bytes] = {}

    def _names(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    def _keep(self) -> None:
        now = self._names()
        changed = sorted(name for name in {*now, *self._certain} if now.get(name) != self._certain.get(name))
        for subset in ([], changed, changed[::2], changed[1::2], *([one] for one in changed)):
            names = self._certain | {name: now[name] for name in subset if name in now}
            state = {name: raw for name, raw in names.items() if name not in subset or name in now}
            path = self.into / str(len(self.states))
            path.mkdir(parents=True)
            for name, raw in state.items():
                (path / name).write_bytes(raw)
            self.states.append(path)

    def write(self, path: Path, pieces: Iterable[bytes | memoryview]) -> None:
        super().write(path, pieces)
        self._keep()

    def rename(self, path: Path, target: Path) -> None:
        super().rename(path, target)
        self._keep()

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        self._certain = self._names()
        self._keep()

    def remove(self, path: Path) -> None:
        super().remove(path)
        self._keep()


def test_after_a_power_loss_at_any_step_the_index_opens_at_a_commit(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    fill(our_index(folder), documents(10), documents(15)[10:])
    before = stored_ids(folder)
    disk = PowerLoss(folder, tmp_path / "states")
    change(codec.open_index(folder, disk=disk))
    after = stored_ids(folder)
    seen = []
    for path in disk.states:
        assert check(path).problems == []
        seen.append(stored_ids(path))
        assert seen[-1] in (before, after)
    assert before in seen
    assert after in seen
    assert stored_ids(disk.states[-1]) == after  # a commit that was told of stays


def test_a_writer_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    assert problems(kill_writers(tmp_path, 5)) == [""] * 5


@pytest.mark.parametrize("rebuild", [False, True])
def test_indexing_that_is_killed_loses_nothing(tmp_path: Path, rebuild: bool) -> None:
    assert problems(kill_indexing(tmp_path / "index", 2, rebuild=rebuild)) == [""] * 2


def test_indexing_that_is_killed_at_any_step_loses_nothing(tmp_path: Path) -> None:
    found = problems(kill_at_every_step(tmp_path, every=5))
    assert found == [""] * len(found)
    assert len(found) > 4


def test_what_the_system_refuses_is_said_and_changes_nothing(tmp_path: Path) -> None:
    assert problems(fail_for_real(tmp_path / "refused")) == ["", ""]


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    fill(our_index(tmp_path), documents(5))
    kept = {path.name for path in tmp_path.iterdir()}
    for name in ("MAIN_0123456789abcdef.seg", "_MAIN_9.tmp", "_MAIN_0.toc"):
        (tmp_path / name).write_bytes(b"left")
    (tmp_path / "notes.txt").write_text("mine")
    assert len(stored_ids(tmp_path)) == 5
    codec.open_index(tmp_path).writer().cancel()
    assert {path.name for path in tmp_path.iterdir()} == kept | {"notes.txt"}


def test_the_lock_of_a_dead_process_does_not_hold(tmp_path: Path) -> None:
    codec.create(tmp_path, schema())
    process = child("--write", tmp_path)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (tmp_path / "MAIN_WRITELOCK").exists()
    codec.open_index(tmp_path).writer().commit()
    assert held(tmp_path) in [state(commit) for commit in range(60)]


def test_readers_see_only_whole_states_while_an_index_is_written(tmp_path: Path) -> None:
    looks, broken = read_while_writing(tmp_path, 2, 25)
    assert broken == []
    assert looks > 4


def test_a_reader_keeps_its_state_whatever_is_committed(tmp_path: Path) -> None:
    index = our_index(tmp_path)
    fill(index, documents(20))
    with index.searcher() as opened:
        first = [stored["id"] for stored in opened.documents()]
        for _ in range(3):
            change(index)
        again: list[Any] = [stored["id"] for stored in opened.documents()]
        assert again == first
        assert not opened.up_to_date()
        with opened.refresh() as newer:
            assert newer.up_to_date()
            assert len(list(newer.documents())) == 20
