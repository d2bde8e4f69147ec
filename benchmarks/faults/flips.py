"""One byte of a segment is another."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import searcher
from searcher.codec.checking import check

SAMPLES: Final = Path(__file__).resolve().parents[2] / "seeds"


def flip_bytes(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield for every part of the segment what went wrong when one byte of it was another, or ""."""
    searcher.index_paths(folder, [SAMPLES])
    (path,) = folder.glob("*.seg")
    sound = path.read_bytes()
    length = int.from_bytes(sound[:8], "little")
    header = json.loads(sound[8 : 8 + length])
    places = {name: one["data_offsets"] for name, one in header.items() if name != "__metadata__"}
    expected = answers(folder)
    for part, (start, stop) in {"header": (-length, 0), **places}.items():
        if start == stop:
            continue
        raw = bytearray(sound)
        raw[8 + length + random.randrange(start, stop)] ^= 1 << random.randrange(8)
        path.write_bytes(raw)
        problem = "" if part in {one.part for one in check(folder).problems} else "check does not name it"
        try:
            if answers(folder) != expected:
                problem = "a wrong answer"
        except searcher.IndexUnusable:
            pass
        yield part, problem
    path.write_bytes(sound)


def answers(folder: Path) -> Any:
    """Return what some searches give, by relevance and by date, with facets, snippets and statistics."""
    with searcher.open_index(folder) as index:
        found = []
        for text in ("mại dâm Sơn La", "mai dam", '"ma túy" biên giới', "ma túy OR HIV", "buon nguoi -HIV"):
            for sort in ("relevance", "newest"):
                results = index.search(text, sort=sort, limit=5)
                found.append((results.total, [(hit.article, hit.score, hit.snippet) for hit in results.hits]))
                found.append(results.facets)
        return found, index.stats()
