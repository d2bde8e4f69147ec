"""What is meant to harm: markup in every field and parameter, tricks in paths, too much of everything."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx2
import pytest
from lxml import etree, html

from searcher.messages import speaking
from tests.web.conftest import HOSTILE, PAYLOAD, client_of

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    NewPage = Callable[..., Page]

HOSTILE_ID = quote(HOSTILE[0]["id"], safe="")
PARAMETERS = (
    "q", "province", "topic", "year", "since", "until", "provinces_of", "sort", "page", "n", "copies", "recent",
    "density", "shade", "by", "per", "part", "token",
)  # fmt: skip
PLACES = ("/", "/search.json", "/search.atom", "/trends", "/index", "/docs/", "/article/", "/nowhere/")


def dangers(page: str) -> list[str]:
    """Return what of a page would run, or lead to what runs."""
    tree = html.fromstring(page)
    found = [
        html.tostring(one).decode()[:200]
        for one in tree.iter("script")
        if not one.get("src", "").startswith("/static/")
    ]
    found += [
        html.tostring(one).decode()[:200] for one in tree.iter("img", "iframe", "object", "embed", "base", "style")
    ]
    for one in tree.iter():
        for name, value in one.attrib.items():
            leads = name in ("href", "src", "action", "formaction", "poster") or name.startswith("hx-")
            if name.startswith("on") or name == "style" or (leads and re.match(r"\s*(javascript|data):", value, re.I)):
                found.append(f"{name}={value}")
    return found


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=ma+tuy",
        f"/article/{HOSTILE_ID}?q=ma+tuy",
        f"/article/{HOSTILE_ID}?part=copies",
        "/article/link",
        "/trends?by=province",
        "/index",
    ],
)
def test_nothing_of_an_article_is_markup(hostile_site: str, address: str) -> None:
    with client_of(hostile_site) as client:
        answer = client.get(address)
    assert answer.status_code == 200
    assert dangers(answer.text) == []
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text


def test_the_feed_is_xml_whatever_is_in_an_article(hostile_site: str) -> None:
    with client_of(hostile_site) as client:
        feed = etree.fromstring(client.get("/search.atom?copies=all").content)
        assert etree.fromstring(client.get("/search.atom", params={"q": f"ma túy {PAYLOAD}"}).content) is not None
    entries = list(feed.iter("{http://www.w3.org/2005/Atom}entry"))
    assert len(entries) == len(HOSTILE)
    links = [one.get("href") for one in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert not [one for one in links if not one.startswith(("http://", "https://"))]


def test_links_lead_to_the_web_and_tell_nothing(hostile_site: str) -> None:
    with client_of(hostile_site) as client:
        tree = html.fromstring(client.get("/article/link").text)
        links = [one for one in tree.iter("a") if one.get("href", "").startswith("http")]
        assert [one.get("rel") for one in links] == ["noopener noreferrer"]
        assert urlsplit(links[0].get("href")).hostname == "bao.example.vn"
        page = client.get(f"/article/{HOSTILE_ID}").text
    assert not [one for one in html.fromstring(page).iter("a") if "javascript" in (one.get("href") or "").lower()]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_nothing_of_a_parameter_is_markup(client: httpx2.Client, parameter: str) -> None:
    for place in PLACES:
        for value in (PAYLOAD, f"2019{PAYLOAD}", "javascript:alert(1)"):
            answer = client.get(place, params={parameter: value})
            assert answer.status_code < 500
            if answer.headers["content-type"].startswith("text/html"):
                assert dangers(answer.text) == []
            assert "<script>alert" not in answer.text


def test_a_browser_runs_nothing_of_it(hostile_site: str, new_page: NewPage) -> None:
    """`new_page` fails the test for a dialog, an error, or a refusal by the policy."""
    page = new_page()
    for path in ("/?q=ma+tuy", f"/article/{HOSTILE_ID}?q=ma+tuy", "/trends?by=province", f"/?q={quote(PAYLOAD)}"):
        page.goto(hostile_site + path)
        assert page.locator("h1").count() == 1
    page.goto(hostile_site)
    page.type("#q", "ma t", delay=20)
    page.wait_for_selector("#suggestions li")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../pyproject.toml",
        "/static/..%2f..%2fguard.py/searcher.css",
        "/static/x/..%2f..%2fguard.py",
        "/docs/..%2f..%2fREADME",
        "/docs/%2e%2e/%2e%2e/etc/passwd",
        "/article/../../etc/passwd",
        "/article/..%2f..%2f..%2fetc%2fpasswd",
        "/article/%00",
        "/article/" + "a" * 5000,
        "/article/.json",
        "//evil.example/",
        "/%ff%fe",
        "/article/%ff%fe",
        "/?q=%ff%fe%00&since=%00",
    ],
)
def test_a_path_leads_nowhere_else(client: httpx2.Client, path: str) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port), 10) as raw:
        raw.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{client.base_url.port}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    status = int(answer.split(b" ", 2)[1])
    assert status in (200, 400, 404), answer[:300]
    assert b"root:" not in answer
    assert b"[build-system]" not in answer
    assert b"Traceback" not in answer


def test_too_much_is_refused_and_the_next_one_is_served(client: httpx2.Client, site: str) -> None:
    many = "ma " * 5_000
    assert client.get("/", params={"q": many}).status_code in (400, 414)
    assert client.get("/", params={"province": ["Sơn La"] * 200}).status_code == 400
    parts = urlsplit(site)
    assert parts.hostname
    with socket.create_connection((parts.hostname, parts.port or 80), 10) as raw:
        with contextlib.suppress(OSError):
            raw.sendall(b"GET /?q=" + b"a" * 10_000_000)
        with contextlib.suppress(OSError):
            assert raw.recv(1000).startswith((b"HTTP/1.1 400", b""))
    answer = client.post("/language", content=b"x" * 200_000, headers={"origin": site})
    assert answer.status_code in (400, 413)
    assert client.get("/?q=ma+tuy").status_code == 200


def test_who_sends_slowly_is_left_and_others_are_served(seeds_folder: Path) -> None:
    """Slowloris: connections that never say all of what they want; `header_s` is how long they may."""
    from tests.web.inprocess import served

    with served(seeds_folder, header_s=0.6, connections=40) as address:
        parts = urlsplit(address)
        assert parts.hostname
        slow = [socket.create_connection((parts.hostname, parts.port or 80), 10) for _one in range(30)]
        for one in slow:
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(0.1):
                for one in slow:
                    with contextlib.suppress(OSError):
                        one.sendall(b"X-A: b\r\n")

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert httpx2.get(f"{address}/?q=ma+tuy", trust_env=False, timeout=20).status_code == 200
        slow[0].settimeout(20)
        with contextlib.suppress(ConnectionError):
            assert slow[0].recv(100) == b""
        stop.set()
        dripping.join()
        for one in slow:
            one.close()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::1", "192.168.1.7"]
)
def test_another_name_is_not_answered(client: httpx2.Client, host: str) -> None:
    """DNS rebinding: a name of somebody else's that was made to point here."""
    answer = client.get("/search.json", headers={"host": host})
    assert answer.status_code in (400, 421)
    assert "hits" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]:8765", "LOCALHOST:80"])
def test_its_own_names_are_answered(client: httpx2.Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/search.json", "/nowhere", "/search.csv", "/article/nowhere", "/openapi.json", "/docs"]
)
def test_every_answer_has_the_headers_that_keep_it_from_harm(client: httpx2.Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1"])
def test_another_site_changes_nothing(client: httpx2.Client, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    for path in ("/language", "/index/upload"):
        answer = client.post(path, data={"language": "vi"}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "/a\r\nX: y", "javascript:alert(1)"],
)
def test_the_way_back_stays_here(site: str, client: httpx2.Client, back: str) -> None:
    answer = client.post("/language", data={"language": "en", "back": back}, headers={"origin": site})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(client: httpx2.Client, site: str, method: str) -> None:
    answer = client.request(method, "/", headers={"origin": site})
    assert answer.status_code in (204, 400, 405)


def test_nothing_can_be_uploaded_unless_it_is_allowed(client: httpx2.Client, site: str) -> None:
    answer = client.post("/index/upload", files={"files": ("a.txt", b"x")}, headers={"origin": site})
    assert answer.status_code == 404
    assert client.get("/index/progress").status_code == 404
    assert 'type="file"' not in client.get("/index").text


def test_errors_say_nothing_of_the_machine(site: str) -> None:
    with speaking("en"), client_of(site) as client:
        for path in ("/?page=x", "/article/x", "/article.json?id=x", "/search.json?year=x"):
            text = client.get(path).text
            assert "Traceback" not in text
            assert str(Path(__file__).parents[2]) not in text
