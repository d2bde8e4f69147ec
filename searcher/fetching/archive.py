"""What came, as it came: WARC files (ISO 28500), a file for each run, each page a record that stands by itself."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from searcher.article import VIETNAM
from searcher.fetching.client import USER_AGENT
from searcher.fetching.folder import ENDING
from searcher.fetching.response import Response

MAX_BYTES: Final = 256 * 1024 * 1024
"""A file over this size is followed by another."""

_VERSION: Final = "1.1"  # its dates have fractions of a second
_CHANGED: Final = frozenset({"content-encoding", "transfer-encoding", "content-length", "set-cookie"})


class Written(NamedTuple):
    """Where a record went: the file's name, and its length with this record."""

    name: str
    bytes: int


class Archive:
    """Writes records into a folder. The first one makes a file, of which `on_begin` is told the name beforehand."""

    def __init__(self, folder: Path, on_begin: Callable[[str], None]) -> None:
        self._folder = folder
        self._on_begin = on_begin
        self._name = ""
        self._file: BinaryIO | None = None

    def write(self, response: Response) -> Written:
        """Append a response, and return where it is, when it is safely there.

        Raises OSError; then nothing of it remains.
        """
        if self._file is not None and self._file.tell() > MAX_BYTES:
            self.close()
        return self._append((b"" if self._file else self._begin()) + _record(response))

    def close(self) -> None:
        """Close the file; the next record begins another."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> bytes:
        """Make a file, and return the record that such files begin with."""
        stem = f"{datetime.now(VIETNAM):%Y%m%d-%H%M%S}"
        names = (f"{stem}-{number:03}{ENDING}" for number in count())
        self._name = next(name for name in names if not (self._folder / name).exists())
        self._on_begin(self._name)
        self._file = (self._folder / self._name).open("xb", buffering=0)
        info = {"software": USER_AGENT, "format": f"WARC File Format {_VERSION}"}
        return _packed(lambda writer: writer.create_warcinfo_record(self._name, info))

    def _append(self, record: bytes) -> Written:
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
        return Written(self._name, before + len(record))


def _packed(make: Callable[[WARCWriter], Any]) -> bytes:
    block = io.BytesIO()
    writer = WARCWriter(block, gzip=True, warc_version=_VERSION)
    writer.write_record(make(writer))
    return block.getvalue()


def _record(response: Response) -> bytes:
    """Return the record of a response: as it came, but for the compression that it had on its way."""
    headers = [(name, value) for name, value in response.headers if name.lower() not in _CHANGED]
    if coding := response.header("content-encoding"):
        headers.append(("X-Crawler-Content-Encoding", coding))
    headers.append(("Content-Length", str(len(response.body))))
    status = StatusAndHeaders(f"{response.status} {response.phrase}", headers, protocol="HTTP/1.1")
    body = io.BytesIO(response.body)
    return _packed(
        lambda writer: writer.create_warc_record(
            response.url, "response", payload=body, length=len(response.body), http_headers=status
        )
    )
