"""The tables that commands read say what the files say that people write."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.analysis.synonyms import BUILT_IN, load_synonyms
from tools.data import COMPILED


@pytest.mark.parametrize("path", COMPILED, ids=lambda path: path.name)
def test_each_table_is_compiled_from_its_source_as_it_is(path: Path) -> None:
    assert path.read_text("utf-8") == COMPILED[path](), "run python -m tools.data"


def test_the_built_in_synonyms_are_those_of_the_toml() -> None:
    compiled, read = load_synonyms(), load_synonyms(BUILT_IN)
    assert compiled.words() == read.words()
    assert len(compiled) == len(read.words())
    for word in read.words():
        assert compiled.of(word) == read.of(word)
    assert compiled.folding_to(("ma", "tuy")) == read.folding_to(("ma", "tuy")) != ()
    assert compiled.of(("đá", "quý")) == compiled.folding_to(("khong", "co")) == ()
