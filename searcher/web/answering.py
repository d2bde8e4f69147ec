"""Answers are made elsewhere than requests are read: so many at once, so many waiting, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Final, Protocol

from searcher.errors import SearcherError
from searcher.messages import _, number
from searcher.web.jobs import Job, Made, done

if TYPE_CHECKING:
    from searcher.web.leases import SharedIndex


_PATIENCE: Final = 4
"""An answer that nobody waits for is given so many times the time it had before it is ended."""


class TooBusy(SearcherError):
    """So many requests wait that this one had better come again."""


class TooSlow(SearcherError):
    """An answer took longer than it may."""


class TooMuch(SearcherError):
    """More was sent than is taken at once."""


class Maker(Protocol):
    """Makes answers, as many at once as threads call it; `places` is how many that is worth."""

    places: int

    def ready(self) -> None:
        """Return when it can make answers, or is known not to be able to."""
        ...

    def make(self, job: Job) -> Made:
        """Return what a job makes; raises what it raises."""
        ...

    def give_up(self, job: Job) -> None:
        """Make a job no longer, if it is still made; for another thread than the one that makes it."""
        ...

    def close(self) -> None:
        """Make nothing more."""
        ...


class Here:
    """Makes answers in this process.

    A thread can't be stopped: an answer that is no longer waited for keeps its place until it is done, so that slow
    questions can't take more than the threads there are.
    """

    def __init__(self, shared: SharedIndex, threads: int) -> None:
        self.places = threads
        self._shared = shared

    def ready(self) -> None:
        pass

    def make(self, job: Job) -> Made:
        with self._shared.lease() as lease:
            return done(job, lease)

    def give_up(self, job: Job) -> None:
        pass

    def close(self) -> None:
        pass


class Answering:
    """Has answers made, each in a thread that makes it or waits for the process that does."""

    def __init__(self, maker: Maker, *, waiting: int, seconds: float) -> None:
        self._maker = maker
        self._seconds = seconds
        self._most = maker.places + waiting
        self._unanswered = 0
        self._pool = ThreadPoolExecutor(maker.places, thread_name_prefix="answer")

    async def ask(self, job: Job) -> Made:
        """Return what a job makes of the index.

        Raises TooBusy and TooSlow, and what the job and `open_index` raise.
        """
        if self._unanswered >= self._most:
            raise TooBusy(_("Too many are searching at once. Please try again in a moment."))
        context = copy_context()
        loop = asyncio.get_running_loop()
        self._unanswered += 1
        answer = self._pool.submit(context.run, self._maker.make, job)
        answer.add_done_callback(lambda _answer: _call_in(loop, self._done))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), self._seconds)
        except TimeoutError:
            # On a busy machine it may be done in a moment, and a new process is dear: only what goes on is ended.
            loop.call_later(_PATIENCE * self._seconds, self._maker.give_up, job)
            text = _(
                "This took longer than {seconds} s and was given up. Try fewer or longer words, or a narrower search."
            )
            raise TooSlow(text.format(seconds=number(self._seconds))) from None

    async def ready(self) -> None:
        """Return when a first answer does not have to wait for a start."""
        await asyncio.to_thread(self._maker.ready)

    def _done(self) -> None:
        self._unanswered -= 1

    def close(self) -> None:
        """Take no more questions."""
        self._maker.close()
        self._pool.shutdown(wait=False, cancel_futures=True)


def _call_in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
