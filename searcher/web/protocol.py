"""How long a connection may take: uvicorn waits for a request's head for ever, this does not (slowloris)."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol


def with_deadline(seconds: float, connections: int) -> type[H11Protocol]:
    """Return uvicorn's HTTP protocol, where a connection has so many seconds to send a request's head.

    With more than `connections` open, a new one is closed at once.
    """

    class Deadline(H11Protocol):
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) > connections:
                transport.close()
                return
            self._start()

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            if self._timer is None and (before is None or before.response_complete):
                self._start()  # the next request on this connection
            super().data_received(data)
            if self.cycle is not before:
                self._stop()

        def on_response_complete(self) -> None:
            before = self.cycle
            super().on_response_complete()
            if self.cycle is not before:  # a request that waited in the buffer
                self._stop()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _start(self) -> None:
            self._stop()
            self._timer = asyncio.get_running_loop().call_later(seconds, self._close)

        def _stop(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _close(self) -> None:
            self._timer = None
            transport = cast(Any, self.transport)
            if not transport.is_closing():
                transport.close()

    return Deadline
