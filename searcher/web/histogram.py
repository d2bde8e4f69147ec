"""The histogram of months: bars as one SVG path, so that forty years take no more of a page than one does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from searcher.query.results import FacetCount

MOST_PERIODS: Final = 480
"""Bars that can still be told apart and aimed at; with more months, bars are years."""
HEIGHT: Final = 48
_GAP: Final = 0.2
_LABELS: Final = 5
_MONTHS: Final = 12


class Histogram(msgspec.Struct, frozen=True):
    """Bars over time: paths of an SVG whose user unit is one period wide, in a box `periods` wide, `HEIGHT` high.

    - `inside` are the bars of the days that are chosen, all where none are; `outside` are the others.
    - `counts` has the count of each period from `first` on; `labels` are periods evenly spread, first and last among
      them. `unit` says what a period is.
    """

    unit: str
    first: str
    counts: tuple[int, ...]
    inside: str
    outside: str
    labels: tuple[str, ...]

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return len(self.counts)


def histogram(months: Sequence[FacetCount], since: str, until: str) -> Histogram | None:
    """Return the histogram of counts by month, in order; None where there are none.

    `since` and `until` are the first and last month chosen ('2019-03'), "" for no end.
    """
    counts = {_number(one.value): one.count for one in months}
    if not counts:
        return None
    chosen = (_number(since) if since else None, _number(until) if until else None)
    unit = "month" if max(counts) - min(counts) < MOST_PERIODS else "year"
    if unit == "year":
        by_year: dict[int, int] = {}
        for month, count in counts.items():
            by_year[month // _MONTHS] = by_year.get(month // _MONTHS, 0) + count
        counts = by_year
        chosen = tuple(None if month is None else month // _MONTHS for month in chosen)  # type: ignore[assignment]
    first, last = min(counts), max(counts)
    first = max(first, last - 20 * MOST_PERIODS)
    most = max(counts.values())
    paths: dict[bool, list[str]] = {True: [], False: []}
    for period, count in counts.items():
        if period >= first:
            within = (chosen[0] is None or period >= chosen[0]) and (chosen[1] is None or period <= chosen[1])
            paths[within].append(_bar(period - first, count / most))
    return Histogram(
        unit,
        _name(first, unit),
        tuple(counts.get(period, 0) for period in range(first, last + 1)),
        "".join(paths[True]),
        "".join(paths[False]),
        _labels(first, last, unit),
    )


def _bar(place: int, share: float) -> str:
    height = max(round(HEIGHT * share, 1), 1)
    return f"M{place + _GAP / 2:g} {HEIGHT}v-{height:g}h{1 - _GAP:g}v{height:g}z"


def _labels(first: int, last: int, unit: str) -> tuple[str, ...]:
    count = min(_LABELS, last - first + 1)
    places = [round(first + (last - first) * place / max(count - 1, 1)) for place in range(count)]
    return tuple(_name(place, unit) for place in places)


def _number(month: str) -> int:
    return int(month[:4]) * _MONTHS + int(month[5:7]) - 1


def _name(period: int, unit: str) -> str:
    return f"{period:04}" if unit == "year" else f"{period // _MONTHS:04}-{period % _MONTHS + 1:02}"
