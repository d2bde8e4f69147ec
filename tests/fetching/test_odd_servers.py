"""What servers do that is not quite as it should be, and is understood all the same."""

from __future__ import annotations

import gzip

import pytest

from searcher.fetching.robots import Rules
from tests.fetching.conftest import Fetch
from tests.fetching.server import Site, answer, page

URL = "https://bao.example.vn/tin"


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("searcher", True),
        ("Searcher", True),
        ("searcher/1.0", True),
        ("searcher (compatible)", True),
        ("searcher # ours", True),
        ("*", True),
        ("* # all", True),
        ("search", False),
        ("sea", False),
        ("s", False),
        ("researcher", False),
        ("searcher-images", False),
        ("searcher_news/2", False),
        ("mysearcher", False),
        ("*bot", False),
    ],
)
def test_a_group_is_ours_by_its_whole_product_token(name: str, ours: bool) -> None:
    assert Rules(f"User-agent: {name}\nDisallow: /\n").allows(URL) is not ours


def test_our_own_groups_count_together_and_before_everyones() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: searcher/2\nDisallow: /a\n\nUser-agent: Searcher\nDisallow: /b\n"
    rules = Rules(text)
    assert [rules.allows(f"https://bao.example.vn/{path}") for path in ("tin", "a", "b")] == [True, False, False]


def test_a_redirect_to_an_address_in_plain_utf_8_is_followed(site: Site, fetch: Fetch) -> None:
    to = "/tin/ma-túy-ở-mường-lát?q=bắt giữ"
    site.routes["/a"] = answer(status="302 Found", location="@").replace(b"@", to.replace(" ", "%20").encode())
    site.routes["/tin/ma-t%C3%BAy-%E1%BB%9F-m%C6%B0%E1%BB%9Dng-l%C3%A1t?q=b%E1%BA%AFt%20gi%E1%BB%AF"] = page(
        "Bài giả định"
    )
    assert fetch("/a").new == 1


@pytest.mark.parametrize("coding", ["x-gzip", "X-GZIP", " x-gzip "])
def test_x_gzip_is_gzip(site: Site, fetch: Fetch, coding: str) -> None:
    site.routes["/a"] = answer(gzip.compress(page("Bài giả định").encode()), content_encoding=coding)
    assert fetch("/a").new == 1


def test_a_bare_ampersand_in_a_sitemap_is_part_of_the_address(site: Site, fetch: Fetch) -> None:
    plain, cdata, whole = (f"{site.url}/tin?loai={n}&id={n}&copy=1" for n in range(3))
    locs = (plain, f"<![CDATA[{cdata}]]>", whole.replace("&", "&amp;"))
    urls = "".join(f"<url><loc>{loc}</loc></url>" for loc in locs)
    site.routes["/sitemap.xml"] = answer(f"<?xml version='1.0'?><urlset>{urls}</urlset>", content_type="text/xml")
    for url in (plain, cdata, whole):
        site.routes[url.removeprefix(site.url)] = page(f"Bài giả định {url[-20:]}")
    assert fetch("/sitemap.xml").new == 3
