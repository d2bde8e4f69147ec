"""Ranking: the formula against a slow twin, what orders articles, copies, recency, what is explained and offered."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

import searcher
from searcher.analysis.terms import syllable_terms
from searcher.article import VIETNAM
from searcher.language.parser import parse_query
from searcher.query.request import make_request
from searcher.ranking.formula import PARTS, Weights
from tests.test_end_to_end import run

FILLER: Final = "Hội nghị bàn về giao thông, thời tiết và mùa màng trong tháng."
Make = Callable[[list[dict[str, Any]]], searcher.EmbeddedIndex]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Give a function that indexes articles, each given as what differs from a filler."""
    opened: list[searcher.EmbeddedIndex] = []

    def index(articles: list[dict[str, Any]]) -> searcher.EmbeddedIndex:
        rows = [{"id": str(number), "title": "Tin", "body": FILLER} | one for number, one in enumerate(articles)]
        file = tmp_path / f"articles{len(opened)}.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        folder = tmp_path / f"index{len(opened)}"
        searcher.index_paths(folder, [file])
        opened.append(searcher.open_index(folder))
        return opened[-1]

    yield index
    for one in opened:
        one.close()


def ids(index: searcher.EmbeddedIndex, query: str, **options: Any) -> list[str]:
    return [hit.article.id for hit in index.search(query, **options).hits]


def test_the_parts_of_a_score_add_up_to_it_and_none_is_more_than_its_weight(
    seeds_index: searcher.EmbeddedIndex,
) -> None:
    results = seeds_index.search("công an Sơn La ma túy 2020", explain=True, limit=20)
    assert results.explanation is not None
    assert sum(results.explanation.parts.values()) == pytest.approx(100)
    assert len(results.hits) > 5
    for hit in results.hits:
        assert set(hit.explanation) == set(PARTS)
        assert sum(hit.explanation.values()) == pytest.approx(hit.score)
        for part, points in hit.explanation.items():
            assert 0 <= points <= results.explanation.parts[part] + 1e-9


def test_text_is_bm25f_as_documented(make: Make) -> None:
    bodies = ["karaoke " * count + FILLER * length for count, length in ((1, 1), (3, 1), (3, 4), (9, 2))]
    index = make([{"title": f"Số {number}", "body": body} for number, body in enumerate(bodies)] + [{}] * 5)
    with index.whoosh.searcher() as stock:
        reader = stock.reader()
        lengths = {
            hit.article.id: reader.doc_field_length(stock.document_number(id=hit.article.id), "body")
            for hit in index.search("", limit=20, all_copies=True).hits
        }
    average = sum(lengths.values()) / len(lengths)
    hits = index.search("karaoke", explain=True, all_copies=True).hits
    assert len(hits) == len(bodies)
    for hit in hits:
        count = syllable_terms(hit.article.body).count("karaoke")
        t = count / (1 - 0.75 + 0.75 * lengths[hit.article.id] / average)
        assert hit.explanation["text"] == pytest.approx(100 * Weights().text * t / (t + 1.2), rel=0.02)


def test_words_side_by_side_come_before_the_same_words_apart(make: Make) -> None:
    index = make([{"body": f"{FILLER} mại ở đây và dâm ở kia"}, {"body": f"{FILLER} ở đây có mại dâm và kia"}])
    assert ids(index, "mại dâm")[0] == "1"


def test_words_in_title_and_lead_come_before_words_in_the_body(make: Make) -> None:
    words, other = "thu giữ heroin tại Quảng Trị", "hội nghị tổng kết cuối năm nay"
    places = [{"title": words}, {"lead": words}, {"body": f"{FILLER} {words}. {FILLER}"}]
    same = {"title": other, "lead": other, "body": f"{FILLER} {FILLER}", "topics": ["ma-tuy"], "provinces": []}
    index = make([same | place for place in places])
    assert ids(index, "heroin Quảng Trị")[2] == "2"


def test_words_that_stand_together_in_the_title_come_before_one_there_and_one_in_the_body(make: Make) -> None:
    index = make(
        [
            {"title": "Bắt nhóm dùng ketamin", "body": f"Chuyện ở quán karaoke. {FILLER}"},
            {"title": "Bắt nhóm dùng ketamin ở karaoke", "body": FILLER},
        ]
    )
    assert ids(index, "ketamin karaoke", explain=True) == ["1", "0"]


def test_a_literal_word_comes_before_its_synonym_and_a_synonym_is_found(make: Make) -> None:
    index = make([{"body": f"{FILLER} có AIDS"}, {"body": f"{FILLER} có HIV"}])
    assert ids(index, "HIV") == ["1", "0"]


def test_a_named_province_ranks_higher_and_hides_nothing(make: Make) -> None:
    text = f"{FILLER} thu giữ ma túy. Đoàn từ Hòa Bình có dự."
    index = make([{"body": text, "provinces": ["Hà Nội"]}, {"body": text, "provinces": ["Hòa Bình"]}])
    assert ids(index, "ma túy Hòa Bình", all_copies=True) == ["1", "0"]


def test_a_province_typed_without_marks_comes_before_a_more_frequent_word(make: Make) -> None:
    common = [{"body": f"{FILLER} Diễn biến vụ việc số {number} {'x' * number}."} for number in range(30)]
    index = make([*common, {"id": "place", "body": f"{FILLER} Chuyện ở Điện Biên."}])
    results = index.search("dien bien", explain=True)
    assert results.hits[0].article.id == "place"
    assert results.total == 31
    assert results.understood.provinces == ("Điện Biên",)


def test_newer_articles_come_first_among_alike_ones_unless_that_is_set_off(make: Make) -> None:
    body = f"{FILLER} thu giữ heroin"
    index = make([{"body": body, "published": f"{year}-05-01"} for year in (2012, 2020, 2016)])
    assert ids(index, "heroin", all_copies=True) == ["1", "2", "0"]
    assert ids(index, "heroin", all_copies=True, recent=False) == ["0", "1", "2"]
    old, new = (index.search("heroin", all_copies=True, explain=True, recent=on).explanation for on in (False, True))
    assert old is not None
    assert new is not None
    assert old.parts["recent"] == 0 < new.parts["recent"]


def test_recency_falls_to_half_in_five_years(make: Make) -> None:
    newest = datetime(2024, 1, 1, tzinfo=VIETNAM)
    days = [newest, newest - timedelta(days=5 * 365), newest - timedelta(days=10 * 365)]
    index = make([{"title": "heroin", "published": day.isoformat()} for day in days])
    points = [hit.explanation["recent"] for hit in index.search("heroin", explain=True, all_copies=True).hits]
    assert points == pytest.approx([1.0, 0.5, 0.25], rel=1e-6)


def copies(count: int) -> list[dict[str, Any]]:
    words = [f"heroin{number} thu giữ tại xã số {number}" for number in range(40)]
    return [
        {"title": f"Bản {number}", "body": " ".join(words) + f" Theo báo {number}.", "published": f"202{number}-01-01"}
        for number in range(count)
    ]


def test_copies_are_drawn_together_with_their_count(make: Make) -> None:
    index = make([*copies(3), {"body": f"{FILLER} heroin1"}])
    results = index.search("heroin1")
    assert {hit.article.id: hit.copies for hit in results.hits} == {"2": 2, "3": 0}
    assert (results.total, results.distinct) == (4, 2)
    assert {hit["id"]: hit["copies"] for hit in results.to_dict()["hits"]} == {"2": 2, "3": 0}
    everything = index.search("heroin1", all_copies=True)
    assert len(everything.hits) == everything.distinct == 4
    (first,) = [hit for hit in everything.hits if hit.copies]
    assert first.copies == 2
    assert [hit.copy_of for hit in everything.hits if hit.copy_of] == [first.article.id] * 2


def test_the_command_line_counts_copies_and_pages_through_what_is_left(make: Make, tmp_path: Path) -> None:
    make([*copies(3), {"body": f"{FILLER} heroin1"}])
    folder = tmp_path / "index0"
    assert "+2 similar copies" in run("query", "heroin1", "-i", folder).stdout
    assert "Page 1 of 2" in run("query", "heroin1", "-n", "1", "-i", folder).stdout
    assert "+2 bản tương tự" in run("query", "heroin1", "-i", folder, SEARCHER_LANG="vi").stdout
    every = run("query", "heroin1", "--all-copies", "-n", "1", "-i", folder)
    assert "similar" not in every.stdout
    assert "Page 1 of 4" in every.stdout


def test_where_few_have_all_words_those_with_a_good_part_are_found_too_and_ranked_with_them(make: Make) -> None:
    common = [{"title": f"heroin {number}", "body": f"{FILLER} {'y' * number}"} for number in range(30)]
    both = {"id": "both", "title": "heroin ở Mộc Châu"}
    index = make([*common, both, {"id": "one", "title": "Đường tới Mộc Châu"}])
    results = index.search("heroin Mộc Châu", limit=40)
    assert results.relaxed
    assert results.complete == 1
    assert results.hits[0].article.id == "both"
    found = {hit.article.id for hit in results.hits}
    assert "one" in found  # the rarer word is most of the query
    assert "0" not in found  # the frequent one is not
    assert sum(count.count for count in results.facets["topic"]) <= results.total == len(found)


def test_without_marks_the_article_that_is_meant_comes_first(make: Make) -> None:
    dogs = {"id": "dogs", "title": "Chó nghiệp vụ", "body": "Chó nghiệp vụ của công an tìm ra ma túy."}
    others = [
        {"id": f"n{number}", "title": "Giao cho nghiệp vụ", "body": f"Cho công an {number}."} for number in range(5)
    ]
    index = make([*others, dogs])
    assert index.search("cho nghiep vu").hits[0].article.id == "dogs"


def test_an_article_without_marks_is_found_as_it_is(make: Make) -> None:
    index = make([{"id": "plain", "title": "tre em bi ep di an xin"}])
    assert [hit.article.id for hit in index.search("tre em an xin").hits] == ["plain"]


def test_where_many_have_all_words_only_they_are_found(make: Make) -> None:
    both = [{"body": f"{FILLER} heroin karaoke {'z' * number}"} for number in range(45)]
    index = make([*both, {"id": "one", "title": "heroin heroin"}])
    results = index.search("heroin karaoke", limit=60)
    assert not results.relaxed
    assert results.total == results.complete == 45


def test_what_a_word_holds_counts_for_it_but_less_than_the_word(make: Make) -> None:
    fillers = [{"body": f"{FILLER} {number}"} for number in range(60)]
    word = {"id": "word", "title": "Xe container gây ách tắc", "body": "Xe tải container"}
    part = {"id": "part", "title": "Tải hàng", "body": "Tải ở cảng"}
    index = make([*fillers, word, {"id": "more", "title": "Xe tải", "body": "Xe tải ở cảng"}, part])
    found = {hit.article.id: hit for hit in index.search("xe tải ở bến", meaning=False, explain=True).hits}
    assert found["more"].explanation["words"] > found["part"].explanation["words"] > 0
    assert found["more"].share > found["part"].share


def test_it_says_after_which_rank_no_hit_has_all_the_words(make: Make) -> None:
    both = {"id": "both", "title": "Heroin ở quán karaoke"}
    some = [{"id": f"some{number}", "title": "Heroin", "body": f"heroin {number}"} for number in range(3)]
    index = make([both, *some])
    results = index.search("heroin karaoke")
    ranks = {hit.article.id: hit.rank for hit in results.hits}
    assert results.complete_end == ranks["both"] < max(ranks.values())
    assert results.to_dict()["complete_end"] == results.complete_end
    assert index.search("heroin karaoke", limit=1, offset=1).complete_end == results.complete_end
    assert index.search("heroin").complete_end is None
    assert index.search("heroin methadone").complete_end == 0


def test_a_line_parts_what_has_all_the_words_from_what_has_some(make: Make, tmp_path: Path) -> None:
    both = {"id": "both", "title": "Heroin ở quán karaoke"}
    some = [{"id": f"some{number}", "title": "Heroin", "body": f"heroin {number}"} for number in range(3)]
    make([both, *some])
    shown = run("query", "heroin karaoke", "-i", tmp_path / "index0").stdout
    assert shown.count("From here on none has all the words.") == 1
    assert "From here on" not in run("query", "heroin", "-i", tmp_path / "index0").stdout


def test_words_under_and_are_never_relaxed(make: Make) -> None:
    index = make([{"body": "heroin"}, {"body": "karaoke"}])
    assert index.search("heroin karaoke").total == 2
    assert index.search("heroin VÀ karaoke").total == 0


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(["ma túy", "mai dam", "Sơn La", "HIV", "công an", "xyz", "2020"]), max_size=6))
def test_a_score_depends_on_the_query_and_the_article_only(
    seeds_index: searcher.EmbeddedIndex, words: list[str]
) -> None:
    query = " ".join(words)
    whole = {hit.article.id: hit.score for hit in seeds_index.search(query, limit=50, all_copies=True).hits}
    page = seeds_index.search(query, limit=3, offset=2, all_copies=True).hits
    assert all(hit.score == whole[hit.article.id] for hit in page)
    assert list(whole.values()) == sorted(whole.values(), reverse=True)
    assert all(0 <= score <= 100 and math.isfinite(score) for score in whole.values())


def test_weights_sum_to_one() -> None:
    assert sum(asdict(Weights()).values()) == pytest.approx(1)
    assert Weights().without("text").text == 0


def test_explain_shows_readings_rarity_and_points(seeds_folder: Path) -> None:
    shown = run("query", "mai dam Sơn La nghi*", "--explain", "-n", "2", "-i", seeds_folder).stdout
    for expected in ("Understood: Sơn La", "mại dâm (", "nghi*", "pairs in title, lead", "sum"):
        assert expected in shown
    found = json.loads(run("query", "mai dam Sơn La nghi*", "--explain", "--json", "-i", seeds_folder).stdout)
    words = {word["text"]: word for word in found["explanation"]["words"]}
    assert {"mai dam", "sơn la", "nghi*"} == set(words)
    assert {"text": "mại dâm", "kind": "folded", "weight": 1.0}.items() <= words["mai dam"]["readings"][1].items()
    assert {reading["kind"] for reading in words["nghi*"]["readings"]} == {"expanded"}
    assert set(found["hits"][0]["explanation"]) == set(found["explanation"]["parts"]) == set(PARTS)


def test_without_explain_nothing_is_explained(seeds_index: searcher.EmbeddedIndex) -> None:
    found = seeds_index.search("ma túy").to_dict()
    assert "explanation" not in found
    assert "explanation" not in found["hits"][0]


def test_what_a_query_names_is_offered_to_narrow_by(seeds_index: searcher.EmbeddedIndex, seeds_folder: Path) -> None:
    results = seeds_index.search("công an Vinh bắt ma túy 2019")
    assert results.understood.provinces == ("Nghệ An",)
    assert results.understood.topics == ("ma-tuy",)
    assert results.understood.years == (2019,)
    offered = {offer.facet: offer for offer in results.offers}
    assert offered["province"].option == '--province "Nghệ An"'
    assert offered["year"].option == "--since 2019 --until 2019"
    assert 0 < offered["province"].count < results.total
    line = 'chỉ Sơn La (4)? thêm --province "Sơn La"'
    assert line in run("query", "mại dâm Sơn La", "-i", seeds_folder, SEARCHER_LANG="vi").stdout
    narrowed = seeds_index.search("mại dâm Sơn La", provinces=["Sơn La"])
    assert all(offer.facet != "province" for offer in narrowed.offers)
    by_the_34 = seeds_index.search("ma túy Bình Dương", provinces_of=2025)
    assert {offer.value for offer in by_the_34.offers if offer.facet == "province"} <= {"TP. Hồ Chí Minh"}


def test_a_request_says_whether_recency_counts() -> None:
    assert make_request("x").recent
    assert not make_request("x", recent=False).recent


def test_an_abbreviation_in_capitals_is_no_part_of_a_word_that_only_marks_would_make() -> None:
    assert [unit.alternatives[0].term for unit in parse_query("CA tinh Son La").units] == ["ca", "tinh", "son_la"]
