"""Answers made in other processes, so that each core works on one, and one that takes too long can be ended."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from searcher.errors import SearcherError
from searcher.messages import _, language
from searcher.processes import Process, encoded
from searcher.web.jobs import Job, Made
from searcher.web.pages import here
from searcher.web.wire import Ask, Ready, Refused, Start, answer_of

_MODULE: Final = "searcher.web.worker"
_PATIENCE_S: Final = 5.0


class Workers:
    """Makes answers in as many processes as `places` says, each one at a time and with the index open.

    The first is started at once. Another one is started when a job finds none idle, but the job takes the first that
    gets idle: whoever is alone has one process, and nobody waits for a start.
    """

    def __init__(self, location: str | Path, places: int) -> None:
        self.places = places
        self._start = Start(str(location))
        self._changed = threading.Condition()
        self._idle: list[Process] = []
        self._all: set[Process] = set()
        self._new: set[Process | None] = set()
        self._starting = 0
        self._failure: SearcherError | None = None
        self._making: dict[Process, Job] = {}
        self._is_closed = False
        with self._changed:
            self._begin()

    def ready(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._starting)

    def make(self, job: Job) -> Made:
        raw = encoded(Ask(language(), here.get(), job))
        worker = self._take()
        self._making[worker] = job
        try:
            answer = answer_of(worker.ask(raw))
        finally:
            del self._making[worker]
        if not isinstance(answer, Made | Refused):
            self._drop(worker)
            raise SearcherError(_("This answer was lost on its way. Please try again."))
        self._give_back(worker)
        if isinstance(answer, Refused):
            raise answer.error()
        return answer

    def give_up(self, job: Job) -> None:
        """End the process that still makes this; another one takes its place."""
        for worker, making in tuple(self._making.items()):
            if making is job:
                worker.end()

    def is_making(self, job: Job) -> bool:
        """Return whether a process works on this job."""
        return any(making is job for making in tuple(self._making.values()))

    def processes(self) -> tuple[int, ...]:
        """Return the ids of the processes that there are."""
        with self._changed:
            return tuple(worker.id for worker in self._all)

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            for worker in (*self._all, *filter(None, self._new)):
                worker.end()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._starting, _PATIENCE_S)
        for worker in idle:  # who works on a job is let go of by the thread that waits for it
            worker.kill()

    def _take(self) -> Process:
        with self._changed:
            if not self._idle and len(self._all) + self._starting < self.places:
                self._begin()
            while not self._idle:
                if self._is_closed:
                    raise SearcherError(_("This answer was lost on its way. Please try again."))
                if self._failure is not None and not self._all and not self._starting:
                    raise self._failure
                self._changed.wait()
            return self._idle.pop()  # the last one that worked has most in its caches

    def _give_back(self, worker: Process) -> None:
        with self._changed:
            if not self._is_closed:
                self._idle.append(worker)
                self._changed.notify_all()
                return
        worker.kill()

    def _begin(self) -> None:
        self._starting += 1
        self._failure = None
        threading.Thread(target=self._run_new, name="start-worker", daemon=True).start()

    def _run_new(self) -> None:
        failure: SearcherError | None = None
        worker: Process | None = None
        try:
            worker = Process(_MODULE)
            with self._changed:
                self._new.add(worker)
                if self._is_closed:
                    worker.end()
            answer = answer_of(worker.ask(encoded(self._start)))
            if not isinstance(answer, Ready):
                failure = SearcherError(answer.sentence if isinstance(answer, Refused) else "")
        except OSError as error:
            failure = SearcherError(error.strerror or str(error))
        with self._changed:
            is_useful = worker is not None and failure is None and not self._is_closed
            if worker is not None and is_useful:
                self._all.add(worker)
                self._idle.append(worker)
            else:
                text = _("A worker process failed: {reason}")
                self._failure = SearcherError(text.format(reason=failure or ""))
        if worker is not None and not is_useful:
            worker.kill()
        with self._changed:
            self._new.discard(worker)
            self._starting -= 1
            self._changed.notify_all()

    def _drop(self, worker: Process) -> None:
        with self._changed:
            self._all.discard(worker)
            if not self._is_closed and not self._all and not self._starting:
                self._begin()  # others may be waiting
        with suppress(OSError):
            worker.kill()
