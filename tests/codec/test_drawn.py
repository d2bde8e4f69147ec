"""Schemas, documents and searches that are drawn give the same over our codec and Whoosh's own (benchmarks.oracle)."""

from pathlib import Path

import pytest

from benchmarks.oracle import attempt


@pytest.mark.parametrize("number", range(4))
def test_what_is_drawn_is_the_same_over_both_codecs(tmp_path: Path, number: int) -> None:
    attempt(number, tmp_path / "index", searches=20)
