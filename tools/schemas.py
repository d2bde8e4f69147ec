"""Writes docs/schemas/: the JSON Schema of what each command prints with --json: `python -m tools.schemas`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import msgspec

from searcher.codec.checking import CheckReport
from searcher.facts.objects import FullyExplainedObject, ShownObject, TaggedObject
from searcher.query.cases import CaseCounts
from searcher.query.objects import QueryObject, RowObject, SimilarObject, SuggestionsObject, TrendsObject
from searcher.query.results import Stats

FOLDER: Final = Path(__file__).parents[1] / "docs" / "schemas"
PRINTED: Final[dict[str, Any]] = {
    "query": QueryObject,
    "query-jsonl": RowObject,
    "show": ShownObject,
    "similar": SimilarObject,
    "suggest": SuggestionsObject,
    "trends": TrendsObject,
    "stats": Stats,
    "check": CheckReport,
    "facts": CaseCounts,
    "tag": TaggedObject,
    "tag-explain": FullyExplainedObject,
}
"""What is printed, by the command that prints it."""


def schema(printed: Any) -> str:
    """Return the JSON Schema (2020-12) of a struct, as the text of its file."""
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(printed)}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, printed in PRINTED.items():
        (FOLDER / f"{name}.json").write_text(schema(printed), "utf-8")


if __name__ == "__main__":
    main()
