"""What the commands print: tables, facets, articles, summaries."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from searcher.article import Article
from searcher.indexing import Summary
from searcher.messages import _
from searcher.query.results import FacetCount, Results, Stats
from searcher.query.snippets import MARKS
from searcher.sources import Rejected
from searcher.tagging import topics as known_topics

_PIPED_WIDTH: Final = 100_000  # a pipe has no edge to cut at
_FACET_ROWS: Final = 8
_BAR: Final = 16
_SHORT_BAR: Final = 6
_WIDE: Final = 110  # columns from which there is room for long bars and tags in one line
_SHOWN_REJECTED: Final = 20


def _console(*, error: bool = False) -> Console:
    stream = sys.stderr if error else sys.stdout
    return Console(file=stream, highlight=False, width=None if stream.isatty() else _PIPED_WIDTH)


def _day(moment: datetime | None) -> str:
    return f"{moment:%d/%m/%Y}" if moment else "–"


def _topic_names(slugs: Iterable[str]) -> str:
    names = known_topics().names
    return ", ".join(names.get(slug, slug) for slug in slugs)


def _marked(snippet: str) -> Text:
    text = Text()
    for number, piece in enumerate(snippet.split(MARKS[0])):
        matched, found, rest = piece.partition(MARKS[1])
        if number and found:
            text.append(matched, "bold yellow")
            text.append(rest)
        else:
            text.append(piece)
    return text


def filter_line(
    provinces: Sequence[str] | None, topics: Sequence[str] | None, since: date | None, until: date | None, sort: str
) -> str:
    """Return what narrows and orders the results, in words; empty where nothing does."""
    parts = []
    if provinces:
        parts.append(_("province {names}").format(names=", ".join(provinces)))
    if topics:
        parts.append(_("topic {names}").format(names=", ".join(topics)))
    if since:
        parts.append(_("since {day}").format(day=f"{since:%d/%m/%Y}"))
    if until:
        parts.append(_("until {day}").format(day=f"{until:%d/%m/%Y}"))
    if sort != "relevance":
        parts.append({"newest": _("newest first"), "oldest": _("oldest first")}.get(sort, sort))
    return " · ".join(parts)


def show_results(results: Results, *, filters: str, page: int, limit: int) -> None:
    """Print a page of hits as a table with the facets beneath, or what to loosen where there is none."""
    console = _console()
    head = Text.assemble(
        (_("{total:,} articles").format(total=results.total), "bold"),
        f" · {results.took_ms:.0f} ms",
        f" · {filters}" if filters else "",
    )
    console.print(head)
    if results.relaxed:
        console.print(_("No article has all the words; these have some of them."), style="yellow")
    for note in results.notes:
        console.print(Text(note, "yellow"))
    if results.suggestion:
        console.print(Text(_("Did you mean: {query}").format(query=results.suggestion), "bold green"))
    if not results.total:
        console.print(_("Nothing found. Try fewer words, or leave out a filter:") + (f" {filters}" if filters else ""))
        return
    if not results.hits:
        console.print(
            _("There is no page {page}; the last one is {last}.").format(
                page=page, last=-(-results.total // max(limit, 1))
            )
        )
        return
    console.print(_hits_table(console, results))
    _print_facets(console, [(name, results.facets[name]) for name in ("province", "topic", "year")])
    last = -(-results.total // max(limit, 1))
    if last > 1:
        console.print(_("Page {page} of {last:,}").format(page=page, last=last), style="dim")


def _hits_table(console: Console, results: Results) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", expand=console.is_terminal)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column(_("title"), ratio=1)
    table.add_column(_("date"), no_wrap=True)
    table.add_column(_("provinces"), width=_tag_width(console))
    table.add_column(_("topics"), width=_tag_width(console))
    table.add_column(_("score"), justify="right", no_wrap=True)
    for hit in results.hits:
        article = hit.article
        title = Text(article.title, "bold cyan")
        if hit.snippet:
            title = Text.assemble(title, "\n", _marked(hit.snippet))
        table.add_row(
            str(hit.rank),
            Padding(title, (0, 0, 1, 0)),
            _day(article.published),
            ", ".join(article.provinces or ()),
            _topic_names(article.topics or ()),
            f"{hit.score:.1f}",
        )
    return table


def _tag_width(console: Console) -> int | None:
    """Return the columns that a list of tags may take, or None where there is no edge to keep to."""
    if not console.is_terminal:
        return None
    return 10 if console.width < _WIDE else 18


def _print_facets(console: Console, facets: Sequence[tuple[str, Sequence[FacetCount]]]) -> None:
    """Print the facets side by side, their bars as long as the width allows."""
    grid = Table.grid(padding=(0, 3, 0, 0))
    bar = _BAR if not console.is_terminal or console.width >= _WIDE else _SHORT_BAR
    grid.add_row(*(_facet_table(name, counts, bar) for name, counts in facets))
    console.print(grid)


def _facet_table(name: str, counts: Sequence[FacetCount], bar: int) -> Table:
    titles = {"province": _("province"), "topic": _("topic"), "year": _("year")}
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_row(Text(titles[name], "bold"))
    most = max((count.count for count in counts), default=1)
    for count in counts[:_FACET_ROWS]:
        label = _topic_names([count.value]) if name == "topic" else count.value
        length = max(1, round(bar * count.count / most))
        table.add_row(label, Text(f"{count.count:,}", justify="right"), Text("█" * length, "blue"))
    if len(counts) > _FACET_ROWS:
        table.add_row(Text(_("… {count} more").format(count=len(counts) - _FACET_ROWS), "dim"))
    return table


def show_article(article: Article) -> None:
    """Print one article whole."""
    console = _console()
    console.print(Text(article.title, "bold cyan"))
    facts = [
        _day(article.published),
        ", ".join(article.provinces or ()),
        _topic_names(article.topics or ()),
        article.source,
        article.author,
        article.url,
    ]
    console.print(Text(" · ".join(filter(None, facts)), "dim"))
    if article.lead:
        console.print()
        console.print(Text(article.lead, "bold"))
    for paragraph in filter(None, article.body.splitlines()):
        console.print()
        console.print(Text(paragraph))


def show_tags(articles: Iterable[Article]) -> int:
    """Print a line of tags for each article, and return how many there were."""
    console = _console()
    count = 0
    for article in articles:
        count += 1
        tags = (_day(article.published), ", ".join(article.provinces or ()), _topic_names(article.topics or ()))
        console.print(Text.assemble((article.title, "bold cyan"), "\n  ", " · ".join(tag or "–" for tag in tags)))
    return count


def show_summary(summary: Summary) -> None:
    """Print what a run of indexing did, and what it could not read."""
    console = _console()
    show_rejected(summary.rejected)
    counts = [
        _("{count:,} added").format(count=summary.added),
        _("{count:,} updated").format(count=summary.updated),
        _("{count:,} unchanged").format(count=summary.unchanged),
        _("{count:,} removed").format(count=summary.removed),
        _("{count:,} rejected").format(count=len(summary.rejected)),
    ]
    speed = _("{seconds:.1f} s, {rate:,.0f} articles/s, index {size:.1f} MB").format(
        seconds=summary.seconds, rate=summary.articles_per_second, size=summary.index_bytes / 1e6
    )
    console.print(Text.assemble((", ".join(counts), "bold"), f" · {speed}"))


def show_rejected(rejected: Sequence[Rejected]) -> None:
    """List on standard error what could not be read, each with its place and reason."""
    console = _console(error=True)
    for one in rejected[:_SHOWN_REJECTED]:
        place = one.file if one.line is None else f"{one.file}:{one.line}"
        console.print(Text.assemble((place, "red"), ": ", _(one.reason)), soft_wrap=True)
    if len(rejected) > _SHOWN_REJECTED:
        console.print(_("… and {count:,} more rejected").format(count=len(rejected) - _SHOWN_REJECTED))


def show_stats(stats: Stats) -> None:
    """Print what the index holds."""
    console = _console()
    table = Table(box=None, show_header=False, padding=(0, 1))
    rows = {
        _("articles"): f"{stats.articles:,}",
        _("terms"): f"{stats.terms:,}",
        _("size"): f"{stats.bytes / 1e6:.1f} MB",
        _("newest"): _day(stats.newest),
        _("oldest"): _day(stats.oldest),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)
    facets = (("topic", stats.topics), ("province", stats.provinces))
    _print_facets(console, [(name, [FacetCount(*pair) for pair in counts.items()]) for name, counts in facets])
