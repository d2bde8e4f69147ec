"""Keeps the built-in synonyms, cut into terms, in the user's cache folder: reading them from TOML takes 20 ms a start.

The file's name is a hash of all it was made from: the TOML file and the code that turns its words into terms. Whatever
is wrong with the cache, the synonyms come out right: they are read from TOML then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from searcher.analysis import legacy, normalization, syllable, terms
from searcher.analysis.modelcache import cache_folder

T = TypeVar("T")

_MADE_BY: Final = tuple(Path(str(module.__file__)) for module in (legacy, normalization, syllable, terms))
_MAX_BYTES: Final = 1 << 22


def cached(source: Path, code: Path, kind: type[T], make: Callable[[], T]) -> T:
    """Return what `make` gives of the source, from the cache where it is there and of this kind."""
    digest = hashlib.sha256()
    for path in (source, code, *_MADE_BY):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    path = cache_folder() / f"synonyms-{digest.hexdigest()[:24]}.json"
    try:
        if path.stat().st_size <= _MAX_BYTES:
            return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        pass
    made = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        unfinished.write_bytes(msgspec.json.encode(made))
        unfinished.replace(path)
    except OSError:
        pass  # the segmentation tables, which are worth more, warn of a folder that can't be written
    return made
