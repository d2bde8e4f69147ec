"""The keywords that narrow are the same for searching, exporting and counting, and nothing else is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

import pytest

import searcher
from tests.invented import indexed, invented

NARROW: Final[list[searcher.Filters]] = [
    {},
    {"provinces": ["son la"], "topics": ["ma-tuy", "mai-dam"]},
    {"provinces": ["dien bien"], "provinces_of": 2025},
    {"since": date(2018, 1, 1), "until": date(2019, 6, 30)},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    with searcher.open_index(indexed(tmp_path_factory.mktemp("filters") / "index", invented(60))) as opened:
        yield opened


@pytest.mark.parametrize("filters", NARROW, ids=lambda filters: "-".join(filters) or "none")
def test_they_narrow_searches_exports_and_trends_alike(
    index: searcher.EmbeddedIndex, filters: searcher.Filters
) -> None:
    total = index.search("", limit=0, **filters).total
    assert total == index.trends(**filters).total == len(list(index.export("", **filters)))
    assert (0 < total < 60) == bool(filters)


METHODS: Final[dict[str, Callable[..., Any]]] = {
    "search": searcher.EmbeddedIndex.search,
    "export": lambda index, text, **given: list(index.export(text, **given)),
    "trends": searcher.EmbeddedIndex.trends,
}


@pytest.mark.parametrize(
    ("name", "keyword"),
    [(name, "province") for name in METHODS] + [("search", "today"), ("export", "limit"), ("trends", "sort")],
)
def test_a_keyword_that_is_none_is_a_type_error(index: searcher.EmbeddedIndex, name: str, keyword: str) -> None:
    with pytest.raises(TypeError, match=f"{keyword}.*provinces, provinces_of, topics, since, until"):
        METHODS[name](index, "", **{keyword: "relevance"})
