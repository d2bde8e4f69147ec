"""An index of all articles of the corpus, kept outside of the project and made anew when the code behind it changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import searcher
from benchmarks.common import CORPUS
from searcher.analysis.modelcache import cache_folder

DEFAULT: Final = cache_folder() / "benchmarks" / "news50k"
_SHAPED_BY: Final = ("analysis", "codec", "sources", "tagging", "semantics", "schema.py", "indexing")
"""What of the package decides how an index comes out."""


def corpus_index(folder: Path = DEFAULT, corpus: Path = CORPUS) -> Path:
    """Return the folder, holding an index of the corpus by the present code; raises FileNotFoundError."""
    if not corpus.exists():
        raise FileNotFoundError(corpus)
    stamp = folder / "made-by"
    current = f"{_code()} {corpus.stat().st_size}"
    if not stamp.exists() or stamp.read_text() != current:
        print(f"indexing {corpus} into {folder}; this takes a minute or two")
        searcher.index_paths(folder, [corpus], rebuild=True)
        stamp.write_text(current)
    return folder


def _code() -> str:
    package = Path(searcher.__file__).parent
    hashed = hashlib.sha256()
    for name in _SHAPED_BY:
        part = package / name
        for file in sorted(part.rglob("*.*")) if part.is_dir() else [part]:
            if file.suffix in (".py", ".toml", ".tsv", ".json"):
                hashed.update(file.read_bytes())
    return hashed.hexdigest()[:16]
