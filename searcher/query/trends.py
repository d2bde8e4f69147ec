"""How many articles there are over time, altogether or by province or topic, and what share of all articles that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING, LabelColumn, NumericColumn, SegmentArrays
from searcher.codec.ranges import places_in
from searcher.errors import BadFilter
from searcher.messages import _

By = Literal["year", "month", "province", "topic"]
Unit = Literal["year", "month"]
BYS: Final[tuple[By, ...]] = get_args(By)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
FEW_MONTHS: Final = 24
"""Up to so many months, rows of provinces and topics are counted by month unless something else is asked for."""
_EPOCH: Final = np.datetime64("0001-01-01", "us")
_VIETNAM: Final = np.timedelta64(7, "h")
"""What Vietnam's clocks are ahead of UTC, since 1975."""
_MONTHS_A_YEAR: Final = 12

Ints = NDArray[np.int64]


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
    - `total` is all that was found; of it `undated` have no date and are in no period.
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

    def shares(self, row: Trend) -> tuple[float, ...]:
        """Return for each period the share of the index's articles that are in the row: 0 where there are none."""
        return tuple(count / whole if whole else 0.0 for count, whole in zip(row.counts, self.articles, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return the object that `trends --json` prints."""
        rows = [
            {
                "value": row.value or None,
                "total": row.total,
                "counts": list(row.counts),
                "shares": [round(share, 6) for share in self.shares(row)],
            }
            for row in self.rows
        ]
        return msgspec.structs.asdict(self) | {"rows": rows}


class Asked(msgspec.Struct, frozen=True):
    """What trends are asked for; `field` is the one whose labels have a row each, None for one row."""

    query: str
    by: By
    unit: Unit | None
    field: str | None
    since: date | None
    until: date | None


def asked(query: str, by: str, unit: str | None, province_field: str, since: date | None, until: date | None) -> Asked:
    """Return what is asked for; raises BadFilter for what can't be counted by."""
    if by not in BYS:
        text = _("'{by}' is nothing to count by; there are: {known}.")
        raise BadFilter(text.format(by=by, known=", ".join(BYS)))
    if unit is not None and unit not in UNITS:
        raise BadFilter(_("'{unit}' is no period; there are: year, month.").format(unit=unit))
    field = {"province": province_field, "topic": "topic"}.get(by)
    return Asked(query, by, unit if field else by, field, since, until)  # type: ignore[arg-type]


def count_trends(segments: Sequence[tuple[int, SegmentArrays]], docnums: Ints, wanted: Asked) -> Trends:
    """Return the trends of the documents `docnums` (ascending, over all segments)."""
    parts = [_Part(segment, docnums[_between(docnums, first, segment)] - first) for first, segment in segments]
    months = np.concatenate([part.months[part.months > MISSING] for part in parts]) if parts else np.empty(0, np.int64)
    first, last = _ends(months, wanted)
    unit = wanted.unit or ("month" if last - first < FEW_MONTHS else "year")
    step = 1 if unit == "month" else _MONTHS_A_YEAR
    start = first // step
    n_periods = last // step - start + 1 if len(months) else 0
    rows: dict[str, Ints] = {} if wanted.field else {"": np.zeros(n_periods, dtype=np.int64)}
    articles = np.zeros(n_periods, dtype=np.int64)
    for part in parts:
        for label, found in part.by_label(wanted.field):
            rows.setdefault(label, np.zeros(n_periods, dtype=np.int64))
            rows[label] += _counted(found // step - start, n_periods)
        articles += _counted(part.all_months() // step - start, n_periods)
    made = [Trend(label, tuple(counts.tolist()), int(counts.sum())) for label, counts in rows.items()]
    return Trends(
        wanted.query,
        wanted.by,
        unit,
        tuple(_named(start + number, unit) for number in range(n_periods)),
        tuple(sorted((row for row in made if row.total or not wanted.field), key=lambda row: (-row.total, row.value))),
        tuple(articles.tolist()),
        len(docnums),
        sum(int(np.count_nonzero(part.months == MISSING)) for part in parts),
    )


class _Part:
    """The documents of a segment that are counted, and the month of each, counted from 1970; MISSING without a date."""

    def __init__(self, segment: SegmentArrays, doc_ids: Ints) -> None:
        self._segment = segment
        self._doc_ids = doc_ids
        self.months = self._months_of(doc_ids)

    def all_months(self) -> Ints:
        """Return the months of all dated articles of the segment."""
        live = self._segment.live
        everything = np.arange(self._segment.doc_count) if live is None else np.flatnonzero(live)
        months = self._months_of(everything)
        return months[months > MISSING]

    def by_label(self, field: str | None) -> list[tuple[str, Ints]]:
        """Return for each label the months of its documents; without a field for "" those of all."""
        if field is None:
            return [("", self.months[self.months > MISSING])]
        column = self._segment.column(field)
        if not isinstance(column, LabelColumn):
            return []
        starts = column.offsets[self._doc_ids]
        counts = column.offsets[self._doc_ids + 1] - starts
        ordinals, months = column.ordinals[places_in(starts, counts)], np.repeat(self.months, counts)
        dated = months > MISSING
        ordinals, months = ordinals[dated], months[dated]
        return [(column.labels[one], months[ordinals == one]) for one in np.unique(ordinals).tolist()]

    def _months_of(self, doc_ids: Ints) -> Ints:
        column = self._segment.column("published")
        if not isinstance(column, NumericColumn):
            return np.full(len(doc_ids), MISSING, dtype=np.int64)
        published = column.values[doc_ids]
        known = published > MISSING
        moments = _EPOCH + np.where(known, published, 0).astype("timedelta64[us]") + _VIETNAM
        return np.where(known, moments.astype("datetime64[M]").astype(np.int64), MISSING)


def _between(docnums: Ints, first: int, segment: SegmentArrays) -> slice:
    start, end = np.searchsorted(docnums, (first, first + segment.doc_count)).tolist()
    return slice(start, end)


def _ends(months: Ints, wanted: Asked) -> tuple[int, int]:
    """The first and last month to show: those asked for, else those of the articles found."""
    first, last = (int(months.min()), int(months.max())) if len(months) else (0, 0)
    if wanted.since is not None:
        first = min(first, _month(wanted.since))
    if wanted.until is not None:
        last = max(last, _month(wanted.until))
    return first, last


def _month(day: date) -> int:
    return (day.year - 1970) * _MONTHS_A_YEAR + day.month - 1


def _counted(periods: Ints, n_periods: int) -> Ints:
    inside = periods[(periods >= 0) & (periods < n_periods)]
    return np.bincount(inside, minlength=n_periods)


def _named(period: int, unit: str) -> str:
    if unit == "year":
        return f"{period + 1970:04}"
    return f"{period // _MONTHS_A_YEAR + 1970:04}-{period % _MONTHS_A_YEAR + 1:02}"
