"""Feeds and sitemaps: what they name is fetched, the newest first, within bounds."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from searcher.article import VIETNAM
from searcher.fetching.failures import Failed
from searcher.fetching.lists import kind
from searcher.fetching.sitemap import read_sitemap
from tests.fetching.conftest import QUICK, Fetch
from tests.fetching.server import Site, answer, page, redirect, rss, sitemapindex, urlset


def pages(site: Site, count: int) -> list[tuple[str, str]]:
    """Make so many pages, dated from 2024-01-01 on, and return their URLs and dates."""
    site.routes |= {f"/tin/{day}": page(f"Tin giả định {day}") for day in range(1, count + 1)}
    return [(f"{site.url}/tin/{day}", f"2024-01-{day:02}T08:00:00+07:00") for day in range(1, count + 1)]


def asked(site: Site) -> list[str]:
    return [request.path for request in site.requests if request.path.startswith("/tin/")]


ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>Báo giả định</title><entry><title>Tin</title>"
    "<link href='/tin/1'/><updated>2024-01-01T08:00:00+07:00</updated></entry></feed>"
)


@pytest.mark.parametrize("flag", ["anything", "feeds"])
def test_the_pages_of_a_feed_are_fetched_newest_first(site: Site, fetch: Fetch, flag: str) -> None:
    site.routes["/rss"] = rss(*pages(site, 3))
    summary = fetch("/rss", wanted=flag)
    assert (summary.new, summary.lists, summary.failures) == (3, 1, [])
    assert asked(site) == ["/tin/3", "/tin/2", "/tin/1"]


def test_an_atom_feed_with_relative_links_is_read(site: Site, fetch: Fetch) -> None:
    pages(site, 1)
    site.routes["/atom"] = answer(ATOM, content_type="application/atom+xml")
    assert fetch("/atom").new == 1


def test_a_page_leads_to_the_feed_that_it_names(site: Site, fetch: Fetch) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/rss'>"
    site.routes |= {"/": page("Trang chủ giả định", head=link), "/rss": rss(*pages(site, 2))}
    assert fetch("/", wanted="feeds").new == 2


def test_a_page_that_names_no_feed_is_said_to_be_none(site: Site, fetch: Fetch) -> None:
    site.routes["/"] = page("Trang chủ giả định")
    summary = fetch("/", wanted="feeds")
    assert [one.reason for one in summary.failures] == ["This is no feed, and the page names none."]


def test_of_a_feed_with_broken_xml_what_can_be_read_is_fetched_and_the_rest_is_said(site: Site, fetch: Fetch) -> None:
    whole = rss(*pages(site, 3))
    site.routes["/rss"] = whole[: whole.rindex("<pubDate>")] + "<b>&khong;</i></wrong"
    summary = fetch("/rss")
    assert summary.new >= 2
    assert [one.code for one in summary.failures] == ["damaged"]
    assert summary.failures[0].reason.startswith("The feed's XML is damaged;")


@pytest.mark.parametrize("body", ["<rss version='2.0'><chan", "<rss>&&&&", "", "<rss/>" + "<" * 10_000])
def test_a_feed_of_which_nothing_can_be_read_is_one_sentence(site: Site, fetch: Fetch, body: str) -> None:
    site.routes["/rss"] = body
    summary = fetch("/rss", wanted="feeds")
    assert len(summary.failures) <= 1
    assert summary.new == 0


def test_a_feed_over_its_limit_is_refused(site: Site, fetch: Fetch) -> None:
    site.routes["/rss"] = rss(*pages(site, 9))
    limits = msgspec.structs.replace(QUICK, feed_bytes=1024)
    assert [one.code for one in fetch("/rss", limits=limits).failures] == ["too_large"]


BOMB = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + level)} '{f'&{chr(97 + level)};' * 10}'>" for level in range(12)
)


@pytest.mark.parametrize(
    "body",
    [f"{BOMB}]><rss version='2.0'><channel><title>&m;</title></channel></rss>", f"{BOMB}]><urlset>&m;</urlset>"],
)
def test_entities_are_not_expanded(site: Site, fetch: Fetch, body: str) -> None:
    site.routes["/list"] = body
    summary = fetch("/list")
    assert summary.new == 0


def test_a_page_is_asked_for_once_whatever_its_tracking_parameters(site: Site, fetch: Fetch) -> None:
    (url, date), *_rest = pages(site, 1)
    site.routes["/rss"] = rss((url, date), (f"{url}?utm_source=rss", date), (f"{url}#top", date))
    assert fetch("/rss").new == 1
    assert len(asked(site)) == 1


def test_since_passes_over_what_is_older_and_limit_takes_the_newest(site: Site, fetch: Fetch) -> None:
    site.routes["/rss"] = rss(*pages(site, 9))
    summary = fetch("/rss", since=datetime(2024, 1, 4, tzinfo=VIETNAM), limit=2)
    assert asked(site) == ["/tin/9", "/tin/8"]
    assert (summary.new, summary.left) == (2, 4)
    summary = fetch("/rss", since=datetime(2024, 1, 4, tzinfo=VIETNAM))
    assert asked(site)[2:] == ["/tin/7", "/tin/6", "/tin/5", "/tin/4"]
    assert (summary.new, summary.left) == (4, 0)
    assert fetch("/rss").new == 3


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_is_read(site: Site, fetch: Fetch, packed: bool) -> None:
    body = urlset(*pages(site, 2)).encode()
    site.routes["/sitemap.xml.gz"] = answer(gzip.compress(body) if packed else body, content_type="application/gzip")
    assert fetch("/sitemap.xml.gz").new == 2


def test_a_news_sitemap_and_one_of_plain_text_are_read(site: Site, fetch: Fetch) -> None:
    (first, _), (second, _) = pages(site, 2)
    site.routes["/news.xml"] = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        f"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc> {first} </loc>"
        "<news:news><news:publication_date>2024-01-01</news:publication_date></news:news></url></urlset>"
    )
    site.routes["/sitemap.txt"] = answer(f"{second}\n", content_type="text/plain")
    assert fetch("/news.xml", "/sitemap.txt").new == 2


def test_an_index_of_sitemaps_is_followed_newest_first_until_there_is_enough(site: Site, fetch: Fetch) -> None:
    old, *new = pages(site, 3)
    site.routes |= {
        "/sitemap.xml": sitemapindex((f"{site.url}/old.xml", "2023-01-01"), (f"{site.url}/new.xml", "2024-01-03")),
        "/old.xml": urlset(old),
        "/new.xml": urlset(*new),
    }
    assert fetch("/sitemap.xml", limit=2).new == 2
    assert site.paths()["/old.xml"] == 0
    assert fetch("/sitemap.xml").new == 1
    assert site.paths()["/old.xml"] == 1


def test_sitemaps_older_than_since_are_not_read(site: Site, fetch: Fetch) -> None:
    site.routes["/sitemap.xml"] = sitemapindex((f"{site.url}/old.xml", "2023-01-01"))
    assert fetch("/sitemap.xml", since=datetime(2024, 1, 1, tzinfo=VIETNAM)).failures == []
    assert site.paths()["/old.xml"] == 0


def test_a_site_leads_to_its_sitemap(site: Site, fetch: Fetch) -> None:
    site.routes["/sitemap.xml"] = urlset(*pages(site, 2))
    assert fetch("", wanted="sitemaps").new == 2


def test_a_site_leads_to_the_sitemaps_of_its_robots_txt(site: Site, fetch: Fetch) -> None:
    site.routes |= {
        "/robots.txt": answer(f"Sitemap: {site.url}/ban-do.xml", content_type="text/plain"),
        "/ban-do.xml": urlset(*pages(site, 2)),
    }
    assert fetch("/", wanted="sitemaps").new == 2


def test_sitemaps_that_name_each_other_end(site: Site, fetch: Fetch) -> None:
    site.routes |= {f"/{n}.xml": sitemapindex((f"{site.url}/{n + 1}.xml", "")) for n in range(9)}
    site.routes["/a.xml"] = sitemapindex((f"{site.url}/a.xml", ""))
    summary = fetch("/0.xml", "/a.xml")
    assert [one.reason for one in summary.failures] == ["Sitemaps name each other more than 3 deep."]


def test_a_sitemap_of_a_million_sitemaps_is_cut(site: Site, fetch: Fetch) -> None:
    site.routes["/sitemap.xml"] = sitemapindex(*((f"{site.url}/{n}.xml", "") for n in range(500)))
    fetch("/sitemap.xml", limits=msgspec.structs.replace(QUICK, lists=20))
    assert len(site.paths()) == 20


def test_a_sitemap_speaks_for_its_own_site_only(site: Site, fetch: Fetch) -> None:
    site.routes["/sitemap.xml"] = urlset(*pages(site, 1), ("http://nguoi-khac.invalid/1", ""))
    summary = fetch("/sitemap.xml")
    assert (summary.new, summary.failures) == (1, [])


def test_what_is_no_sitemap_is_said(site: Site, fetch: Fetch) -> None:
    site.routes["/sitemap.xml"] = redirect("/")
    site.routes["/"] = page("Không tìm thấy, giả định")
    assert [one.reason for one in fetch("/sitemap.xml", wanted="sitemaps").failures] == ["This is no sitemap."]


def test_a_broken_sitemap_gives_what_came_before_the_break() -> None:
    whole = urlset(("http://a.vn/1", ""), ("http://a.vn/2", "")).encode()
    assert [one.url for one in read_sitemap(whole[: whole.index(b"/2")])][:1] == ["http://a.vn/1"]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"<urlset>" + b"<url><loc>http://a.vn/b</loc></url>" * 60_000, 50_000),
        (b"<urlset><url><loc>http://a.vn/" + b"b" * 1_000_000, 0),
        (b"<urlset><url>" + b"<loc>http://a.vn</loc>" * 50_000 + b"</url>", 1),
        (b"<urlset>" + b"<url>" * 100_000, 0),
        (b"<urlset>" + b"<a/>" * 100_000 + b"<url><loc>http://a.vn</loc></url>", 1),
        (b"<urlset>" + b"<" * 1_000_000, 0),
        (b"<urlset><url><loc>http://a.vn/?a=1&b=2</loc></url>", 1),
        (b"http://a.vn/b\n" * 60_000, 50_000),
    ],
    ids=["urls", "text", "locs", "depth", "others", "signs", "ampersand", "lines"],
)
def test_a_sitemap_without_measure_is_read_within_bounds(body: bytes, count: int) -> None:
    assert sum(1 for _one in read_sitemap(body)) == count


def test_a_tag_without_end_is_not_given_to_the_parser() -> None:
    with pytest.raises(Failed, match="This is no sitemap"):
        list(read_sitemap(b"<urlset><url " + b"a='b' " * 20_000))


def test_a_sitemap_that_unpacks_to_too_much_is_refused(site: Site, fetch: Fetch) -> None:
    packed = gzip.compress(b"<urlset>" + bytes(4_000_000))
    site.routes["/sitemap.xml.gz"] = answer(packed, content_type="application/gzip")
    limits = msgspec.structs.replace(QUICK, list_bytes=1024 * 1024)
    assert [one.code for one in fetch("/sitemap.xml.gz", wanted="sitemaps", limits=limits).failures] == ["too_large"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<?xml version='1.0'?><!-- <rss> --><html>", "page"),
        (b"<!DOCTYPE html><p><rss>", "page"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><rss version='2.0'>", "feed"),
        ("<?xml version='1.0' encoding='utf-16'?><feed>".encode("utf-16"), "feed"),
        (b"<rdf:RDF xmlns:rdf='x'>", "feed"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", "feed"),
        (b"<s:urlset xmlns:s='x'>", "sitemap"),
        (b"<sitemapindex>", "sitemaps"),
        (b"https://a.vn/1\nhttps://a.vn/2", "sitemap"),
        (b"Tin", "page"),
        (b"", "page"),
        (b"<!--->" * 2000, "page"),
        (b"<!a[" * 2000, "page"),
    ],
)
def test_a_document_is_known_by_its_first_element(body: bytes, expected: str) -> None:
    assert kind(body) == expected


def test_a_dry_run_names_the_pages_and_writes_nothing(site: Site, fetch: Fetch, into: Path) -> None:
    site.routes["/rss"] = rss(*pages(site, 3))
    site.routes["/robots.txt"] = answer("User-agent: *\nDisallow: /tin/2", content_type="text/plain")
    summary = fetch("/rss", "/tin/1", dry_run=True)
    assert sorted(summary.planned) == [f"{site.url}/tin/1", f"{site.url}/tin/1", f"{site.url}/tin/3"]
    assert summary.disallowed == [f"{site.url}/tin/2"]
    assert not into.exists()
    assert fetch("/rss").new == 2
    assert fetch("/rss", dry_run=True).planned == []
