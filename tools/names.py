"""Compiles searcher/tagging/names.json: the names that queries are searched for, ready to be looked up.

`tools.data` writes it. They come from the gazetteer and the topics (divisions.tsv, places.toml, provinces.toml,
topics.toml). To build them anew takes 50 ms, which every query would wait for; to read them takes two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from searcher.analysis.syllable import fold
from searcher.tagging.gazetteer import places
from searcher.tagging.topics import term_symbols, topics

NAMES: Final = Path(__file__).parent.parent / "searcher" / "tagging" / "names.json"


def _by_folded(entries: Iterable[tuple[Sequence[str], list[Any]]]) -> dict[str, list[list[Any]]]:
    """Return the entries by their words without marks; each begins with its words as they are spelled."""
    found: dict[str, list[list[Any]]] = {}
    for key, entry in entries:
        spelled = " ".join(symbol.lower() for symbol in key if symbol[0].isalnum())
        row = [spelled, *entry]
        rows = found.setdefault(" ".join(map(fold, spelled.split())), [])
        if row not in rows:
            rows.append(row)
    return found


def compiled() -> str:
    """Return what the file holds."""
    named = _by_folded(
        (key, [place.name, [list(reading) for reading in place.readings]])
        for key, place in places().items()
        if place.readings
    )
    terms = _by_folded(
        (key, [term.text, term.topic, term.weight])
        for term in topics().terms
        if term.kind in ("names", "signs", "doubtful")
        for key in term_symbols(term.text)
    )
    return blocks({"places": named, "topics": terms})


def blocks(parts: Mapping[str, Mapping[str, object]]) -> str:
    """Return JSON of tables in a table, one entry a line, so that a change shows in a diff."""
    lines = []
    for part, entries in parts.items():
        rows = ",\n".join(f"{_row(key)}:{_row(value)}" for key, value in entries.items())
        lines.append(f'"{part}":{{\n{rows}\n}}')
    return "{" + ",\n".join(lines) + "}\n"


def _row(value: object) -> str:
    return msgspec.json.encode(value).decode("utf-8")
