"""Periods: what people write for days, weeks, months and years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.language.periods import find_period, parse_period

TODAY = date(2024, 5, 15)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("năm 2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019..2020", date(2019, 1, 1), date(2020, 12, 31)),
        ("2019-2020", date(2019, 1, 1), date(2020, 12, 31)),
        ("2019..", date(2019, 1, 1), None),
        ("..2/2020", None, date(2020, 2, 29)),
        ("từ tháng 2 năm 2019 đến 15/3/2019", date(2019, 2, 1), date(2019, 3, 15)),
        ("2/2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("tháng 2 năm 2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("thang 2", date(2024, 2, 1), date(2024, 2, 29)),
        ("tháng 12", date(2023, 12, 1), date(2023, 12, 31)),
        ("17/2/2020", date(2020, 2, 17), date(2020, 2, 17)),
        ("ngày 17 tháng 2 năm 2020", date(2020, 2, 17), date(2020, 2, 17)),
        ("2020-02-17", date(2020, 2, 17), date(2020, 2, 17)),
        ("quý 1/2020", date(2020, 1, 1), date(2020, 3, 31)),
        ("hôm nay", TODAY, TODAY),
        ("hom qua", date(2024, 5, 14), date(2024, 5, 14)),
        ("TUẦN NÀY", date(2024, 5, 13), date(2024, 5, 19)),
        ("tuần trước", date(2024, 5, 6), date(2024, 5, 12)),
        ("tháng này", date(2024, 5, 1), date(2024, 5, 31)),
        ("last month", date(2024, 4, 1), date(2024, 4, 30)),
        ("quý trước", date(2024, 1, 1), date(2024, 3, 31)),
        ("năm ngoái", date(2023, 1, 1), date(2023, 12, 31)),
        ("7 ngày qua", date(2024, 5, 9), TODAY),
        ("last 3 months", date(2024, 2, 16), TODAY),
    ],
)
def test_a_period_is_read(text: str, first: date | None, last: date | None) -> None:
    assert parse_period(text, TODAY) == (first, last)


@pytest.mark.parametrize("text", ["", "..", "Sơn La", "31/2/2020", "0000", "2019..x", "2019..2020..2021", "9" * 500])
def test_what_is_no_period_is_none(text: str) -> None:
    assert parse_period(text, TODAY) is None


def test_a_number_is_a_month_where_months_are_asked_for() -> None:
    assert parse_period("2", TODAY, month=True) == (date(2024, 2, 1), date(2024, 2, 29))
    assert parse_period("2", TODAY) is None


@given(st.text(max_size=40) | st.from_regex(r"[0-9./ -]{1,20}(ngày|tháng| năm|\.\.)?", fullmatch=True))
def test_any_text_is_a_period_or_none(text: str) -> None:
    found = parse_period(text, TODAY)
    assert found is None or found.first is not None or found.last is not None


def test_words_for_a_period_are_found_in_a_query() -> None:
    assert find_period("ma túy tháng trước") == "tháng trước"
    assert find_period("ma túy tháng tới") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ma túy tháng 2/2018 Nghệ An", "tháng 2/2018"),
        ("quý 1 năm 2018 bắt ma túy", "quý 1 năm 2018"),
        ("từ tháng 1/2018 đến tháng 3/2018", "từ tháng 1/2018 đến tháng 3/2018"),
        ("mai dam thang 3 nam 2019", "thang 3 nam 2019"),
        ("ma túy sau Tết 2019", "sau Tết 2019"),
        ("đánh bạc 7 ngày qua", "7 ngày qua"),
        ("tháng 13/2018", None),
        ("nghị định 38/2021", None),
        ("300kg ma túy 2018", None),
    ],
)
def test_periods_are_found_within_a_text(text: str, said: str | None) -> None:
    assert find_period(text) == said


def test_tet_is_by_the_lunar_year_of_vietnam() -> None:
    assert parse_period("Tết 2019", date(2026, 1, 1)) == (date(2019, 2, 2), date(2019, 2, 11))
    assert parse_period("sau Tết Nguyên đán 2019", date(2026, 1, 1)) == (date(2019, 2, 12), date(2019, 3, 13))
    assert parse_period("trước tết 2019", date(2026, 1, 1)) == (date(2019, 1, 3), date(2019, 2, 1))
    assert parse_period("Tết 1950", date(2026, 1, 1)) is None
