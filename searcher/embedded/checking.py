"""Whether an index in a folder is sound: its segments, and what suggestions keep beside them."""

from __future__ import annotations

from pathlib import Path

from searcher.codec.checking import CheckReport, Progress, check
from searcher.errors import IndexUnusable
from searcher.messages import _
from searcher.suggesting.phrases import what_is_wrong


def check_index(folder: Path, on_progress: Progress | None = None) -> CheckReport:
    """Read all of an index, and return what is wrong with it, each part that is by its name.

    `on_progress` hears how many segments are checked, of how many. Raises IndexNotFound, and IndexUnusable where it is
    of another kind or version, or can't be opened.
    """
    try:
        return check(folder, on_progress=on_progress, beside=what_is_wrong)
    except OSError as error:
        text = _("The index in '{folder}' can't be opened: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error
