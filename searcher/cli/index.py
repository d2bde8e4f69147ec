"""The command that reads files and folders into the index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from searcher.cli import views
from searcher.cli.app import DEFAULT_INDEX, IndexOption, app
from searcher.cli.reading import ColumnsOption, reading
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
    from searcher.opening import folder_of
    from searcher.sources import measure

    folder = folder_of(index)
    wanted = paths or [Path("seeds")]
    with indexing_progress(measure(wanted)) as on_progress:
        summary = index_paths(
            folder,
            wanted,
            rebuild=rebuild,
            prune=prune,
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
    if (strict and not summary.is_whole) or (summary.rejected and not summary.articles):
        raise typer.Exit(1)
