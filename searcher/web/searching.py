"""The search: its page, its JSON, and what is suggested while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from msgspec.structs import replace

from searcher.harmless import harmless
from searcher.query.objects import QueryObject, SuggestionObject, SuggestionsObject
from searcher.query.request import Filters
from searcher.query.results import Results
from searcher.web import schemas
from searcher.web.addresses import FACETS, Asked
from searcher.web.answers import answered, json_bytes
from searcher.web.facets import listed
from searcher.web.histogram import HEIGHT, Histogram, histogram
from searcher.web.jobs import HTML, JSON, Job, JsonJob
from searcher.web.pages import render
from searcher.web.parameters import Query
from searcher.web.settings import PAGE_SIZES
from searcher.web.tilemap import is_new_map, shaded

if TYPE_CHECKING:
    from searcher.web.leases import Lease

_MOST_SUGGESTIONS: Final = 10


@get("/", media_type=HTML, include_in_schema=False)
async def search_page(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """The page of a search."""
    return await answered(request, state, SearchPage(asked))


@get("/search.json", media_type=JSON, responses=schemas.of(QueryObject), operation_id="search", tags=["search"])
async def search_json(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """Search: a page of hits and the counts over all of them; what `searcher query --json` prints."""
    return await answered(request, state, SearchObject(asked))


@get("/suggest.json", media_type=JSON, responses=schemas.of(SuggestionsObject), operation_id="suggest", tags=["search"])
async def suggest_json(request: Request[Any, Any, Any], state: State, q: Query = "") -> Response[bytes]:
    """Complete what is being typed: topics, places, words, phrases and titles."""
    return await answered(request, state, Suggestions(q))


class SearchPage(Job, frozen=True):
    """The page of a search."""

    asked: Asked

    def make(self, lease: Lease) -> bytes:
        return _page(lease, self.asked)


class SearchObject(JsonJob, frozen=True):
    """What a search finds."""

    asked: Asked

    def make(self, lease: Lease) -> bytes:
        return json_bytes(run(lease, self.asked).printed())


class Suggestions(JsonJob, frozen=True):
    """What a text may become."""

    q: str

    def make(self, lease: Lease) -> bytes:
        found = lease.index.suggest(self.q, _MOST_SUGGESTIONS) if self.q.strip() else ()
        suggestions = tuple(SuggestionObject(one.text, one.kind, one.count, one.value or None) for one in found)
        return json_bytes(SuggestionsObject(harmless(self.q), suggestions))


def run(lease: Lease, asked: Asked, *, months: bool = False) -> Results:
    """Return the results of a search."""
    return lease.index.search(
        asked.q,
        sort=asked.order,
        limit=asked.size,
        offset=(asked.page - 1) * asked.size,
        all_copies=bool(asked.copies),
        recent=not asked.recent,
        literal=bool(asked.literal),
        months=months,
        **asked.filters,
    )


def _page(lease: Lease, asked: Asked) -> bytes:
    results = run(lease, asked, months=True)
    asked = _as_understood(asked, results)
    last_page = -(-results.distinct // asked.size)
    new_map = is_new_map(asked.provinces_of)
    counts = {one.value: one.count for one in results.facets["province"]}
    return render(
        "search.html",
        asked=asked,
        found_by=replace(asked, q=results.corrected or asked.q),
        first_partial=(results.complete_end or -1) + 1,
        bar_height=HEIGHT,
        facets=listed(asked, results),
        histogram=_histogram(asked, results),
        last_page=last_page,
        new_map=new_map,
        page_sizes=PAGE_SIZES,
        results=results,
        tiles=shaded(asked, counts, _articles_by_province(lease, asked.provinces_of)),
    ).encode()


def _as_understood(asked: Asked, results: Results) -> Asked:
    """Return what was asked for with the chosen values as the index names them."""
    changes: dict[str, Any] = {field: results.chosen.get(facet, ()) for facet, field in FACETS.items()}
    changes["years"] = tuple(map(int, changes["years"]))
    return replace(asked, **changes)


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
