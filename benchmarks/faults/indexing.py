"""`index_paths`, killed at any moment and at every step, and refused the disk: what the index holds afterwards."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import searcher
from benchmarks.faults.disks import DeadlyDisk, FailingDisk
from benchmarks.faults.processes import Outcome, child, children_of
from benchmarks.faults.writers import WORDS
from searcher import codec, lastrun
from searcher.codec import Disk
from searcher.codec.checking import check
from searcher.codec.toc import latest_generation, read_toc

ARTICLES: Final = 1500
FEW_ARTICLES: Final = 200
"""Where a run is repeated for each of its steps; a few segments are made of them nevertheless."""
NAME: Final = "MAIN"
REFUSALS: Final = {errno.ENOSPC: "no space", errno.EACCES: "no permission", errno.EROFS: "read-only"}
ENDS: Final = ((0, "done"), (1, "failed"))
"""How a run ends that nobody kills: with what exit code, and what it says last."""
_MEMORY_MB: Final = 100
_FILE_BYTES: Final = 20_000
_NOBODY: Final = 65534
_PATIENCE_S: Final = 120


def write_articles(path: Path, version: int, count: int = ARTICLES) -> None:
    """Write invented articles of random words; those of another version all differ, and none in length."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            words = list(WORDS) * 40
            random.Random(f"{number}/{version}").shuffle(words)
            record = {"id": f"a{number}", "title": f"Bài {number}", "author": str(version), "body": " ".join(words)}
            file.write(json.dumps(record) + "\n")


def index_articles(
    folder: Path, source: Path, *, rebuild: bool = False, disk: Disk | None = None, **options: Any
) -> searcher.Summary:
    """Index them in small batches, of which each is committed."""
    return searcher.index_paths(
        folder, [source], jobs=2, memory_mb=_MEMORY_MB, commit_every=1, rebuild=rebuild, disk=disk, **options
    )


def index_and_tell(folder: Path, source: Path, *, rebuild: bool, die_at: int | None, as_nobody: bool) -> int:
    """Index, and say on standard output how far that is; the exit code is that of the command."""
    disk = None if die_at is None else DeadlyDisk(die_at)
    import_module("searcher.indexing")  # while Python's own files may be read
    if as_nobody and os.geteuid() == 0:  # to root nothing is forbidden
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    print("ready", flush=True)
    try:
        index_articles(
            folder, source, rebuild=rebuild, disk=disk, on_progress=lambda _bytes, done: print(done, flush=True)
        )
    except searcher.SearcherError as error:
        print("failed", error, flush=True)
        return 1
    print("done", flush=True)
    return 0


def versions(folder: Path) -> list[str]:
    """Return the version of each article, in the order of the articles; raises ValueError where one is not there."""
    with codec.open_index(folder).reader() as reader:
        found = sorted((int(stored["id"][1:]), stored["author"]) for stored in reader.all_stored_fields())
    if [number for number, _version in found] != list(range(len(found))):
        raise ValueError("an article is missing or there twice")
    return [version for _number, version in found]


def wrong(folder: Path, before: list[str], version: int, told: int = 0, whole: bool = False) -> str:
    """Return what is wrong with an index that was to become of this version, "" where nothing is.

    The first articles have to be new, `told` of them at least, and the rest as before; with `whole` all or none.
    """
    try:
        found = versions(folder)
    except (searcher.SearcherError, ValueError) as error:
        return str(error)
    new = next((number for number, one in enumerate(found) if one != str(version)), len(found))
    if found != [str(version)] * new + before[new:]:
        return "not the state of any commit"
    if new < told:
        return f"{told} articles were committed, {new} are there"
    if whole and new not in (0, len(before)):
        return "neither the old index nor the new one"
    return "" if not check(folder).problems else "check found damage"


def left_over(folder: Path) -> str:
    """Return which files lie in the folder that are not the index's, "" where there are none."""
    toc = read_toc(folder, NAME)
    own = {
        f"_{NAME}_{toc.generation}.toc",
        f"{NAME}_WRITELOCK",
        lastrun.FILE,
        *(one.path(folder).name for one in toc.segments),
    }
    names = sorted({path.name for path in folder.iterdir()} - own)
    return f"left over: {', '.join(names)}" if names else ""


class _Run:
    """A process that indexes a new version."""

    def __init__(self, folder: Path, source: Path, version: int, *, rebuild: bool) -> None:
        self._folder, self._told = folder, folder.parent / "told"
        self._before = self._segments()
        self._generation = latest_generation(folder, NAME)
        write_articles(source, version)
        with self._told.open("w") as told:
            options = ("--rebuild",) if rebuild else ()
            self.process = child("--index", folder, source, *options, stdout=told)

    def _segments(self) -> set[str]:
        return {path.name for path in self._folder.glob("*.seg")}

    @property
    def lines(self) -> list[str]:
        return self._told.read_text(encoding="utf-8").splitlines()

    @property
    def told(self) -> int:
        """How many articles it said are committed."""
        return max((int(line) for line in self.lines if line.isdigit()), default=0)

    @property
    def commits(self) -> int:
        return latest_generation(self._folder, NAME) - self._generation

    def stop(self) -> bool:
        """Stop it with its workers where they are; false where it has ended.

        One that is just starting a worker stands still only when that one runs, which it will not while it is stopped
        too (vfork): both are let go, and stopped again.
        """
        while True:
            os.killpg(self.process.pid, signal.SIGSTOP)
            for _look in range(100):
                status = os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG)
                if status is not None:
                    return status.si_code == os.CLD_STOPPED
                time.sleep(0.01)
            os.killpg(self.process.pid, signal.SIGCONT)

    def phase(self, commits: int) -> str:
        """Return what it was doing when it was stopped, of so many commits that it was to make."""
        if "ready" not in self.lines:
            return "1 starting"
        if self.commits == commits:
            return "7 after the last commit"
        if any(self._folder.glob("*.tmp")):
            return "5 writing a table of contents"
        if self.told >= ARTICLES:
            return "6 merging"
        if self.commits:
            return "4 between commits"
        return "3 segments made, none committed" if self._segments() - self._before else "2 reading, no segment yet"

    def kill(self, pid: int) -> None:
        """Kill one of the processes and let the others go on, until the first one ends."""
        os.kill(pid, signal.SIGKILL)
        os.killpg(self.process.pid, signal.SIGCONT)
        self.process.wait(_PATIENCE_S)


def kill_indexing(folder: Path, kills: int, *, rebuild: bool = False) -> Iterator[Outcome]:
    """Kill it so often, at moments spread evenly over a run; every second time it is a worker, where there is one."""
    source = folder.parent / "articles.jsonl"
    write_articles(source, 0)
    index_articles(folder, source)
    started = time.monotonic()
    whole = _Run(folder, source, 1, rebuild=rebuild)
    assert whole.process.wait(_PATIENCE_S) == 0
    length_s, commits = time.monotonic() - started, whole.commits
    moments = [length_s * (number + random.random()) / kills for number in range(kills)]
    random.shuffle(moments)
    version = 1
    before = versions(folder)
    for number in range(kills):
        moment = moments[number]
        version += 1
        while not (run := _stopped(folder, source, version, rebuild, moment)):  # it was quicker than the one measured
            moment = random.uniform(0, length_s)
            before = versions(folder)
            version += 1
        phase = run.phase(commits)
        workers = children_of(run.process.pid)
        victim = random.choice(workers) if number % 2 and workers else run.process.pid
        run.kill(victim)
        problem = wrong(folder, before, version, 0 if rebuild else run.told, whole=rebuild)
        if victim != run.process.pid and (run.process.returncode, run.lines[-1].split()[0]) not in ENDS:
            problem = f"the worker's end was not told: {run.lines[-1]}"
        yield Outcome(f"{phase}{' (worker)' if victim != run.process.pid else ''}", problem)
        if problem:
            return
        before = versions(folder)
    index_articles(folder, source)
    unchanged = index_articles(folder, source).unchanged
    if unchanged != ARTICLES or left_over(folder):
        yield Outcome("the next run", left_over(folder) or f"{unchanged} unchanged of {ARTICLES}")


def _stopped(folder: Path, source: Path, version: int, rebuild: bool, moment_s: float) -> _Run | None:
    """Return a run that was stopped after so many seconds, None where it had ended by then."""
    run = _Run(folder, source, version, rebuild=rebuild)
    time.sleep(moment_s)
    if run.stop():
        return run
    run.process.wait()
    return None


def kill_at_every_step(folder: Path, every: int = 1) -> Iterator[Outcome]:
    """Kill a run in one process at each step that touches the disk, or each third and so on, from one state on."""
    sound, source, before = _start(folder)
    for at in range(1, 1000, every):
        target = folder / str(at)
        shutil.copytree(sound, target)
        process = child("--index", target, source, "--die-at", at)
        last = process.communicate()[0].splitlines()[-1]
        if process.returncode == 0:
            return
        problem = wrong(target, before, 1) if process.returncode == -signal.SIGKILL else f"it ended by itself: {last}"
        index_articles(target, source)
        yield Outcome(last, problem or wrong(target, before, 1, FEW_ARTICLES) or left_over(target))
        shutil.rmtree(target)


def fail_every_step(folder: Path, code: int) -> Iterator[Outcome]:
    """Have each step that touches the disk refused once, with this error; then do it again, without."""
    sound, source, before = _start(folder)
    for at in range(1, 1000):
        target = folder / str(at)
        shutil.copytree(sound, target)
        disk = FailingDisk(at, code)
        try:
            index_articles(target, source, disk=disk)
        except searcher.IndexUnusable as error:
            problem = "" if os.strerror(code) in str(error) else f"it says: {error}"
        else:
            if disk.calls < at:
                return
            problem = "it did not say so"
        problem = problem or wrong(target, before, 1) or left_over(target)
        index_articles(target, source)
        yield Outcome(disk.doing, problem or wrong(target, before, 1, FEW_ARTICLES) or left_over(target))
        shutil.rmtree(target)


def fail_for_real(folder: Path) -> Iterator[Outcome]:
    """Have the system refuse: files that may not grow, in workers too, and a folder without permission to write."""
    import resource

    sound, source, before = _start(folder)
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    process = child("--index", sound, source, preexec_fn=limit)
    yield Outcome(
        "files may not grow, with 2 workers", _refused(process) or wrong(sound, before, 1) or left_over(sound)
    )
    for path in (folder.parent, folder):
        path.chmod(0o755)
    sound.chmod(0o555)
    process = child("--index", sound, source, "--as-nobody")
    yield Outcome("no permission to write in the folder", _refused(process) or wrong(sound, before, 1))
    sound.chmod(0o755)


def _refused(process: subprocess.Popen[str]) -> str:
    lines = process.communicate()[0].splitlines()
    told = process.returncode == 1 and lines[-1].startswith("failed ")
    return "" if told else f"it was not refused in a sentence: {lines[-1:]}"


def _start(folder: Path) -> tuple[Path, Path, list[str]]:
    """Return an index in a folder that is made, a file with newer versions of its articles, and its versions."""
    sound, source = folder / "sound", folder / "articles.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    write_articles(source, 0, FEW_ARTICLES)
    index_articles(sound, source)
    before = versions(sound)
    write_articles(source, 1, FEW_ARTICLES)
    return sound, source, before
