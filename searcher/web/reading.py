"""One article: its text with the query's words marked, its tags and why, what is like it, how to cite it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec.structs import replace

from searcher.article import Article
from searcher.facts.objects import ShownObject, shown_object
from searcher.messages import _
from searcher.query.objects import SimilarObject
from searcher.tagging.wording import evidence_kinds
from searcher.web import schemas
from searcher.web.addresses import Asked, article_address
from searcher.web.answers import answered, json_bytes
from searcher.web.jobs import HTML, JSON, Job, JsonJob
from searcher.web.pages import day, render
from searcher.web.parameters import Query
from searcher.web.spans import Marker, passages
from searcher.web.telling import NOTHING_TOLD, told_by

if TYPE_CHECKING:
    from searcher.query.contract import Index
    from searcher.tagging import ExplainedTag
    from searcher.web.leases import Lease

_JSON: Final = ".json"
_MOST_CHARS: Final = 400_000
"""Characters of a text that its page shows; JSON has all of it."""
_SIMILAR: Final = 6
_MOST_EXPLAINED: Final = 60_000
"""Characters of an article whose tags are explained: of longer ones it would take too long for a page."""


@get("/article/{article_id:path}", media_type=HTML, include_in_schema=False)
async def article_page(
    request: Request[Any, Any, Any], state: State, article_id: FromPath[str], q: Query = "", part: FromQuery[str] = ""
) -> Response[bytes]:
    """The page of an article; with .json behind its id the article as `searcher show --json` prints it."""
    wanted = str(article_id).removeprefix("/")
    if wanted.endswith(_JSON):
        return await answered(request, state, ArticleObject(wanted.removesuffix(_JSON)))
    if part == "copies":
        return await answered(request, state, CopiesPart(wanted))
    return await answered(request, state, ArticlePage(wanted, q, str(request.base_url).rstrip("/")))


@get(
    "/article.json",
    media_type=JSON,
    responses=schemas.of(ShownObject, missing=True),
    operation_id="article",
    tags=["articles"],
)
async def article_json(
    request: Request[Any, Any, Any],
    state: State,
    article_id: Annotated[str, QueryParameter(name="id", max_length=1000, description="The article's id.")],
) -> Response[bytes]:
    """One article, as `searcher show --json` prints it; /article/ID.json is the same."""
    return await answered(request, state, ArticleObject(article_id))


@get(
    "/similar.json",
    media_type=JSON,
    responses=schemas.of(SimilarObject, missing=True),
    operation_id="similar",
    tags=["articles"],
)
async def similar_json(
    request: Request[Any, Any, Any],
    state: State,
    article_id: Annotated[str, QueryParameter(name="id", max_length=1000, description="The article's id.")],
    n: Annotated[int, QueryParameter(ge=1, le=100, description="How many.")] = 10,
) -> Response[bytes]:
    """The articles most like one, and the terms that they were found by; what `searcher similar --json` prints."""
    return await answered(request, state, SimilarObjects(article_id, n))


class ArticlePage(Job, frozen=True):
    """The page of an article; `base` is the address of the server, as its reader has it."""

    article_id: str
    q: str
    base: str

    def make(self, lease: Lease) -> bytes:
        return _page(lease.index, self.article_id, self.q, self.base)


class ArticleObject(JsonJob, frozen=True):
    """An article."""

    article_id: str

    def make(self, lease: Lease) -> bytes:
        return json_bytes(shown_object(lease.index.get(self.article_id)))


class CopiesPart(Job, frozen=True):
    """The list of near-identical copies of an article, for a page that has it unfold."""

    article_id: str

    def make(self, lease: Lease) -> bytes:
        return render("copies.html", copies=lease.index.similar(self.article_id, 1, snippets=False).copies).encode()


class SimilarObjects(JsonJob, frozen=True):
    """What is like an article."""

    article_id: str
    n: int

    def make(self, lease: Lease) -> bytes:
        return json_bytes(lease.index.similar(self.article_id, self.n).printed())


def _page(index: Index, article_id: str, q: str, base: str) -> bytes:
    article = index.get(article_id)
    asked = Asked(q=q)
    shown = passages(article.title, article.lead, article.body[:_MOST_CHARS])
    told = told_by(article, with_links=index.has_facts) if len(article.body) <= _MOST_EXPLAINED else NOTHING_TOLD
    marker = Marker(told.spots)
    marked = index.mark(q, [one.text for one in shown])
    title, lead, *body = [marker.html(one, text) for one, text in zip(shown, marked, strict=True)]
    found = index.similar(article_id, _SIMILAR, snippets=False)
    return render(
        "article.html",
        article=article,
        asked=asked,
        body=body,
        citation=_citation(article, base + article_address(article.id)),
        copies=found.copies,
        cut=len(article.body) > _MOST_CHARS,
        explanation=_explained(article),
        kinds=evidence_kinds(),
        lead=lead,
        marks=marker.count,
        similar=found.hits,
        title=title,
        told=told,
    ).encode()


def _explained(article: Article) -> dict[str, ExplainedTag]:
    """Return why the article has its tags, by tag; one that its text does not give came with it."""
    if len(article.body) > _MOST_EXPLAINED:
        return {}
    from searcher.tagging import explain

    found = explain(replace(article, provinces=None, provinces_2025=None, topics=None))
    return {one.value: one for one in (*found.provinces, *found.topics)}


def _citation(article: Article, address: str) -> str:
    """Return the line by which the article is cited: title, source, day, address."""
    parts = [
        article.author,
        f"“{article.title}”" if article.title else "",
        article.source,
        day(article.published) if article.published else _("without a date"),
        article.url or address,
    ]
    return ", ".join(filter(None, parts)) + "."
