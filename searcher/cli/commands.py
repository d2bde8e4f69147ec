"""The commands: options in, one library call, a view out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from searcher.cli import completion, views
from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import output, print_json
from searcher.cli.options import (
    CsvOption,
    ProvinceOption,
    ProvincesOfOption,
    SinceOption,
    TopicOption,
    UntilOption,
    filters_of,
)
from searcher.cli.reading import ColumnsOption, reading
from searcher.cli.tables import (
    HIT_COLUMNS,
    hit_object,
    hit_row,
    one_output,
    print_csv,
    print_jsonl,
    without_pages,
)
from searcher.messages import _


@app.command(
    "index", help=_("Read files and folders and bring the index up to date. Example: searcher index ~/articles")
)
def index_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help=_("Files and folders: pages, feeds, tables, documents, archives; seeds/ if none."), show_default=False
        ),
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help=_("Start from an empty index. Example: --rebuild"))
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help=_("Drop articles whose file has gone. Example: --prune"))
    ] = False,
    columns: ColumnsOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=_("Exit with 1 if anything could not be read. Example: --strict"))
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, max=256, help=_("Processes that work at once; all cores if not given. Example: -j 4")
        ),
    ] = None,
    memory: Annotated[
        int,
        typer.Option("--memory", min=100, metavar="MB", help=_("What each process may take. Example: --memory 512")),
    ] = 256,
    timings: Annotated[
        bool, typer.Option("--timings", help=_("Show which stage took how much processor time. Example: --timings"))
    ] = False,
) -> None:
    from searcher.cli.progress import indexing_progress
    from searcher.indexing import index_paths
    from searcher.sources import measure

    wanted = paths or [Path("seeds")]
    with indexing_progress(measure(wanted)) as on_progress:
        summary = index_paths(
            index,
            wanted,
            rebuild=rebuild,
            prune=prune,
            jobs=jobs,
            memory_mb=memory,
            on_progress=on_progress,
            options=reading(columns),
        )
    views.show_summary(summary)
    if timings:
        views.show_timings(summary)
    if (strict and not summary.is_whole) or (summary.rejected and not summary.articles):
        raise typer.Exit(1)


@app.command("query", help=_("Search the index. Example: searcher query 'mại dâm Sơn La' --topic mai-dam"))
def query_command(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help=_("What to look for, with or without diacritics; '' finds everything."))],
    province: ProvinceOption = None,
    provinces_of: ProvincesOfOption = None,
    topic: TopicOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
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
    from searcher.query import open_index

    one_output(json=as_json, csv=as_csv, jsonl=as_jsonl)
    filters = filters_of(province, provinces_of, topic, since, until)
    if as_csv or as_jsonl:
        from searcher.cli.results import print_remarks

        without_pages(context)
        with open_index(index) as opened:
            hits = opened.export(text, sort=sort, snippets=as_csv, **filters)
            print_remarks(output(error=True), hits.relaxed, hits.complete, hits.notes)
            print_csv(HIT_COLUMNS, map(hit_row, hits)) if as_csv else print_jsonl(map(hit_object, hits))
        return
    with open_index(index) as opened:
        results = opened.search(
            text,
            sort=sort,
            limit=limit,
            offset=(page - 1) * limit,
            all_copies=all_copies,
            recent=not no_recent,
            explain=explain,
            **filters,
        )
    if as_json:
        print_json(results.to_dict())
    else:
        from searcher.cli.results import filter_line, show_results

        show_results(results, filters=filter_line(filters, sort), page=page, limit=limit, provinces_of=provinces_of)


@app.command("show", help=_("Show one article. Example: searcher show b15f0361347245e6"))
def show_command(
    article_id: Annotated[str, typer.Argument(metavar="ID", help=_("The id, as query --json gives it."))],
    as_json: JsonOption = False,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    from searcher.query import open_index

    with open_index(index) as opened:
        article = opened.get(article_id)
    if as_json:
        print_json(article)
    else:
        views.show_article(article)


@app.command("stats", help=_("Show what the index holds. Example: searcher stats --json"))
def stats_command(as_json: JsonOption = False, index: IndexOption = DEFAULT_INDEX) -> None:
    from searcher.query import open_index

    with open_index(index) as opened:
        stats = opened.stats()
    if as_json:
        print_json(stats)
    else:
        views.show_stats(stats)
