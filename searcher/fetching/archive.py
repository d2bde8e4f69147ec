"""What came, as it came: WARC files (ISO 28500), a file for each run, each page a record that stands by itself."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from searcher.article import VIETNAM
from searcher.fetching.client import USER_AGENT
from searcher.fetching.response import Response

ENDING: Final = ".warc.gz"
MAX_BYTES: Final = 256 * 1024 * 1024
"""A file over this size is followed by another."""

_CHANGED: Final = frozenset({"content-encoding", "transfer-encoding", "content-length", "set-cookie"})


class Archive:
    """Writes records into a folder. The first one makes a file; `on_grown(name, bytes)` is told of its length then,
    and after each record, when these bytes are safely on disk."""

    def __init__(self, folder: Path, on_grown: Callable[[str, int], None]) -> None:
        self._folder = folder
        self._on_grown = on_grown
        self._file: BinaryIO | None = None
        self.names: list[str] = []

    def write(self, response: Response) -> str:
        """Append a response, and return the name of the file it is in. Raises OSError; then nothing of it remains."""
        if self._file is None or self._file.tell() > MAX_BYTES:
            self.close()
            self._begin()
        # The body is kept without the compression it had on its way, as its headers say then; each record is gzipped.
        headers = [(name, value) for name, value in response.headers if name.lower() not in _CHANGED]
        headers += [
            ("X-Crawler-" + name, value) for name, value in response.headers if name.lower() == "content-encoding"
        ]
        headers.append(("Content-Length", str(len(response.body))))
        block = io.BytesIO()
        writer = WARCWriter(block, gzip=True)
        record = writer.create_warc_record(
            response.url,
            "response",
            payload=io.BytesIO(response.body),
            length=len(response.body),
            http_headers=StatusAndHeaders(f"{response.status} {response.phrase}", headers, protocol="HTTP/1.1"),
        )
        writer.write_record(record)
        self._append(block.getvalue())
        return self.names[-1]

    def close(self) -> None:
        """Close the file; the next record begins another."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        stem = f"{datetime.now(VIETNAM):%Y%m%d-%H%M%S}"
        number = 0
        while True:
            name = f"{stem}-{number:03}{ENDING}"
            try:
                self._file = (self._folder / name).open("xb", buffering=0)
                break
            except FileExistsError:
                number += 1
        self.names.append(name)
        block = io.BytesIO()
        writer = WARCWriter(block, gzip=True)
        writer.write_record(
            writer.create_warcinfo_record(name, {"software": USER_AGENT, "format": "WARC File Format 1.0"})
        )
        self._append(block.getvalue())

    def _append(self, record: bytes) -> None:
        assert self._file is not None
        before = self._file.tell()
        try:
            left = memoryview(record)
            while left:
                left = left[self._file.write(left) :]
            os.fsync(self._file.fileno())
        except OSError:
            with suppress(OSError):
                self._file.truncate(before)
                self._file.seek(before)
            raise
        self._on_grown(self.names[-1], before + len(record))
