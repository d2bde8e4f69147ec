"""Where an index lies on disk: making, opening and measuring it."""

from __future__ import annotations

import shutil
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.index import FileIndex

from searcher.errors import IndexNotFound, IndexUnusable
from searcher.messages import _
from searcher.schema import article_schema


def exists(folder: Path) -> bool:
    """Return whether the folder holds an index."""
    return folder.is_dir() and bool(whoosh_index.exists_in(str(folder)))


def open_storage(folder: Path) -> FileIndex:
    """Return the Whoosh index in the folder; raises IndexNotFound, or IndexUnusable where it can't be read."""
    if not exists(folder):
        raise IndexNotFound(
            _("There is no index in '{folder}'. Make one: searcher index PATH --index {folder}").format(folder=folder)
        )
    try:
        return whoosh_index.open_dir(str(folder))
    except Exception as error:
        raise IndexUnusable(
            _("The index in '{folder}' can't be opened ({error}). Make it anew: --rebuild").format(
                folder=folder, error=error
            )
        ) from error


def create_storage(folder: Path) -> FileIndex:
    """Make an empty index in the folder, which may exist; raises IndexUnusable where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return whoosh_index.create_in(str(folder), article_schema())
    except OSError as error:
        text = _("No index can be made in '{folder}': {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error


def size_bytes(folder: Path) -> int:
    """Return the bytes that the index takes on disk."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def free_bytes(folder: Path) -> int:
    """Return the bytes that are free on the disk that holds the folder."""
    return shutil.disk_usage(folder).free
