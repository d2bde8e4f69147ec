"""Answers are made in threads: so many at once, so many waiting, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar

from searcher.errors import SearcherError
from searcher.messages import _, number

if TYPE_CHECKING:
    from searcher.web.leases import Lease, SharedIndex

T = TypeVar("T")


class TooBusy(SearcherError):
    """So many requests wait that this one had better come again."""


class TooSlow(SearcherError):
    """An answer took longer than it may."""


class TooMuch(SearcherError):
    """More was sent than is taken at once."""


class Answering:
    """Asks the index in threads.

    A thread can't be stopped: an answer that is no longer waited for keeps its place until it is done, so that slow
    questions can't take more than the threads there are.
    """

    def __init__(self, shared: SharedIndex, *, threads: int, waiting: int, seconds: float) -> None:
        self._shared = shared
        self._seconds = seconds
        self._most = threads + waiting
        self._unanswered = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")

    async def ask(self, make: Callable[[Lease], T]) -> T:
        """Return what `make` makes of the index.

        Raises TooBusy and TooSlow, and what `make` and `open_index` raise.
        """
        if self._unanswered >= self._most:
            raise TooBusy(_("Too many are searching at once. Please try again in a moment."))
        context = copy_context()
        loop = asyncio.get_running_loop()
        self._unanswered += 1
        answer = self._pool.submit(context.run, self._with_index, make)
        answer.add_done_callback(lambda _answer: _call_in(loop, self._done))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), self._seconds)
        except TimeoutError:
            text = _(
                "This took longer than {seconds} s and was given up. Try fewer or longer words, or a narrower search."
            )
            raise TooSlow(text.format(seconds=number(self._seconds))) from None

    def _with_index(self, make: Callable[[Lease], T]) -> T:
        with self._shared.lease() as lease:
            return make(lease)

    def _done(self) -> None:
        self._unanswered -= 1

    def close(self) -> None:
        """Take no more questions."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _call_in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
