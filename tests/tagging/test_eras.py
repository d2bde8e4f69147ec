"""Both maps of the provinces: the 63 in force until 2025-06-30, and the 34 since. All sentences are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import searcher
from searcher.article import VIETNAM, Article
from searcher.tagging import former, merged, provinces, resolve_province, tag

BEFORE = datetime(2024, 3, 1, tzinfo=VIETNAM)
SINCE = datetime(2026, 3, 1, tzinfo=VIETNAM)
GAZETTEER = Path(__file__).parents[3] / "shared" / "gazetteer" / "provinces-2025.tsv"

Names = tuple[str, ...]


def tagged(body: str, published: datetime | None) -> tuple[Names | None, Names | None]:
    article = tag(Article(body=body, published=published))
    return article.provinces, article.provinces_2025


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("Công an tỉnh Lâm Đồng bắt hai người bán ma túy tại Phan Thiết.", "Bình Thuận", "Lâm Đồng"),
        ("Công an phường Phan Thiết, tỉnh Lâm Đồng khám xét một nhà nghỉ.", "Bình Thuận", "Lâm Đồng"),
        ("Công an tỉnh Lâm Đồng bắt hai người bán ma túy.", "Lâm Đồng", "Lâm Đồng"),
        ("Công an tỉnh Lâm Đồng bắt hai người bán ma túy ở Đà Lạt.", "Lâm Đồng", "Lâm Đồng"),
        ("Công an TP.HCM kiểm tra năm quán karaoke ở phường Thủ Dầu Một.", "Bình Dương", "TP. Hồ Chí Minh"),
        ("Công an tỉnh Tuyên Quang bắt nhóm buôn người ở xã Mèo Vạc.", "Hà Giang", "Tuyên Quang"),
        ("TAND tỉnh Quảng Trị xử vụ án xảy ra tại phường Đồng Hới.", "Quảng Bình", "Quảng Trị"),
        ("Công an tỉnh Sơn La kiểm tra nhà trọ ở phường Chiềng Sinh.", "Sơn La", "Sơn La"),
    ],
)
def test_since_july_2025_a_province_is_that_of_the_new_map_and_the_place_tells_the_old_one(
    text: str, old: str, new: str
) -> None:
    assert tagged(text, SINCE) == ((old,), (new,))


def test_until_june_2025_a_province_is_that_of_the_old_map() -> None:
    text = "Công an tỉnh Lâm Đồng và Công an tỉnh Bình Thuận bắt hai người bán ma túy tại Phan Thiết."
    old, new = tagged(text, BEFORE)
    assert set(old or ()) == {"Lâm Đồng", "Bình Thuận"}
    assert new == ("Lâm Đồng",)


def test_the_first_day_of_the_new_map_is_the_first_of_july() -> None:
    text = "Công an tỉnh Lâm Đồng bắt hai người bán ma túy tại Phan Thiết."
    assert "Lâm Đồng" in (tagged(text, datetime(2025, 6, 30, 23, tzinfo=VIETNAM))[0] or ())
    assert tagged(text, datetime(2025, 7, 1, tzinfo=VIETNAM))[0] == ("Bình Thuận",)


def test_an_undated_article_is_read_by_the_new_map_where_a_ward_lies_in_a_province_that_took_it_in() -> None:
    text = "Công an phường Phan Thiết, tỉnh Lâm Đồng khám xét nhà nghỉ. Công an tỉnh Lâm Đồng bắt hai người."
    assert tagged(text, None) == (("Bình Thuận",), ("Lâm Đồng",))


def test_given_provinces_are_spelled_as_the_gazetteer_has_them_and_found_on_both_maps() -> None:
    article = tag(Article(title="x", body="y", provinces=("TPHCM", "hà giang")))
    assert article.provinces == ("TP. Hồ Chí Minh", "Hà Giang")
    assert article.provinces_2025 == ("TP. Hồ Chí Minh", "Tuyên Quang")
    assert tag(Article(title="x", body="y", provinces_2025=("Huế",))).provinces_2025 == ("Thành phố Huế",)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    folder = tmp_path_factory.mktemp("eras")
    texts = {
        "phan-thiet": ("2026-03-01", "Công an tỉnh Lâm Đồng bắt hai người bán ma túy tại Phan Thiết."),
        "lam-dong": ("2026-03-02", "Công an tỉnh Lâm Đồng bắt hai người bán ma túy."),
        "da-lat": ("2019-03-02", "Công an tỉnh Lâm Đồng bắt hai người bán ma túy tại Đà Lạt."),
        "gia-nghia": ("2019-03-02", "Công an tỉnh Đắk Nông bắt hai người bán ma túy tại Gia Nghĩa."),
        "son-la": ("2019-03-02", "Công an tỉnh Sơn La bắt hai người bán ma túy."),
    }
    lines = [json.dumps({"id": id_, "published": day, "body": body}) for id_, (day, body) in texts.items()]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    searcher.index_paths(folder / "index", [folder / "articles.jsonl"])
    with searcher.open_index(folder / "index") as opened:
        yield opened


def found(results: searcher.Results) -> set[str]:
    return {hit.article.id for hit in results.hits}


def counts(results: searcher.Results) -> dict[str, int]:
    return {count.value: count.count for count in results.facets["province"]}


def test_the_index_is_filtered_and_counted_by_the_63(index: searcher.EmbeddedIndex) -> None:
    assert found(index.search("", provinces=["Bình Thuận"])) == {"phan-thiet"}
    assert found(index.search("", provinces=["Lâm Đồng"])) == {"lam-dong", "da-lat"}
    assert counts(index.search("ma túy")) == {"Lâm Đồng": 2, "Bình Thuận": 1, "Đắk Nông": 1, "Sơn La": 1}


def test_the_index_is_filtered_and_counted_by_the_34(index: searcher.EmbeddedIndex) -> None:
    everywhere = {"phan-thiet", "lam-dong", "da-lat", "gia-nghia"}
    results = index.search("ma túy", provinces=["Lâm Đồng"], provinces_of=2025, all_copies=True)
    assert found(results) == everywhere
    assert counts(results) == counts(index.search("ma túy", provinces_of=2026)) == {"Lâm Đồng": 4, "Sơn La": 1}
    assert found(index.search('ma túy tỉnhmới:"Lâm Đồng"', all_copies=True)) == everywhere
    assert found(index.search("newprovince:lam dong", all_copies=True)) == everywhere


def test_a_former_province_stands_on_the_new_map_for_the_one_that_took_it_in(index: searcher.EmbeddedIndex) -> None:
    assert index.search("", provinces=["Bình Thuận"], provinces_of=2025).total == 4


def test_statistics_count_by_both_maps(index: searcher.EmbeddedIndex) -> None:
    stats = index.stats()
    assert stats.provinces["Lâm Đồng"] == 2
    assert stats.provinces_2025 == {"Lâm Đồng": 4, "Sơn La": 1}


def test_a_year_before_the_63_is_refused_in_a_sentence(index: searcher.EmbeddedIndex) -> None:
    with pytest.raises(searcher.SearcherError, match="1990"):
        index.search("", provinces_of=1990)


def test_every_province_of_the_63_lies_in_one_of_the_34() -> None:
    known = provinces()
    assert (len(known.names), len(set(known.since_2025.values()))) == (63, 34)
    assert sorted(name for new in set(known.since_2025.values()) for name in former(new)) == sorted(known.names)
    assert all(merged([name]) == (resolve_province(name, 2025),) for name in known.names)


@pytest.mark.skipif(not GAZETTEER.exists(), reason="needs ../shared")
def test_the_provinces_are_those_of_the_gazetteer() -> None:
    rows = [line.split("\t") for line in GAZETTEER.read_text("utf-8").splitlines()[1:]]
    assert provinces().since_2025 == {old: new for new, olds in rows for old in olds.split(", ")}
