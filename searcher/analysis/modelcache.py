"""Keeps the segmentation tables in the user's cache folder, so that a command starts in milliseconds.

A cache file is one line of JSON (what is in it, where, and the checksum), a newline, then the arrays' bytes. It is
written beside its final name and moved there, so readers never see half of one. Its name is a checksum of what tells
the files apart that it was made from: place, size and time of pyvi's, which stand for pyvi's version, and of the code
that turns them into tables. Whatever goes wrong with the cache, the tables come out right: they are made anew, in
memory if need be, with at most a warning.
"""

from __future__ import annotations

import math
import mmap
import os
import sys
import warnings
import zlib
from errno import ENOENT
from functools import cache
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import Final

import msgspec
import numpy as np

from searcher.analysis import folding, pyvimodel, syllable, tables
from searcher.analysis.tables import DTYPES, Tables
from searcher.regular import open_regular

CACHE_VARIABLE: Final = "SEARCHER_CACHE"
_FORM: Final = "searcher segmentation tables 3"
_MADE_BY: Final = tuple(Path(str(module.__file__)) for module in (folding, pyvimodel, syllable, tables))
_MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_HEAD: Final = 65_536
_ALIGNMENT: Final = 64
_OTHERS_WRITE: Final = S_IWGRP | S_IWOTH


class _Header(msgspec.Struct):
    form: str
    sources: str
    crc32: int
    shapes: dict[str, tuple[int, ...]]


def cache_folder() -> Path:
    """Return the folder of SEARCHER_CACHE, else `searcher` in that of XDG_CACHE_HOME, else `~/.cache/searcher`.

    It is the same on all systems. See https://specifications.freedesktop.org/basedir-spec/ for the second. Raises
    FileNotFoundError where nobody knows of a home folder.
    """
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen)
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        return (caches if caches.is_absolute() else Path.home() / ".cache") / "searcher"
    except RuntimeError:
        raise FileNotFoundError(ENOENT, "there is no home folder", "~") from None


@cache
def load_tables(*, canonical: bool) -> Tables:
    """Return the tables of the installed pyvi, from the cache when it has them.

    With `canonical`, the syllables are spelled as `searcher.analysis.syllable.canonical` spells them; without, as
    pyvi has them. Raises SegmentationModelError when pyvi is missing or its model has an unknown form; a cache that
    cannot be read or written is worth a RuntimeWarning.
    """
    model_path, words_path = pyvimodel.locate()
    sources = "".join(map(_identity, (model_path, words_path, *_MADE_BY)))
    name = f"segmentation-{zlib.crc32(f'{_FORM} {canonical} {sources}'.encode()):08x}.tables"
    made = None
    try:
        path = cache_folder() / name
        if (found := read(path, sources)) is not None:
            return found
        made = _build(model_path, words_path, canonical=canonical)
        write(path, sources, made)
    except OSError as error:
        warnings.warn(
            f"The segmentation tables cannot be kept ({error}); set {CACHE_VARIABLE} to a folder that can be written "
            "to, or every start takes a second longer.",
            RuntimeWarning,
            stacklevel=2,
        )
    return made or _build(model_path, words_path, canonical=canonical)


def _build(model_path: Path, words_path: Path, *, canonical: bool) -> Tables:
    pickled, words = pyvimodel.read_bounded(model_path), pyvimodel.read_bounded(words_path)
    return tables.build(pyvimodel.parse(pickled, words), syllable.canonical if canonical else None)


def _identity(path: Path) -> str:
    """What tells this file from another and from what it was before; that it is missing is told by who reads it."""
    try:
        state = path.stat()
        return f"{path} {state.st_size} {state.st_mtime_ns};"
    except OSError:
        return f"{path};"


def read(path: Path, sources: str) -> Tables | None:
    """Return the tables of these sources in the file, or None: it is missing or, with a RuntimeWarning, not whole.

    Nor is a file read that someone else than this user or the system's administrator owns or may write to.
    """
    try:
        with open_regular(path) as file:
            state = os.fstat(file.fileno())
            if state.st_size > _MAX_BYTES:
                raise ValueError("too large")
            if sys.platform != "win32" and (state.st_uid not in (os.geteuid(), 0) or state.st_mode & _OTHERS_WRITE):
                raise ValueError("others may write to it")
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        head_end = bytes(data[:_MAX_HEAD]).index(b"\n")
        header = msgspec.json.decode(data[:head_end], type=_Header)
        body = data[head_end + 1 :]
        if (header.form, header.sources) != (_FORM, sources) or header.crc32 != zlib.crc32(body):
            raise ValueError("other sources or checksum")
        arrays = {}
        at = 0
        for name, dtype in DTYPES.items():
            shape = header.shapes[name]
            count = math.prod(shape)
            if min(shape, default=0) < 0:
                raise ValueError("shape")
            arrays[name] = np.frombuffer(body, dtype=dtype, count=count, offset=at).reshape(shape)
            at += arrays[name].nbytes
        found = Tables(**arrays)
        if not found.holds():
            raise ValueError("numbers out of range")
        return found
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, RecursionError) as error:
        warnings.warn(f"The cache file {path} is of no use ({error}) and is made anew.", RuntimeWarning, stacklevel=3)
        return None


def write(path: Path, sources: str, made: Tables) -> None:
    """Write the tables to the file, replacing it in one step; raises OSError."""
    import tempfile

    arrays = {name: np.ascontiguousarray(getattr(made, name), dtype=dtype) for name, dtype in DTYPES.items()}
    body = b"".join(array.tobytes() for array in arrays.values())
    header = _Header(_FORM, sources, zlib.crc32(body), {name: array.shape for name, array in arrays.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            head = msgspec.json.encode(header)
            file.write(head + b" " * (-(len(head) + 1) % _ALIGNMENT) + b"\n" + body)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
