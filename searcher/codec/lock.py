"""The lock that lets one writer at a time change an index, and says who holds it.

It is the operating system's lock on a file, so it ends with the process that holds it, however that ended. The holder
writes its process id, host and time into the file, after the first byte: on Windows a locked byte can't be read.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from whoosh.index import LockError
from whoosh.util.filelock import FileLock

from searcher.article import VIETNAM
from searcher.messages import _

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
        self._lock = FileLock(str(path))

    def acquire(self, blocking: bool = False) -> bool:
        """Take the lock, and say so in its file; returns False where another process has it. Raises OSError."""
        if not self._lock.acquire(blocking):
            return False
        import socket  # readers don't lock

        holder = msgspec.json.encode(Holder(os.getpid(), socket.gethostname(), time.time()))
        with suppress(OSError):  # it is good to know, but the lock holds without
            assert self._lock.fd is not None
            os.ftruncate(self._lock.fd, 0)
            os.lseek(self._lock.fd, 0, os.SEEK_SET)
            os.write(self._lock.fd, b" " + holder)
        return True

    def release(self) -> None:
        """Let go of the lock."""
        self._lock.release()

    def holder(self) -> Holder | None:
        """Return who wrote last that it holds the lock, or None where that can't be read."""
        try:
            with self.path.open("rb") as file:
                file.seek(1)
                return msgspec.json.decode(file.read(_MAX_BYTES), type=Holder)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
