"""The command that reads all of an index and says whether it is sound."""

from __future__ import annotations

import typer
from rich.table import Table
from rich.text import Text

from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import articles, output, print_json
from searcher.cli.progress import counting_progress
from searcher.messages import _, number


@app.command("check", help=_("Read all of the index and say whether it is sound. Example: searcher check --json"))
def check_command(as_json: JsonOption = False, index: IndexOption = DEFAULT_INDEX) -> None:
    from searcher.storage import folder_of, is_cluster

    if is_cluster(index):
        _check_cluster(index, as_json=as_json)
        return
    from searcher.embedded.checking import check_index

    with counting_progress(_("checking")) as on_progress:
        report = check_index(folder_of(index), on_progress)
    if as_json:
        print_json(report)
    elif report.problems:
        table = Table(box=None, show_header=False, padding=(0, 1))
        for problem in report.problems:
            table.add_row(problem.file, Text(problem.part, "red"), problem.reason)
        console = output()
        console.print(table)
        count = len(report.problems)
        parts = _("1 part") if count == 1 else _("{count} parts").format(count=number(count))
        text = _("The index is damaged: {parts}. Make it anew: searcher index PATH --rebuild")
        console.print(text.format(parts=parts), style="bold red")
    else:
        text = _("The index is sound: {articles} in {segments}, {parts} parts, {size} MB read")
        segments = (
            _("1 segment") if report.segments == 1 else _("{count} segments").format(count=number(report.segments))
        )
        output().print(
            text.format(
                articles=articles(report.documents),
                segments=segments,
                parts=number(report.parts),
                size=number(report.bytes / 1e6, 1),
            )
        )
    if report.problems:
        raise typer.Exit(1)


def _check_cluster(index: str, *, as_json: bool) -> None:
    from searcher.cluster.checking import check_cluster

    report = check_cluster(index)
    if as_json:
        print_json(report)
    else:
        console = output()
        text = _(
            "{articles}, {terms} terms, {size} MB; shards: {shards}, nodes: {nodes}, OpenSearch {version}, {health}"
        )
        console.print(
            text.format(
                articles=articles(report.articles),
                shards=number(report.shards),
                nodes=number(report.nodes),
                version=report.version,
                health=report.health,
                size=number(report.bytes / 1e6, 1),
                terms=number(report.terms),
            )
        )
        for remark in report.remarks:
            console.print(Text(remark))
        for problem in report.problems:
            console.print(Text(problem, "bold red"))
        if report.is_sound:
            console.print(_("The index is sound."))
    if not report.is_sound:
        raise typer.Exit(1)
