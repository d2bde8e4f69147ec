"""Counts over time are those of counting one by one, with zeros for gaps and shares of all articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import searcher
from searcher.article import VIETNAM
from tests.invented import indexed, invented

UNDATED = [{"id": "không-ngày", "title": "Ma túy ở đâu đó", "body": "Ma túy, không rõ ngày.", "provinces": ["Hà Nội"]}]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    folder = tmp_path_factory.mktemp("trends") / "index"
    indexed(folder, [*invented(40), *UNDATED])
    indexed(folder, invented(30, start=40), name="more")
    with searcher.open_index(folder) as opened:
        yield opened


def periods(index: searcher.EmbeddedIndex, text: str, form: str) -> Counter[str]:
    moments = [hit.article.published for hit in index.export(text)]
    return Counter(f"{moment.astimezone(VIETNAM):{form}}" for moment in moments if moment)


@pytest.mark.parametrize(("by", "form"), [("year", "%Y"), ("month", "%Y-%m")])
@pytest.mark.parametrize("text", ["", "ma túy", "heroin", "mai dam"])
def test_counts_are_those_of_counting_one_by_one(index: searcher.EmbeddedIndex, text: str, by: str, form: str) -> None:
    found = index.trends(text, by=by)
    (row,) = found.rows
    assert {name: count for name, count in zip(found.periods, row.counts, strict=True) if count} == periods(
        index, text, form
    )
    whole = periods(index, "", form)
    assert list(found.articles) == [whole[name] for name in found.periods]
    assert found.total == index.search(text, limit=0).total
    assert row.total == found.total - found.undated


def test_shares_are_of_all_articles_of_the_period(index: searcher.EmbeddedIndex) -> None:
    found = index.trends("methadone")
    (row,) = found.rows
    shares = found.shares(row)
    for share, count, whole in zip(shares, row.counts, found.articles, strict=True):
        assert share == (count / whole if whole else 0)
    assert 0 < max(shares) <= 1


@pytest.mark.parametrize(("by", "tags"), [("province", "provinces"), ("topic", "topics")])
@pytest.mark.parametrize("unit", ["year", "month"])
def test_a_row_for_each_province_or_topic(index: searcher.EmbeddedIndex, by: str, tags: str, unit: str) -> None:
    found = index.trends("ma túy", by=by, unit=unit)
    form = "%Y" if unit == "year" else "%Y-%m"
    counted = Counter(
        (tag, f"{hit.article.published.astimezone(VIETNAM):{form}}")
        for hit in index.export("ma túy")
        if hit.article.published
        for tag in getattr(hit.article, tags)
    )
    shown = {
        (row.value, name): count
        for row in found.rows
        for name, count in zip(found.periods, row.counts, strict=True)
        if count
    }
    assert shown == counted
    assert [row.total for row in found.rows] == sorted((row.total for row in found.rows), reverse=True)


def test_gaps_are_zeros(index: searcher.EmbeddedIndex) -> None:
    found = index.trends("", by="month", since=date(2016, 11, 1), until=date(2019, 2, 28))
    assert found.periods[0] == "2016-11"
    assert found.periods[-1] == "2019-02"
    assert len(found.periods) == 28
    assert found.rows[0].counts[0] == 0


def test_months_are_taken_where_they_span_two_years_at_most(index: searcher.EmbeddedIndex) -> None:
    assert index.trends("", by="topic").unit == "year"
    assert index.trends("", by="topic", since=date(2019, 1, 1), until=date(2020, 12, 31)).unit == "month"
    assert index.trends("", by="topic", unit="month").unit == "month"


def test_the_year_is_vietnams(tmp_path: Path) -> None:
    articles = [{"id": "1", "title": "Giao thừa", "body": "x", "published": "2018-12-31T17:30:00+00:00"}]
    with searcher.open_index(indexed(tmp_path / "index", articles)) as index:
        assert index.trends().periods == ("2019",)
        assert index.trends(by="month").periods == ("2019-01",)


def test_what_has_no_date_is_counted_apart(index: searcher.EmbeddedIndex) -> None:
    found = index.trends("ma túy")
    assert found.undated == 1
    assert sum(found.rows[0].counts) == found.total - 1


def test_filters_narrow(index: searcher.EmbeddedIndex) -> None:
    found = index.trends(topics=["mai-dam"], provinces=["Sơn La"], since=date(2019, 1, 1))
    assert found.total == index.search("", topics=["mai-dam"], provinces=["Sơn La"], since=date(2019, 1, 1)).total > 0


@pytest.mark.parametrize("wrong", [{"by": "size"}, {"by": "topic", "unit": "week"}, {"topics": ["golf"]}])
def test_what_can_not_be_counted_by_is_refused(index: searcher.EmbeddedIndex, wrong: dict[str, object]) -> None:
    with pytest.raises(searcher.BadFilter):
        index.trends(**wrong)  # type: ignore[arg-type]


def test_what_has_only_some_of_the_words_is_not_counted(index: searcher.EmbeddedIndex) -> None:
    searched = index.search("heroin methadone sơn la", limit=0)
    assert 0 < searched.complete < searched.total
    found = index.trends("heroin methadone sơn la")
    assert (found.total, found.relaxed) == (searched.complete, False)


def test_where_nothing_has_all_the_words_what_has_some_is_counted_and_it_says_so(
    index: searcher.EmbeddedIndex,
) -> None:
    searched = index.search("mại dâm ở biển xanh", limit=0)
    assert searched.complete == 0
    found = index.trends("mại dâm ở biển xanh")
    assert (found.total, found.relaxed) == (searched.total, True)
    assert found.to_dict()["relaxed"]
    assert found.total > 0


def test_how_the_text_was_read_is_noted_as_by_a_search(index: searcher.EmbeddedIndex) -> None:
    text = 'ma túy tỉnh:"không có"'
    assert index.trends(text).notes == index.search(text).notes != ()


def test_nothing_found_has_no_periods(index: searcher.EmbeddedIndex) -> None:
    found = index.trends("xyzxyz")
    assert found.total == 0
    assert found.periods == ()


def test_an_empty_index_has_no_trends(tmp_path: Path) -> None:
    with searcher.open_index(indexed(tmp_path / "index", [])) as index:
        assert index.trends().total == 0
        assert index.trends(by="province").rows == ()


def test_what_is_counted_is_what_was_meant_and_it_says_so(index: searcher.EmbeddedIndex) -> None:
    found = index.trends("maij daam")
    assert found.total == index.trends("mại dâm").total > 0
    assert any("mại dâm" in note for note in found.notes)
    assert not index.trends("mại dâm").notes
