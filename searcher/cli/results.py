"""How the results of a search look: a table of hits, and the facets beneath it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from searcher.cli.console import Console, articles, day, joined, marked, more, output, topic_names
from searcher.cli.remarks import all_undated, in_no_year, print_remarks, undated_remark
from searcher.facts.wording import fact_name, facts_line
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.query.narrowing import provinces_meant
from searcher.query.request import Filters, days_of
from searcher.query.results import FacetCount, Hit, Offer, Results
from searcher.tagging import NEW_MAP, resolve_topic
from searcher.tagging.levels import SURE

_FACET_ROWS: Final = 8
_CASE_FACETS: Final = ("offence", "stage", "drug")
_BAR: Final = 16
_SHORT_BAR: Final = 6
_LEAST_BAR: Final = 2
_BETWEEN: Final = 3
_WIDE: Final = 110  # columns from which tags have columns of their own, and bars are long
_TAG_WIDTH: Final = 18
_CHOSEN: Final = "▸"
_BY_MEANING: Final = "≈ "


def filter_line(filters: Filters, sort: str = "relevance") -> str:
    """Return what narrows and orders the results, in words; empty where nothing does."""
    parts = []
    provinces_of = filters.get("provinces_of")
    if provinces := filters.get("provinces"):
        names = ", ".join(one for name in provinces for one in provinces_meant(name, provinces_of).provinces)
        parts.append(_("province {names}").format(names=names))
    if _by_the_34(provinces_of):
        parts.append(_("by the 34 provinces since July 2025"))
    if topics := filters.get("topics"):
        parts.append(_("topic {names}").format(names=topic_names(resolve_topic(name) or name for name in topics)))
    if filters.get("sure"):
        parts.append(_("sure tags only, {score} and more").format(score=number(SURE, 1)))
    for title, values in (
        (_("offence"), filters.get("offences")),
        (_("stage"), filters.get("stages")),
        (_("drug"), filters.get("drugs")),
    ):
        if values:
            parts.append(f"{title} {', '.join(values)}")
    since, until = days_of(filters)
    if since:
        parts.append(_("since {day}").format(day=f"{since:%d/%m/%Y}"))
    if until:
        parts.append(_("until {day}").format(day=f"{until:%d/%m/%Y}"))
    if sort != "relevance":
        parts.append({"newest": _("newest first"), "oldest": _("oldest first")}.get(sort, sort))
    return " · ".join(parts)


def _by_the_34(provinces_of: int | None) -> bool:
    return provinces_of is not None and provinces_of >= NEW_MAP


def show_results(results: Results, filters: Filters, *, sort: str, page: int, limit: int) -> None:
    """Print a page of hits as a table with the facets beneath, or what to loosen where there is none."""
    console = output()
    narrowing = filter_line(filters, sort)
    took = "<1 ms" if results.took_ms < 1 else f"{number(results.took_ms)} ms"
    console.print(Text.assemble((_total(results), "bold"), f" · {took}", f" · {narrowing}" if narrowing else ""))
    if results.corrected:
        meant = _("Results for: {query}. To search for just what was typed: --literal")
        console.print(Text(meant.format(query=harmless(results.corrected)), "bold green"))
    remarks = [undated_remark(results.undated)] if results.by_days and results.total else []
    print_remarks(console, results.relaxed, results.complete, (*results.notes, *remarks))
    if results.by_meaning:
        line = _("{count} of these were found because they are about the same (≈).")
        console.print(Text(line.format(count=number(results.by_meaning)), "yellow"))
    if results.suggestion and results.suggestion != results.corrected:
        console.print(Text(_("Did you mean: {query}").format(query=harmless(results.suggestion)), "bold green"))
    if not results.total:
        if results.undated:
            console.print(all_undated(results.undated))
            return
        advice = _("Nothing found. Try fewer words, or leave out a filter: {filters}")
        console.print(advice.format(filters=narrowing) if narrowing else _("Nothing found. Try fewer or other words."))
        return
    if results.explanation is not None:
        from searcher.cli.scores import print_scores, print_understanding

        print_understanding(console, results.explanation, results.understood)
    last = -(-results.distinct // max(limit, 1))
    if results.hits:
        rows = [_Row(hit, _by_the_34(filters.get("provinces_of"))) for hit in results.hits]
        end = 0 if results.complete_end is None else results.complete_end
        _print_hits(console, rows, sum(row.hit.rank <= end for row in rows))
        if results.explanation is not None:
            print_scores(console, results.explanation, results.hits)
    elif limit:
        console.print(_("There is no page {page}; the last one is {last}.").format(page=page, last=number(last)))
        return
    if results.offers:
        console.print(_offers_line(results.offers))
    print_facets(console, [(name, results.facets[name]) for name in ("province", "topic", "year")], results.chosen)
    if results.undated and not results.by_days and results.facets["year"]:
        console.print(in_no_year(results.undated), style="dim")
    print_facets(console, [(name, results.facets.get(name, ())) for name in _CASE_FACETS], results.chosen)
    if limit and last > 1:
        line = _("Page {page} of {last}; the next one: --page {next}") if page < last else _("Page {page} of {last}")
        console.print(line.format(page=page, last=number(last), next=page + 1), style="dim")


def _total(results: Results) -> str:
    """Return how many articles were found, and how many of them are drawn together with others."""
    copies = results.total - results.distinct
    of_them = _("1 of them a copy") if copies == 1 else _("{count} of them copies").format(count=number(copies))
    return joined([articles(results.total), of_them if copies else ""])


class _Row(NamedTuple):
    hit: Hit
    by_the_34: bool


def _offers_line(offers: Sequence[Offer]) -> Text:
    """Return the line that offers to narrow by what the query names."""
    shown = [
        Text.assemble(
            _("only {value} ({count})? add ").format(value=_value_name(one), count=number(one.count)),
            (one.option, "bold"),
        )
        for one in offers
    ]
    return Text(" · ", "dim").join(shown)


def _value_name(offer: Offer) -> str:
    return topic_names([offer.value]) if offer.facet == "topic" else offer.value


def _print_hits(console: Console, rows: Sequence[_Row], complete: int) -> None:
    """Print one row a hit; date and tags have their own columns where there is room, else a line under the title.

    After the first `complete` rows, where others follow, a line says that these do not have all the words.
    """
    if not console.is_terminal:
        hits = [Text.assemble(f"{row.hit.rank}. ", _cell(row.hit, _facts(row)), "\n") for row in rows]
        if 0 < complete < len(rows):
            hits.insert(complete, _incomplete().append("\n"))
        console.print(Text("\n").join(hits), soft_wrap=True)
        return
    wide = console.width >= _WIDE
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", expand=True, show_header=wide)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column(_("title"), ratio=1)
    if wide:
        table.add_column(_("date"), no_wrap=True)
        table.add_column(_("provinces"), width=_TAG_WIDTH)
        table.add_column(_("topics"), width=_TAG_WIDTH)
        if any(row.hit.score for row in rows):
            table.add_column(_("score"), justify="right", no_wrap=True)
    for place, row in enumerate(rows):
        if 0 < place == complete:
            table.add_row("", Padding(_incomplete(), (0, 0, 1, 0)))
        hit = row.hit
        below = [harmless(hit.article.source), hit.article.id] if wide else _facts(row)
        cell = Padding(_cell(hit, below), (0, 0, 1, 0))
        table.add_row(str(hit.rank), cell, *(_facts(row)[: len(table.columns) - 2] if wide else ()))
    console.print(table)


def _incomplete() -> Text:
    line = _("From here on none has all the words.")
    return Text(f"── {line} ──", "yellow")


def _facts(row: _Row) -> list[str]:
    article = row.hit.article
    provinces = article.provinces_2025 if row.by_the_34 else article.provinces
    tags = [", ".join(provinces or ()), topic_names(article.topics or ())]
    return [day(article.published), *tags, number(row.hit.score, 1) if row.hit.score else "", article.id]


def _copies(hit: Hit) -> str:
    if hit.copy_of:
        return _("a copy of {id}").format(id=hit.copy_of)
    if hit.copies == 1:
        return _("+1 similar copy")
    return _("+{count} similar copies").format(count=number(hit.copies)) if hit.copies else ""


def _cell(hit: Hit, facts: Sequence[str]) -> Text:
    below = joined((*facts, _copies(hit)))
    cell = Text.assemble(
        (_BY_MEANING if hit.by_meaning else "", "yellow"),
        (harmless(hit.article.title), "bold cyan"),
        "\n",
        (below, "dim"),
    )
    if hit.facts is not None and (case := facts_line(hit.facts)):
        cell = Text.assemble(cell, "\n", (harmless(case), "green"))
    return Text.assemble(cell, "\n", marked(hit.snippet)) if hit.snippet else cell


def print_facets(
    console: Console,
    facets: Sequence[tuple[str, Sequence[FacetCount]]],
    chosen: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Print the facets, side by side where there is room, bars as long as it allows; chosen values are marked.

    Of a facet without values nothing is said.
    """
    shown = [(name, counts, (chosen or {}).get(name, ())) for name, counts in facets if counts]
    if not shown:
        return
    bar = _BAR if not console.is_terminal or console.width >= _WIDE else _SHORT_BAR
    columns = [_facet_lines(name, counts, bar, wanted) for name, counts, wanted in shown]
    if console.is_terminal and (over := _width(columns) - console.width) > 0:
        shorter = bar - -(-over // len(columns))
        if shorter >= _LEAST_BAR:
            columns = [_facet_lines(name, counts, shorter, wanted) for name, counts, wanted in shown]
    for row in _rows(columns, console.width if console.is_terminal else None):
        grid = Table.grid(padding=(0, _BETWEEN, 0, 0), pad_edge=False)
        for _column in row:
            grid.add_column(no_wrap=True, overflow="ellipsis")
        grid.add_row(*row)
        console.print(grid)


def _rows(columns: Sequence[Text], room: int | None) -> list[list[Text]]:
    """Return the facets that stand side by side in so many columns of a terminal, None for no end, row after row."""
    rows: list[list[Text]] = []
    for column in columns:
        if rows and (room is None or _width([*rows[-1], column]) <= room):
            rows[-1].append(column)
        else:
            rows.append([column])
    return rows


def _width(columns: Sequence[Text]) -> int:
    """Return how many columns of a terminal facets take side by side."""
    return sum(max(map(cell_len, one.plain.splitlines())) for one in columns) + _BETWEEN * (len(columns) - 1)


def _facet_lines(name: str, counts: Sequence[FacetCount], bar: int, chosen: Sequence[str]) -> Text:
    """Return a facet's title and a line for each value; laid out here, as rich takes 1 ms for a table of its own."""
    titles = {
        "province": _("province"),
        "province_2025": _("34 provinces"),
        "topic": _("topic"),
        "year": _("year"),
        "offence": _("offence"),
        "stage": _("stage"),
        "drug": _("drug"),
    }
    most = max((count.count for count in counts), default=1)
    shown = [count for place, count in enumerate(counts) if place < _FACET_ROWS or count.value in chosen]
    labels = [topic_names([one.value]) if name == "topic" else fact_name(name, one.value) for one in shown]
    labels = [f"{_CHOSEN} {label}" if one.value in chosen else label for one, label in zip(shown, labels, strict=True)]
    numbers = [number(count.count) for count in shown]
    widest, longest = max(map(cell_len, labels), default=0), max(map(len, numbers), default=0)
    lines = [Text(titles[name], "bold")]
    for one, label, count in zip(shown, labels, numbers, strict=True):
        padded = f"{label}{' ' * (widest - cell_len(label))} {count:>{longest}} "
        style = "bold" if one.value in chosen else ""
        lines.append(Text.assemble((padded, style), ("█" * max(1, round(bar * one.count / most)), "blue")))
    if len(counts) > len(shown):
        lines.append(more(number(len(counts) - len(shown))))
    return Text("\n").join(lines)
