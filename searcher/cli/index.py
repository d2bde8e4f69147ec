"""The command that reads files and folders into the index."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from searcher.cli import views
from searcher.cli.app import DEFAULT_INDEX, IndexOption, app
from searcher.cli.reading import ColumnsOption, reading
from searcher.messages import _, number


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
        bool, typer.Option("--prune", help=_("Drop articles below PATHS whose file has gone. Example: --prune"))
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=_("Do not ask before much is dropped. Example: --prune --yes"))
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
    from searcher.opening import index_paths
    from searcher.sources import measure

    wanted = paths or [Path("seeds")]
    with indexing_progress(measure(wanted)) as on_progress:

        def may_prune(gone: int, articles: int) -> bool:
            if yes or not (sys.stdin.isatty() and sys.stderr.isatty()):
                return yes
            on_progress.stop()
            question = _("{count} of {total} articles would be dropped, as their files have gone. Drop them?")
            return typer.confirm(question.format(count=number(gone), total=number(articles)), err=True)

        summary = index_paths(
            index,
            wanted,
            rebuild=rebuild,
            prune=prune,
            may_prune=may_prune,
            jobs=jobs,
            memory_mb=memory,
            on_progress=on_progress,
            options=reading(columns),
        )
    if strict:
        views.show_passed_over(summary)
    views.show_summary(summary)
    if timings:
        views.show_timings(summary)
    if summary.not_pruned or (strict and not summary.is_whole) or (summary.rejected and not summary.articles):
        raise typer.Exit(1)
