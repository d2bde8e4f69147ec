"""The files of sources/ import from each other in one direction."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import searcher.sources

PACKAGE = "searcher.sources"


def imported(path: Path) -> set[str]:
    """The files of the package that a file imports, within its functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{PACKAGE}."):
            found.add(node.module.rpartition(".")[2])
    return found


def test_no_file_imports_one_that_imports_it() -> None:
    folder = Path(searcher.sources.__file__).parent
    graph = {path.stem: imported(path) for path in folder.glob("*.py") if path.stem != "__init__"}
    order = list(TopologicalSorter(graph).static_order())  # it raises CycleError
    assert order.index("document") < order.index("archives") < order.index("formats") < order.index("reader")
