"""Reading paths: every article in them, and for everything else the reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from searcher.article import VIETNAM
from searcher.messages import _
from searcher.sources.discovery import explain, files, shown
from searcher.sources.document import AS_IT_IS, Document, Found, Options
from searcher.sources.formats import read_document
from searcher.sources.items import Item, Rejected, Unreadable
from searcher.sources.streams import Progress, counted


def _no_progress(_bytes: int) -> None:
    pass


def read_file(path: Path, *, on_progress: Progress = _no_progress, options: Options = AS_IT_IS) -> Iterator[Found]:
    """Yield what one file holds, as `read` does of many: reading can be split by file."""
    place = shown(path)
    try:
        # A FIFO is opened without waiting for its other end, and then refused.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb", buffering=0) as raw:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("not_a_file", _("This is a device or a pipe, not a file."))
            saved = datetime.fromtimestamp(status.st_mtime, VIETNAM)
            stream = counted(cast(BinaryIO, raw), on_progress)
            yield from read_document(Document(place, stream, saved=saved, options=options))
    except Unreadable as unreadable:
        yield unreadable.at(place)
    except OSError as error:
        yield explain(error).at(place)


def read(
    paths: Iterable[Path], *, on_progress: Progress | None = None, options: Options = AS_IT_IS
) -> Iterator[Item | Rejected]:
    """Yield an Item for each article in the files and folders, and a Rejected for each thing that gives none.

    - It streams: what is held is one file buffer and one article, however large the files are.
    - `on_progress` gets the number of bytes on disk that were read since its last call; `measure` gives their sum.
    - Nothing is raised for bad input; an article before the place where a file breaks off is still delivered.
    """
    for path in files(paths):
        if isinstance(path, Rejected):
            yield path
        else:
            yield from read_file(path, on_progress=on_progress or _no_progress, options=options)
