"""How many articles there are over time, counted by a cluster; stories are counted here, of what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from searcher.article import VIETNAM
from searcher.cluster.client import Client
from searcher.cluster.documents import signed_parts
from searcher.cluster.facets import by_month
from searcher.cluster.found import leads_of
from searcher.cluster.trees import EVERYTHING, Clause
from searcher.cluster.walking import Row, point_in_time, search, walk
from searcher.errors import BadFilter
from searcher.messages import _, number
from searcher.query.periods import Periods, month_number, periods_of, trends_of
from searcher.query.trends import Asked, Trends

MOST_STORIES: Final = 300_000
"""Articles of an index whose stories are counted: each article's signature has to be fetched for it."""
_MOST_LABELS: Final = 1_000

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
    shown = periods_of((min(found), max(found)) if found else None, wanted)
    if isinstance(whole, Mapping):
        articles = _in_periods(whole, shown)
    else:
        stories = {(story, month // shown.step) for story, month in whole}
        articles = _in_periods(Counter(period * shown.step for _story, period in stories), shown)
    counts = {label: _in_periods(months, shown) for label, months in rows.items()}
    return trends_of(wanted, shown, counts, articles, total, undated)


def _months(answer: Mapping[str, Any]) -> dict[int, int]:
    found = {}
    for bucket in answer["buckets"]:
        found[month_number(date.fromisoformat(f"{bucket['key_as_string']}-01"))] = int(bucket["doc_count"])
    return found


def _month_of(row: Row) -> int | None:
    given = row.first("published")
    if given is None:
        return None
    return month_number(datetime.fromisoformat(given).astimezone(VIETNAM))


def _in_periods(months: Months, shown: Periods) -> list[int]:
    counts = [0] * shown.count
    for month, count in months.items():
        place = month // shown.step - shown.start
        if 0 <= place < shown.count:
            counts[place] += count
    return counts
