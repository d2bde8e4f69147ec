"""Whether an index in a folder is sound: its segments, and what suggestions keep beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from searcher.codec import SegmentArrays
from searcher.codec.checking import CheckReport, Progress, check
from searcher.errors import IndexUnusable
from searcher.messages import _
from searcher.schema import to_article
from searcher.storage import folder_of, open_storage
from searcher.suggesting.phrases import what_is_wrong


def check_index(folder: Path | str, on_progress: Progress | None = None) -> CheckReport:
    """Read all of an index, and return what is wrong with it, each part that is by its name.

    `on_progress` hears how many segments are checked, of how many. Raises IndexNotFound, and IndexUnusable where it is
    of another kind or version, or can't be opened.
    """
    folder = folder_of(folder)
    try:
        report = check(folder, on_progress=on_progress, meaning=_Articles())
    except OSError as error:
        text = _("The index in '{folder}' can't be opened: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error
    if not report.problems:
        open_storage(folder)  # which refuses what is sound, but no index of articles
    return report


class _Articles:
    """What an index of articles is to hold."""

    def stored(self, fields: dict[str, Any]) -> str | None:
        try:
            to_article(fields)
        except IndexUnusable as error:
            return str(error)
        return None

    def beside(self, segment: SegmentArrays, path: Path) -> str | None:
        return what_is_wrong(segment, path)
