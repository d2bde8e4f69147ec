"""Dates: lines that are nothing but a date, what is refused, and what a text says of its own day. All is invented."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import VIETNAM, Article
from searcher.sources import Item, read
from searcher.sources.dates import month_comes_first, parse_published, read_date_line
from searcher.tagging import tag

NOW = datetime(2021, 1, 1, tzinfo=VIETNAM)
DAY, MINUTE = "2020-02-17T00:00:00+07:00", "2020-02-17T17:05:00+07:00"


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("17/02/2020 17:05", MINUTE),
        ("17/2/2020, 17:05", MINUTE),
        ("Thứ Hai, ngày 17/2/2020, 17:05 (GMT+7)", MINUTE),
        ("Thứ hai, 17/02/2020 | 17:05", MINUTE),
        ("Thứ 2 - 17/02/2020 17:05 GMT+7", MINUTE),
        ("17-02-2020", DAY),
        ("17.02.2020", DAY),
        ("(17/02/2020)", DAY),
        ("17 tháng 2 năm 2020", DAY),
        ("ngày 17 tháng 02, năm 2020", DAY),
        ("Sơn La, ngày 17 tháng 02 năm 2020", DAY),
        ("Hà Nội ngày 17 tháng 2 năm 2020", DAY),
        ("Số: 45/KH-UBND Sơn La, ngày 17 tháng 02 năm 2020", DAY),
        ("2020-02-17", DAY),
        ("2020-02-17T17:05:00+07:00", MINUTE),
        ("2020-02-17 10:05Z", MINUTE),
        ("Cập nhật: 17/02/2020 17:05", MINUTE),
        ("Cập nhật lúc 17h05, 17/02/2020", MINUTE),
        ("Đăng lúc 17 giờ 05 ngày 17/2/2020", MINUTE),
        ("17:05 | 17/02/2020", MINUTE),
        ("17/02/2020 5:05 CH", MINUTE),
        ("17/02/2020 05:05 PM", MINUTE),
        ("2/17/2020 5:05 PM", MINUTE),
        ("17 Tháng Hai, 2020", DAY),
        ("Tháng Hai 17, 2020", DAY),
        ("17 Tháng 2 2020", DAY),
        ("17 thg 2, 2020", DAY),
        ("Thứ Hai, 17 Th2, 2020", DAY),
        ("ngày 17 tháng hai năm 2020", DAY),
        ("2020/02/17", DAY),
        ("2020.02.17", DAY),
        ("17/02/20", DAY),
        ("17/02/20 17:05", MINUTE),
        ("02-17-2020", DAY),
        ("17-Feb-2020", DAY),
        ("February 17, 2020 5:05 pm", MINUTE),
        ("Mon, 17 Feb 2020 17:05:00 +0700", MINUTE),
        ("Mon, 17 Feb 2020 10:05:00 GMT", MINUTE),
        ("Mon Feb 17 2020 17:05:00 GMT+0700 (Indochina Time)", MINUTE),
        ("2020-02-17 10:05:00 UTC", MINUTE),
        ("Thứ hai, 17/02/2020, 17:05 [GMT+7]", MINUTE),
        ("17/02/2020 17:05'", MINUTE),
        ("17h05' ngày 17/2/2020", MINUTE),
        ("Ngày: 17/02/2020", DAY),
        ("Ngày đăng: 17/02/2020", DAY),
        ("Thời gian: 17:05 17/02/2020", MINUTE),
        ("Cập nhật lần cuối: 17/02/2020 17:05", MINUTE),
        ("Lần cập nhật cuối: 17/02/2020", DAY),
        ("17/02/2020 5:05 chiều", MINUTE),
        ("5 giờ 05 phút chiều ngày 17/02/2020", MINUTE),
        ("17/02/2020 05:05 P.M.", MINUTE),
        ("17/02/2020 12:00 SA", DAY),
        ("17/02/2020 12 giờ đêm", DAY),
        ("Thứ 2 ngày 17 tháng 2 năm 2020 17:05", MINUTE),
        ("Nga\u0300y 17 tha\u0301ng 02 na\u0306m 2020", DAY),
        ("Ngaøy 17 thaùng 02 naêm 2020", DAY),
    ],
)
def test_a_date_line_is_read(line: str, moment: str) -> None:
    read_line = read_date_line(line, now=NOW)
    assert read_line is not None
    assert read_line.moment is not None
    assert read_line.moment.isoformat() == moment


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("31/02/2020 17:05", "no such time"),
        ("17/13/2020", "no such time"),
        ("17/02/2020 25:10", "no such time"),
        ("2020-02-30", "no such time"),
        ("17/02/2030", "in the future"),
        ("Sơn La, ngày 17 tháng 2 năm 1930", "before 1945"),
        ("3/4/2020 5:05 PM", "with the day or with the month"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_a_reason(line: str, reason: str) -> None:
    read_line = read_date_line(line, now=NOW)
    assert read_line is not None
    assert read_line.moment is None
    assert reason in read_line.refusal


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 17/02/2020, công an bắt hai người.",
        "Kết quả kiểm tra ngày 17/02/2020",
        "Giá vàng, ngày 17/2/2020",
        "17/02",
        "Từ 15/02/2020 đến 17/02/2020",
        "",
    ],
)
def test_a_line_that_says_more_is_no_date_line(line: str) -> None:
    assert read_date_line(line, now=NOW) is None


@given(st.text(max_size=90))
def test_any_line_is_read_or_not(line: str) -> None:
    found = read_date_line(line, now=NOW)
    assert found is None or (found.moment is None) == bool(found.refusal)


@given(st.datetimes(datetime(1946, 1, 1), datetime(2020, 12, 31)))
def test_every_minute_is_read_in_every_form(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    expected = moment.replace(tzinfo=VIETNAM)
    for form in ("%d/%m/%Y %H:%M", "%H:%M, %d-%m-%Y", "%Y-%m-%dT%H:%M", "Thứ Ba, ngày %d/%m/%Y, %H:%M (GMT+7)"):
        line = f"{moment:{form}}"
        found = read_date_line(line, now=NOW)
        assert found is not None
        assert found.moment == expected == parse_published(line, now=NOW)


@pytest.mark.parametrize(
    "value",
    ["0000-00-00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-23:59", "2020-01-01T00:00:00+99:99", "1/1/1"],
)
def test_the_ends_of_the_calendar_are_refused_with_a_sentence(value: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_published(value)


def test_a_column_says_whether_the_month_comes_first() -> None:
    assert month_comes_first(["2/3/2020", "", "2/17/2020"]) is True
    assert month_comes_first(["2/3/2020", "17/2/2020", "2/17/2020"]) is False
    assert month_comes_first(["2/3/2020", "2020-02-17", "17 tháng 2 năm 2020"]) is None
    assert parse_published("2/3/2020 5:05 PM", month_first=True).isoformat() == "2020-02-03T17:05:00+07:00"
    assert parse_published("2/3/2020 5:05 PM", month_first=False).isoformat() == "2020-03-02T17:05:00+07:00"


def test_a_text_with_an_impossible_date_is_kept_without_one_and_the_reason_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tựa bài\n\n31/02/2020 17:05\n\nĐoạn đầu.\n\nThân bài.", encoding="utf-8")
    (item,) = read([tmp_path])
    assert isinstance(item, Item)
    assert (item.article.published, item.article.lead) == (None, "Đoạn đầu.")
    assert "31/02/2020" in item.date_refusal


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("Sơn La, ngày 17 tháng 02 năm 2020\nThực hiện kế hoạch của tỉnh.\nNơi nhận: các sở.", "2020-02-17"),
        ("17/02/2020 17:05\nCông an bắt hai người.", "2020-02-17"),
        ("Công an bắt hai người.\nCập nhật lúc 17:05, 17/02/2020", "2020-02-17"),
        ("Ngày 17/02/2020, công an bắt hai người. Họ khai mua hàng ngày 3/1/2020.", None),
        ("Vụ án xảy ra ngày 17 tháng 2 năm 2020 tại Sơn La.", None),
        ("Sự kiện.\n" * 8 + "17/02/2020\n" + "Diễn biến.\n" * 8, None),
        ("Công an bắt hai người.", None),
    ],
)
def test_a_date_in_the_text_is_taken_only_where_it_is_the_articles_own(body: str, day: str | None) -> None:
    published = tag(Article(title="Tựa", body=body)).published
    assert (published and published.date().isoformat()) == day


def test_a_date_that_an_article_came_with_is_kept() -> None:
    article = Article(title="Tựa", body="17/02/2020\nNội dung.", published=NOW)
    assert tag(article).published == NOW


@given(
    st.datetimes(datetime(1940, 1, 1), datetime(2300, 1, 1)),
    st.sampled_from("T "),
    st.sampled_from(("minutes", "seconds")),
    st.sampled_from(("", "Z", "+07:00", "-00:00", "-11:30", "+14:00", "+24:00", "+07:60")),
)
def test_a_value_in_iso_8601_is_the_date_that_the_same_line_is(
    moment: datetime, sep: str, timespec: str, zone: str
) -> None:
    value = moment.isoformat(sep, timespec) + zone
    line = read_date_line(value)
    if line is None or line.moment is None:
        with pytest.raises(ValueError, match=r"."):
            parse_published(value)
    else:
        found = parse_published(value)
        assert (found, found.tzinfo) == (line.moment, line.moment.tzinfo)
