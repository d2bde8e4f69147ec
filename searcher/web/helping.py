"""The documentation, from the files that are the documentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from markupsafe import Markup

from searcher.messages import language
from searcher.web.answers import answered
from searcher.web.jobs import HTML, Job
from searcher.web.pages import render

if TYPE_CHECKING:
    from markdown_it.token import Token

    from searcher.web.leases import Lease

_PACKED: Final = Path(__file__).with_name("docs")
_IN_REPOSITORY: Final = Path(__file__).parents[2] / "docs"
PAGES: Final = ("huong-dan", "query-language", "web", "commands", "sources", "ranking", "tagging", "facts", "stability")
"""The pages that are shown, in their order; each a file in docs/."""
_FIRST: Final = {"vi": "huong-dan", "en": "query-language"}
_COMMAND: Final = re.compile(r"searcher query (?:'([^']+)'|\"([^\"]+)\")$")
_QUERIES: Final = frozenset({"query-language"})
"""Pages whose tables have a query in their first column."""


@get(["/docs", "/docs/{name:str}"], media_type=HTML, include_in_schema=False)
async def docs_page(request: Request[Any, Any, Any], state: State, name: FromPath[str] = "") -> Response[bytes]:
    """A page of the documentation; without a name the one to begin with."""
    name = name or _FIRST[language()]
    if name not in PAGES:
        raise NotFoundException
    return await answered(request, state, DocsPage(name))


class DocsPage(Job, frozen=True):
    """A page of the documentation."""

    name: str

    def make(self, lease: Lease) -> bytes:
        titles = {page: _document(page)[0] for page in PAGES}
        return render("docs.html", name=self.name, titles=titles, body=_document(self.name)[1]).encode()


@cache
def _document(name: str) -> tuple[str, Markup]:
    """Return the title of a document and its HTML, without that title, in which every example is a link."""
    from markdown_it import MarkdownIt

    folder = _PACKED if _PACKED.is_dir() else _IN_REPOSITORY
    text = (folder / f"{name}.md").read_text("utf-8")
    title, _line, rest = text.partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(rest)
    _link_examples(tokens, name)
    html = markdown.renderer.render(tokens, markdown.options, {})
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    html = html.replace("<pre>", '<pre tabindex="0">').replace("<th></th>", "<td></td>")
    return title.removeprefix("# "), Markup(html)


def _link_examples(tokens: Sequence[Token], name: str) -> None:
    """Have links between documents lead to their pages, and examples of queries to what they find."""
    column = -1
    for token in tokens:
        if token.type == "tr_open":
            column = -1
        elif token.type in ("td_open", "th_open"):
            column += 1
            if token.attrs.pop("style", ""):  # the policy of these pages lets no style be inline
                token.attrs["class"] = "n"
        elif token.type == "inline":
            in_cell, column_now = column >= 0, column
            token.children = [
                one
                for child in token.children or ()
                for one in _linked(child, is_query=in_cell and column_now == 0 and name in _QUERIES)
            ]
        elif token.type == "table_close":
            column = -1


def _linked(token: Token, *, is_query: bool) -> list[Token]:
    from markdown_it.token import Token

    if token.type == "link_open":
        target = str(token.attrs.get("href", ""))
        page, _hash, place = target.partition("#")
        if page.endswith(".md"):
            stem = page.removesuffix(".md").rpartition("/")[2]
            token.attrs["href"] = f"/docs/{stem}" + (f"#{place}" if place else "") if stem in PAGES else "/docs"
        elif not target.startswith(("http://", "https://", "#")):
            token.attrs["href"] = "/docs"
        return [token]
    if token.type != "code_inline":
        return [token]
    command = _COMMAND.match(token.content)
    query = (command[1] or command[2]) if command else token.content if is_query else ""
    if not query:
        return [token]
    opened = Token("link_open", "a", 1, attrs={"href": "/?" + urlencode({"q": query})})
    return [opened, token, Token("link_close", "a", -1)]
