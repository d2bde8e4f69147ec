"""Which files there are: folders are walked, and what is no file that can be read is said."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from searcher.messages import _
from searcher.sources.formats import SUFFIXES
from searcher.sources.items import Rejected, Unreadable

_COMPRESSED: Final = (".gz", ".zst")
# Where browsers put what belongs to a page that they save whole.
_PAGE_FOLDERS: Final = ("_files", "_tệp", ".files", "_tep")
_NO_ARTICLES: Final = frozenset({"readme.txt", "license.txt"})


def shown(path: Path | str) -> str:
    """Return a path as text that can be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def explain(error: OSError) -> Unreadable:
    """Return the rejection that an error of the operating system comes to."""
    if isinstance(error, FileNotFoundError):
        return Unreadable("missing", _("There is no such file or folder."))
    if isinstance(error, PermissionError):
        return Unreadable("permission", _("There is no permission to read the file."))
    return Unreadable("io", _("The file can't be read: {error}.").format(error=error.strerror or error))


def may_hold_articles(name: str, *, folder: bool = False) -> bool:
    """Whether a file or folder of this name is read where it lies in a folder or an archive that is read."""
    lower = name.lower()
    if name.startswith((".", "__MACOSX", "~$")) or lower in _NO_ARTICLES:
        return False
    if folder:
        return not lower.endswith(_PAGE_FOLDERS)
    for ending in _COMPRESSED:
        lower = lower.removesuffix(ending)
    return Path(lower).suffix in SUFFIXES


def _walk(root: Path) -> Iterator[Path | Rejected]:
    """Yield the files of a folder that may hold articles, in a stable order; hidden ones and links to folders not."""
    refused: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=refused.append):
        folders[:] = sorted(name for name in folders if may_hold_articles(name, folder=True))
        yield from (Path(folder, name) for name in sorted(names) if may_hold_articles(name))
    for error in refused:
        yield explain(error).at(shown(error.filename))


def file_on_disk(file: str) -> Path | None:
    """Return the file that an article was read from, which is the archive for a member of one; None if it has gone."""
    path = Path(file)
    return path if path.exists() else next((parent for parent in path.parents if parent.is_file()), None)


def files(paths: Iterable[Path]) -> Iterator[Path | Rejected]:
    """Yield the files that are to be read, each as often as it is named, and a Rejected for what is none."""
    for path in paths:
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            os_error = error if isinstance(error, OSError) else FileNotFoundError()
            yield explain(os_error).at(shown(path))
            continue
        if not stat.S_ISDIR(mode):
            yield path
            continue
        empty = True
        for found in _walk(path):
            empty = False
            yield found
        if empty:
            reason = _("The folder has no file that could hold an article.")
            yield Rejected(shown(path), None, "no_articles", reason)


def measure(paths: Iterable[Path]) -> int:
    """Return the bytes on disk that `read` will go through."""
    total = 0
    for path in files(paths):
        if isinstance(path, Path):
            try:
                total += path.stat().st_size
            except OSError:
                continue
    return total
