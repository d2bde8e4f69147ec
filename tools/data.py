"""Compiles the tables that every command reads from the files that people write:

    python -m tools.data

- `synonyms.json`, `legacy.json`, `language.json`, `topics.json`, `provinces.json` and those of `facts/`, of the TOML
  beside them;
- `names.json`, the names that queries are searched for, of the gazetteer and the topics (`tools/names.py`).

tests/test_data.py tells when one is no longer what its source says.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from searcher.analysis import fold
from searcher.analysis.synonyms import BUILT_IN, COMPILED_SYNONYMS, load_synonyms
from tools import names

_PACKAGE: Final = Path(__file__).parent.parent / "searcher"


def _as_json(source: Path) -> str:
    return json.dumps(tomllib.loads(source.read_text("utf-8")), ensure_ascii=False, indent=1) + "\n"


def _tables() -> dict[Path, Callable[[], str]]:
    sources = [
        _PACKAGE / name
        for name in (
            "analysis/legacy",
            "facts/naming",
            "facts/offences",
            "facts/words",
            "language/language",
            "tagging/topics",
            "tagging/provinces",
        )
    ]
    return {source.with_suffix(".json"): partial(_as_json, source.with_suffix(".toml")) for source in sources}


def _synonyms() -> str:
    read = load_synonyms(BUILT_IN)
    words = sorted(read.words())
    folded = sorted({tuple(map(fold, word)) for word in words})
    return names.blocks(
        {
            "equivalents": {" ".join(word): read.of(word) for word in words},
            "folded": {" ".join(word): read.folding_to(word) for word in folded},
            "english": read.english,
        }
    )


COMPILED: Final[dict[Path, Callable[[], str]]] = {
    **_tables(),
    COMPILED_SYNONYMS: _synonyms,
    names.NAMES: names.compiled,  # last: it reads the others
}
"""Each compiled file, and what gives its content."""


def main() -> None:
    """Write all of them."""
    for path, content in COMPILED.items():
        path.write_text(content(), "utf-8")
        print(path.relative_to(_PACKAGE.parent))


if __name__ == "__main__":
    main()
