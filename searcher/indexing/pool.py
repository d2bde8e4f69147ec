"""Who makes segments of batches: this process, or as many others as there are to be."""

from __future__ import annotations

import queue
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from searcher.errors import WorkerFailed
from searcher.indexing.batches import Batch, BatchBuilder, Built
from searcher.indexing.wire import Done, Failed, Setup, Work, answer_of
from searcher.messages import _
from searcher.processes import Process, encoded


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
            self._process = Process("searcher.indexing.worker", stderr=subprocess.DEVNULL)
        except OSError as error:
            raise WorkerFailed(_("A worker process failed: {reason}").format(reason=error.strerror or error)) from error
        self._process.tell(encoded(setup))

    def build(self, batch: Batch) -> Built:
        """Return the batch's segment; raises WorkerFailed, or OSError for what failed on the disk."""
        answer = answer_of(self._process.ask(encoded(Work(batch))))
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
            ).format(code=self._process.code())
        )

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
