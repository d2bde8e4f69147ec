"""What a server is started with: where it listens, what it lets through, and its bounds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
DEFAULT_PORT: Final = 8765
MAX_QUERY: Final = 1_000
"""Characters of a query: more are not read by any engine."""
MAX_PAGE: Final = 1_000
MAX_VALUES: Final = 100
"""Values of one facet that an address may choose."""
PAGE_SIZES: Final = (10, 20, 50, 100)


class Settings(msgspec.Struct, frozen=True):
    """How a server runs.

    - `location` is the index's; `token` is what a browser must know, "" where nobody else can reach the server.
    - `search_s` is how long an answer may take, `export_s` how long until an export's first row.
    - Answers are made by `workers` processes, or where that is 0 by `threads` of the server's own; `waiting` requests
      may wait for one, more are sent away.
    - `exports` are made at once, not counting those that nobody fetched from for `stalled_s`.
    - `kept_bytes` of answers are kept for who asks the same of the same commit.
    - `header_s` is how long a connection may take to say what it wants, `connections` how many there may be.
    """

    location: str | Path = "index"
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    token: str = ""
    allow_upload: bool = False
    search_s: float = 2.0
    export_s: float = 30.0
    workers: int = 0
    threads: int = max(2, os.cpu_count() or 2)
    waiting: int = 64
    exports: int = 2
    stalled_s: float = 20.0
    kept_bytes: int = 32 * 1024 * 1024
    header_s: float = 10.0
    connections: int = 512
    max_upload_bytes: int = 256 * 1024 * 1024
    max_upload_files: int = 100

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK
