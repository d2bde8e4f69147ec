"""The command that counts cases and sums what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

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

_GAP: Final = 2
_LEAST_NAME: Final = 12


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
    from rich.text import Text

    from searcher.facts.wording import fact_name

    console = output()
    console.print(Text.assemble((_headline(counts), "bold"), _linked(counts)))
    for note in counts.notes:
        console.print(Text(harmless(note), "yellow"))
    headings = {"province": _("province"), "month": _("month"), "offence": _("offence"), "drug": _("drug")}
    titles = [_("cases"), _("articles"), _("suspects"), _("victims"), _("death"), _("life")]
    lines = [[headings.get(counts.by, ""), *titles]]
    drugs = [_("drugs (articles they rest on)")]
    for row in (*counts.rows, counts.total):
        name = fact_name(counts.by, row.value) if row is not counts.total else _("altogether")
        figures = (row.cases, row.articles, row.suspects.value, row.victims.value, row.deaths, row.lives)
        lines.append([harmless(name) or "–", *map(number, figures)])
        drugs.append(_drugs(row))
    _print_lines(lines, drugs)
    console.print(Text(_("Read by a program from news: look a figure up in its articles before it is used."), "dim"))
    console.print(Text(_("The articles of a row: --json has their ids."), "dim"))


def _headline(counts: CaseCounts) -> str:
    cases, total = counts.total.cases, counts.total.articles
    if cases == 1:
        text = _("1 case in 1 article") if total == 1 else _("1 case in {articles} articles")
        return text.format(articles=number(total))
    return _("{cases} cases in {articles} articles").format(cases=number(cases), articles=number(total))


def _linked(counts: CaseCounts) -> str:
    """Return how many cases several articles tell, behind a middle dot; empty where none is."""
    linked, likely = counts.total.linked, counts.total.likely
    if not linked:
        return ""
    text = (
        _("1 case is told by several articles")
        if linked == 1
        else _("{count} cases are told by several articles").format(count=number(linked))
    )
    if likely and linked == 1:
        text = _("1 case is told by several articles that are only likely on the same")
    elif likely:
        text += _(", {likely} of them by articles that are only likely on the same").format(likely=number(likely))
    return f" · {text}"


def _print_lines(lines: Sequence[Sequence[str]], drugs: Sequence[str]) -> None:
    """Print a name with its figures on each line, and the drugs behind them, or below where there is no room."""
    from rich.cells import cell_len, set_cell_size
    from rich.padding import Padding
    from rich.text import Text

    console = output()
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(lines[0]))]
    if console.is_terminal:
        widths[0] = max(min(widths[0], console.width - sum(widths[1:]) - _GAP * len(widths[1:])), _LEAST_NAME)
    room = console.width - sum(widths) - _GAP * len(widths)
    beside = not console.is_terminal or max(map(cell_len, drugs)) <= room
    for place, (line, told) in enumerate(zip(lines, drugs, strict=True)):
        name = f"{line[0][: widths[0] - 1]}…" if cell_len(line[0]) > widths[0] else line[0]
        text = set_cell_size(name, widths[0])
        for cell, width in zip(line[1:], widths[1:], strict=True):
            text += " " * (_GAP + width - cell_len(cell)) + cell
        style = "bold" if not place else ""
        if beside:
            console.print(Text(f"{text}  {told}".rstrip(), style), soft_wrap=True)
            continue
        console.print(Text(text, style), soft_wrap=True)
        if told and place:
            console.print(Padding(Text(told, "dim"), (0, 0, 0, 2)))


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
    return " · ".join(parts)
