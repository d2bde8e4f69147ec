"""Where an index lies on disk: making, opening and measuring it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from searcher import codec
from searcher.codec import ArrayIndex, Disk
from searcher.errors import IndexUnusable
from searcher.messages import _
from searcher.schema import article_schema

if TYPE_CHECKING:
    from searcher.codec.checking import CheckReport, Progress
    from searcher.codec.writer import ArrayWriter


def exists(folder: Path) -> bool:
    """Return whether the folder holds an index."""
    return codec.exists(folder)


def open_storage(folder: Path) -> ArrayIndex:
    """Return the Whoosh index in the folder; raises IndexNotFound, or IndexUnusable where it can't be read."""
    try:
        return codec.open_index(folder)
    except OSError as error:
        text = _("The index in '{folder}' can't be opened: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error


def open_writer(folder: Path, *, rebuild: bool = False, disk: Disk | None = None) -> ArrayWriter:
    """Return a writer of the index in the folder, which is made if there is none.

    With `rebuild` it writes a new index, which takes the old one's place when it is committed, whatever that was.
    Raises Whoosh's LockError where there is a writer already, and IndexUnusable where it can't be read or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if rebuild and exists(folder):
            return codec.replace(folder, article_schema(), disk=disk)
        index = (
            codec.open_index(folder, disk=disk) if exists(folder) else codec.create(folder, article_schema(), disk=disk)
        )
        return index.writer()
    except OSError as error:
        text = _("The index in '{folder}' can't be written: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error


def check_index(folder: Path | str, on_progress: Progress | None = None) -> CheckReport:
    """Read all of an index, and return what is wrong with it, each part that is by its name.

    `on_progress` hears how many segments are checked, of how many. Raises IndexNotFound, and IndexUnusable where it is
    of another kind or version, or can't be opened.
    """
    from searcher.codec.checking import check

    try:
        return check(Path(folder), on_progress=on_progress)
    except OSError as error:
        text = _("The index in '{folder}' can't be opened: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error


def size_bytes(folder: Path) -> int:
    """Return the bytes that the index takes on disk."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def free_bytes(folder: Path) -> int:
    """Return the bytes that are free on the disk that holds the folder."""
    return shutil.disk_usage(folder).free
