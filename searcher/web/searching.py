"""The search: its page, its JSON, and what is suggested while one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from msgspec.structs import replace

from searcher.harmless import harmless
from searcher.messages import number
from searcher.query.objects import QueryObject, SuggestionObject, SuggestionsObject
from searcher.query.request import Filters
from searcher.query.results import FacetCount, Results
from searcher.web import schemas
from searcher.web.addresses import FACETS, Asked
from searcher.web.answers import HTML, JSON, answered, json_bytes
from searcher.web.histogram import HEIGHT, Histogram, histogram
from searcher.web.pages import facet_value, render
from searcher.web.parameters import Query
from searcher.web.settings import PAGE_SIZES
from searcher.web.tilemap import is_new_map, shaded

if TYPE_CHECKING:
    from searcher.web.leases import Lease

FACET_ROWS: Final = 8
BAR_STEPS: Final = 20
_MOST_SUGGESTIONS: Final = 10
_FIRST: Final = ("topic", "province", "year")
_NOT_LISTED: Final = frozenset({"month"})
"""Facets that are drawn and not listed."""


@get("/", media_type=HTML, include_in_schema=False)
async def search_page(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """The page of a search."""
    return await answered(request, state, lambda lease: _page(lease, asked))


@get("/search.json", media_type=JSON, responses=schemas.of(QueryObject), operation_id="search", tags=["search"])
async def search_json(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """Search: a page of hits and the counts over all of them; what `searcher query --json` prints."""
    return await answered(request, state, lambda lease: json_bytes(run(lease, asked).printed()), JSON)


@get("/suggest.json", media_type=JSON, responses=schemas.of(SuggestionsObject), operation_id="suggest", tags=["search"])
async def suggest_json(request: Request[Any, Any, Any], state: State, q: Query = "") -> Response[bytes]:
    """Complete what is being typed: topics, places, words, phrases and titles."""

    def suggestions(lease: Lease) -> bytes:
        found = lease.index.suggest(q, _MOST_SUGGESTIONS) if q.strip() else ()
        return json_bytes(
            SuggestionsObject(
                harmless(q), tuple(SuggestionObject(one.text, one.kind, one.count, one.value or None) for one in found)
            )
        )

    return await answered(request, state, suggestions, JSON)


def run(lease: Lease, asked: Asked, *, months: bool = False) -> Results:
    """Return the results of a search."""
    return lease.index.search(
        asked.q,
        sort=asked.order,
        limit=asked.size,
        offset=(asked.page - 1) * asked.size,
        all_copies=bool(asked.copies),
        recent=not asked.recent,
        months=months,
        **asked.filters,
    )


class Row(NamedTuple):
    """A value of a facet as the page lists it: `address` is where it leads, "" nowhere; `width` is 1 to `BAR_STEPS`."""

    name: str
    articles: str
    width: int
    address: str
    is_chosen: bool


class FacetView(msgspec.Struct, frozen=True):
    """A facet as the page lists it: `head` is shown, `rest` unfolds; `clear` leads to where nothing of it is chosen."""

    name: str
    head: Sequence[Row]
    rest: Sequence[Row]
    clear: str


def _page(lease: Lease, asked: Asked) -> bytes:
    results = run(lease, asked, months=True)
    asked = _as_understood(asked, results)
    last_page = -(-results.distinct // asked.size)
    new_map = is_new_map(asked.provinces_of)
    counts = {one.value: one.count for one in results.facets["province"]}
    return render(
        "search.html",
        asked=asked,
        bar_height=HEIGHT,
        facets=[_facet(name, asked, results) for name in _listed(results)],
        histogram=_histogram(asked, results),
        last_page=last_page,
        new_map=new_map,
        page_sizes=PAGE_SIZES,
        results=results,
        tiles=shaded(asked, counts, _articles_by_province(lease, asked.provinces_of)),
    ).encode()


def _as_understood(asked: Asked, results: Results) -> Asked:
    """Return what was asked for with the chosen values as the index names them."""
    chosen = {field: results.chosen.get(facet, ()) for facet, field in FACETS.items()}
    return replace(
        asked, provinces=chosen["provinces"], topics=chosen["topics"], years=tuple(map(int, chosen["years"]))
    )


def _listed(results: Results) -> list[str]:
    """Return the facets to list, those first that are asked by most."""
    first = [name for name in _FIRST if name in results.facets]
    return first + [name for name in results.facets if name not in _FIRST and name not in _NOT_LISTED]


def _facet(name: str, asked: Asked, results: Results) -> FacetView:
    chosen, counts = results.chosen.get(name, ()), results.facets[name]
    known = {one.value for one in counts}
    counts = (*counts, *(FacetCount(value, 0) for value in chosen if value not in known))
    most = max((one.count for one in counts), default=1) or 1
    narrows = name in FACETS
    head: list[Row] = []
    rest: list[Row] = []
    for place, one in enumerate(counts):
        row = Row(
            facet_value(name, one.value),
            number(one.count),
            max(round(BAR_STEPS * one.count / most), 1),
            asked.toggled(name, one.value) if narrows else "",
            one.value in chosen,
        )
        (head if place < FACET_ROWS or row.is_chosen else rest).append(row)
    return FacetView(name, head, rest, asked.without(name) if narrows and chosen else "")


def _histogram(asked: Asked, results: Results) -> Histogram | None:
    since, until = asked.filters.get("since"), asked.filters.get("until")
    return histogram(
        results.facets.get("month", ()), f"{since:%Y-%m}" if since else "", f"{until:%Y-%m}" if until else ""
    )


def _articles_by_province(lease: Lease, provinces_of: int | None) -> dict[str, int]:
    """Return how many articles of the index concern each province."""
    name = "provinces-34" if is_new_map(provinces_of) else "provinces-63"
    kept: dict[str, int] | None = lease.kept.get(name)
    if kept is None:
        filters: Filters = {"provinces_of": provinces_of}
        everything = lease.index.search("", limit=0, snippets=False, **filters)
        kept = lease.kept[name] = {one.value: one.count for one in everything.facets["province"]}
    return kept
