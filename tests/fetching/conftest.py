"""The server of bad manners, a folder to fetch into, and a guard that ends what hangs."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from searcher.fetching import FetchSummary, Limits, Store, fetch_pages
from tests.fetching.server import Site

QUICK = Limits(
    delay_s=0,
    connect_s=3,
    read_s=1,
    request_s=1.5,
    run_s=30,
    wait_s=0.5,
    backoff_s=0.01,
    retries=1,
    page_bytes=1024 * 1024,
    host_failures=100,
)
Fetch = Callable[..., FetchSummary]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")


@pytest.fixture(autouse=True)
def nothing_hangs() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise AssertionError("the test hangs")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.close()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "fetched"


@pytest.fixture
def fetch(site: Site, into: Path) -> Fetch:
    """Fetch paths of the site (or whole URLs) with quick limits, and return the summary."""

    def call(*urls: str, dry_run: bool = False, **options: Any) -> FetchSummary:
        given = {"limits": QUICK, "allow_private": "network" not in options, **options}
        with Store(into, dry_run=dry_run) as store:
            return fetch_pages([url if "://" in url else site.url + url for url in urls], store, **given)

    return call
