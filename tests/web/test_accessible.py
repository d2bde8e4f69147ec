"""WCAG 2.2 AA, as far as a program can tell, in both themes; and the whole job by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    NewPage = Callable[..., Page]

PAGES = (
    "/",
    "/?q=mai+dam+son+la&province=S%C6%A1n+La&since=2019&shade=share",
    "/?q=xyzzyplugh",
    "/article/b15f0361347245e6?q=mai+dam",
    "/trends",
    "/trends?by=topic&per=month",
    "/index",
    "/docs",
    "/docs/facts",
    "/article/ee831ce51151f0de?q=heroin",
    "/?q=heroin&offence=van-chuyen-ma-tuy",
    "/?page=900&q=ma+tuy",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_axe_finds_nothing_in_both_themes(site: str, new_page: NewPage) -> None:
    """A theme changes colours and nothing else, so the second one is looked through for contrast alone."""
    from axe_playwright_python.sync_playwright import Axe

    page = new_page(color_scheme="light")
    script = Axe().axe_script
    whole, contrast = {"type": "tag", "values": TAGS}, {"type": "rule", "values": ["color-contrast"]}
    problems = {}
    for path in PAGES:
        page.goto(site + path)
        page.evaluate(script)
        for theme, looked_for in (("light", whole), ("dark", contrast)):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            options = {"runOnly": looked_for, "resultTypes": ["violations"]}
            for one in page.evaluate("options => axe.run(options).then(found => found.violations)", options):
                nodes = [node["html"][:160] + node.get("failureSummary", "") for node in one["nodes"][:3]]
                problems[(path, theme, one["id"])] = nodes
    assert problems == {}


def test_the_whole_job_by_keyboard(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#q")
    page.keyboard.type("ma tuy")
    page.wait_for_selector("#suggestions li")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=ma+tuy**")
    seen = set()
    for _press in range(60):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "document.activeElement.closest('.hit, .facet, .time, .tools, .menu, .tiles')?.className ?? ''"
            )
        )
    assert {"hit", "time", "tools"} <= seen
    assert not any("tiles" in one for one in seen), "the map is for pointers: the list beside it has the same"
    page.focus(".facet a >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip.on")
    page.focus(".hit h2 a")
    page.keyboard.press("Enter")
    page.wait_for_selector("article.text")


def test_pages_have_titles_and_landmarks(site: str, new_page: NewPage) -> None:
    page = new_page()
    titles = set()
    for path in PAGES[:2] + PAGES[3:8]:
        page.goto(site + path)
        titles.add(page.title())
        for landmark in ("header", "main", "footer", "nav"):
            assert page.locator(landmark).count() >= 1
        assert page.locator("h1").count() == 1
    assert len(titles) >= 6


def test_motion_is_only_for_who_wants_it(site: str, new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(site)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
