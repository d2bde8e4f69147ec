"""Months and years that trends show: which ones, what they are called, and trends made of what each has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from searcher.query.trends import Asked, Trend, Trends, Unit

MONTHS_A_YEAR: Final = 12
_FIRST_YEAR: Final = 1970
_FEW_MONTHS: Final = 24
"""Up to so many months, rows of provinces and topics are counted by month unless something else is asked for."""


def month_number(day: date) -> int:
    """Return the month of a day, counted from January 1970."""
    return (day.year - _FIRST_YEAR) * MONTHS_A_YEAR + day.month - 1


def period_name(period: int, unit: str) -> str:
    """Return the name of a month or year that is counted from 1970: '2019-03', '2019'."""
    if unit == "year":
        return f"{period + _FIRST_YEAR:04}"
    return f"{period // MONTHS_A_YEAR + _FIRST_YEAR:04}-{period % MONTHS_A_YEAR + 1:02}"


class Periods(msgspec.Struct, frozen=True):
    """So many periods in a row, of `step` months each, from the `start`-th since 1970."""

    unit: Unit
    step: int
    start: int
    count: int


def periods_of(ends: tuple[int, int] | None, wanted: Asked) -> Periods:
    """Return the periods to show of articles from the one month to the other; None where none has a date.

    They begin and end with the days asked for, where articles do not reach so far.
    """
    first, last = ends or (0, 0)
    if wanted.since is not None:
        first = min(first, month_number(wanted.since))
    if wanted.until is not None:
        last = max(last, month_number(wanted.until))
    unit = wanted.unit or ("month" if last - first < _FEW_MONTHS else "year")
    step = 1 if unit == "month" else MONTHS_A_YEAR
    start = first // step
    return Periods(unit, step, start, last // step - start + 1 if ends else 0)


def trends_of(
    wanted: Asked,
    periods: Periods,
    rows: Mapping[str, Sequence[int]],
    articles: Sequence[int],
    total: int,
    undated: int,
) -> Trends:
    """Return trends of what each row has in each period, most frequent first; of labels without an article none."""
    made = [Trend(label, tuple(counts), sum(counts)) for label, counts in rows.items()]
    return Trends(
        wanted.query,
        wanted.by,
        periods.unit,
        tuple(period_name(periods.start + place, periods.unit) for place in range(periods.count)),
        tuple(sorted((row for row in made if row.total or not wanted.field), key=lambda row: (-row.total, row.value))),
        tuple(articles),
        total,
        undated,
    )
