"""Politeness: robots.txt, delays, one request at a time to a host, and patience with a server in trouble."""

from __future__ import annotations

import email.utils
import time
from itertools import pairwise

import msgspec
import pytest

from searcher.fetching.robots import Rules
from tests.fetching.conftest import QUICK, Fetch
from tests.fetching.server import Answer, Request, Site, answer, page, redirect, silence_for

GOOD = page("Trang giả định")


def robots(text: str) -> bytes:
    return answer(text, content_type="text/plain")


def test_what_robots_txt_forbids_is_skipped_and_said(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/robots.txt": robots("User-agent: *\nDisallow: /rieng/"), "/rieng/1": GOOD, "/2": GOOD}
    summary = fetch("/rieng/1", "/2")
    assert summary.disallowed == [site.url + "/rieng/1"]
    assert (summary.new, summary.failures) == (1, [])
    assert set(site.paths()) == {"/2"}


def test_a_page_that_robots_txt_forbids_is_not_looked_at_again_the_same_day(site: Site, fetch: Fetch) -> None:
    site.routes["/rss"] = f"<rss version='2.0'><channel><item><link>{site.url}/1</link></item></channel></rss>"
    site.routes["/robots.txt"] = robots("User-agent: *\nDisallow: /1")
    assert fetch("/rss").disallowed == [site.url + "/1"]
    assert fetch("/rss").disallowed == []


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/robots.txt": robots("User-agent: *\nDisallow: /rieng"), "/1": redirect("/rieng"), "/rieng": GOOD}
    assert fetch("/1").disallowed == [site.url + "/1"]
    assert set(site.paths()) == {"/1"}


def test_robots_txt_is_asked_for_first_and_once(site: Site, fetch: Fetch) -> None:
    site.routes |= {f"/{number}": page(f"Trang giả định {number}") for number in range(3)}
    assert fetch("/0", "/1", "/2").new == 3
    assert [request.path for request in site.requests] == ["/robots.txt", "/0", "/1", "/2"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (answer("oh", status="500 Oh no"), "The server answers 500 Oh no."),
        (answer("slow down", status="429 Too Many Requests"), "The server answers 429 Too Many Requests."),
        (b"", "The server broke the answer off, or what it sent is not HTTP."),
    ],
)
def test_where_robots_txt_cannot_be_read_nothing_is_asked_for(
    site: Site, fetch: Fetch, given: Answer, sentence: str
) -> None:
    site.routes |= {"/robots.txt": given, "/1": GOOD, "/2": GOOD}
    summary = fetch("/1", "/2")
    assert [one.reason for one in summary.failures] == [
        f"The robots.txt of '127.0.0.1' can't be read, so nothing else is asked of it: {sentence}"
    ]
    assert summary.left == 2
    assert not site.paths()


def test_a_robots_txt_that_never_comes_forbids_everything(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/robots.txt": lambda _: silence_for(site, 30), "/1": GOOD}
    assert [one.code for one in fetch("/1").failures] == ["robots"]


@pytest.mark.parametrize(
    "given",
    [
        answer("no", status="404 Not Found"),
        answer("no", status="403 Forbidden"),
        answer("no", status="410 Gone"),
        redirect("/robots.txt"),
        answer(b"\x89PNG", content_type="image/png"),
        answer("<html>Không tìm thấy</html>"),
        robots(""),
    ],
)
def test_where_there_is_no_robots_txt_everything_is_allowed(site: Site, fetch: Fetch, given: Answer) -> None:
    site.routes |= {"/robots.txt": given, "/1": GOOD}
    assert fetch("/1").new == 1


def test_a_robots_txt_over_its_limit_is_read_up_to_there(site: Site, fetch: Fetch) -> None:
    text = "User-agent: *\nDisallow: /1\n" + "# dài\n" * 200_000
    site.routes |= {"/robots.txt": robots(text), "/1": GOOD, "/2": GOOD}
    summary = fetch("/1", "/2")
    assert (summary.new, len(summary.disallowed)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "url", "allowed"),
    [
        ("", "https://a.vn/x", True),
        ("User-agent: *\nDisallow: /", "https://a.vn/x", False),
        ("User-agent: *\nDisallow: /\nUser-agent: searcher\nAllow: /", "https://a.vn/x", True),
        ("User-agent: Searcher\nDisallow: /", "https://a.vn/x", False),
        ("User-agent: searcher*\nDisallow: /", "https://a.vn/x", False),
        ("User-agent: Googlebot\nDisallow: /", "https://a.vn/x", True),
        ("User-agent: Googlebot\nUser-agent: *\nDisallow: /", "https://a.vn/x", False),
        ("User-agent: a\nDisallow: /\n\nUser-agent: *\nDisallow: /y", "https://a.vn/x", True),
        ("User-agent: *\nDisallow: /tin\nAllow: /tin/ma-tuy", "https://a.vn/tin/ma-tuy/1.html", True),
        ("User-agent: *\nDisallow: /*.pdf$", "https://a.vn/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "https://a.vn/x/y.pdf?a", True),
        ("User-agent: *\nDisallow: /tìm-kiếm", "https://a.vn/t%C3%ACm-ki%E1%BA%BFm?q=1", False),
        ("User-agent : *\r\nDISALLOW : /x # riêng", "https://a.vn/x", False),
    ],
)
def test_the_rules_are_those_of_rfc_9309(text: str, url: str, allowed: bool) -> None:
    assert Rules(text).allows(url) is allowed


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{number}\n" for number in range(20_000)) + "Disallow: /x\n" * 15_000,
        "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 120}b{number}\n" for number in range(2_000)),
        "User-agent: *\nCrawl-delay: " + "9" * 100_000,
        "User-agent: *\nRequest-rate: 1/" + "9" * 100_000,
        "Sitemap: x\n" * 40_000,
    ],
    ids=["agents times rules", "stars", "long number", "long rate", "sitemaps"],
)
def test_a_hostile_robots_txt_takes_no_time(text: str) -> None:
    began = time.process_time()
    rules = Rules(text[: 512 * 1024])
    rules.allows("https://a.vn/" + "a" * 1900)
    assert rules.delay_s >= 0
    assert len(rules.sitemaps) <= 100
    assert time.process_time() - began < 10  # some of these took minutes to a parser without bounds


@pytest.mark.parametrize("directive", ["Crawl-delay: 0.15", "Request-rate: 20/3"])
def test_the_delay_is_the_one_that_robots_txt_asks_for(site: Site, fetch: Fetch, directive: str) -> None:
    site.routes |= {f"/{number}": page(f"Trang giả định {number}") for number in range(3)}
    site.routes["/robots.txt"] = robots(f"User-agent: *\n{directive}")
    assert fetch("/0", "/1", "/2").new == 3
    assert all(after.at - before.at >= 0.14 for before, after in pairwise(site.requests))


def test_a_crawl_delay_longer_than_the_run_leaves_the_pages_for_the_next(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/robots.txt": robots("User-agent: *\nCrawl-delay: 86400"), "/1": GOOD}
    summary = fetch("/1")
    assert summary.left == 1
    assert "wants more time between requests than this run has" in summary.failures[0].reason


def test_a_host_has_one_request_at_a_time_and_several_hosts_are_asked_at_once(site: Site, fetch: Fetch) -> None:
    def slow(request: Request) -> bytes:
        site.pause(0.1)
        return answer(page(f"Trang giả định {request.path}"))

    site.routes |= {f"/{number}": slow for number in range(4)}
    assert fetch("/0", "/1", "/2").new == 3
    assert site.most_at_once == 1
    other = site.url.replace("127.0.0.1", "localhost")
    assert fetch("/0", "/1", "/2", f"{other}/0", f"{other}/1", f"{other}/3").new == 3
    assert site.most_at_once == 2


def test_the_user_agent_names_the_tool(site: Site, fetch: Fetch) -> None:
    fetch("/1")
    assert all(request.headers["user-agent"].startswith("searcher/") for request in site.requests)


def test_a_busy_server_is_asked_again_after_the_time_it_named(site: Site, fetch: Fetch) -> None:
    answers = [answer(status="503 Busy", retry_after="1"), answer(GOOD)]
    site.routes["/1"] = lambda _: answers.pop(0)
    assert fetch("/1", limits=msgspec.structs.replace(QUICK, wait_s=5)).new == 1
    first, second = (request.at for request in site.requests if request.path == "/1")
    assert second - first >= 0.95


def test_a_server_that_names_a_date_far_away_is_not_asked_again_before_it(site: Site, fetch: Fetch) -> None:
    later = email.utils.formatdate(time.time() + 3600, usegmt=True)
    site.routes["/rss"] = f"<rss version='2.0'><channel><item><link>{site.url}/1</link></item></channel></rss>"
    site.routes["/1"] = answer(status="429 Too Many Requests", retry_after=later)
    summary = fetch("/rss")
    assert "asks to be left alone for 3,6" in summary.failures[0].reason or "3,599" in summary.failures[0].reason
    fetch("/rss")
    assert site.paths()["/1"] == 1


def test_a_reset_connection_is_tried_again(site: Site, fetch: Fetch) -> None:
    answers = [b"", answer(GOOD)]
    site.routes["/1"] = lambda _: answers.pop(0)
    assert fetch("/1").new == 1


def test_what_is_not_there_is_not_asked_for_again(site: Site, fetch: Fetch) -> None:
    site.routes["/rss"] = f"<rss version='2.0'><channel><item><link>{site.url}/1</link></item></channel></rss>"
    assert len(fetch("/rss").failures) == 1
    assert fetch("/rss").failures == []
    assert site.paths()["/1"] == 1


def test_no_cookie_is_kept_or_sent(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/1": answer(GOOD, set_cookie="dau=vet; Path=/"), "/2": GOOD}
    fetch("/1", "/2")
    assert not any("cookie" in request.headers for request in site.requests)
