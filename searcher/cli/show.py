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
    from searcher.opening import open_index

    with open_index(index) as opened:
        article = opened.get(article_id)
    if as_json:
        print_json(article)
    else:
        views.show_article(article)
