"""Which files there are: folders are walked, and what is no file that can be read is said."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from searcher.sources.items import PassedOver, Rejected, explain
from searcher.sources.names import is_left_out, is_of_index, is_passed_over, kind


def shown(path: Path | str) -> str:
    """Return a path as text that can be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _walk(root: Path) -> Iterator[Path | Rejected | PassedOver]:
    """Yield the files of a folder in a stable order; not hidden ones, links to folders, and those of an index."""
    refused: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=refused.append):
        if any(map(is_of_index, names)):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not is_left_out(name, folder=True))
        for name in sorted(names):
            if not is_left_out(name):
                path = Path(folder, name)
                yield PassedOver(shown(path), kind(name)) if is_passed_over(name) else path
    for error in refused:
        yield explain(error).at(shown(error.filename))


def file_on_disk(file: str) -> Path | None:
    """Return the file that an article was read from, which is the archive for a member of one; None if it has gone."""
    path = Path(file)
    return path if path.exists() else next((parent for parent in path.parents if parent.is_file()), None)


def files_in(path: Path) -> Iterator[Path | Rejected | PassedOver]:
    """Yield the path where it is a file, the files below it where it is a folder, and what is none of both."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        os_error = error if isinstance(error, OSError) else FileNotFoundError()
        yield explain(os_error).at(shown(path))
        return
    if stat.S_ISDIR(mode):
        yield from _walk(path)
    else:
        yield path


def measure(paths: Iterable[Path]) -> int:
    """Return the bytes on disk that `read` will go through."""
    total = 0
    for path in (file for root in paths for file in files_in(root)):
        if isinstance(path, Path):
            try:
                total += path.stat().st_size
            except OSError:
                continue
    return total
