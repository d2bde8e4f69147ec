"""Disks that refuse, kill or tell: each takes the place of the one that an index is written with."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from searcher.codec import Disk


class FaultyDisk(Disk):
    """Calls `fault` at one of its writes, renames and syncs, counted from 1; half of a write is done by then."""

    def __init__(self, at: int, fault: Callable[[], None]) -> None:
        self.at, self.fault, self.calls = at, fault, 0
        self.doing = ""

    def step(self, doing: str) -> bool:
        """Return whether this is the step at which the fault is to be."""
        self.calls += 1
        if self.calls == self.at:
            self.doing = doing
        return self.calls == self.at

    def write(self, path: Path, pieces: Iterable[bytes | memoryview]) -> None:
        what = "a segment" if path.suffix == ".seg" else "the table of contents"
        super().write(path, self._half(pieces) if self.step(f"{what} is written") else pieces)

    def _half(self, pieces: Iterable[bytes | memoryview]) -> Iterable[bytes | memoryview]:
        whole = list(pieces)
        yield from whole[: len(whole) // 2]
        self.fault()

    def rename(self, path: Path, target: Path) -> None:
        if self.step("the table of contents is put in place"):
            self.fault()
        super().rename(path, target)

    def sync_folder(self, folder: Path) -> None:
        if self.step("the folder is synced"):
            self.fault()
        super().sync_folder(folder)


class FailingDisk(FaultyDisk):
    """Refuses a step as the system would, with this error."""

    def __init__(self, at: int, code: int) -> None:
        super().__init__(at, partial(_refuse, code))


class DeadlyDisk(FaultyDisk):
    """Kills its process at a step, of which removing a file is one here; says before what the step is."""

    def __init__(self, at: int) -> None:
        super().__init__(at, self._die)

    def remove(self, path: Path) -> None:
        if path.exists() and self.step("what is left over is removed"):
            self.fault()
        super().remove(path)

    def _die(self) -> None:
        print(self.doing, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


class TellingDisk(Disk):
    """Says on standard output what it begins and what it has done."""

    def write(self, path: Path, pieces: Iterable[bytes | memoryview]) -> None:
        print(f"write {path.suffix}", flush=True)
        super().write(path, pieces)
        print(f"wrote {path.suffix}", flush=True)

    def rename(self, path: Path, target: Path) -> None:
        super().rename(path, target)
        print("renamed", flush=True)


def _refuse(code: int) -> None:
    raise OSError(code, os.strerror(code))
