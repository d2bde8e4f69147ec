"""Who makes something of batches, such as segments: this process, or as many others as there are to be."""

from __future__ import annotations

import queue
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from searcher.errors import WorkerFailed
from searcher.indexing.batches import Batch
from searcher.indexing.wire import Failed, Work
from searcher.messages import _
from searcher.processes import Process, encoded

Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)


class Program(NamedTuple):
    """What workers run: a module with a `main`, what it is told first, and how its answers are read.

    An answer is `wire.Failed`, or has what was made as `built`.
    """

    module: str
    setup: msgspec.Struct
    answers: msgspec.msgpack.Decoder[Any]


class Builder(Protocol[Made_co]):
    """Makes something of a batch, in this process."""

    def build(self, batch: Batch) -> Made_co:
        """Make it."""
        ...


class Builders(Protocol[Made]):
    """Makes something of batches, several at a time."""

    jobs: int

    def submit(self, batch: Batch) -> Future[Made]:
        """Have it made."""
        ...

    def close(self) -> None:
        """Stop, whatever is still being made."""
        ...


class Here(Generic[Made]):
    """Builds in this process, one batch at a time."""

    jobs = 1

    def __init__(self, builder: Builder[Made]) -> None:
        self._builder = builder

    def submit(self, batch: Batch) -> Future[Made]:
        done: Future[Made] = Future()
        done.set_result(self._builder.build(batch))
        return done

    def close(self) -> None:
        pass


class Workers(Generic[Made]):
    """Builds in so many processes, started when there is work for them."""

    def __init__(self, jobs: int, program: Program) -> None:
        self.jobs = jobs
        self._program = program
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="worker")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all: list[_Worker] = []
        self._is_closed = False

    def submit(self, batch: Batch) -> Future[Made]:
        return self._threads.submit(self._build, batch)

    def _build(self, batch: Batch) -> Made:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = _Worker(self._program)
            self._all.append(worker)
            if self._is_closed:
                worker.kill()
        built: Made = worker.build(batch)
        self._idle.put(worker)
        return built

    def close(self) -> None:
        self._is_closed = True
        for worker in self._all:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)


class _Worker:
    """One process; not for several threads at once."""

    def __init__(self, program: Program) -> None:
        self._answers = program.answers
        try:
            self._process = Process(program.module, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise WorkerFailed(_("A worker process failed: {reason}").format(reason=error.strerror or error)) from error
        self._process.tell(encoded(program.setup))

    def build(self, batch: Batch) -> Any:
        """Return what was made of the batch; raises WorkerFailed, or OSError for what failed on the disk."""
        raw = self._process.ask(encoded(Work(batch)))
        answer = None if raw is None else self._answers.decode(raw)
        if answer is not None and not isinstance(answer, Failed):
            return answer.built
        if answer is not None:
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
