"""The command that copies an index between a folder and a cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from searcher.cli.app import app
from searcher.cli.console import articles, output
from searcher.cli.progress import counting_progress
from searcher.messages import _


@app.command(
    "copy",
    help=_("Copy an index into a folder or a cluster. Example: searcher copy index https://host:9200/news"),
)
def copy_command(
    source: Annotated[str, typer.Argument(metavar="FROM", help=_("The index: its folder or address."))],
    target: Annotated[str, typer.Argument(metavar="TO", help=_("Where the copy is to be: a folder or an address."))],
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help=_("Replace the index that is there. Example: --rebuild"))
    ] = False,
) -> None:
    from searcher.cluster.copying import copy_index

    with counting_progress(_("copying")) as on_progress:
        count = copy_index(source, target, rebuild=rebuild, on_copied=on_progress)
    output().print(_("Copied: {articles}").format(articles=articles(count)))
