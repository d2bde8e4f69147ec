"""The progress of long work: a bar in a terminal, plain lines now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Column

from searcher.cli.console import Console
from searcher.harmless import harmless
from searcher.messages import _, number

if TYPE_CHECKING:
    from searcher.fetching import Progress as Fetched

_EVERY_S: Final = 5.0
_REFRESH_S: Final = 0.1


@contextmanager
def indexing_progress(total_bytes: int) -> Iterator[Callable[[int, int], None]]:
    """Give a callback for `index_paths`; what it shows goes to standard error."""
    console = Console(stderr=True)
    started = time.perf_counter()
    shown_at, pending = started, 0
    if not console.is_terminal:

        def plain(_bytes: int, articles: int) -> None:
            nonlocal shown_at
            now = time.perf_counter()
            if now - shown_at >= _EVERY_S:
                shown_at = now
                rate = articles / (now - started)
                console.print(_("{count} articles, {rate} a second").format(count=number(articles), rate=number(rate)))

        yield plain
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(_("indexing"), total=total_bytes or None)

        def bar(count: int, articles: int) -> None:
            nonlocal shown_at, pending
            pending += count
            now = time.perf_counter()
            if now - shown_at >= _REFRESH_S:
                shown_at = now
                rate = articles / (now - started)
                text = _("{count} articles, {rate} a second").format(count=number(articles), rate=number(rate))
                progress.update(task, advance=pending, description=text)
                pending = 0

        yield bar


@contextmanager
def fetching_progress() -> Iterator[Callable[[Fetched], None]]:
    """Give a callback for `fetch_pages`; what it shows goes to standard error."""
    console = Console(stderr=True)

    def text(at: Fetched) -> str:
        counts = {
            "done": number(at.done),
            "known": number(at.known),
            "new": number(at.new),
            "failed": number(at.failed),
        }
        return _("{done} of {known} pages, {new} new, {failed} failed").format(**counts)

    if not console.is_terminal:
        shown_at = time.perf_counter()

        def plain(at: Fetched) -> None:
            nonlocal shown_at
            if time.perf_counter() - shown_at >= _EVERY_S:
                shown_at = time.perf_counter()
                console.print(text(at))

        yield plain
        return
    url_column = TextColumn(
        "{task.fields[url]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)
    )
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), url_column)
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task(_("fetching"), total=None, url="")

        def bar(at: Fetched) -> None:
            url = harmless(at.url.partition("://")[2])
            progress.update(task, description=text(at), completed=at.done, total=at.known, url=url)

        yield bar


@contextmanager
def counting_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a callback that is told how many things are done and how many there are; shown in a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: None
        return
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
