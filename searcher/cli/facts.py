"""The command that counts cases and sums what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searcher.about import DISTRIBUTION
from searcher.cli import completion
from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import output, print_json
from searcher.cli.options import CsvOption, narrowed
from searcher.cli.tables import one_output, print_csv
from searcher.errors import BadFilter
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.query.request import Filters

if TYPE_CHECKING:
    from searcher.query.cases import CaseCounts, CaseRow

COLUMNS = (
    "value", "cases", "articles", "linked", "suspects", "victims", "drug", "grams", "pills", "cakes", "deaths", "lives",
    "terms",
)  # fmt: skip


@app.command(
    "facts",
    help=_("Count cases and sum what they are about. Example: searcher facts heroin --by province"),
)
@narrowed
def facts_command(
    filters: Filters,
    text: Annotated[str, typer.Argument(help=_("What to look for; without it all cases are counted."))] = "",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help=_("A row for each province, month, offence or drug. Example: --by month"),
            autocompletion=completion.case_rows,
        ),
    ] = "",
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help=_("Write a workbook to this file. Example: --xlsx vu-an.xlsx"))
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    from searcher.cli.remarks import print_remarks, undated_remark
    from searcher.opening import open_index
    from searcher.query.cases import count_cases

    one_output(json=as_json, csv=as_csv, xlsx=xlsx is not None)
    with open_index(index) as opened:
        if not opened.has_facts:
            raise BadFilter(_("This index has no facts of cases; make it anew with: searcher index --rebuild"))
        # As trends do: what has only some of the words is counted where nothing has all of them.
        found = opened.export(text, sort="newest", **filters)
        counts = count_cases(text, found, by, found.notes)
    remarks = [undated_remark(found.undated)] if found.by_days else []
    print_remarks(output(error=True), found.relaxed, found.complete, remarks)
    if as_json:
        print_json(counts)
    elif as_csv:
        print_csv(COLUMNS, rows(counts))
    elif xlsx is not None:
        _write(xlsx, counts)
    else:
        _show(counts)


def rows(counts: CaseCounts) -> Iterator[list[Any]]:
    """Yield the rows of a table, one for each drug of each row of counts; the last ones are of the total."""
    for row in (*counts.rows, counts.total):
        drugs = sorted({*row.grams, *row.pills, *row.cakes}) or [""]
        for place, drug in enumerate(drugs):
            amounts = [figures[drug].value if drug in figures else "" for figures in (row.grams, row.pills, row.cakes)]
            shared = [row.value or "*", row.cases, row.articles, row.linked, row.suspects.value, row.victims.value]
            ends = [row.deaths, row.lives, row.terms]
            # Figures of the row stand in its first line only, so that a column adds up.
            yield [
                *(shared if not place else [shared[0], *[""] * 5]),
                drug,
                *amounts,
                *(ends if not place else [""] * 3),
            ]


def _write(file: Path, counts: CaseCounts) -> None:
    try:
        from openpyxl import Workbook
    except ImportError:
        text = _("A workbook needs openpyxl: pip install '{distribution}[files]' brings it.")
        raise typer.BadParameter(text.format(distribution=DISTRIBUTION)) from None
    book = Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS))
    count = 0
    for count, row in enumerate(rows(counts), 1):  # noqa: B007
        # A text is never a formula, whatever a source gave as the name of a province.
        sheet.append([f"'{one}" if isinstance(one, str) and one.startswith("=") else one for one in row])
    try:
        book.save(file)
    except OSError as error:
        text = _("'{file}' can't be written: {error}.")
        raise typer.BadParameter(text.format(file=file, error=error.strerror or error)) from error
    output().print(_("{file}: {count} rows").format(file=harmless(str(file)), count=number(count)))


def _show(counts: CaseCounts) -> None:
    from rich.table import Table
    from rich.text import Text

    from searcher.facts.wording import fact_name

    console = output()
    total = counts.total
    line = _("{cases} cases in {articles} articles").format(cases=number(total.cases), articles=number(total.articles))
    more = _("{count} cases are told by several articles, {likely} of them only likely the same").format(
        count=number(total.linked), likely=number(total.likely)
    )
    console.print(Text.assemble((line, "bold"), f" · {more}"))
    for note in counts.notes:
        console.print(Text(harmless(note), "yellow"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    headings = {"province": _("province"), "month": _("month"), "offence": _("offence"), "drug": _("drug")}
    table.add_column(headings.get(counts.by, ""))
    for title in (_("cases"), _("articles"), _("suspects"), _("victims"), _("death"), _("life")):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column(_("drugs (articles they rest on)"))
    for row in (*counts.rows, total):
        name = fact_name(counts.by, row.value) if row is not total else _("altogether")
        figures = (row.cases, row.articles, row.suspects.value, row.victims.value, row.deaths, row.lives)
        table.add_row(harmless(name) or "–", *map(number, figures), _drugs(row))
    console.print(table)
    console.print(Text(_("Read by a program from news: look a figure up in its articles before it is used."), "dim"))
    console.print(Text(_("The articles of a row: --json has their ids."), "dim"))


def _drugs(row: CaseRow) -> str:
    from searcher.facts.wording import drug_name, weight

    parts = []
    for drug in sorted({*row.grams, *row.pills, *row.cakes}):
        amounts = []
        if drug in row.grams:
            amounts.append(f"{weight(row.grams[drug].value)} ({number(row.grams[drug].articles)})")
        if drug in row.pills:
            pills = _("{count} pills").format(count=number(row.pills[drug].value))
            amounts.append(f"{pills} ({number(row.pills[drug].articles)})")
        if drug in row.cakes:
            cakes = _("{count} cakes").format(count=number(row.cakes[drug].value))
            amounts.append(f"{cakes} ({number(row.cakes[drug].articles)})")
        parts.append(f"{drug_name(drug)} {', '.join(amounts)}")
    return "; ".join(parts)
