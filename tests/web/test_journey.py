"""What a reader does with the page in a browser, with and without JavaScript."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    NewPage = Callable[..., Page]


def state(page: Page) -> dict[str, list[str]]:
    """Return the state that the address holds."""
    return parse_qs(urlsplit(page.url).query)


def total(page: Page) -> int:
    return int(re.match(r"(\d+) bài", page.inner_text("h1"))[1])  # type: ignore[index]


def narrowed_by(page: Page, selector: str) -> None:
    """Click, and wait until the results are other ones."""
    with other_results(page):
        page.click(selector)


@contextmanager
def other_results(page: Page) -> Iterator[None]:
    """Wait, at the end of the block, until the results are other ones than at its beginning."""
    page.evaluate("document.querySelector('#found').isOld = true")
    yield
    page.wait_for_function(
        "() => { const found = document.querySelector('#found');"
        "return found && !found.isOld && !document.querySelector('.htmx-settling'); }"
    )


def test_from_words_to_an_export(site: str, new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(accept_downloads=True)
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("mai dam son la", delay=15)
    page.wait_for_selector("#suggestions li")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=mai+dam+son+la**")
    assert total(page) == 14
    assert "mại dâm" in page.locator(".hit mark").all_inner_texts()

    page.fill("#q", "")
    page.type("#q", "mai d", delay=15)
    page.wait_for_selector("#suggestions li")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#q", "aria-activedescendant") == "suggestion-0"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=m%E1%BA%A1i"))
    assert page.input_value("#q") == "mại dâm"

    narrowed_by(page, '.facet a:has-text("ma túy")')
    assert state(page)["topic"] == ["ma-tuy"]
    of_topic = total(page)
    assert page.inner_text(".chip.on").split(":")[-1].split() == ["ma", "túy", "×"]

    bars = page.locator(".histogram svg").bounding_box()
    assert bars
    page.mouse.move(bars["x"] + 3, bars["y"] + bars["height"] - 4)
    page.mouse.down()
    page.mouse.move(bars["x"] + bars["width"] * 0.6, bars["y"] + bars["height"] - 4, steps=4)
    assert "–" in page.inner_text(".tip")
    with other_results(page):
        page.mouse.up()
    assert page.locator(".chip.on").count() == 2
    assert {"since", "until", "topic"} <= state(page).keys()
    assert 0 < total(page) <= of_topic

    narrowed_by(page, ".tiles a.s8")
    assert len(state(page)["province"]) == 1
    kept, found = page.url, total(page)
    assert page.input_value("#since") == state(page)["since"][0]

    page.click(".hit h2 a")
    page.wait_for_selector("article.text h1")
    assert page.locator(".text mark").count() > 0
    page.keyboard.press("n")
    assert page.locator("mark.now").count() == 1
    page.go_back()
    page.wait_for_selector(".hit")
    assert (page.url, total(page)) == (kept, found)
    assert page.input_value("#q") == "mại dâm"

    page.click(".menu summary")
    with page.expect_download() as download:
        page.click('.menu a:has-text("CSV")')
    download.value.save_as(tmp_path / "hits.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "hits.csv").read_text("utf-8-sig"))))
    assert len(rows) == found


def test_one_click_chooses_a_month(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site}/?q=heroin")
    bars = page.locator(".histogram svg").bounding_box()
    assert bars
    before = page.url
    with other_results(page):
        page.mouse.click(bars["x"] + 2, bars["y"] + bars["height"] - 2)
    since, until = state(page)["since"][0], state(page)["until"][0]
    assert since.startswith("01/")
    assert since[3:] == until[3:]
    assert total(page) >= 1
    page.go_back()
    page.wait_for_function("before => location.href === before", arg=before)
    page.wait_for_selector("#found")
    assert page.locator(".chip.on").count() == 0


def test_a_suggestion_is_left_with_escape(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site)
    page.type("#q", "son", delay=15)
    page.wait_for_selector("#suggestions li")
    assert page.get_attribute("#q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.input_value("#q") != "son"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == "son"
    assert page.get_attribute("#q", "aria-expanded") == "false"
    assert not page.is_visible("#suggestions")


def test_copies_unfold_where_they_are(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site}/?q=ma+tuy")
    before = page.url
    page.click(".copied a")
    page.wait_for_selector(".copied .copies li a")
    assert page.url == before
    page.click(".copied .copies li a")
    page.wait_for_selector("article.text")
    assert page.locator("#copies li").count() >= 1


def test_a_reason_opens_over_the_tag(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site}/article/b15f0361347245e6")
    page.click(".why >> nth=0")
    assert "Sơn La" in page.inner_text(".reasons:popover-open mark >> nth=0")
    page.keyboard.press("Escape")
    assert page.locator(".reasons:popover-open").count() == 0


def test_it_all_works_without_javascript(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site)
    page.fill("#q", "mai dam son la")
    page.press("#q", "Enter")
    assert total(page) == 14
    page.click('.facet a:has-text("mại dâm")')
    assert state(page) == {"q": ["mai dam son la"], "topic": ["mai-dam"]}
    page.click('.tiles a[title^="Sơn La"]')
    assert state(page)["province"] == ["Sơn La"]
    assert page.inner_text(".facet a.on >> nth=1").startswith("Sơn La")
    page.fill("#since", "1/1/2019")
    page.fill("#until", "2021")
    page.click(".days button")
    assert state(page)["topic"] == ["mai-dam"]
    assert total(page) == 1
    page.click(".hit h2 a")
    assert page.inner_text("article.text h1").startswith("Sơn La")
    page.click(".back a")
    page.goto(f"{site}/trends")
    page.click('.switch a:has-text("theo chủ đề")')
    assert "ma túy" in page.inner_text(".heat")
    page.goto(site)
    page.click(".language button")
    page.wait_for_selector("html[lang=en]")
    assert page.inner_text("h1").endswith("the newest first")


def test_nothing_is_wider_than_the_screen(site: str, new_page: NewPage) -> None:
    """640 is also 1280 at a zoom of 200 %."""
    page = new_page()
    case, seed = "/article/ee831ce51151f0de?q=heroin", "/article/b15f0361347245e6?q=mai+dam"
    for path in ("/?q=mai+dam+son+la", seed, case, "/trends?by=province", "/index", "/docs", "/docs/facts"):
        page.goto(site + path)
        for width in (320, 360, 640, 1280, 2560):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_page_asks_for_nothing_from_elsewhere(site: str, new_page: NewPage) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/?q=ma+tuy", "/article/b15f0361347245e6", "/trends", "/docs"):
        page.goto(site + path)
    assert asked
    assert [url for url in asked if not url.startswith(site + "/")] == []
