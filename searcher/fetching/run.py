"""A run of fetching: what the user named, then the pages that its feeds and sitemaps list, several hosts at once.

Each step is on disk before the next one: a list's pages wait in the store before any is asked for, and a page is in its
WARC file before it is looked into. What is killed in between goes on from there.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, TypeVar

from searcher.fetching import lists
from searcher.fetching.archive import Archive
from searcher.fetching.client import Client, check_url, too_large
from searcher.fetching.connection import CheckedBackend
from searcher.fetching.failures import Failed, Failure
from searcher.fetching.hosts import Hosts
from searcher.fetching.limits import Limits
from searcher.fetching.response import Response
from searcher.fetching.sitemap import unpacked
from searcher.fetching.store import Page, Store, conditions
from searcher.fetching.summary import FetchSummary, Progress
from searcher.messages import _

Wanted = Literal["anything", "feeds", "sitemaps"]
OnProgress = Callable[[Progress], None]

DEFAULT_LIMIT: Final = 500
MAX_FEEDS_OF_PAGE: Final = 20

_NOT_MODIFIED: Final = 304
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_DISALLOWED_S: Final = 24 * 3600.0  # a robots.txt that forbids a page is likely to do so tomorrow, too
_LEFT: Final = frozenset({"host", "time", "robots"})  # what is wrong with a host, and leaves all of its pages
_T = TypeVar("_T")


def as_url(text: str) -> str:
    """Return what a user typed as a URL: without its fragment, and https where no scheme is given.

    >>> as_url("bao.example.vn/tin#top")
    'https://bao.example.vn/tin'
    """
    url = text.strip().partition("#")[0]
    return url if _SCHEME.match(url) else f"https://{url}"


def fetch_pages(
    urls: Iterable[str],
    store: Store,
    *,
    wanted: Wanted = "anything",
    since: datetime | None = None,
    limit: int = DEFAULT_LIMIT,
    limits: Limits | None = None,
    allow_private: bool = False,
    on_progress: OnProgress | None = None,
    network: CheckedBackend | None = None,
) -> FetchSummary:
    """Fetch pages, and those that feeds and sitemaps list, into the folder of the store, and return what that came to.

    - A URL may be a page, a feed or a sitemap. With `wanted` "feeds" it is a feed, or a page that names feeds; with
      "sitemaps" it is a sitemap, or a site whose robots.txt names them.
    - What was fetched before and has not changed is not fetched again.
    - Of listed pages, those dated before `since` are passed over, and at most `limit` are asked for, newest first.
    - Addresses that are not on the public internet are refused, but with `allow_private`; or `network` opens the
      connections, and decides.
    - Where the store was opened for a dry run, lists are read and their pages are named, and nothing is written.

    Raises FolderUnusable where the folder can't be written any more; what came before stays. It runs an event loop of
    its own.
    """

    async def run() -> FetchSummary:
        started = time.perf_counter()
        bounds = limits or Limits()
        deadline = asyncio.get_running_loop().time() + bounds.run_s
        backend = network or CheckedBackend(allow_private=allow_private)
        archive = Archive(store.folder, store.begin_file)
        try:
            async with Client(bounds, Hosts(bounds, deadline), backend) as client:
                one = _Run(store, archive, client, bounds, wanted, since, limit, on_progress)
                await one.all([as_url(url) for url in urls], deadline)
                one.summary.requests, one.summary.bytes = client.requests, client.bytes
        finally:
            archive.close()
        one.summary.seconds = time.perf_counter() - started
        return one.summary

    try:
        return asyncio.run(run())
    except (OSError, sqlite3.Error) as error:
        raise store.unusable(error) from error


class _Run:
    def __init__(
        self,
        store: Store,
        archive: Archive,
        client: Client,
        limits: Limits,
        wanted: Wanted,
        since: datetime | None,
        limit: int,
        on_progress: OnProgress | None,
    ) -> None:
        self.summary = FetchSummary()
        self._store = store
        self._archive = archive
        self._client = client
        self._limits = limits
        self._wanted = wanted
        self._oldest = since.timestamp() if since else None
        self._limit = limit
        self._on_progress = on_progress
        self._read: set[str] = set()
        self._troubled: set[str] = set()
        self._known = self._done = 0

    async def all(self, urls: Sequence[str], deadline: float) -> None:
        """Ask for everything; what is not done by the deadline is left."""
        urls = list(dict.fromkeys(urls))
        await self._in_time(urls, lambda url: url, self._given, deadline)
        waiting = self._store.waiting(urls, self._oldest)
        self.summary.left += max(0, len(waiting) - self._limit)
        await self._in_time(waiting[: self._limit], lambda page: page.url, self._listed, deadline)

    async def _in_time(
        self, items: Sequence[_T], url_of: Callable[[_T], str], work: Callable[[_T], Awaitable[None]], deadline: float
    ) -> None:
        self._known += len(items)
        try:
            async with asyncio.timeout_at(deadline):
                await _by_host(items, url_of, work)
        except TimeoutError:
            self.summary.left += self._known - self._done
            self._done = self._known

    # What the user named

    async def _given(self, url: str) -> None:
        try:
            if self._wanted == "sitemaps" and lists.is_site(url):
                named = (await self._client.rules(url)).sitemaps or [lists.default_sitemap(url)]
                for sitemap in named:
                    await self._list(sitemap, "", url)
            elif self._wanted != "anything":
                await self._list(url, "", url)
            else:
                await self._page_or_list(url)
        except Failed as failed:
            self._failed(url, failed)
        self._finished(url)

    async def _page_or_list(self, url: str) -> None:
        page = self._store.page(url)
        known = self._store.conditions_of_list(url) or (conditions(page.etag, page.modified) if page else {})
        try:
            response = await self._client.get(url, self._limits.page_bytes, known)
        except Failed as failed:
            self._page_failed(page or self._store.add(url), failed)
            return
        if response.status != _NOT_MODIFIED and lists.kind(unpacked(response.body, self._limits.list_bytes)) != "page":
            self._read.add(url)
            await self._take_list(url, "", url, response, 0)
        elif response.status == _NOT_MODIFIED and self._store.conditions_of_list(url):
            await self._unchanged_list(url, url, 0)
        elif self._store.dry_run:
            self.summary.planned.append(url)
        else:
            self._came(page or self._store.add(url), response)

    # Lists

    async def _list(self, url: str, parent: str, root: str, depth: int = 0) -> None:
        if url in self._read or len(self._read) >= self._limits.lists:
            return
        self._read.add(url)
        try:
            response = await self._client.get(url, self._limits.list_bytes, self._store.conditions_of_list(url))
            if response.status == _NOT_MODIFIED:
                await self._unchanged_list(url, root, depth)
            else:
                await self._take_list(url, parent, root, response, depth)
        except Failed as failed:
            self._failed(url, failed)

    async def _unchanged_list(self, url: str, root: str, depth: int) -> None:
        self.summary.lists += 1
        for inner in self._store.lists_of(url):
            await self._list(inner, url, root, depth + 1)

    async def _take_list(self, url: str, parent: str, root: str, response: Response, depth: int) -> None:
        body = unpacked(response.body, self._limits.list_bytes)
        kind = lists.kind(body)
        etag, modified = response.header("etag"), response.header("last-modified")
        if kind == "sitemaps":
            if depth >= self._limits.list_depth:
                raise Failed("sitemap", _("Sitemaps name each other more than {limit} deep.").format(limit=depth))
            whole = await self._take_index(url, root, response, body, depth)
            etag, modified = (etag, modified) if whole else ("", "")  # the next run must see the rest
            self._store.read_list(url, parent, root, etag, modified)
        elif kind == "sitemap":
            self._store.read_list(url, parent, root, etag, modified, lists.sitemap_pages(response, body))
        elif self._wanted == "sitemaps":
            raise Failed("sitemap", _("This is no sitemap."), passing=True)
        elif kind == "page" and not depth and (feeds := lists.feeds_named(response)):
            for named in feeds[:MAX_FEEDS_OF_PAGE]:
                await self._list(named, url, root, depth + 1)
            return
        else:
            if len(response.body) > self._limits.feed_bytes:
                raise too_large(self._limits.feed_bytes)
            feed = await asyncio.to_thread(lists.read_feed, response)  # the other hosts go on meanwhile
            if feed.damage:
                self._failed(url, Failed("damaged", feed.damage))
                etag, modified = "", ""
            self._store.read_list(url, parent, root, etag, modified, feed.pages)
        self.summary.lists += 1

    async def _take_index(self, url: str, root: str, response: Response, body: bytes, depth: int) -> bool:
        """Read the sitemaps of an index, the newest first, until enough pages wait; return whether all were read."""
        for inner in lists.newest_first(lists.sitemap_pages(response, body)):
            if self._oldest is not None and inner.dated and inner.dated.timestamp() < self._oldest:
                return False
            if self._store.count_waiting([root], self._oldest) >= self._limit:
                return False
            await self._list(inner.url, url, root, depth + 1)
        return True

    # Pages

    async def _listed(self, page: Page) -> None:
        try:
            if self._store.dry_run:
                check_url(page.url)
                if not (await self._client.rules(page.url)).allows(page.url):
                    self.summary.disallowed.append(page.url)
                else:
                    self.summary.planned.append(page.url)
            else:
                known = conditions(page.etag, page.modified)
                self._came(page, await self._client.get(page.url, self._limits.page_bytes, known))
        except Failed as failed:
            self._page_failed(page, failed)
        self._finished(page.url)

    def _came(self, page: Page, response: Response) -> None:
        if response.status == _NOT_MODIFIED:
            self._store.unchanged(page)
            self.summary.unchanged += 1
            return
        digest = hashlib.sha256(response.body).hexdigest()
        same = page if page.digest == digest else self._store.page(response.url)
        etag, modified = response.header("etag"), response.header("last-modified")
        if same is not None and same.digest == digest:
            self._store.keep(page, digest, etag, modified, same.file)
            self.summary.unchanged += 1
            return
        self._store.keep(page, digest, etag, modified, *self._archive.write(response))
        if page.file:
            self.summary.changed += 1
        else:
            self.summary.new += 1

    def _page_failed(self, page: Page, failed: Failed) -> None:
        if failed.code not in _LEFT:
            give_up = not failed.passing or page.attempts + 1 >= self._limits.attempts
            wait_s = _DISALLOWED_S if failed.code == "disallowed" else failed.wait_s or 0.0
            self._store.fail(page, give_up=give_up, wait_s=wait_s)
        self._failed(page.url, failed)

    def _failed(self, url: str, failed: Failed) -> None:
        if failed.code == "disallowed":
            self.summary.disallowed.append(url)
            return
        if failed.code in _LEFT:
            self.summary.left += 1
            if failed.reason in self._troubled:  # it is said once for a host, not for each of its pages
                return
            self._troubled.add(failed.reason)
        self.summary.failures.append(Failure(url, failed.code, failed.reason))

    def _finished(self, url: str) -> None:
        self._done += 1
        if self._on_progress is not None:
            summary = self.summary
            failed = len(summary.failures) + len(summary.disallowed)
            self._on_progress(Progress(self._done, self._known, summary.new + summary.changed, failed, url))


async def _by_host(items: Iterable[_T], url_of: Callable[[_T], str], work: Callable[[_T], Awaitable[None]]) -> None:
    """Do the work for every item, one after the other for each host, the hosts at the same time."""
    hosts: dict[str, list[_T]] = {}
    for item in items:
        try:
            host = check_url(url_of(item))
        except Failed:
            host = ""  # the work says what is wrong with it
        hosts.setdefault(host, []).append(item)

    async def one_after_the_other(mine: list[_T]) -> None:
        for item in mine:
            await work(item)

    try:
        async with asyncio.TaskGroup() as tasks:
            for mine in hosts.values():
                tasks.create_task(one_after_the_other(mine))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
