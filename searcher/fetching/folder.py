"""The files in a folder of fetched pages, which may have come from a stranger: only regular files, under names of ours,
are opened, and none that a link leads to."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from searcher.errors import FolderUnusable
from searcher.messages import _

ENDING: Final = ".warc.gz"
_NAME: Final = re.compile(rf"\d{{8}}-\d{{6}}-\d{{3,9}}{re.escape(ENDING)}", re.ASCII)


def is_file_name(name: object) -> bool:
    """Whether this is the name of a file of pages, as `Archive` gives it."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def is_regular(path: Path) -> bool:
    """Whether there is a file at a path, and no link, pipe, device or folder."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def refuse_irregular(path: Path) -> None:
    """Raise FolderUnusable where there is something at a path that is no file."""
    if os.path.lexists(path) and not is_regular(path):
        text = _("'{file}' is a link, a pipe or a folder, where searcher keeps a file: it is not used.")
        raise FolderUnusable(text.format(file=path))


def cut_off(path: Path, size: int) -> None:
    """Shorten a file to so many bytes; raises FolderUnusable where it has another name, OSError where it can't be."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            text = _("'{file}' is a link, a pipe or a folder, where searcher keeps a file: it is not used.")
            raise FolderUnusable(text.format(file=path))
        os.ftruncate(descriptor, size)
    finally:
        os.close(descriptor)
