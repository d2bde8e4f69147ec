"""Reading paths: folders are walked, compressed files unpacked as a stream, and each file read by its kind."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import zstandard

from searcher.sources import jsonl, text
from searcher.sources.items import Item, Rejected, Unreadable

_KINDS: Final = (".txt", ".jsonl", ".ndjson", ".json")
_COMPRESSED: Final = (".gz", ".zst")
_NO_ARTICLES: Final = frozenset({"readme.txt", "license.txt"})

Progress = Callable[[int], None]


class _Counted(io.RawIOBase):
    """A raw file that tells how many of its bytes have been read, which is what a progress bar can know."""

    def __init__(self, raw: BinaryIO, progress: Progress) -> None:
        self._raw, self._progress = raw, progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._raw.read(len(buffer))
        buffer[: len(block)] = block
        self._progress(len(block))
        return len(block)


def _kind(path: Path) -> str:
    name = path.name.lower()
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    return next((kind for kind in _KINDS if name.endswith(kind)), "")


def _files(root: Path) -> Iterator[Path]:
    """Yield the files of a folder that may hold articles, in a stable order; hidden ones and links to folders not."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith(".") and name.lower() not in _NO_ARTICLES and _kind(path):
                yield path


def measure(paths: Iterable[Path]) -> int:
    """Return the bytes on disk that `read` will go through."""
    total = 0
    for path in paths:
        for file in _files(path) if path.is_dir() else [path]:
            try:
                total += file.stat().st_size
            except OSError:
                continue
    return total


@contextmanager
def _opened(path: Path, progress: Progress) -> Iterator[BinaryIO]:
    with path.open("rb", buffering=0) as raw:
        counted = cast(BinaryIO, io.BufferedReader(_Counted(cast(BinaryIO, raw), progress), 256 * 1024))
        if path.name.lower().endswith(".gz"):
            yield cast(BinaryIO, gzip.GzipFile(fileobj=counted))
        elif path.name.lower().endswith(".zst"):
            unpacked = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
                counted, read_across_frames=True
            )
            yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, unpacked), 256 * 1024))
        else:
            yield counted


def _read_file(path: Path, progress: Progress) -> Iterator[Item | Rejected]:
    file = str(path)
    with _opened(path, progress) as stream:
        match _kind(path):
            case ".jsonl" | ".ndjson":
                empty = True
                for found in jsonl.read_lines(stream, file):
                    empty = False
                    yield found
                if empty:
                    raise Unreadable("empty", "The file is empty.")
            case ".json":
                yield from jsonl.read_document(stream, file)
            case ".txt":
                raw = stream.read(text.MAX_BYTES + 1)
                if len(raw) > text.MAX_BYTES:
                    limit = text.MAX_BYTES // 1024 // 1024
                    raise Unreadable("too_large", f"A text file may have {limit} MB at most.")
                yield Item(text.parse(text.decode(raw)), file)
            case _:
                raise Unreadable("kind", "This kind of file can't be read (known: .txt, .json, .jsonl, .gz, .zst).")


def read(paths: Iterable[Path], *, on_progress: Progress | None = None) -> Iterator[Item | Rejected]:
    """Yield an Item for each article in the files and folders, and a Rejected for each thing that gives none.

    - It streams: what is held is one file buffer and one article, however large the files are.
    - `on_progress` gets the number of bytes on disk that were read since its last call; `measure` gives their sum.
    - Nothing is raised for bad input; an article before the place where a file breaks off is still delivered.
    """
    progress = on_progress or (lambda _bytes: None)
    for path in paths:
        if not path.exists():
            yield Rejected(str(path), None, "missing", "There is no such file or folder.")
            continue
        empty = True
        for file in _files(path) if path.is_dir() else [path]:
            empty = False
            try:
                yield from _read_file(file, progress)
            except Unreadable as unreadable:
                yield unreadable.at(str(file))
            except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError):
                reason = "The compressed file is damaged or breaks off before its end."
                yield Rejected(str(file), None, "compression", reason)
            except PermissionError:
                yield Rejected(str(file), None, "permission", "There is no permission to read the file.")
            except OSError as error:
                yield Rejected(str(file), None, "io", f"The file can't be read: {error.strerror or error}.")
        if empty:
            yield Rejected(str(path), None, "no_articles", "The folder has no file that could hold an article.")
