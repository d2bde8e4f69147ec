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
