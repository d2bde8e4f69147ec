"""Only tags that are sure: --sure and 'chủđề:ma-tuy>0.8'. The articles are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import searcher
from searcher.indexing import index_paths
from searcher.tagging.levels import SURE, level_term, level_terms

STORY = "Đoàn xe chở hàng cứu trợ đến với bà con vùng lũ trong ba ngày, ai cũng vui mừng nhận quà. " * 4
ARTICLES = [
    {"id": "main", "title": "Bắt nhóm mua bán ma túy", "body": "Nhóm này mua bán ma túy đá, giấu heroin. " * 5},
    {
        "id": "side",
        "title": "Xe cứu trợ bị chặn",
        "body": f"{STORY * 3}Kẻ chặn xe khai dùng ma túy. Trong túi có ma túy.",
    },
    {"id": "given", "title": "Tin vắn", "body": STORY, "topics": ["Ma tuý"]},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    folder = tmp_path_factory.mktemp("sure")
    (folder / "tin.jsonl").write_text("\n".join(map(json.dumps, ARTICLES)), "utf-8")
    index_paths(folder / "index", [folder / "tin.jsonl"])
    with searcher.open_index(folder / "index") as opened:
        yield opened


def ids(results: searcher.Results) -> set[str]:
    return {hit.article.id for hit in results.hits}


def test_sure_tags_are_found_and_counted_without_the_others(index: searcher.EmbeddedIndex) -> None:
    everything = index.search("", topics=["ma-tuy"])
    sure = index.search("", topics=["ma-tuy"], sure=True)
    assert ids(sure) == {"main", "given"}
    assert ids(everything) == {"main", "side", "given"}
    assert [one.count for one in sure.facets["topic"] if one.value == "ma-tuy"] == [2]


@pytest.mark.parametrize("query", ["chủđề:ma-tuy>0.9", "topic:ma-tuy>90%", "chủđề:ma-túy>=0,9"])
def test_a_query_says_how_sure_a_topic_has_to_be(index: searcher.EmbeddedIndex, query: str) -> None:
    assert ids(index.search(query)) == {"main", "given"}


def test_a_low_bar_lets_all_through(index: searcher.EmbeddedIndex) -> None:
    assert ids(index.search("chủđề:ma-tuy>0.1")) == {"main", "side", "given"}


def test_levels_are_terms_that_a_bar_finds() -> None:
    assert level_term("ma-tuy", SURE) in level_terms("ma-tuy", SURE)
    assert level_term("ma-tuy", 0.899) not in level_terms("ma-tuy", SURE)
    assert level_term("ma-tuy", 1.0) in level_terms("ma-tuy", 0.995)
