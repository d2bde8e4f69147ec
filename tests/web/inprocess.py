"""A server in a thread of this process, with settings that no command has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from searcher.opening import open_index
from searcher.query.contract import Index
from searcher.web.serving import make_server
from searcher.web.settings import Settings


@contextmanager
def served(folder: Path, open_location: Callable[[str | Path], Index] = open_index, **settings: Any) -> Iterator[str]:
    """Give the address of a server of an index with these settings; it ends with the block."""
    ready = threading.Event()
    heard: list[str] = []

    def on_ready(address: str) -> None:
        heard.append(address.rstrip("/"))
        ready.set()

    server, listening = make_server(Settings(location=folder, port=0, **settings), on_ready, open_location)
    thread = threading.Thread(target=_run, args=(server, listening), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield heard[0]
    finally:
        server.should_exit = True
        thread.join(20)


def _run(server: uvicorn.Server, listening: Any) -> None:
    server.run(sockets=[listening])
