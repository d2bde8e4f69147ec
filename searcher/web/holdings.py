"""What the index holds and what the last run could not read; and, where that is allowed, the way in for files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.datastructures import State

from searcher.query.results import Stats
from searcher.web import schemas
from searcher.web.answers import answered, json_bytes
from searcher.web.jobs import HTML, JSON, Job, JsonJob
from searcher.web.pages import render

if TYPE_CHECKING:
    from searcher.web.leases import Lease


@get("/index", media_type=HTML, include_in_schema=False)
async def index_page(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """The page of what the index holds."""
    return await answered(request, state, IndexPage(state.settings.allow_upload))


@get("/index.json", media_type=JSON, responses=schemas.of(Stats), operation_id="index", tags=["index"])
async def index_json(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """What the index holds, as `searcher stats --json` prints it."""
    return await answered(request, state, IndexObject())


class IndexPage(Job, frozen=True):
    """The page of what the index holds; `upload` says whether files may be added."""

    upload: bool

    def make(self, lease: Lease) -> bytes:
        return render("index.html", stats=_stats(lease), upload=self.upload).encode()


class IndexObject(JsonJob, frozen=True):
    """What the index holds."""

    def make(self, lease: Lease) -> bytes:
        return json_bytes(_stats(lease))


def _stats(lease: Lease) -> Stats:
    kept: Stats | None = lease.kept.get("stats")
    if kept is None:
        kept = lease.kept["stats"] = lease.index.stats()
    return kept
