"""Where an index lies on disk: making, opening and measuring it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from searcher import codec
from searcher.codec import ArrayIndex, Disk
from searcher.errors import IndexNotFound, IndexUnusable
from searcher.messages import _
from searcher.schema import ARTICLE_FIELDS, FIELDS_BEFORE_FACTS, article_schema
from searcher.semantics.articlevectors import is_vector_column

if TYPE_CHECKING:
    from searcher.codec.writer import ArrayWriter


def is_cluster(location: str | Path) -> bool:
    """Return whether a location is the address of an index in a cluster, not on a disk.

    >>> is_cluster("https://search:9200/news"), is_cluster("index"), is_cluster("ftp://host/x")
    (True, False, False)
    """
    return isinstance(location, str) and location[:8].lower().startswith(("http://", "https://"))


def folder_of(location: str | Path) -> Path:
    """Return the folder that a location names; raises IndexNotFound for an address.

    >>> folder_of("index").name, folder_of("C:/tin/index").name
    ('index', 'index')
    """
    # A scheme has two letters at least: one is a drive of Windows.
    if (
        isinstance(location, str)
        and "://" in location
        and (scheme := re.match(r"([a-z][a-z0-9+.-]+)://", location, re.IGNORECASE))
    ):
        text = _(
            "'{location}' is an address ({scheme}); an index is a folder on this machine, or at http:// or https://."
        )
        raise IndexNotFound(text.format(location=location, scheme=scheme[1]))
    return Path(location)


def exists(folder: Path) -> bool:
    """Return whether the folder holds an index."""
    return codec.exists(folder)


def open_storage(folder: Path) -> ArrayIndex:
    """Return the Whoosh index in the folder; raises IndexNotFound, or IndexUnusable where it can't be read."""
    try:
        index = codec.open_index(folder)
    except OSError as error:
        text = _("The index in '{folder}' can't be opened: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error
    _refuse_others(index, folder)
    return index


def _refuse_others(index: ArrayIndex, folder: Path) -> None:
    # One made before facts were read goes on without them; without vectors, or with others, it is searched by words.
    fields = {name: data for name, data in index.field_data().items() if not is_vector_column(name)}
    if fields not in (ARTICLE_FIELDS, FIELDS_BEFORE_FACTS):
        text = _("The index in '{folder}' was not made by this version of searcher. Make it anew: --rebuild")
        raise IndexUnusable(text.format(folder=folder))


def open_writer(folder: Path, *, rebuild: bool = False, disk: Disk | None = None) -> ArrayWriter:
    """Return a writer of the index in the folder, which is made if there is none.

    With `rebuild` it writes a new index, which takes the old one's place when it is committed, whatever that was.
    Raises Whoosh's LockError where there is a writer already, and IndexUnusable where it can't be read or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if rebuild and exists(folder):
            return codec.replace(folder, article_schema(), disk=disk)
        index = codec.open_or_create(folder, article_schema(), disk=disk)
        _refuse_others(index, folder)
        return index.writer()
    except OSError as error:
        text = _("The index in '{folder}' can't be written: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error


def size_bytes(folder: Path) -> int:
    """Return the bytes that the index takes on disk."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def free_bytes(folder: Path) -> int:
    """Return the bytes that are free on the disk that holds the folder."""
    return shutil.disk_usage(folder).free
