"""`searcher trends`: how many articles there are over time, as bars and sparklines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from searcher.cli import completion
from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import Console, articles, more, output, print_json, topic_names
from searcher.cli.options import CsvOption, narrowed
from searcher.cli.remarks import all_undated, print_remarks, undated_remark
from searcher.cli.results import filter_line
from searcher.cli.tables import one_output, print_csv
from searcher.cli.words import TextCommand
from searcher.messages import _, number
from searcher.query.request import Filters
from searcher.query.trends import Trends

_LEVELS: Final = "▁▂▃▄▅▆▇█"
_NOTHING: Final = "·"
_WIDE: Final = 110
_BAR: Final = 24
_LONG_BAR: Final = 48
_MOST_BARS: Final = 36
"""Months that have a bar each; of more, each year has a row of twelve."""
_SPARKS: Final = 24
_WIDE_SPARKS: Final = 36
_SHOWN_ROWS: Final = 40
_MONTHS: Final = 12


@app.command(
    "trends", cls=TextCommand, help=_("Count articles over time. Example: searcher trends 'ma túy' --by province")
)
@narrowed
def trends_command(
    filters: Filters,
    text: Annotated[str, typer.Argument(help=_("What to count, as for query; all articles if nothing."))] = "",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help=_("year, month, province or topic: a row for each. Example: --by month"),
            autocompletion=completion.trend_rows,
        ),
    ] = "year",
    per: Annotated[
        str | None,
        typer.Option(
            "--per",
            help=_("year or month: the steps of rows of provinces and topics. Example: --per month"),
            autocompletion=completion.trend_periods,
        ),
    ] = None,
    stories: Annotated[
        bool, typer.Option("--stories", help=_("Count near-identical articles as one. Example: --stories"))
    ] = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    from searcher.opening import open_index

    one_output(json=as_json, csv=as_csv)
    with open_index(index) as opened:
        found = opened.trends(text, by=by, unit=per, stories=stories, **filters)
    if as_json:
        print_json(found.printed())
    elif as_csv:
        print_remarks(output(error=True), found.relaxed, 0, (*found.notes, _undated(found)))
        print_csv(found.columns, found.table())
    else:
        _show(found, filter_line(filters))


def _show(found: Trends, filters: str) -> None:
    """Print what was found, how it is spread over time, and what share of all articles that is."""
    console = output()
    total = articles(found.total)
    if found.stories:
        total = _("1 story") if found.total == 1 else _("{total} stories").format(total=number(found.total))
    console.print(Text.assemble((total, "bold"), f" · {filters}" if filters else ""))
    if found.by_days and found.undated and not found.total:
        print_remarks(console, found.relaxed, 0, (*found.notes, all_undated(found.undated)))
    else:
        print_remarks(console, found.relaxed, 0, (*found.notes, _undated(found)))
    if not found.periods or not found.rows:
        return
    wide = not console.is_terminal or console.width >= _WIDE
    if found.by in ("province", "topic"):
        _print_rows(console, found, wide)
    elif len(found.periods) > _MOST_BARS and found.unit == "month":
        _print_years_of_months(console, found)
    else:
        _print_bars(console, found, wide)


def _undated(found: Trends) -> str:
    """Return the line for articles that are in no period, empty where there are none."""
    if found.by_days or not found.undated:
        return undated_remark(found.undated)
    if found.undated == 1:
        return _("1 of them has no date and is in no period.")
    return _("{count} of them have no date and are in no period.").format(count=number(found.undated))


def _print_bars(console: Console, found: Trends, wide: bool) -> None:
    row = found.rows[0]
    shares = found.shares(row)
    table = _table()
    table.add_column(_("month") if found.unit == "month" else _("year"), no_wrap=True)
    table.add_column(_("articles"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column(_("of all"), justify="right", no_wrap=True)
    most = max(row.counts, default=0) or 1
    length = _LONG_BAR if wide else _BAR
    for period, count, share in zip(found.periods, row.counts, shares, strict=True):
        bar = Text("█" * max(round(length * count / most), 1) if count else _NOTHING, "blue" if count else "dim")
        table.add_row(_period(period), number(count), bar, _percent(share))
    _print(console, table)


def _print_years_of_months(console: Console, found: Trends) -> None:
    """Print a row for each year: its months, their sum, and the month with most."""
    row = found.rows[0]
    months = dict(zip(found.periods, zip(row.counts, found.articles, strict=True), strict=True))
    table = _table()
    table.add_column(_("year"), no_wrap=True)
    table.add_column(_("months"), no_wrap=True)
    table.add_column(_("articles"), justify="right", no_wrap=True)
    table.add_column(_("of all"), justify="right", no_wrap=True)
    table.add_column(_("most in"), no_wrap=True)
    most = max(row.counts, default=0)
    for year in dict.fromkeys(period[:4] for period in found.periods):
        names = [f"{year}-{month:02}" for month in range(1, _MONTHS + 1)]
        counts = [months.get(name, (0, 0))[0] for name in names]
        whole = sum(months.get(name, (0, 0))[1] for name in names)
        best = max(range(_MONTHS), key=lambda at: counts[at])
        peak = f"{_period(names[best])}: {number(counts[best])}" if counts[best] else "–"
        share = sum(counts) / whole if whole else 0.0
        table.add_row(year, _sparkline(counts, most), number(sum(counts)), _percent(share), peak)
    _print(console, table)


def _print_rows(console: Console, found: Trends, wide: bool) -> None:
    """Print a row for each province or topic: its total, its share, and both over time, each to its own scale."""
    whole = sum(found.articles)
    over = f"{_period(found.periods[0])} – {_period(found.periods[-1])}"
    table = _table()
    table.add_column(_("province") if found.by == "province" else _("topic"), no_wrap=True)
    table.add_column(_("articles"), justify="right", no_wrap=True)
    table.add_column(_("of all"), justify="right", no_wrap=True)
    table.add_column(over, no_wrap=True)
    if wide:
        table.add_column(_("share over time"), no_wrap=True)
    width = _WIDE_SPARKS if wide else _SPARKS
    shown = found.rows[:_SHOWN_ROWS] if console.is_terminal else found.rows
    for row in shown:
        name = topic_names([row.value]) if found.by == "topic" else row.value
        counts, articles = _gathered(row.counts, width), _gathered(found.articles, width)
        shares = [count / all_of if all_of else 0.0 for count, all_of in zip(counts, articles, strict=True)]
        cells = [_sparkline(counts, max(counts)), *([_sparkline(shares, max(shares))] if wide else [])]
        table.add_row(name, number(row.total), _percent(row.total / whole if whole else 0.0), *cells)
    _print(console, table)
    if len(shown) < len(found.rows):
        console.print(more(number(len(found.rows) - len(shown))))
    console.print(Text(_("Each line has its own scale; a dot is none."), "dim"))


def _table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), header_style="bold")


def _print(console: Console, table: Table) -> None:
    """Print the table; in a pipe without the blanks that pad its lines."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        console.print(Text(line.rstrip()))


def _sparkline(values: Sequence[float], most: float) -> Text:
    """Return a letter for each value, as high as it is against the most; a dot for none."""
    line = Text()
    for value in values:
        if value:
            line.append(_LEVELS[min(int(value / most * len(_LEVELS)), len(_LEVELS) - 1)], "blue")
        else:
            line.append(_NOTHING, "dim")
    return line


def _gathered(values: Sequence[int], width: int) -> list[int]:
    """Return at most so many values, neighbours added up where there are more."""
    together = -(-len(values) // width)
    return [sum(values[at : at + together]) for at in range(0, len(values), together)]


def _period(name: str) -> str:
    """Return a period as people here write it: 2019, 03/2019."""
    year, _dash, month = name.partition("-")
    return f"{month}/{year}" if month else year


def _percent(share: float) -> str:
    return f"{number(100 * share, 1)}%"
