"""The command that reads all of an index and says whether it is sound."""

from __future__ import annotations

import typer
from rich.table import Table
from rich.text import Text

from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import output, print_json
from searcher.cli.progress import counting_progress
from searcher.messages import _, number


@app.command("check", help=_("Read all of the index and say whether it is sound. Example: searcher check --json"))
def check_command(as_json: JsonOption = False, index: IndexOption = DEFAULT_INDEX) -> None:
    from searcher.embedded.checking import check_index

    with counting_progress(_("checking")) as on_progress:
        report = check_index(index, on_progress)
    if as_json:
        print_json(report)
    elif report.problems:
        table = Table(box=None, show_header=False, padding=(0, 1))
        for problem in report.problems:
            table.add_row(problem.file, Text(problem.part, "red"), problem.reason)
        console = output()
        console.print(table)
        text = _("The index is damaged: {count} parts. Make it anew: searcher index PATH --rebuild")
        console.print(text.format(count=number(len(report.problems))), style="bold red")
    else:
        text = _("The index is sound: {documents} articles in {segments} segments, {parts} parts, {size} MB read")
        output().print(
            text.format(
                documents=number(report.documents),
                segments=number(report.segments),
                parts=number(report.parts),
                size=number(report.bytes / 1e6, 1),
            )
        )
    if report.problems:
        raise typer.Exit(1)
