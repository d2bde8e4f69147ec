"""Worker processes, and who makes segments of batches: this process, or as many others as there are to be.

Workers are started as programs of their own, with pipes to them. So they are alike on every system, need nothing of
the program that started them (a script without `if __name__ == "__main__"` included), and nothing is pickled.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final, Protocol

from searcher.errors import WorkerFailed
from searcher.indexing.batches import Batch, BatchBuilder, Built
from searcher.indexing.wire import Done, Failed, Setup, Work, receive, send
from searcher.messages import _

_CODE: Final = "import sys; sys.path[:] = sys.argv[1:]; from searcher.indexing.worker import main; main()"
_ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_PATIENCE_S: Final = 10.0


class Builders(Protocol):
    """Makes segments of batches, several at a time."""

    jobs: int

    def submit(self, batch: Batch) -> Future[Built]:
        """Have a segment made."""
        ...

    def close(self) -> None:
        """Stop, whatever is still being made."""
        ...


class Here:
    """Builds in this process, one batch at a time."""

    jobs = 1

    def __init__(self, builder: BatchBuilder) -> None:
        self._builder = builder

    def submit(self, batch: Batch) -> Future[Built]:
        done: Future[Built] = Future()
        done.set_result(self._builder.build(batch))
        return done

    def close(self) -> None:
        pass


class Workers:
    """Builds in so many processes, started when there is work for them."""

    def __init__(self, jobs: int, setup: Setup) -> None:
        self.jobs = jobs
        self._setup = setup
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="worker")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all: list[_Worker] = []
        self._is_closed = False

    def submit(self, batch: Batch) -> Future[Built]:
        return self._threads.submit(self._build, batch)

    def _build(self, batch: Batch) -> Built:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = _Worker(self._setup)
            self._all.append(worker)
            if self._is_closed:
                worker.kill()
        built = worker.build(batch)
        self._idle.put(worker)
        return built

    def close(self) -> None:
        self._is_closed = True
        for worker in self._all:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)


class _Worker:
    """One process; not for several threads at once."""

    def __init__(self, setup: Setup) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
            )
        except OSError as error:
            raise WorkerFailed(_("A worker process failed: {reason}").format(reason=error.strerror or error)) from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        with suppress(OSError):  # if it has ended already, `build` says so
            send(self._to, setup)  # type: ignore[arg-type]  # IO[bytes] is what Popen calls a BinaryIO

    def build(self, batch: Batch) -> Built:
        """Return the batch's segment; raises WorkerFailed, or OSError for what failed on the disk."""
        try:
            send(self._to, Work(batch))  # type: ignore[arg-type]  # as above
            answer = receive(self._from)  # type: ignore[arg-type]  # as above
        except (OSError, ValueError):  # a ValueError where `kill` has closed the pipes meanwhile
            answer = None
        if isinstance(answer, Done):
            return answer.built
        if isinstance(answer, Failed):
            if answer.errno:
                raise OSError(answer.errno, answer.text)
            failed = WorkerFailed(_("A worker process failed: {reason}").format(reason=answer.text))
            failed.add_note(answer.trace)
            raise failed
        raise WorkerFailed(
            _(
                "A worker process ended unexpectedly (code {code}). What was committed before stays; "
                "with less memory in use, say --jobs 1, it may succeed."
            ).format(code=self._process.wait(_PATIENCE_S))
        )

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        self._process.wait(_PATIENCE_S)


def available_cores() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
