"""What the documentation says is what the code does."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import searcher.analysis
from tools.query_table import QUERIES, table

DOCS = Path(__file__).parents[2] / "docs" / "analysis.md"
MODULES = sorted(module.name for module in pkgutil.iter_modules(searcher.analysis.__path__))


def test_the_table_of_queries_is_what_the_code_makes_of_them() -> None:
    assert len(QUERIES) >= 40
    assert table() in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_a_docstring_holds(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"searcher.analysis.{name}")).failed == 0
