"""Writing files so that they are there after a power loss: the one place where the index touches the disk to write.

Tests put another `Disk` in its place, to fail where they want.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


class Disk:
    """Writes, renames and removes files in one folder."""

    def write(self, path: Path, pieces: Iterable[bytes | memoryview]) -> None:
        """Write a new file and wait until it is on the disk; nothing is left of it where that fails."""
        with path.open("xb") as file:  # which another one's file does not let us
            try:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                self.remove(path)
                raise

    def rename(self, path: Path, target: Path) -> None:
        """Rename a file, replacing what has that name, in one step."""
        path.replace(target)

    def sync_folder(self, folder: Path) -> None:
        """Wait until the folder's list of files is on the disk, where the system has a way to do so."""
        try:
            handle = os.open(folder, os.O_RDONLY)
        except OSError:  # Windows opens no folders; its renames are journalled
            return
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there and the system allows; a later writer tries again otherwise."""
        with suppress(OSError):
            path.unlink()
