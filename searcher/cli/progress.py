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


class _Indexing:
    """Hears of bytes and articles, and shows them: in a terminal as a bar, elsewhere as a line now and then."""

    def __init__(self, console: Console, bar: Progress | None, total_bytes: int) -> None:
        self._console, self._bar = console, bar
        self._started = self._shown_at = time.perf_counter()
        self._pending = 0
        self._task = bar.add_task(_("indexing"), total=total_bytes or None) if bar is not None else None

    def __call__(self, count: int, articles: int) -> None:
        """Take the bytes done since the last call and the articles done so far."""
        self._pending += count
        now = time.perf_counter()
        if now - self._shown_at < (_EVERY_S if self._bar is None else _REFRESH_S):
            return
        self._shown_at = now
        rate = number(articles / (now - self._started))
        text = _("{count} articles, {rate} a second").format(count=number(articles), rate=rate)
        if self._bar is None or self._task is None:
            self._console.print(text)
        else:
            self._bar.update(self._task, advance=self._pending, description=text)
            self._pending = 0

    def stop(self) -> None:
        """Leave the terminal to whoever asks something."""
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def indexing_progress(total_bytes: int) -> Iterator[_Indexing]:
    """Give a callback for `index_paths`; what it shows goes to standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Indexing(console, None, total_bytes)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Indexing(console, progress, total_bytes)


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
