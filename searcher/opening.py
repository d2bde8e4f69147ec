"""Where an index is, by the form of its location: a folder on this machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.errors import IndexNotFound
from searcher.messages import _

if TYPE_CHECKING:  # whoever only wants to know the folder pays for no engine
    from searcher.embedded.engine import EmbeddedIndex


def open_index(location: str | Path = "index") -> EmbeddedIndex:
    """Return the index at a location, open: a folder, as a path.

    Raises IndexNotFound where there is none, also for an address (`scheme://...`), and IndexUnusable where it is
    damaged.
    """
    from searcher.embedded.engine import EmbeddedIndex

    return EmbeddedIndex(folder_of(location))


def folder_of(location: str | Path) -> Path:
    """Return the folder that a location names; raises IndexNotFound for an address.

    >>> folder_of("index").name, folder_of("C:/tin/index").name
    ('index', 'index')
    """
    # A scheme has two letters at least: one is a drive of Windows.
    if isinstance(location, str) and (scheme := re.match(r"([a-z][a-z0-9+.-]+)://", location, re.IGNORECASE)):
        text = _("'{location}' is an address ({scheme}); an index is a folder on this machine.")
        raise IndexNotFound(text.format(location=location, scheme=scheme[1]))
    return Path(location)
