"""The command that shows one article."""

from __future__ import annotations

from searcher.cli import views
from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import print_json
from searcher.cli.options import IdArgument
from searcher.messages import _


@app.command("show", help=_("Show one article. Example: searcher show b15f0361347245e6"))
def show_command(
    article_id: IdArgument,
    as_json: JsonOption = False,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    from searcher.facts.objects import shown_object
    from searcher.facts.wording import facts_line
    from searcher.opening import open_index

    with open_index(index) as opened:
        article = opened.get(article_id)
    shown = shown_object(article)
    if as_json:
        print_json(shown)
    else:
        views.show_article(article, facts_line(shown.facts))
