"""The lock that lets one writer at a time change an index, and says who holds it.

It is the operating system's lock on a file, so it ends with the process that holds it, however that ended. The holder
writes its process id, host and time into the file, after the first byte: on Windows a locked byte can't be read.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from datetime import datetime
from errno import EACCES, EAGAIN, EDEADLK
from pathlib import Path

import msgspec
from whoosh.index import LockError

from searcher.article import VIETNAM
from searcher.messages import _
from searcher.regular import open_handle, open_regular

_MAX_BYTES = 4096


class Holder(msgspec.Struct):
    """Who writes to an index: `since` is in seconds since 1970."""

    pid: int
    host: str
    since: float

    def __str__(self) -> str:
        since = datetime.fromtimestamp(self.since, VIETNAM)
        return _("process {pid} on {host}, since {since:%H:%M:%S %d/%m/%Y}").format(
            pid=self.pid, host=self.host, since=since
        )


class IndexLockHeld(LockError):
    """Another process writes to the index; `holder` says who, None where it could not be read."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(str(holder) if holder else "")
        self.holder = holder


class WriterLock:
    """The lock of an index: `acquire` and `release`, as Whoosh's locks have them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def __del__(self) -> None:
        self.release()

    def acquire(self, blocking: bool = False) -> bool:
        """Take the lock, and say so in its file; returns False where another process has it.

        Raises OSError, also where the file is no regular one.
        """
        handle = open_handle(self.path, os.O_RDWR | os.O_CREAT)
        try:
            taken = _lock(handle, blocking=blocking)
        except BaseException:
            os.close(handle)
            raise
        if not taken:
            os.close(handle)
            return False
        self._handle = handle
        with suppress(OSError):  # it is good to know, but the lock holds without
            _write_holder(handle)
        return True

    def release(self) -> None:
        """Let go of the lock, if it is held."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with suppress(OSError):  # closing it is enough where the system has nothing to unlock
                _unlock(handle)
            os.close(handle)

    def holder(self) -> Holder | None:
        """Return who wrote last that it holds the lock, or None where that can't be read."""
        try:
            with open_regular(self.path) as file:
                file.seek(1)
                return msgspec.json.decode(file.read(_MAX_BYTES), type=Holder)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None


def _write_holder(handle: int) -> None:
    if os.read(handle, 1).strip():  # someone's own file, linked here: no holder was ever written without the space
        return
    import socket  # readers don't lock

    holder = msgspec.json.encode(Holder(os.getpid(), socket.gethostname(), time.time()))
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, b" " + holder)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, blocking: bool) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if blocking else msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (EAGAIN, EACCES, EDEADLK):
                return False
            raise
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int, *, blocking: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if blocking else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (EAGAIN, EACCES):
                return False
            raise
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
