"""Gathering: fetch from the web, and index what came; once, or again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from searcher.article import VIETNAM
from searcher.errors import SearcherError
from searcher.fetching import DEFAULT_LIMIT, FetchSummary, Limits, Store, Wanted, as_url, fetch_pages
from searcher.indexing import Progress as IndexProgress
from searcher.indexing import Summary
from searcher.opening import index_paths, place_of, there_is

_LONGEST_REST_S: Final = 24 * 3600.0
_LOOK_S: Final = 30.0  # a laptop that slept past a round's time begins it so long after it woke, at most


class Gathered(msgspec.Struct):
    """What came, and what indexing it did; `indexed` is None where there was nothing to index."""

    fetched: FetchSummary
    indexed: Summary | None = None


def fetch(
    urls: Iterable[str],
    into: Path,
    index: Path | str | None = None,
    *,
    wanted: Wanted = "anything",
    since: datetime | None = None,
    limit: int = DEFAULT_LIMIT,
    limits: Limits | None = None,
    allow_private: bool = False,
) -> Gathered:
    """Fetch pages, feeds and sitemaps into the folder `into`, and bring the index up to date with them.

    The arguments are those of `fetching.fetch_pages`; without an index, pages are only kept. Raises FolderInUse and
    FolderUnusable for `into`, IndexLocked and IndexUnusable for the index.
    """
    with Store(into) as store:
        fetched = fetch_pages(
            urls, store, wanted=wanted, since=since, limit=limit, limits=limits, allow_private=allow_private
        )
        return Gathered(fetched, index_new(store, place_of(index)) if index else None)


def index_new(store: Store, index: Path | str, *, on_progress: IndexProgress | None = None) -> Summary | None:
    """Index what the folder of the store has that the index has not taken in yet; None where that is nothing.

    That includes what came in a run that was stopped before it could index; everything, where there is no index yet.
    """
    files = new_files(store, index)
    if not files:
        return None
    summary = index_paths(index, files, on_progress=on_progress)
    store.indexed(index, files)
    return summary


def new_files(store: Store, index: Path | str) -> list[Path]:
    """Return the files that `index_new` would read."""
    return store.not_indexed(index, anew=not there_is(index))


class Round(msgspec.Struct, kw_only=True):
    """One round of watching.

    - `feeds` were asked, `resting` were not, because they failed before and rest for a few rounds.
    - `error` is a sentence where the round broke off; the next one goes on from there.
    - `next` is when the next one begins, None for the last.
    """

    began: datetime
    feeds: int
    resting: int
    fetched: FetchSummary = msgspec.field(default_factory=FetchSummary)
    indexed: Summary | None = None
    error: str = ""
    next: datetime | None = None


class _Rest:
    """Which feeds are left out of a round: after n failures in a row, one for 2^(n-1) - 1 rounds, a day at most."""

    def __init__(self, every_s: float) -> None:
        self._longest = max(1, round(_LONGEST_REST_S / every_s))
        self._rounds = 0
        self._failures: dict[str, int] = {}
        self._until: dict[str, int] = {}

    def due(self, feeds: Sequence[str]) -> list[str]:
        return [feed for feed in feeds if self._until.get(feed, 0) <= self._rounds]

    def note(self, asked: Sequence[str], failed: set[str]) -> None:
        for feed in asked:
            count = self._failures[feed] = self._failures.get(feed, 0) + 1 if feed in failed else 0
            self._until[feed] = self._rounds + (min(2 ** min(count - 1, 30), self._longest) if count else 1)
        self._rounds += 1


def watch(
    feeds: Sequence[str],
    into: Path,
    index: Path | str,
    *,
    every_s: float,
    once: bool = False,
    on_round: Callable[[Round], None],
    since: datetime | None = None,
    limit: int = DEFAULT_LIMIT,
    limits: Limits | None = None,
    allow_private: bool = False,
) -> None:
    """Fetch what is new in the feeds every `every_s` seconds, and index it; until KeyboardInterrupt, or `once`.

    - Rounds begin at whole intervals after the first, however long each takes; one that is missed is left out.
    - A feed that fails rests for ever more rounds, a day at most. An index that is locked is tried in the next round.
    - Interrupted, it indexes what the round had fetched, and returns.

    Raises FolderInUse where another process fetches into the folder, FolderUnusable where it can't be opened.
    """
    bounds = limits or Limits()
    bounds = msgspec.structs.replace(bounds, run_s=min(bounds.run_s, every_s))
    feeds = list(dict.fromkeys(map(as_url, feeds)))
    rest = _Rest(every_s)
    with Store(into) as store, suppress(KeyboardInterrupt):
        first, number = time.time(), 0
        while True:
            due = rest.due(feeds)
            one = Round(began=datetime.now(VIETNAM), feeds=len(due), resting=len(feeds) - len(due))
            interrupted = False
            try:
                try:
                    one.fetched = fetch_pages(
                        due, store, since=since, limit=limit, limits=bounds, allow_private=allow_private
                    )
                except KeyboardInterrupt:
                    interrupted = True
                one.indexed = index_new(store, index)
            except SearcherError as error:
                one.error = str(error)
            rest.note(due, {failure.url for failure in one.fetched.failures if failure.code != "damaged"})
            number = max(number, int((time.time() - first) / every_s)) + 1
            if not (once or interrupted):
                one.next = datetime.fromtimestamp(first + number * every_s, VIETNAM)
            on_round(one)
            if one.next is None:
                return
            first = _wait(first, number, every_s)


def _wait(first: float, number: int, every_s: float) -> float:
    """Wait for a round's time, and return when the first one was, by the clock as it goes now."""
    while (left_s := first + number * every_s - time.time()) > 0:
        if left_s > every_s:  # the clock was put back
            first = time.time() - (number - 1) * every_s
        time.sleep(min(left_s, every_s, _LOOK_S))
    return first
