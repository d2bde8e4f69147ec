"""Politeness: one request at a time to a host, a delay between two, and leaving it alone when it is in trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from searcher.fetching.failures import Failed
from searcher.fetching.limits import Limits
from searcher.messages import _


class Host:
    """What is known of one host during a run. Times are those of the event loop's clock, in seconds."""

    def __init__(self, name: str, delay_s: float) -> None:
        self.name = name
        self.delay_s = delay_s
        self.next_at = 0.0
        self.failures_in_a_row = 0
        self.lock = asyncio.Lock()


class Hosts:
    """Gives each host its turns; `deadline` is when the run ends."""

    def __init__(self, limits: Limits, deadline: float) -> None:
        self._limits = limits
        self._deadline = deadline
        self._hosts: dict[str, Host] = {}
        self._connections = asyncio.Semaphore(limits.hosts)

    def get(self, name: str) -> Host:
        """Return the host of this name."""
        if name not in self._hosts:
            self._hosts[name] = Host(name, self._limits.delay_s)
        return self._hosts[name]

    @asynccontextmanager
    async def turn(self, host: Host) -> AsyncIterator[None]:
        """Hold the host for one request, once its delay is over; the delay begins anew when the request has ended.

        Raises Failed where the host has failed too often in a row, or its turn would come after the run's end.
        """
        async with host.lock:
            if host.failures_in_a_row >= self._limits.host_failures:
                reason = _("'{host}' failed {count} times in a row and is left alone until the next run.")
                reason = reason.format(host=host.name, count=host.failures_in_a_row)
                raise Failed("host", reason, passing=True)
            loop = asyncio.get_running_loop()
            if host.next_at > self._deadline:
                reason = _("'{host}' wants more time between requests than this run has; the next run goes on.")
                raise Failed("time", reason.format(host=host.name), passing=True)
            await asyncio.sleep(host.next_at - loop.time())
            async with self._connections:
                try:
                    yield
                finally:
                    host.next_at = loop.time() + host.delay_s

    def hold(self, host: Host, wait_s: float) -> None:
        """Leave the host alone for so many seconds."""
        host.next_at = max(host.next_at, asyncio.get_running_loop().time() + wait_s)

    def free(self, host: Host, wait_s: float) -> None:
        """Let the next request to the host begin after so many seconds, although its delay may be longer."""
        host.next_at = asyncio.get_running_loop().time() + wait_s
