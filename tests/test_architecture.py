"""The house stands as docs/ARCHITECTURE.md walks through it: imports run down, and nothing goes round in circles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
WALK: Final = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8").partition("\n## ")[0]
PACKAGES: Final = ("searcher", "benchmarks", "tools", "tests")


def _name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _files() -> dict[str, Path]:
    return {_name(file): file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))}


def _imported(file: Path) -> Iterator[str]:
    """The modules of this project that a file imports anywhere in it, also for types only."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in _files())
        elif isinstance(node, ast.ImportFrom) and node.module in _files():
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in _files() else node.module


@cache
def _imports() -> dict[str, frozenset[str]]:
    return {name: frozenset(_imported(file)) - {name} for name, file in _files().items()}


def _place(module: str) -> str:
    """The folder directly below searcher/ that a module is in, or its file there."""
    folder = Path("searcher", *module.split(".")[1:2])
    return f"{folder.as_posix()}/" if (ROOT / folder).is_dir() else f"{folder.as_posix()}.py"


def _circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert _circle(_imports()) == []


@pytest.mark.parametrize("module", [name for name in _files() if name.startswith("searcher.")])
def test_imports_run_down_the_walk(module: str) -> None:
    walk = re.findall(r"`(searcher/[\w/]*?(?:/|\.py))`", WALK)
    place = _place(module)
    assert place in walk, "ARCHITECTURE.md leaves it out"
    above = {*walk[: walk.index(place) + 1]}
    assert {_place(one) for one in _imports()[module] if _place(one) not in above} == set()


def test_the_walk_has_no_place_that_is_not_there() -> None:
    walk = re.findall(r"`(searcher/[\w/]*?(?:/|\.py))`", WALK)
    assert len(walk) == len(set(walk))
    assert [place for place in walk if not (ROOT / place).exists()] == []


def test_benchmarks_import_neither_tools_nor_tests() -> None:
    folders = {(module.split(".")[0], one.split(".")[0]) for module, imported in _imports().items() for one in imported}
    assert ("benchmarks", "tools") not in folders
    assert not {(package, "tests") for package in PACKAGES[:3]} & folders


def test_what_is_asked_of_an_index_knows_no_engine() -> None:
    """`query/` is the contract: neither arrays nor Whoosh are in it."""
    for module, file in _files().items():
        if module.startswith("searcher.query"):
            text = file.read_text("utf-8")
            assert not re.search(r"^\s*(?:from|import) (?:whoosh|numpy|searcher\.(?:codec|execution))\b", text, re.M), (
                module
            )
