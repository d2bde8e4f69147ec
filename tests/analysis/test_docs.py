"""docs/analysis.md tells what the code does."""

from pathlib import Path

from tools.query_table import QUERIES, table

DOCS = Path(__file__).parents[2] / "docs" / "analysis.md"


def test_the_table_of_queries_is_what_the_code_makes_of_them() -> None:
    assert len(QUERIES) >= 40
    assert table() in DOCS.read_text(encoding="utf-8")
