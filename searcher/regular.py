"""Files opened for what they should be: a folder from elsewhere may hold links and pipes under the names of files."""

from __future__ import annotations

import os
from errno import EINVAL, ELOOP
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final

from searcher.messages import _

# Neither follow a link that has the name, nor wait for the other end of a pipe. Windows has neither.
_CAREFULLY: Final = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_MODE: Final = 0o644


def open_handle(path: Path, flags: int) -> int:
    """Return a handle of a regular file, opened with `flags` of `os.open`; a new one is only its owner's to write.

    Raises OSError, also for what has that name and is no regular file.
    """
    try:
        handle = os.open(path, flags | _CAREFULLY, _MODE)
    except OSError as error:
        if error.errno == ELOOP:
            raise OSError(ELOOP, _("it is not a regular file"), str(path)) from None
        raise
    if not S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(EINVAL, _("it is not a regular file"), str(path))
    return handle


def open_regular(path: Path) -> BinaryIO:
    """Return a regular file, opened to be read; raises OSError as `open_handle` does."""
    return os.fdopen(open_handle(path, os.O_RDONLY), "rb")
