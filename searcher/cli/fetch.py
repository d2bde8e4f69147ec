"""The commands that bring articles from the web: `fetch`, once, and `watch`, again and again."""

from __future__ import annotations

import re
import signal
from datetime import datetime, time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from searcher.article import VIETNAM
from searcher.cli.app import DEFAULT_INDEX, IndexOption, app, parse_day
from searcher.messages import _

if TYPE_CHECKING:
    from searcher.fetching import Limits

DEFAULT_FOLDER: Final = Path("fetched")
_LEAST_EVERY_S: Final = 60.0
_DURATION: Final = re.compile(r"(\d{1,6})\s*([smhd]?)")
_SECONDS: Final = {"": 60.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

IntoOption = Annotated[
    Path,
    typer.Option("--into", envvar="SEARCHER_FETCHED", help=_("The folder to keep pages in. Example: --into pages")),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", help=_("Only pages that their list dates from this day on. Example: --since 01/01/2024")),
]
LimitOption = Annotated[
    int, typer.Option("--limit", "-n", min=1, help=_("The most pages from feeds and sitemaps. Example: --limit 50"))
]
DelayOption = Annotated[
    float, typer.Option("--delay", min=0, help=_("Seconds between two requests to one host. Example: --delay 5"))
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", min=0.1, help=_("Seconds that one request may take. Example: --timeout 120"))
]
PrivateOption = Annotated[
    bool,
    typer.Option("--allow-private", help=_("Also addresses of this machine and network. Example: --allow-private")),
]


def parse_every(text: str) -> float:
    """Return the seconds of an interval such as 45m, 2h or 1d; a bare number is minutes. Raises typer.BadParameter."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise typer.BadParameter(_("'{text}' is no interval (30m, 2h, 1d).").format(text=text))
    seconds = int(found[1]) * _SECONDS[found[2]]
    if seconds < _LEAST_EVERY_S:
        raise typer.BadParameter(_("An interval is a minute at the least."))
    return seconds


def _since(text: str | None) -> datetime | None:
    return datetime.combine(parse_day(text), time.min, VIETNAM) if text else None


def _limits(delay_s: float, timeout_s: float) -> Limits:
    from searcher.fetching import Limits

    default = Limits()
    return Limits(
        delay_s=delay_s,
        request_s=timeout_s,
        read_s=min(default.read_s, timeout_s),
        connect_s=min(default.connect_s, timeout_s),
    )


@app.command(
    "fetch",
    help=_(
        "Fetch pages, and those that feeds and sitemaps list, and index them. "
        "Example: searcher fetch https://bao.example.vn/rss"
    ),
)
def fetch_command(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help=_("Pages, feeds and sitemaps."))],
    feed: Annotated[
        bool, typer.Option("--feed", help=_("The addresses are feeds, or pages that name their feed. Example: --feed"))
    ] = False,
    sitemap: Annotated[
        bool,
        typer.Option("--sitemap", help=_("The addresses are sitemaps, or sites that have one. Example: --sitemap")),
    ] = False,
    since: SinceOption = None,
    limit: LimitOption = 500,
    into: IntoOption = DEFAULT_FOLDER,
    index: IndexOption = DEFAULT_INDEX,
    no_index: Annotated[
        bool, typer.Option("--no-index", help=_("Only keep the pages, index nothing. Example: --no-index"))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Name what would be fetched, and keep nothing. Example: --dry-run"))
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help=_("Exit with 1 if anything could not be had. Example: --strict"))
    ] = False,
    delay: DelayOption = 1.0,
    timeout: TimeoutOption = 60.0,
    allow_private: PrivateOption = False,
) -> None:
    if feed and sitemap:
        raise typer.BadParameter(_("--feed and --sitemap exclude each other."))
    first = _since(since)
    from searcher.cli import fetched, views
    from searcher.cli.progress import fetching_progress, indexing_progress
    from searcher.fetching import Store, fetch_pages
    from searcher.gathering import index_new, new_files
    from searcher.opening import place_of
    from searcher.sources import measure

    place, indexed = place_of(index), None
    with Store(into, dry_run=dry_run) as store:
        with fetching_progress() as on_progress:
            summary = fetch_pages(
                urls,
                store,
                wanted="feeds" if feed else "sitemaps" if sitemap else "anything",
                since=first,
                limit=limit,
                limits=_limits(delay, timeout),
                allow_private=allow_private,
                on_progress=on_progress,
            )
        fetched.show_fetched(summary, planned=dry_run)
        if not (no_index or dry_run):
            with indexing_progress(measure(new_files(store, place))) as on_indexed:
                indexed = index_new(store, place, on_progress=on_indexed)
    if indexed is not None:
        views.show_summary(indexed)
    lost = bool(summary.failures or (indexed and not indexed.is_whole))
    if not summary.usable or (strict and lost):
        raise typer.Exit(1)


@app.command(
    "watch",
    help=_(
        "Fetch and index what is new in feeds, again and again. "
        "Example: searcher watch https://bao.example.vn/rss --every 30m"
    ),
)
def watch_command(
    feeds: Annotated[
        list[str], typer.Argument(metavar="FEED...", help=_("Feeds, or pages and sitemaps to ask again."))
    ],
    every: Annotated[
        str, typer.Option("--every", help=_("The interval: 30m, 2h, 1d; minutes if no letter. Example: --every 2h"))
    ] = "30m",
    once: Annotated[bool, typer.Option("--once", help=_("One round, and leave. Example: --once"))] = False,
    since: SinceOption = None,
    limit: LimitOption = 500,
    into: IntoOption = DEFAULT_FOLDER,
    index: IndexOption = DEFAULT_INDEX,
    delay: DelayOption = 1.0,
    timeout: TimeoutOption = 60.0,
    allow_private: PrivateOption = False,
) -> None:
    every_s, first = parse_every(every), _since(since)
    from searcher.cli import fetched
    from searcher.gathering import Round, watch
    from searcher.opening import place_of

    usable = False

    def on_round(one: Round) -> None:
        nonlocal usable
        usable = one.fetched.usable and not one.error
        fetched.show_round(one)

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as of what a script starts with '&': it can still be ended
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    watch(
        feeds,
        into,
        place_of(index),
        every_s=every_s,
        once=once,
        on_round=on_round,
        since=first,
        limit=limit,
        limits=_limits(delay, timeout),
        allow_private=allow_private,
    )
    if once and not usable:
        raise typer.Exit(1)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Take the request to end as Ctrl-C is taken, which the event loop knows how to end by."""
    signal.raise_signal(signal.SIGINT)
