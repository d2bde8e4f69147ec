"""How many articles there are over time, counted by a cluster; stories are counted here, of what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import numpy as np

from searcher.article import VIETNAM
from searcher.cluster.client import Client
from searcher.cluster.documents import signed_parts
from searcher.cluster.facets import by_month
from searcher.cluster.found import leads_of
from searcher.cluster.trees import EVERYTHING, Clause
from searcher.cluster.walking import Row, point_in_time, search, walk
from searcher.embedded.periods import MONTHS_A_YEAR, period_name
from searcher.embedded.trends import FEW_MONTHS
from searcher.errors import BadFilter
from searcher.messages import _, number
from searcher.query.trends import Asked, Trend, Trends

MOST_STORIES: Final = 300_000
"""Articles of an index whose stories are counted: each article's signature has to be fetched for it."""
_MOST_LABELS: Final = 1_000
_EPOCH: Final = 1970

Months = Mapping[int, int]
"""Articles by month, counted from January 1970."""


def count_trends(client: Client, index: str, query: Clause, total: int, wanted: Asked) -> Trends:
    """Return the trends of the `total` articles that a query finds."""
    months = {"months": {"date_histogram": by_month("published")}}
    counted: dict[str, Any] = {"whole": {"global": {}, "aggs": months}, **months}
    if wanted.field is not None:
        counted["rows"] = {"terms": {"field": wanted.field, "size": _MOST_LABELS}, "aggs": months}
    answer = search(client, index, {"size": 0, "query": query, "track_total_hits": False, "aggs": counted}).aggregations
    found, whole = _months(answer["months"]), _months(answer["whole"]["months"])
    rows = {"": found}
    if wanted.field is not None:
        rows = {str(one["key"]): _months(one["months"]) for one in answer["rows"]["buckets"] if one["key"]}
    return made(rows, found, whole, total, total - sum(found.values()), wanted)


def count_stories(client: Client, index: str, query: Clause, _total: int, wanted: Asked) -> Trends:
    """Return the trends of what a query finds, near-identical articles counted as one by the first of them.

    The index has in each period the stories of which an article is of that period. Raises BadFilter for an index of
    more than `MOST_STORIES` articles.
    """
    count = search(client, index, {"size": 0, "track_total_hits": True}).total
    if count > MOST_STORIES:
        text = _("Stories are counted in a cluster of up to {most} articles, and this index has {count}.")
        raise BadFilter(text.format(most=number(MOST_STORIES), count=number(count)))
    by_date: list[dict[str, Any]] = [{"published": {"order": "asc", "missing": "_last"}}, {"id": "asc"}]
    label = [wanted.field] if wanted.field is not None else []
    with point_in_time(client, index) as point:
        every = list(walk(client, point, EVERYTHING, ["id", "published", "signed", *label], by_date))
        matching = {row.first("id") for row in walk(client, point, query, ["id"])}
    leads = leads_of(signed_parts([row.first("signed") or "" for row in every])[0]).tolist()
    months = [_month_of(row) for row in every]
    of_period = {(lead, month) for lead, month in zip(leads, months, strict=True) if month is not None}
    first_of: dict[int, int] = {}
    for at, row in enumerate(every):
        if row.first("id") in matching:
            first_of.setdefault(leads[at], at)
    counted = [(every[at], months[at]) for at in first_of.values()]
    found = Counter(month for _row, month in counted if month is not None)
    rows: dict[str, Counter[int]] = {} if wanted.field else {"": found}
    if wanted.field is not None:
        for row, month in counted:
            for value in row.fields.get(wanted.field, ()) if month is not None else ():
                rows.setdefault(str(value), Counter())[month or 0] += 1
    undated = sum(1 for _row, month in counted if month is None)
    return made(rows, found, of_period, len(counted), undated, wanted)


def made(
    rows: Mapping[str, Months],
    found: Months,
    whole: Months | Iterable[tuple[int, int]],
    total: int,
    undated: int,
    wanted: Asked,
) -> Trends:
    """Return the trends of rows; `whole` are the index's articles by month, or its stories with the months of each."""
    first, last = _ends(found, wanted)
    unit = wanted.unit or ("month" if last - first < FEW_MONTHS else "year")
    step = 1 if unit == "month" else MONTHS_A_YEAR
    start = first // step
    n_periods = last // step - start + 1 if found else 0
    if isinstance(whole, Mapping):
        articles = _in_periods(whole, step, start, n_periods)
    else:
        stories = {(story, month // step) for story, month in whole}
        articles = _in_periods(Counter(period * step for _story, period in stories), step, start, n_periods)
    trends = [
        Trend(label, tuple(counts), sum(counts))
        for label, months in rows.items()
        for counts in (_in_periods(months, step, start, n_periods),)
    ]
    return Trends(
        wanted.query,
        wanted.by,
        unit,
        tuple(period_name(start + place, unit) for place in range(n_periods)),
        tuple(
            sorted((one for one in trends if one.total or not wanted.field), key=lambda row: (-row.total, row.value))
        ),
        tuple(articles),
        total,
        undated,
    )


def _months(answer: Mapping[str, Any]) -> dict[int, int]:
    found = {}
    for bucket in answer["buckets"]:
        year, _dash, month = bucket["key_as_string"].rpartition("-")
        found[(int(year) - _EPOCH) * MONTHS_A_YEAR + int(month) - 1] = int(bucket["doc_count"])
    return found


def _month_of(row: Row) -> int | None:
    given = row.first("published")
    if given is None:
        return None
    moment = datetime.fromisoformat(given).astimezone(VIETNAM)
    return (moment.year - _EPOCH) * MONTHS_A_YEAR + moment.month - 1


def _in_periods(months: Months, step: int, start: int, n_periods: int) -> list[int]:
    counts = np.zeros(n_periods, dtype=np.int64)
    for month, count in months.items():
        if 0 <= month // step - start < n_periods:
            counts[month // step - start] += count
    found: list[int] = counts.tolist()
    return found


def _ends(found: Months, wanted: Asked) -> tuple[int, int]:
    """The first and last month to show: those asked for, else those of the articles found."""
    first, last = (min(found), max(found)) if found else (0, 0)
    if wanted.since is not None:
        first = min(first, _month(wanted.since))
    if wanted.until is not None:
        last = max(last, _month(wanted.until))
    return first, last


def _month(day: date) -> int:
    return (day.year - _EPOCH) * MONTHS_A_YEAR + day.month - 1
