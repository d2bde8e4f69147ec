"""`searcher similar`: more like this."""

from __future__ import annotations

from typing import Final

from rich.padding import Padding
from rich.text import Text

from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import Console, day, joined, marked, output, print_json, topic_names
from searcher.cli.options import HowManyOption, IdArgument
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.query.results import Hit
from searcher.query.similar import Similar

_SHOWN_TERMS: Final = 12
_SHOWN_REASONS: Final = 5
_INDENT: Final = 3


@app.command("similar", help=_("Find articles like one. Example: searcher similar b15f0361347245e6"))
def similar_command(
    article_id: IdArgument,
    limit: HowManyOption = 10,
    as_json: JsonOption = False,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    from searcher.opening import open_index

    with open_index(index) as opened:
        found = opened.similar(article_id, limit)
    if as_json:
        print_json(found.printed())
    else:
        _show(found)


def _show(found: Similar) -> None:
    """Print the article, the terms that it was taken by, and what is like it, each with the terms that say so."""
    console = output()
    console.print(Text.assemble(_("Like: "), (harmless(found.article.title), "bold")))
    terms = ", ".join(f"{harmless(one.text)} {number(100 * one.weight)}" for one in found.terms[:_SHOWN_TERMS])
    console.print(Text(_("by what sets it apart, in hundredths: {terms}").format(terms=terms or "–"), "dim"))
    for copy in found.copies:
        line = _("a near-identical copy, not counted: {title}").format(title=harmless(copy.title))
        console.print(Text(joined([line, copy.id]), "yellow"))
    console.print()
    for hit in found.hits:
        _print_hit(console, hit)
    if not found.hits:
        console.print(_("No other article is like it."))


def _copies(count: int) -> str:
    if count == 1:
        return _("1 copy")
    return _("{count} copies").format(count=number(count)) if count else ""


def _print_hit(console: Console, hit: Hit) -> None:
    article = hit.article
    facts = [
        day(article.published),
        ", ".join(article.provinces or ()),
        topic_names(article.topics or ()),
        number(hit.score, 1),
        _copies(hit.copies),
        article.id,
    ]
    reasons = ", ".join(
        f"{harmless(term)} {number(points, 1)}" for term, points in list(hit.explanation.items())[:_SHOWN_REASONS]
    )
    console.print(Text.assemble(f"{hit.rank}. ", (harmless(article.title), "bold cyan")))
    for line in (
        Text(joined(facts), "dim"),
        Text(_("for: {terms}").format(terms=reasons), "green"),
        marked(hit.snippet),
    ):
        console.print(Padding(line, (0, 0, 0, _INDENT), expand=False))
    console.print()
