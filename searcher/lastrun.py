"""What the last run of indexing did, kept beside the index: for whoever asks later what it could not read.

It belongs to no commit and no search reads it; whoever removes the file loses nothing else.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

FILE: Final = "last-run.json"
MOST_LISTED: Final = 1_000
"""Inputs that could not be read are listed up to here; all are counted."""
_MAX_BYTES: Final = 16 * 1024 * 1024


class Unread(msgspec.Struct, frozen=True):
    """Something that could not be read: its place, the line in it where there are lines, and the reason."""

    file: str
    line: int | None
    reason: str


class LastRun(msgspec.Struct, frozen=True):
    """A run that ended: when, what became of the articles, how many inputs were rejected, and the first of those.

    `passed_over` counts the files of kinds that are not read, by the ending of their names.
    """

    finished: datetime
    seconds: float
    added: int
    updated: int
    unchanged: int
    removed: int
    rejected: int
    undated: int
    passed_over: dict[str, int]
    unread: tuple[Unread, ...] = ()


def keep_last_run(folder: Path, run: LastRun) -> None:
    """Keep a run beside the index in `folder`; where that can't be, the one before is forgotten and nothing is raised.

    Indexing has committed by then, and must not fail for a report.
    """
    file = folder / FILE
    temporary = file.with_suffix(".tmp")
    with suppress(OSError):
        file.unlink(missing_ok=True)
        temporary.write_bytes(msgspec.json.encode(msgspec.structs.replace(run, unread=run.unread[:MOST_LISTED])))
        temporary.replace(file)


def last_run(folder: Path) -> LastRun | None:
    """Return the last run that was kept beside an index; None where there is none, or it can't be read."""
    with suppress(OSError, msgspec.MsgspecError), (folder / FILE).open("rb") as file:
        return msgspec.json.decode(file.read(_MAX_BYTES), type=LastRun)
    return None
