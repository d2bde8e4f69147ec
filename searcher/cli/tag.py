"""The command that shows the tags of articles, and why they have them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searcher.cli import views
from searcher.cli.app import JsonOption, app
from searcher.cli.console import output, print_json
from searcher.cli.reading import ColumnsOption, reading
from searcher.messages import _

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.sources import Options, Rejected


@app.command(
    "tag", help=_("Show the tags of articles without touching an index. Example: searcher tag seeds --explain")
)
def tag_command(
    paths: Annotated[list[Path], typer.Argument(help=_("Files and folders, as for index."))],
    explain: Annotated[
        bool, typer.Option("--explain", help=_("Show for each tag its score and what made it. Example: --explain"))
    ] = False,
    as_json: JsonOption = False,
    columns: ColumnsOption = None,
) -> None:
    unread: list[Rejected] = []
    unknown: dict[str, int] = {}
    articles = _articles(paths, reading(columns), unread, unknown)
    count = _explained(articles, as_json) if explain else _tagged(articles, as_json)
    views.show_rejected(unread)
    if unknown:
        output(error=True).print(views.unknown_tags_line(unknown), soft_wrap=True)
    if unread and not count:
        raise typer.Exit(1)


def _articles(
    paths: list[Path], options: Options, unread: list[Rejected], unknown: dict[str, int]
) -> Iterator[Article]:
    from searcher.article import identified
    from searcher.sources import Item, Rejected, read
    from searcher.tagging import unknown_tags

    for found in read(paths, options=options):
        if isinstance(found, Rejected):
            unread.append(found)
        elif isinstance(found, Item):
            if (refused := found.refused_date) is not None:
                unread.append(refused)
            for value in unknown_tags(found.article):
                unknown[value] = unknown.get(value, 0) + 1
            yield identified(found.article)


def _tagged(articles: Iterator[Article], as_json: bool) -> int:
    from searcher.cli.factviews import show_facts
    from searcher.cli.tagviews import show_tags
    from searcher.facts import extract
    from searcher.facts.objects import tagged_object
    from searcher.tagging import tag

    count = 0
    for article in map(tag, articles):
        count += 1
        facts = extract(article)
        if as_json:
            print_json(tagged_object(article, facts))
        else:
            show_tags(article)
            show_facts(facts)
    return count


def _explained(articles: Iterator[Article], as_json: bool) -> int:
    from searcher.cli.factviews import show_read_facts
    from searcher.cli.tagviews import show_explanation
    from searcher.facts import explain_facts
    from searcher.facts.objects import fully_explained_object
    from searcher.tagging import explain

    count = 0
    for explanation in map(explain, articles):
        count += 1
        facts, read = explain_facts(explanation.article)
        if as_json:
            print_json(fully_explained_object(explanation, facts, read))
        else:
            show_explanation(explanation)
            show_read_facts(facts, read)
    return count
