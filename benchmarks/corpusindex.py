"""An index of articles of the corpus, for benchmarks that search."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from searcher.indexing import index_paths
from searcher.storage import exists


def indexed(folder: Path, articles: Iterable[dict[str, Any]]) -> Path:
    """Return the folder with an index of the articles, which is made where the folder holds none."""
    if not exists(folder):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in articles)
            file.flush()
            index_paths(folder, [Path(file.name)])
    return folder
