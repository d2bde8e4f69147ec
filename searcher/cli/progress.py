"""The progress of indexing: a bar in a terminal, plain lines now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

from searcher.messages import _, number

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
