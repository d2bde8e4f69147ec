"""Where an index of arrays lies, as Whoosh's storages: it lets nobody write an index of Whoosh's own kind over it."""

from __future__ import annotations

import re
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage


class ArrayStorage(FileStorage):
    """A folder of an index of arrays.

    Whoosh's own writers (SegmentWriter, MpWriter) begin with files of their segment in it, and end with a table of
    contents in place of ours. So nothing under the names of an index is made through it: ours has ways of its own.
    """

    def __init__(self, folder: str, indexname: str) -> None:
        super().__init__(folder)  # type: ignore[no-untyped-call]
        self._indexname = indexname

    def temp_storage(self, name: str | None = None) -> RamStorage:
        """Return a place for what is put together, which is none in the folder: it has to hold nothing else."""
        return RamStorage()

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Return a new file, as Whoosh does; raises TypeError for one of an index."""
        if re.match(rf"_?{re.escape(self._indexname)}_", name):
            raise TypeError("an index of arrays is written by what its writer() returns, not by Whoosh's own writers")
        return super().create_file(name, *args, **kwargs)  # type: ignore[no-untyped-call]
