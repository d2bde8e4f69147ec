"""What Windows refuses that other systems allow, refused here as well: for tests of code that has to run there.

- A file that is open or mapped can be neither removed nor renamed nor replaced.
- A file's name has no `<>:"|?*`, no control character, no dot or space at its end, and is none of the devices' names.
- Folders can't be opened, and what POSIX alone has is missing.

It goes by Python's audit events, so it sees what pathlib, shutil and libraries do, and by Linux's /proc.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest

_RESERVED: Final = re.compile(r"[<>:\"|?*\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_MISSING: Final = ("O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY", "fork", "getuid", "geteuid", "fchmod")
_MAPS: Final = Path("/proc/self/maps")
_HANDLES: Final = Path("/proc/self/fd")
_below: list[Path] = []
refused: list[str] = []
"""What was refused since `as_on_windows` began, as "event: name"."""


def _in_use(path: Path) -> bool:
    wanted = str(path.resolve())
    if any(line.endswith(f" {wanted}") for line in _MAPS.read_text("utf-8").splitlines()):
        return True
    for handle in _HANDLES.iterdir():
        with suppress(OSError):  # the one that lists them
            if str(handle.readlink()) == wanted:
                return True
    return False


def _refuse(event: str, path: Path) -> None:
    refused.append(f"{event}: {path.name}")
    raise PermissionError(errno.EACCES, "The process cannot access the file because of how it is used", str(path))


def _hook(event: str, given: tuple[Any, ...]) -> None:
    if not _below or event not in ("os.remove", "os.rename", "open"):
        return
    named = [Path(os.fsdecode(one)).absolute() for one in given[:2] if isinstance(one, str | bytes | os.PathLike)]
    for path in named if event == "os.rename" else named[:1]:
        if not path.is_relative_to(_below[0]):
            continue
        if event != "open":
            if path.exists() and _in_use(path):
                _refuse(event, path)
        elif path.is_dir():
            _refuse(event, path)
        elif _RESERVED.search(path.name):
            raise OSError(errno.EINVAL, "The filename, directory name, or volume label syntax is incorrect", path.name)


_installed: list[bool] = []


@contextmanager
def as_on_windows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse below this folder what Windows refuses, in this process."""
    if not _MAPS.exists():
        pytest.skip("needs /proc")
    if not _installed:
        sys.addaudithook(_hook)  # there is no way to take it off, so it is told when to look
        _installed.append(True)
    with monkeypatch.context() as patched:
        for name in _MISSING:
            patched.delattr(os, name, raising=False)
        refused.clear()
        _below.append(folder.absolute())
        try:
            yield
        finally:
            _below.clear()
