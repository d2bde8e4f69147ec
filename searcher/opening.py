"""Where an index is, by the form of its location: a folder on this machine."""

from __future__ import annotations

from pathlib import Path

from searcher.embedded.engine import EmbeddedIndex
from searcher.storage import folder_of


def open_index(location: str | Path = "index") -> EmbeddedIndex:
    """Return the index at a location, open: a folder, as a path.

    Raises IndexNotFound where there is none, also for an address (`scheme://...`), and IndexUnusable where it is
    damaged.
    """
    return EmbeddedIndex(folder_of(location))
