"""Counts by facet, through a search: a facet looks past its own chosen values, the hits and the others do not."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import searcher
from searcher.codec.arrays import MISSING
from searcher.execution import Docs
from searcher.execution.facets import Facet, LabelFacet, Labels, NumberFacet

PROVINCES = ("Sơn La", "Hà Nội", "Nghệ An")
TOPICS = ("mai-dam", "ma-tuy")


def invented(number: int) -> dict[str, Any]:
    random = Random(number)
    return {
        "id": f"a{number}",
        "title": "Công an bắt nhóm đối tượng" if number % 3 else "Hội nghị tuyên truyền",
        "body": f"Bài viết bịa số {number}, {random.choice(('trạm', 'chợ', 'bến'))} {random.randrange(10_000)}.",
        "published": f"{2017 + number % 3}-05-04" if number % 5 else None,
        "provinces": random.sample(PROVINCES, random.randint(0, 3)),
        "topics": random.sample(TOPICS, random.randint(0, 2)),
    }


ARTICLES = [invented(number) for number in range(120)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    folder = tmp_path_factory.mktemp("facets")
    file = folder / "articles.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in ARTICLES), "utf-8")
    searcher.index_paths(folder / "index", [file])
    with searcher.open_index(folder / "index") as opened:
        yield opened


def counted(results: searcher.Results, facet: str) -> dict[str, int]:
    return {one.value: one.count for one in results.facets[facet]}


def wanted(facet: str, keep: Callable[[dict[str, Any]], bool]) -> Counter[str]:
    return Counter(value for one in ARTICLES if keep(one) for value in one[facet])


def in_son_la(one: dict[str, Any]) -> bool:
    return "Sơn La" in one["provinces"]


def on_drugs(one: dict[str, Any]) -> bool:
    return "ma-tuy" in one["topics"]


def test_a_chosen_province_narrows_all_but_the_counts_by_province(index: searcher.EmbeddedIndex) -> None:
    results = index.search("công an", provinces=["Sơn La"], limit=100, all_copies=True)
    found = [one for one in ARTICLES if "Công an" in one["title"]]
    assert results.total == len(results.hits) == len([one for one in found if in_son_la(one)])
    assert all("Sơn La" in (hit.article.provinces or ()) for hit in results.hits)
    assert counted(results, "province") == wanted("provinces", lambda one: one in found)
    assert counted(results, "topic") == wanted("topics", lambda one: one in found and in_son_la(one))
    assert results.chosen == {"province": ("Sơn La",)}


def test_chosen_values_of_two_facets_narrow_each_others_counts(index: searcher.EmbeddedIndex) -> None:
    results = index.search("", provinces=["Sơn La"], topics=["ma-tuy"])
    assert results.total == len([one for one in ARTICLES if in_son_la(one) and on_drugs(one)])
    assert counted(results, "province") == wanted("provinces", on_drugs)
    assert counted(results, "topic") == wanted("topics", in_son_la)


def test_dates_narrow_all_counts(index: searcher.EmbeddedIndex) -> None:
    results = index.search("", since=date(2018, 1, 1), until=date(2018, 12, 31))
    assert counted(results, "year") == {"2018": results.total}
    assert counted(results, "province") == wanted("provinces", lambda one: str(one["published"]).startswith("2018"))


def test_a_place_typed_as_a_filter_narrows_all_counts(index: searcher.EmbeddedIndex) -> None:
    results = index.search('công an tỉnh:"Sơn La"')
    assert counted(results, "province")["Sơn La"] == results.total > 0
    assert results.chosen == {}


def test_where_the_chosen_have_no_hit_the_others_are_still_counted(index: searcher.EmbeddedIndex) -> None:
    results = index.search("công an", provinces=["Hà Giang"])
    assert results.total == 0
    assert len(counted(results, "province")) == len(PROVINCES)
    assert counted(results, "topic") == {}


def by_hand(values: list[list[Any]], docs: list[int]) -> dict[Any, int]:
    return dict(Counter(value for doc in docs for value in values[doc]))


def counts_alike(facet: Facet, values: list[list[Any]], picked: list[int]) -> None:
    docs = Docs.of_ids(len(values), np.array(picked, dtype=np.intp))
    everything = Docs.every(len(values))
    for _look in range(4):  # at first documents are looked at, then codes are made
        assert facet.count(docs) == by_hand(values, picked)
        assert facet.count(everything) == by_hand(values, list(range(len(values))))


@given(st.lists(st.lists(st.sampled_from("abcd"), unique=True), min_size=1, max_size=60), st.data())
def test_labels_are_counted_alike_with_codes_and_without(values: list[list[str]], data: st.DataObject) -> None:
    picked = sorted(data.draw(st.sets(st.integers(0, len(values) - 1))))
    offsets = np.cumsum([0, *map(len, values)], dtype=np.uint32)
    ordinals = np.array(["abcd".index(label) for one in values for label in one], dtype=np.uint8)
    counts_alike(LabelFacet(Labels(offsets, ordinals, list("abcd"))), values, picked)


@given(st.lists(st.none() | st.integers(-3, 3) | st.integers(-(1 << 60), 1 << 60), min_size=1, max_size=60), st.data())
def test_numbers_are_counted_alike_with_codes_and_without(numbers: list[int | None], data: st.DataObject) -> None:
    picked = sorted(data.draw(st.sets(st.integers(0, len(numbers) - 1))))
    facet = NumberFacet(np.array([MISSING if one is None else one for one in numbers], dtype=np.int64))
    counts_alike(facet, [[] if one is None else [one] for one in numbers], picked)
