"""Trends: how many articles there are over time, as charts and as numbers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from msgspec.structs import replace

from searcher.facts.naming import resolve
from searcher.query.objects import TrendsObject
from searcher.query.rows import csv_cell
from searcher.query.trends import BYS, UNITS, Trends
from searcher.tagging import resolve_province, resolve_topic
from searcher.web import schemas
from searcher.web.addresses import Asked
from searcher.web.answers import answered, json_bytes
from searcher.web.charts import HEIGHT, chart
from searcher.web.jobs import HTML, JSON, Job, JsonJob
from searcher.web.pages import render

if TYPE_CHECKING:
    from searcher.web.leases import Lease

MOST_COLUMNS: Final = 40
"""Periods that the table of several rows has a column for; CSV has all."""


@get("/trends", media_type=HTML, include_in_schema=False)
async def trends_page(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """The page of trends."""
    return await answered(request, state, TrendsPage(asked))


@get("/trends.json", media_type=JSON, responses=schemas.of(TrendsObject), operation_id="trends", tags=["trends"])
async def trends_json(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """Counts over time, as `searcher trends --json` prints them."""
    return await answered(request, state, TrendsNumbers(asked))


@get("/trends.csv", include_in_schema=False)
async def trends_csv(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """Counts over time, as `searcher trends --csv` prints them."""
    response = await answered(request, state, TrendsTable(asked))
    response.headers["content-disposition"] = 'attachment; filename="trends.csv"'
    return response


class TrendsPage(Job, frozen=True):
    """The page of trends."""

    asked: Asked

    def make(self, lease: Lease) -> bytes:
        return _page(lease, self.asked)


class TrendsNumbers(JsonJob, frozen=True):
    """Counts over time."""

    asked: Asked

    def make(self, lease: Lease) -> bytes:
        return json_bytes(_count(lease, self.asked).printed())


class TrendsTable(Job, frozen=True):
    """Counts over time as CSV."""

    asked: Asked

    @property
    def media_type(self) -> str:
        return "text/csv"

    def make(self, lease: Lease) -> bytes:
        found = _count(lease, self.asked)
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\r\n")
        text.write("\ufeff")
        out.writerow(found.columns)
        out.writerows([csv_cell(value) for value in row] for row in found.table())
        return text.getvalue().encode("utf-8", "replace")


def _count(lease: Lease, asked: Asked) -> Trends:
    return lease.index.trends(asked.q, by=asked.by, unit=asked.per, **asked.filters)


def _page(lease: Lease, asked: Asked) -> bytes:
    found = _count(lease, asked)
    asked = replace(
        asked,
        offences=tuple(resolve("offence", name) or name for name in asked.offences),
        stages=tuple(resolve("stage", name) or name for name in asked.stages),
        drugs=tuple(resolve("drug", name) or name for name in asked.drugs),
        kinds=tuple(resolve("kind", name) or name for name in asked.kinds),
        provinces=tuple(resolve_province(name, asked.provinces_of) or name for name in asked.provinces),
        topics=tuple(resolve_topic(name) or name for name in asked.topics),
    )
    return render(
        "trends.html",
        asked=asked,
        bys=BYS,
        chart=chart(found, asked.shade),
        height=HEIGHT,
        most_columns=MOST_COLUMNS,
        trends=found,
        units=UNITS,
    ).encode()
