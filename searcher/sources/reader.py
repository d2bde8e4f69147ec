"""Reading paths: every article in them, and for everything else the reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from searcher.messages import _
from searcher.sources.discovery import files_in, shown
from searcher.sources.document import AS_IT_IS, Budget, Document, Found, Options, moment
from searcher.sources.formats import read_document
from searcher.sources.items import PassedOver, Rejected, Unreadable, explain
from searcher.sources.streams import Progress, counted


def _no_progress(_bytes: int) -> None:
    pass


def read_file(
    path: Path, *, named: bool = True, on_progress: Progress = _no_progress, options: Options = AS_IT_IS
) -> Iterator[Found]:
    """Yield what one file holds, as `read` does of many: reading can be split by file.

    Where the user did not name it, but a folder that it lies in, it is passed over if it is of no kind that is read.
    """
    place = shown(path)
    try:
        # A FIFO is opened without waiting for its other end, and then refused.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb", buffering=0) as raw:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("not_a_file", _("This is a device or a pipe, not a file."))
            stream = counted(cast(BinaryIO, raw), on_progress)
            saved = moment(status.st_mtime)
            budget = Budget.of_file(status.st_size)
            yield from read_document(
                Document(place, stream, read_document, saved=saved, options=options, budget=budget, named=named)
            )
    except Unreadable as unreadable:
        yield unreadable.at(place)
    except OSError as error:
        yield explain(error).at(place)


def read(paths: Iterable[Path], *, on_progress: Progress | None = None, options: Options = AS_IT_IS) -> Iterator[Found]:
    """Yield an Item for each article in the files and folders, and a Rejected for each thing that gives none.

    - A file of a folder or an archive that is of no kind that is read is a PassedOver.
    - It streams: what is held is one file buffer and one article, however large the files are.
    - `on_progress` gets the number of bytes on disk that were read since its last call; `measure` gives their sum.
    - Nothing is raised for bad input; an article before the place where a file breaks off is still delivered.
    """
    for root in paths:
        empty = True
        for path in files_in(root):
            found = (
                read_file(path, named=path is root, on_progress=on_progress or _no_progress, options=options)
                if isinstance(path, Path)
                else (path,)
            )
            for one in found:
                empty &= isinstance(one, PassedOver)
                yield one
        if empty:
            yield Rejected(shown(root), None, "no_articles", _("The folder has no file that could hold an article."))
