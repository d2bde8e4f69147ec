"""Running the server."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn
from msgspec.structs import replace

from searcher.errors import SearcherError
from searcher.messages import _
from searcher.opening import open_index
from searcher.query.contract import Index
from searcher.web.app import guarded
from searcher.web.protocol import with_deadline
from searcher.web.settings import Settings

_BACKLOG: Final = 128
_GRACE_S: Final = 3
_KEEP_ALIVE_S: Final = 15


def address_of(settings: Settings, port: int) -> str:
    """Return the address to open, which has the token in it where there is one."""
    host = settings.host
    if host in ("0.0.0.0", "::", ""):
        host = socket.gethostname()
    host = f"[{host}]" if ":" in host else host
    token = f"?token={settings.token}" if settings.token else ""
    return f"http://{host}:{port}/{token}"


def serve(settings: Settings, on_ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end, by Ctrl-C or a signal; raises as `make_server` does."""
    server, listening = make_server(settings, on_ready)
    with suppress(KeyboardInterrupt):  # uvicorn raises it again once all is closed
        server.run(sockets=[listening])


def make_server(
    settings: Settings,
    on_ready: Callable[[str], None],
    open_location: Callable[[str | Path], Index] = open_index,
) -> tuple[uvicorn.Server, socket.socket]:
    """Return a server to be run, and the socket that it listens on; `on_ready` hears the address once it answers.

    Raises IndexNotFound and IndexUnusable where the index can't be opened, and SearcherError where the port can't be
    listened on. Port 0 takes one that is free.
    """
    listening = _listen(settings)
    port = int(listening.getsockname()[1])
    if port != settings.port:
        settings = replace(settings, port=port)
    config = uvicorn.Config(
        guarded(settings, open_location),
        http=with_deadline(settings.header_s, settings.connections),
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        backlog=_BACKLOG,
    )
    return _Server(config, lambda: on_ready(address_of(settings, port))), listening


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _listen(settings: Settings) -> socket.socket:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        if os.name == "posix":  # elsewhere it lets two programs listen on one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, OverflowError) as error:
        text = _("{host}:{port} can't be listened on: {error}. Another --port may do.")
        reason = getattr(error, "strerror", None) or error
        raise SearcherError(text.format(host=settings.host, port=settings.port, error=reason)) from error
    return listening
