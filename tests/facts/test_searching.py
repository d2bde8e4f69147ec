"""Facts in an index: filters, comparisons, facets, and cases that several articles tell of counted once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import searcher
from searcher import codec
from searcher.article import VIETNAM, Article
from searcher.errors import BadFilter
from searcher.facts.records import Drug, FactsObject
from searcher.query.cases import count_cases
from searcher.query.results import Hit
from searcher.schema import FACT_FIELDS, article_schema
from tests.commands import run

ARTICLES = {
    "heroin": (
        "Bắt ba đối tượng vận chuyển 30 bánh heroin",
        "Công an tỉnh Sơn La vừa bắt quả tang ba đối tượng vận chuyển 30 bánh heroin, nặng 10,5 kg.",
    ),
    "da": (
        "Bắt đối tượng tàng trữ 500 gam ma tuý đá",
        "Công an tỉnh Nghệ An đã khởi tố bị can, bắt tạm giam Lò Văn A về tội Tàng trữ trái phép chất ma tuý, thu giữ "
        "500 gam ma tuý đá.",
    ),
    "tu-hinh": (
        "Tuyên án tử hình bị cáo mua bán ma tuý",
        "TAND tỉnh Sơn La mở phiên toà xét xử sơ thẩm, tuyên phạt bị cáo Giàng A Tủa án tử hình về tội Mua bán "
        "trái phép chất ma tuý.",
    ),
    "tu": (
        "Lừa bán hai cô gái, bị cáo lĩnh án 12 năm tù",
        "TAND tỉnh Lào Cai mở phiên toà xét xử sơ thẩm, tuyên phạt bị cáo Vàng Thị B 12 năm tù về tội Mua bán người.",
    ),
    "ke-hoach": ("Kế hoạch phòng, chống ma tuý năm 2020", "UBND tỉnh ban hành kế hoạch tuyên truyền, triển khai luật."),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("facts")
    lines = [
        json.dumps({"id": name, "title": title, "lead": lead, "body": lead}, ensure_ascii=False)
        for name, (title, lead) in ARTICLES.items()
    ]
    (root / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    searcher.index_paths(root / "index", [root / "articles.jsonl"])
    return root / "index"


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[searcher.Index]:
    with searcher.open_index(folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("heroin>10kg", {"heroin"}),
        ("heroin > 10 kg", {"heroin"}),
        ("heroin>=10.500g", {"heroin"}),
        ("heroin>10,5kg", set()),
        ("heroin=30 bánh", {"heroin"}),
        ("ma túy đá<1kg", {"da"}),
        ("bịcan>2", {"heroin"}),
        ("bị can:>=3", {"heroin"}),
        ("án:>=10 năm", {"tu", "tu-hinh"}),
        ("án:<20 năm", {"tu"}),
        ("án>=144 tháng", {"tu", "tu-hinh"}),
        ("án:tử hình", {"tu-hinh"}),
        ('tội:"vận chuyển ma túy"', {"heroin"}),
        ("toi:tang-tru-ma-tuy", {"da"}),
        ("offence:mua-ban-nguoi", {"tu"}),
        ("giaiđoạn:xét xử", {"tu", "tu-hinh"}),
        ("giaiđoạn:khởi tố", {"da"}),
        ("kind:policy", {"ke-hoach"}),
        ("drug:heroin OR án:tử hình", {"heroin", "tu-hinh"}),
    ],
)
def test_facts_are_asked_for_in_the_query_language(index: searcher.Index, text: str, expected: set[str]) -> None:
    assert {hit.article.id for hit in index.search(text).hits} == expected


@pytest.mark.parametrize("text", ["heroin>10 năm", "tội:xyz", "án:dài", "bịcan:nhiều"])
def test_a_comparison_that_is_none_is_words_and_nothing_fails(index: searcher.Index, text: str) -> None:
    assert index.search(text).query == text


def test_filters_and_facets(index: searcher.Index) -> None:
    found = index.search("", drugs=["ma túy đá", "heroin"])
    assert {hit.article.id for hit in found.hits} == {"heroin", "da"}
    assert found.chosen == {"drug": ("ma-tuy-da", "heroin")}
    assert {one.value: one.count for one in found.facets["stage"]} == {"caught": 1, "charged": 1}
    everything = index.search("")
    assert {one.value: one.count for one in everything.facets["kind"]} == {"case": 4, "policy": 1}
    assert [hit.article.id for hit in index.search("", stages=["tried"], offences=["mua bán người"]).hits] == ["tu"]
    with pytest.raises(BadFilter, match="van-chuyen-ma-tuy"):
        index.search("", offences=["không có"])
    with pytest.raises(BadFilter, match="drugs is a list of names"):
        index.search("", drugs="heroin")


def test_a_hit_has_the_facts_whole(index: searcher.Index) -> None:
    (hit,) = index.search("heroin>1kg").hits
    assert hit.facts is not None
    assert hit.facts.drugs == (Drug("heroin", grams=10_500.0, cakes=30.0),)
    assert hit.to_dict()["facts"]["suspects"] == 3
    assert hit.to_row()["facts"]["drugs"][0]["grams"] == 10_500.0
    (plan,) = index.search("kind:policy").hits
    assert plan.facts is None
    assert plan.to_row()["facts"] is None


def test_articles_alike_have_their_facts(index: searcher.Index) -> None:
    facts = {hit.article.id: hit.facts for hit in index.similar("da").hits}
    (hit,) = index.search("án:tử hình").hits
    assert hit.facts is not None
    assert facts["tu-hinh"] == hit.facts


def test_an_index_without_facts_says_so(tmp_path: Path) -> None:
    schema = article_schema()
    for name in FACT_FIELDS:
        schema.remove(name)
    (tmp_path / "old").mkdir()
    codec.create(tmp_path / "old", schema).writer().commit()
    (tmp_path / "a.txt").write_text("Bắt ba đối tượng vận chuyển heroin\n\nCông an bắt giữ ba đối tượng.", "utf-8")
    searcher.index_paths(tmp_path / "old", [tmp_path / "a.txt"])
    with searcher.open_index(tmp_path / "old") as old:
        assert old.search("heroin").total == 1
        assert "offence" not in old.search("heroin").facets
        with pytest.raises(BadFilter, match="--rebuild"):
            old.search("heroin", drugs=["heroin"])
        with pytest.raises(BadFilter, match="--rebuild"):
            old.search("heroin>1kg")


def told(name: str, day: int, drugs: tuple[Drug, ...], province: str = "Sơn La", body: str = "", **more: int) -> Hit:
    published = datetime(2020, 2, day, tzinfo=VIETNAM)
    article = Article(id=name, title=name, body=body, published=published, provinces=(province,))
    facts = FactsObject("case", ("van-chuyen-ma-tuy",), "caught", more.get("suspects"), None, drugs)
    return Hit(1, article, 0.0, facts=facts)


def test_a_seizure_that_several_articles_tell_of_is_counted_once() -> None:
    lot = (Drug("heroin", grams=10_500.0),)
    hits = [told("a", 1, lot, suspects=2), told("b", 3, lot, suspects=3), told("c", 4, (Drug("heroin", grams=700.0),))]
    total = count_cases("", hits).total
    assert (total.cases, total.articles, total.linked, total.likely) == (2, 3, 1, 0)
    assert total.grams["heroin"].value == 11_200.0
    assert total.grams["heroin"].articles == 3
    assert total.suspects.value == 3


def test_the_same_amount_far_away_or_long_after_is_another_case() -> None:
    lot = (Drug("heroin", cakes=2.0),)
    hits = [told("a", 1, lot), told("b", 1, lot, "Nghệ An"), told("c", 28, lot)]
    assert count_cases("", hits).total.cases == 3


def test_articles_that_name_the_same_suspect_are_of_one_case() -> None:
    body = "Công an bắt giữ Giàng A Tủa (SN 1990, trú Sơn La)."
    hits = [told("a", 1, (Drug("heroin"),), body=body), told("b", 28, (Drug("heroin", grams=5.0),), body=body)]
    assert count_cases("", hits).total.cases == 1


def test_articles_alike_in_numbers_alone_are_likely_one() -> None:
    hits = [told("a", 1, (Drug("heroin"),), suspects=2), told("b", 2, (Drug("heroin"),), suspects=2)]
    total = count_cases("", hits).total
    assert (total.cases, total.linked, total.likely) == (1, 1, 1)


def test_cases_are_counted_by_province_month_offence_and_drug() -> None:
    hits = [told("a", 1, (Drug("heroin", grams=5.0), Drug("ketamine", grams=2.0))), told("b", 2, (), "Nghệ An")]
    counted = {by: count_cases("", hits, by).rows for by in ("province", "month", "drug")}
    rows = {by: {row.value: row.cases for row in found} for by, found in counted.items()}
    assert rows["province"] == {"Sơn La": 1, "Nghệ An": 1}
    assert rows["month"] == {"2020-02": 2}
    assert rows["drug"] == {"heroin": 1, "ketamine": 1}
    (heroin,) = [row for row in counted["drug"] if row.value == "heroin"]
    assert set(heroin.grams) == {"heroin"}
    with pytest.raises(BadFilter):
        count_cases("", hits, "tuổi")


def test_the_command_counts_cases(folder: Path, tmp_path: Path) -> None:
    counts = json.loads(run("facts", "--by", "drug", "--json", "-i", folder).stdout)
    assert counts["total"]["cases"] == 4
    assert counts["others"] == 1
    assert {row["value"]: row["ids"] for row in counts["rows"]} == {"heroin": ["heroin"], "ma-tuy-da": ["da"]}
    assert "4 cases in 4 articles" in run("facts", "-i", folder).stdout
    table = run("facts", "--csv", "-i", folder).stdout.splitlines()
    assert table[0].endswith("value,cases,articles,linked,suspects,victims,drug,grams,pills,cakes,deaths,lives,terms")
    assert run("facts", "--xlsx", tmp_path / "cases.xlsx", "-i", folder).returncode == 0
    assert (tmp_path / "cases.xlsx").stat().st_size > 1000
    assert "bị can" not in run("query", "heroin", "-i", folder).stdout
    assert "3 suspects" in run("query", "heroin", "-i", folder).stdout
