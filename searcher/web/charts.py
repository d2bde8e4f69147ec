"""Charts as paths of SVG, made here: a unit wide for each period, so that a browser stretches them to its width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from searcher.query.trends import Trend, Trends
from searcher.web.addresses import Shade
from searcher.web.pages import level

HEIGHT: Final = 100
LINES: Final = 6
"""Rows that have a line: more can't be told apart."""
ROWS: Final = 34
_GAP: Final = 0.2


class Strip(msgspec.Struct, frozen=True):
    """A row of the heat map: for each step of colour the path of the periods that have it."""

    row: Trend
    paths: tuple[tuple[int, str], ...]
    share: float


class Chart(msgspec.Struct, frozen=True):
    """What a page of trends draws: `bars` of one row, or `lines` and `strips` of several; `most` tops the scale."""

    width: int
    most: float
    bars: str
    lines: tuple[tuple[str, str], ...]
    strips: tuple[Strip, ...]
    labels: tuple[str, ...]


def chart(found: Trends, shade: Shade) -> Chart:
    """Return the chart of trends, of counts or of shares of all articles."""
    values = [found.shares(row) if shade == "share" else row.counts for row in found.rows]
    most = max((max(one, default=0) for one in values), default=0) or 1
    whole = sum(found.articles)
    several = found.by in ("province", "topic")
    return Chart(
        len(found.periods),
        most,
        "" if several or not values else _bars(values[0], most),
        tuple((row.value, _line(one, most)) for row, one in zip(found.rows[:LINES], values, strict=False))
        if several
        else (),
        tuple(
            Strip(row, _strip(one, most), row.total / whole if whole else 0.0)
            for row, one in zip(found.rows[:ROWS], values, strict=False)
        )
        if several
        else (),
        _labels(found.periods),
    )


def _bars(values: Sequence[float], most: float) -> str:
    heights = [(place, max(round(HEIGHT * value / most, 1), 1)) for place, value in enumerate(values) if value]
    return "".join(f"M{place + _GAP / 2:g} {HEIGHT}v-{height:g}h{1 - _GAP:g}v{height:g}z" for place, height in heights)


def _line(values: Sequence[float], most: float) -> str:
    points = [f"{place + 0.5:g} {HEIGHT - HEIGHT * value / most:.1f}" for place, value in enumerate(values)]
    return "M" + "L".join(points if len(points) > 1 else [*points, *(f"1 {point.split()[1]}" for point in points)])


def _strip(values: Sequence[float], most: float) -> tuple[tuple[int, str], ...]:
    paths: dict[int, list[str]] = {}
    for place, value in enumerate(values):
        if step := level(value, most):
            paths.setdefault(step, []).append(f"M{place} 0h1v1h-1z")
    return tuple((step, "".join(path)) for step, path in sorted(paths.items()))


def _labels(periods: Sequence[str]) -> tuple[str, ...]:
    count = min(5, len(periods))
    return tuple(periods[round((len(periods) - 1) * place / max(count - 1, 1))] for place in range(count))
