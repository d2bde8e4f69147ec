"""Articles are found and ranked by what they are about, also where they share no word with the query."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searcher
from searcher.cli import run


def ids(results: searcher.Results) -> list[str]:
    return [hit.article.id for hit in results.hits]


def test_an_article_without_any_word_of_the_query_is_found_by_meaning(index: searcher.EmbeddedIndex) -> None:
    results = index.search("bác sĩ phẫu thuật")
    assert ids(results)[0] == "benh-vien"
    assert results.hits[0].by_meaning
    assert results.complete == 0
    assert results.by_meaning == sum(hit.by_meaning for hit in results.hits) > 0


def test_without_meaning_it_is_not(index: searcher.EmbeddedIndex) -> None:
    results = index.search("bác sĩ phẫu thuật", meaning=False)
    assert results.by_meaning == 0
    assert "benh-vien" not in ids(results)


@pytest.mark.parametrize("text", ['"bác sĩ phẫu thuật"', "bác sĩ VÀ phẫu thuật", "tiêuđề:phẫu thuật"])
def test_words_that_are_insisted_on_are_found_or_nothing(index: searcher.EmbeddedIndex, text: str) -> None:
    assert index.search(text).by_meaning == 0


def test_what_has_the_words_is_not_said_to_be_found_by_meaning(index: searcher.EmbeddedIndex) -> None:
    results = index.search("heroin trên xe khách")
    assert ids(results)[0] == "ma-tuy"
    assert not results.hits[0].by_meaning


def test_of_another_province_no_article_is_found_by_meaning(index: searcher.EmbeddedIndex) -> None:
    found = index.search("gái gọi Vũng Tàu")
    assert all(not hit.by_meaning or "Bà Rịa - Vũng Tàu" in (hit.article.provinces or ()) for hit in found.hits)


def test_filters_hold_for_what_is_found_by_meaning(index: searcher.EmbeddedIndex) -> None:
    results = index.search("bác sĩ phẫu thuật", topics=["ma-tuy"])
    assert all("ma-tuy" in (hit.article.topics or ()) for hit in results.hits)


def test_the_page_says_which_were_found_by_meaning(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")
    run(["query", "bác sĩ phẫu thuật", "-i", str(folder)])
    assert "≈ Ca mổ cứu sống bệnh nhân" in capsys.readouterr().out
    run(["query", "bác sĩ phẫu thuật", "-i", str(folder), "--no-meaning", "--json"])
    assert json.loads(capsys.readouterr().out)["by_meaning"] == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("maij daam Vũng Tàu", "mại dâm Vũng Tàu"),
        ("ma tuys Hair Phòng", "ma tuý Hải Phòng"),
        ("matuy Hải Phòng", "ma tuý Hải Phòng"),
        ("human trafficking to China", "mua bán người Trung Quốc"),
        ("prostitution", "mại dâm"),
    ],
)
def test_the_answer_is_for_what_was_meant(index: searcher.EmbeddedIndex, typed: str, meant: str) -> None:
    results = index.search(typed)
    assert results.query == typed
    assert results.corrected == meant
    assert ids(results) == ids(index.search(meant))
    assert index.search(typed, literal=True).corrected == ""


@pytest.mark.parametrize("typed", ["ma túy Hải Phòng", "ma tuy hai phong", "mại dâm", "sugar baby", "heroin", "HIV"])
def test_what_may_have_been_meant_is_left_as_it_is(index: searcher.EmbeddedIndex, typed: str) -> None:
    assert index.search(typed).corrected == ""
