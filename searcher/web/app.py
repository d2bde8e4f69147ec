"""The application: its addresses, and what they share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.params import Body, FromPath
from litestar.response import Redirect

from searcher.about import VERSION
from searcher.messages import LANGUAGES
from searcher.opening import open_index
from searcher.query.contract import Index
from searcher.web.answering import Answering, Here
from searcher.web.answers import Kept, failed, json_bytes, respond
from searcher.web.charting import trends_csv, trends_json, trends_page
from searcher.web.exporting import Exports, search_atom, search_csv, search_jsonl, search_xlsx
from searcher.web.guard import Guard
from searcher.web.helping import docs_page
from searcher.web.holdings import index_json, index_page
from searcher.web.jobs import JSON
from searcher.web.languages import COOKIE
from searcher.web.leases import SharedIndex
from searcher.web.pages import static_files
from searcher.web.parameters import asked_for
from searcher.web.reading import article_json, article_page, similar_json
from searcher.web.searching import search_json, search_page, suggest_json
from searcher.web.settings import Settings
from searcher.web.uploading import Uploads, progress, upload
from searcher.web.workers import Workers

_FOREVER: Final = "public, max-age=31536000, immutable"
_A_YEAR_S: Final = 365 * 24 * 3600
_MAX_FORM: Final = 10_000


@get("/static/{digest:str}/{name:str}", include_in_schema=False)
async def static_file(request: Request[Any, Any, Any], digest: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A file that pages refer to; its address changes with it, so that a browser asks once."""
    file = static_files().get(name)
    if file is None or f"/static/{digest}/{name}" != file.address:
        raise NotFoundException
    headers = {"cache-control": _FOREVER, "vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, media_type=file.media_type, headers=headers | {"content-encoding": "gzip"})
    return Response(file.content, media_type=file.media_type, headers=headers)


@get("/openapi.json", include_in_schema=False)
async def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What this server's JSON is, as OpenAPI 3.1."""
    return respond(request, json_bytes(request.app.openapi_schema.to_schema()), JSON)


@get("/favicon.ico", include_in_schema=False)
async def favicon() -> Redirect:
    """Where browsers look for the sign of a site without reading its page."""
    return Redirect(static_files()["searcher.svg"].address, status_code=302)


@post("/language", include_in_schema=False, status_code=303)
async def choose_language(
    data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Keep the language that a reader chose, and go back to the page they were on."""
    chosen, back = data.get("language", ""), data.get("back", "")
    if chosen not in LANGUAGES:
        raise NotFoundException
    parts = urlsplit(back)
    local = back.startswith("/") and not back.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    cookie = Cookie(key=COOKIE, value=chosen, max_age=_A_YEAR_S, httponly=True, samesite="lax")
    return Redirect(
        back if local and back.isprintable() and "\\" not in back else "/", status_code=303, cookies=[cookie]
    )


def make_app(settings: Settings, open_location: Callable[[str | Path], Index] = open_index) -> Litestar:
    """Return the application; raises what `open_location` raises where the index can't be opened."""
    shared = SharedIndex(settings.location, open_location)
    maker = Workers(settings.location, settings.workers) if settings.workers else Here(shared, settings.threads)
    answering = Answering(maker, waiting=settings.waiting, seconds=settings.search_s)
    exports = Exports(shared, most=settings.exports, seconds=settings.export_s, stalled_s=settings.stalled_s)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await answering.ready()
        yield
        answering.close()
        exports.close()
        shared.close()

    return Litestar(
        route_handlers=[
            search_page,
            search_json,
            search_csv,
            search_jsonl,
            search_xlsx,
            search_atom,
            suggest_json,
            article_page,
            article_json,
            similar_json,
            trends_page,
            trends_json,
            trends_csv,
            index_page,
            index_json,
            docs_page,
            choose_language,
            upload,
            progress,
            static_file,
            openapi_json,
            favicon,
        ],
        dependencies={"asked": Provide(asked_for, sync_to_thread=False)},
        exception_handlers={Exception: failed},
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="searcher",
            version=VERSION,
            description="Search over Vietnamese public-order news: the JSON of the pages.",
            render_plugins=[],
        ),
        request_max_body_size=settings.max_upload_bytes + _MAX_FORM if settings.allow_upload else _MAX_FORM,
        state=State(
            {
                "settings": settings,
                "shared": shared,
                "answering": answering,
                "kept": Kept(settings.kept_bytes),
                "exports": exports,
                "uploads": Uploads(settings),
            }
        ),
    )


def guarded(settings: Settings, open_location: Callable[[str | Path], Index] = open_index) -> Guard:
    """Return the application behind its guard; raises as `make_app` does."""
    return Guard(make_app(settings, open_location), settings)
