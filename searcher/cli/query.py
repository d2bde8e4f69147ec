"""The command that searches."""

from typing import Annotated

import typer

from searcher.cli import completion
from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import output, print_json
from searcher.cli.options import CsvOption, narrowed
from searcher.cli.tables import one_output, print_csv, print_jsonl, without_pages
from searcher.cli.words import TextCommand
from searcher.messages import _
from searcher.query.request import Filters
from searcher.query.rows import HIT_COLUMNS, hit_row


@app.command(
    "query", cls=TextCommand, help=_("Search the index. Example: searcher query 'mại dâm Sơn La' --topic mai-dam")
)
@narrowed
def query_command(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help=_("What to look for, with or without diacritics; '' finds everything."))],
    filters: Filters,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            "-s",
            help=_("relevance, newest or oldest. Example: --sort newest"),
            autocompletion=completion.sorts,
        ),
    ] = "relevance",
    limit: Annotated[int, typer.Option("-n", "--limit", min=0, max=1000, help=_("Hits a page. Example: -n 20"))] = 10,
    page: Annotated[int, typer.Option("--page", min=1, help=_("Which page. Example: --page 2"))] = 1,
    all_copies: Annotated[
        bool, typer.Option("--all-copies", help=_("Show each near-identical article. Example: --all-copies"))
    ] = False,
    no_recent: Annotated[
        bool, typer.Option("--no-recent", help=_("Do not prefer newer articles. Example: --no-recent"))
    ] = False,
    no_meaning: Annotated[
        bool,
        typer.Option("--no-meaning", help=_("Go by words only, not by what articles are about. Example: --no-meaning")),
    ] = False,
    literal: Annotated[
        bool, typer.Option("--literal", help=_("Search for just what was typed. Example: --literal"))
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help=_("Show what was understood and how scores came about. Example: --explain")),
    ] = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    as_jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help=_("Print every hit with its whole article, one a line. Example: --jsonl")),
    ] = False,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    from searcher.opening import open_index

    one_output(json=as_json, csv=as_csv, jsonl=as_jsonl)
    if as_csv or as_jsonl:
        from searcher.cli.remarks import print_remarks, undated_remark

        without_pages(context)
        with open_index(index) as opened:
            hits = opened.export(text, sort=sort, snippets=as_csv, **filters)
            remarks = [undated_remark(hits.undated)] if hits.by_days else []
            print_remarks(output(error=True), hits.relaxed, hits.complete, (*hits.notes, *remarks))
            print_csv(HIT_COLUMNS, map(hit_row, hits)) if as_csv else print_jsonl(hit.printed_whole() for hit in hits)
        return
    with open_index(index) as opened:
        results = opened.search(
            text,
            sort=sort,
            limit=limit,
            offset=(page - 1) * limit,
            all_copies=all_copies,
            recent=not no_recent,
            meaning=not no_meaning,
            literal=literal,
            explain=explain,
            **filters,
        )
    if as_json:
        print_json(results.printed())
    else:
        from searcher.cli.results import show_results

        show_results(results, filters, sort=sort, page=page, limit=limit)
