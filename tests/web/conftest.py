"""A server of the seeds, one of an index full of markup, and a browser: each started once for these tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx2
import pytest

from benchmarks.webserver import running
from tests.invented import indexed
from tools.screenshots import CHROMIUM_OPTIONS, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    NewPage = Callable[..., Page]

PAYLOAD: Final = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
HOSTILE: Final[tuple[dict[str, Any], ...]] = (
    {
        "id": f"doc{PAYLOAD}/../..%2f",
        "title": f"Ma túy {PAYLOAD}",
        "lead": f"Sơn La {PAYLOAD}",
        "body": f"Công an bắt đối tượng mua bán ma túy {PAYLOAD}\n\n\u202eđảo chiều\n\n</p></article></script>",
        "url": "javascript:alert(document.cookie)//http://bao.example.vn",
        "source": f"Báo {PAYLOAD}",
        "author": f"Người viết {PAYLOAD}",
        "published": "2020-02-17T17:05:00+07:00",
        "provinces": ["Sơn La"],
        "topics": ["ma-tuy"],
    },
    {"id": "link", "title": "Ma túy", "body": "Ma túy.", "url": 'https://bao.example.vn/?a="onclick="alert(1)'},
    {"id": "=HYPERLINK(1)", "title": "=1+1", "body": "Ma túy =cmd|' /C calc'!A0"},
    {"id": "xml", "title": "Ma túy ]]>\uffff\ufffe &amp; <!-- \x0b", "body": "Ma túy.", "source": "]]>"},
)
"""Invented articles that are attacks in every field."""


PATIENT: Final = ("--timeout", "30")
"""Tests run beside others."""


@pytest.fixture(scope="package")
def site(seeds_folder: Path) -> Iterator[str]:
    """The address of a server of the seeds."""
    with running(seeds_folder, "--workers", "2", *PATIENT) as address:
        yield address


@pytest.fixture(scope="package")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of articles that are attacks in every field."""
    with running(indexed(tmp_path_factory.mktemp("hostile") / "index", HOSTILE), "--workers", "1", *PATIENT) as address:
        yield address


def client_of(address: str, **headers: str) -> httpx2.Client:
    return httpx2.Client(base_url=address, headers=headers, trust_env=False, timeout=30)


@pytest.fixture(scope="package")
def client(site: str) -> Iterator[httpx2.Client]:
    """A client of the server of the seeds, that reads English."""
    with client_of(site, **{"accept-language": "en"}) as opened:
        yield opened


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser. Without one the tests that want it are left out, but not in CI, which says SEARCHER_BROWSER."""
    program = chromium()
    if program is None:
        if os.environ.get("SEARCHER_BROWSER") == "required":
            pytest.fail("no Chromium was found, and CI must not go without")
        pytest.skip("no Chromium: apt-get install chromium, or say where it is with CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_OPTIONS))
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Makes pages, each in a context of its own; what a script or the policy complains of fails the test."""
    contexts, complaints = [], []

    def make(**options: Any) -> Page:
        context = browser.new_context(**{"locale": "vi-VN", "viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
