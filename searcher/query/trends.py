"""What trends are asked for, and what they give back: how many articles there are over time, and what share of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final, Literal, get_args

import msgspec

from searcher.errors import BadFilter
from searcher.messages import _
from searcher.query.objects import TrendObject, TrendsObject, as_dict

By = Literal["year", "month", "province", "topic"]
Unit = Literal["year", "month"]
BYS: Final[tuple[By, ...]] = get_args(By)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)


class Trend(msgspec.Struct, frozen=True):
    """The articles of one province or topic, or altogether (`value` ""), in each period; `total` sums them up."""

    value: str
    counts: tuple[int, ...]
    total: int


class Trends(msgspec.Struct, frozen=True):
    """How many of the articles that a search finds were published when.

    - `periods` are years ('2019') or months ('2019-03') without a gap; `unit` says which.
    - `rows` is one row by year and month; by province and topic one for each that occurs, most frequent first. An
      article with several provinces counts in the row of each.
    - `articles` is how many the index has in each period, whatever they are about: a collection grows, so that counts
      alone mislead.
    - `total` is all that was found; of it `undated` have no date and are in no period. Where days narrow (`by_days`),
      they match but for having no date, and are not in `total`.
    - `stories` is true where near-identical articles were counted as one.
    - `relaxed` is true where no article has all the words, so that those counted have some of them; `notes` are
      sentences about how the query was read, where that may surprise.
    """

    query: str
    by: By
    unit: Unit
    periods: tuple[str, ...]
    rows: tuple[Trend, ...]
    articles: tuple[int, ...]
    total: int
    undated: int
    relaxed: bool = False
    notes: tuple[str, ...] = ()
    by_days: bool = False
    stories: bool = False

    def __repr__(self) -> str:
        over = f" from {self.periods[0]} to {self.periods[-1]}" if self.periods else ""
        return f"<Trends by {self.by}: {self.total} articles{over}>"

    def _repr_html_(self) -> str:
        from searcher.query.notebook import trends_table

        return trends_table(self.to_dicts())

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a row for each row and period, as `pandas.DataFrame` takes them.

        It has the `value` (province or topic, None altogether), the `period`, the `count`, the `articles` of the index
        in that period, and the `share`.
        """
        return [
            {"value": row.value or None, "period": period, "count": count, "articles": whole, "share": share}
            for row in self.rows
            for period, count, whole, share in zip(
                self.periods, row.counts, self.articles, self.shares(row), strict=True
            )
        ]

    def shares(self, row: Trend) -> tuple[float, ...]:
        """Return for each period the share of the index's articles that are in the row: 0 where there are none."""
        return tuple(count / whole if whole else 0.0 for count, whole in zip(row.counts, self.articles, strict=True))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of `table`; the first is what has rows of its own, where something has."""
        label = (self.by,) if self.by in ("province", "topic") else ()
        return (*label, self.unit, "count", "articles", "share")

    def table(self) -> Iterator[list[Any]]:
        """Yield a line for each row and period, as `trends --csv` prints it."""
        for row in self.rows:
            label = [row.value] if self.by in ("province", "topic") else []
            for period, count, whole, share in zip(
                self.periods, row.counts, self.articles, self.shares(row), strict=True
            ):
                yield [*label, period, count, whole, round(share, 6)]

    def to_dict(self) -> dict[str, Any]:
        """Return the object that `trends --json` prints."""
        return as_dict(self.printed())

    def printed(self) -> TrendsObject:
        """Return them as they are printed."""
        rows = (
            TrendObject(row.value or None, row.total, row.counts, tuple(round(one, 6) for one in self.shares(row)))
            for row in self.rows
        )
        return TrendsObject(
            query=self.query,
            by=self.by,
            unit=self.unit,
            periods=self.periods,
            rows=tuple(rows),
            articles=self.articles,
            total=self.total,
            undated=self.undated,
            by_days=self.by_days,
            stories=self.stories,
            relaxed=self.relaxed,
            notes=self.notes,
        )


class Asked(msgspec.Struct, frozen=True):
    """What trends are asked for; `field` is the one whose labels have a row each, None for one row."""

    query: str
    by: By
    unit: Unit | None
    field: str | None
    since: date | None
    until: date | None


def asked(
    query: str,
    by: str,
    unit: str | None,
    field_of: Callable[[str], str],
    since: date | None,
    until: date | None,
) -> Asked:
    """Return what is asked for; raises BadFilter for what can't be counted by. `field_of` gives a facet's field."""
    if by not in BYS:
        text = _("'{by}' is nothing to count by; there are: {known}.")
        raise BadFilter(text.format(by=by, known=", ".join(BYS)))
    if unit is not None and unit not in UNITS:
        raise BadFilter(_("'{unit}' is no period; there are: year, month.").format(unit=unit))
    field = field_of(by) if by in ("province", "topic") else None
    return Asked(query, by, unit if field else by, field, since, until)  # type: ignore[arg-type]
