"""What is said of an index file whose bytes are not those that were written."""

from __future__ import annotations

from searcher.errors import IndexUnusable
from searcher.messages import _


class IndexDamaged(IndexUnusable):
    """A file of the index is damaged: `file` is its name, `part` the array or header in it."""

    def __init__(self, file: str, part: str) -> None:
        text = _("The index file '{file}' is damaged in '{part}'. Make the index anew: --rebuild")
        super().__init__(text.format(file=file, part=part))
        self.file = file
        self.part = part


class IndexFileUnreadable(IndexUnusable):
    """A file of the index can't be opened: `file` is its name, `error` what the system says; it may be gone."""

    def __init__(self, file: str, error: OSError) -> None:
        text = _("The index file '{file}' can't be read: {error}.")
        super().__init__(text.format(file=file, error=error.strerror or error))
        self.file = file
        self.error = error
