"""Counts anew what the examples in docs/query-language.md find in seeds/: `python -m tools.language_examples`."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import searcher
from searcher.language.parser import parse_query
from searcher.query.request import make_request

ROOT: Final = Path(__file__).parent.parent
DOC: Final = ROOT / "docs" / "query-language.md"
TODAY: Final = date(2025, 11, 20)
"""The day that the examples are run on."""
_ROW: Final = re.compile(r"^(\| `(?P<query>.+?)` \| (?P<says>.+) \|) *(?P<seeds>\d+|some) \|$", re.MULTILINE)


class Example(NamedTuple):
    """A query, what the documentation says of it, and how many seeds it is said to find, None for some."""

    query: str
    says: str
    seeds: int | None


def examples() -> list[Example]:
    """Return the examples of the documentation."""
    text = DOC.read_text(encoding="utf-8")
    return [
        Example(match["query"], match["says"], None if match["seeds"] == "some" else int(match["seeds"]))
        for match in _ROW.finditer(text)
    ]


def main() -> None:
    """Write the counts into the documentation."""
    with tempfile.TemporaryDirectory() as folder:
        searcher.index_paths(Path(folder), [ROOT / "seeds"])
        with searcher.open_index(folder) as index:

            def counted(match: re.Match[str]) -> str:
                parsed = parse_query(match["query"], today=TODAY)
                results = index.run(make_request(match["query"], limit=0, today=TODAY))
                print(f"{results.total:4} {'relaxed ' if results.relaxed else ''}{match['query']}  {parsed.notes}")
                return match[0] if match["seeds"] == "some" else f"{match[1]} {results.complete} |"

            DOC.write_text(_ROW.sub(counted, DOC.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
