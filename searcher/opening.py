"""Where an index is, by the form of its location: a folder on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from searcher.storage import folder_of

if TYPE_CHECKING:  # whoever only wants to know the folder pays for no engine
    from searcher.embedded.engine import EmbeddedIndex


def open_index(location: str | Path = "index") -> EmbeddedIndex:
    """Return the index at a location, open: a folder, as a path.

    Raises IndexNotFound where there is none, also for an address (`scheme://...`), and IndexUnusable where it is
    damaged.
    """
    from searcher.embedded.engine import EmbeddedIndex

    return EmbeddedIndex(folder_of(location))
