"""Periods as people write them: '2019..2020', 'tháng 2/2020', 'tuần này', '7 ngày qua'."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from searcher.analysis import fold
from searcher.language.words import words_of_the_language

_YEAR: Final = r"(?P<year>\d{4})"
_MONTH: Final = r"(?P<month>\d{1,2})"
_DAY: Final = r"(?P<day>\d{1,2})"
# Compiled when first used, as few queries name a period.
_WRITTEN: Final = (
    rf"(?:nam )?{_YEAR}",
    rf"(?:thang )?{_MONTH}(?:[/.-]| nam | )\s*{_YEAR}",
    rf"{_YEAR}-{_MONTH}",
    rf"(?:ngay )?{_DAY}(?:[/.-]| thang )\s*{_MONTH}(?:[/.-]| nam )\s*{_YEAR}",
    rf"{_YEAR}-{_MONTH}-{_DAY}",
    rf"(?:quy |q)(?P<quarter>[1-4])(?:[/.-]| nam | )\s*{_YEAR}",
)
_MONTH_ALONE: Final = rf"(?:thang )?{_MONTH}"
_COUNTED: Final = r"(?:(?P<count>\d{1,4}) (?P<unit>\w+) (?:qua|gan day|vua qua))|last (\d{1,4}) (\w+)"
_RANGE: Final = r"\s*(?:\.\.+|…|–|—)\s*|\s+(?:den|toi|to|-)\s+"
_YEARS: Final = r"(\d{4})-(\d{4})"
_TET: Final = r"(?:(?P<side>sau|truoc|dip) )?tet (?:nguyen dan )?(?:nam )?(?P<year>\d{4})"
_SAID: Final = (
    r"(?:ngay )?\d{1,2}(?:[/.-]| thang )\d{1,2}(?:[/.-]| nam )\d{4}",
    r"thang \d{1,2}(?:[/.-]| nam | )\d{4}",
    r"\d{1,2}/\d{4}",
    r"(?:quy |q)[1-4](?:[/.-]| nam | )\d{4}",
    r"(?:(?:sau|truoc|dip) )?tet (?:nguyen dan )?(?:nam )?\d{4}",
    r"\d{1,4} (?:ngay|tuan|thang|nam) (?:qua|gan day|vua qua)",
)
"""Periods within a text, without marks; `parse_period` says whether one is."""
_TO: Final = r"\s*(?:\.\.+|…|–|—)\s*|\s+(?:den|toi|-)\s+"
_FESTIVE: Final = (timedelta(days=-3), timedelta(days=6))
_AROUND: Final = timedelta(days=30)
"""How long before and after Tết 'trước Tết' and 'sau Tết' last."""
MAX_WORDS: Final = 8
"""Words that the longest period takes: 'từ tháng 2 năm 2019 đến tháng 3'."""


EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2200


class Period(NamedTuple):
    """Days from `first` to `last`, both inclusive; None where it is open to that side."""

    first: date | None
    last: date | None


def parse_period(text: str, today: date, *, month: bool = False) -> Period | None:
    """Return the period that a text names, with or without diacritics, or None where it names none.

    A period before `today` is meant where the text leaves it open; with `month`, a number up to 12 is a month.

    >>> parse_period("2/2020", date(2024, 5, 1))
    Period(first=datetime.date(2020, 2, 1), last=datetime.date(2020, 2, 29))
    """
    said = " ".join(fold(text).lower().split())
    if not said or len(said) > 80:
        return None
    years = re.fullmatch(_YEARS, said)
    ends = list(years.groups()) if years else re.split(_RANGE, said.removeprefix("tu "))
    if len(ends) == 1:
        return _one(said, today, month)
    if len(ends) != 2 or not any(ends):
        return None
    first, last = (_one(end, today, month) if end else Period(None, None) for end in ends)
    if first is None or last is None:
        return None
    return Period(first.first, last.last)


def find_period(text: str) -> str | None:
    """Return the first words in a text that name a period, or None; a year alone is none.

    >>> find_period("ma túy tháng trước"), find_period("ma túy từ tháng 1/2018 đến tháng 3/2018 ở Vinh")
    ('tháng trước', 'từ tháng 1/2018 đến tháng 3/2018')
    """
    lower = text.lower()
    spellings = "|".join(name for name in _names() if name in lower)
    match = re.search(rf"(?<!\w)(?:{spellings})(?!\w)", text, re.IGNORECASE) if spellings else None
    if match:
        return match[0]
    said = fold(lower)
    if len(said) != len(text) or not any(letter.isdecimal() for letter in said):
        return None
    one = "|".join(_SAID)
    for match in re.finditer(rf"(?<![\w/])(?:(?:tu )?(?:{one})(?:{_TO})(?:{one})|{one})(?![\w/])", said):
        found = text[match.start() : match.end()]
        if parse_period(found, date.today()) is not None:
            return found
    return None


@cache
def _names() -> list[str]:
    names = [name for name in words_of_the_language()["periods"] if " " in name]
    return sorted({*names, *map(fold, names)})


def _one(said: str, today: date, month: bool) -> Period | None:
    relative = _periods().get(said)
    if relative is not None:
        return _around(today, *relative)
    counted = re.fullmatch(_COUNTED, said)
    if counted:
        count, unit = int(counted[1] or counted[3]), _units().get(counted[2] or counted[4])
        return _last(today, unit, count) if unit else None
    if tet := re.fullmatch(_TET, said):
        return _tet(int(tet["year"]), tet["side"])
    alone = re.fullmatch(_MONTH_ALONE, said)
    if alone and (month or said.startswith("thang")):
        number = int(alone["month"])
        return _calendar(today.year - (number > today.month), number, None)
    for form in _WRITTEN:
        if match := re.fullmatch(form, said):
            part = {name: int(value) for name, value in match.groupdict().items()}
            if "quarter" in part:
                return _months(part["year"], 3 * part["quarter"] - 2, 3)
            return _calendar(part["year"], part.get("month"), part.get("day"))
    return None


def _tet(year: int, side: str | None) -> Period | None:
    """The days of Tết, three before and six after its first, or the thirty before or after them."""
    named = words_of_the_language()["tet"].get(str(year))
    if named is None:
        return None
    first, last = (date.fromisoformat(named) + distance for distance in _FESTIVE)
    if side == "truoc":
        return Period(first - _AROUND, first - timedelta(days=1))
    return Period(last + timedelta(days=1), last + _AROUND) if side == "sau" else Period(first, last)


def _calendar(year: int, month: int | None, day: int | None) -> Period | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        if month is None:
            return Period(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return _months(year, month, 1)
        return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return None


def _months(year: int, month: int, count: int) -> Period | None:
    if not (EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= month <= 12):
        return None
    last = month + count - 1
    return Period(date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _around(today: date, unit: str, distance: int) -> Period | None:
    """The day, week (from Monday), month, quarter or year so far from the one that holds `today`."""
    if unit == "day":
        day = today + timedelta(days=distance)
        return Period(day, day)
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=distance)
        return Period(monday, monday + timedelta(days=6))
    if unit == "year":
        return _calendar(today.year + distance, None, None)
    size = 3 if unit == "quarter" else 1
    months = today.year * 12 + (today.month - 1) // size * size + distance * size
    return _months(months // 12, months % 12 + 1, size)


def _last(today: date, unit: str, count: int) -> Period:
    """The last so many days, weeks, months or years, with today as the last day."""
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        return Period(today - timedelta(days=max(days, 1) - 1), today)
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = max(months // 12, EARLIEST_YEAR), months % 12 + 1
    day = min(today.day, calendar.monthrange(year, month)[1])
    return Period(date(year, month, day) + timedelta(days=1), today)


@cache
def _periods() -> dict[str, tuple[str, int]]:
    named: dict[str, Any] = words_of_the_language()["periods"]
    return {fold(name): (unit, distance) for name, (unit, distance) in named.items()}


@cache
def _units() -> dict[str, str]:
    named: dict[str, Any] = words_of_the_language()["units"]
    return {fold(name): unit for unit, names in named.items() for name in names}
