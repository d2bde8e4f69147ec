"""What a document is that lists pages, and which pages it lists: feeds, sitemaps, and pages that name their feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from searcher.fetching.failures import Failed
from searcher.fetching.response import Response
from searcher.fetching.sitemap import Listed, is_text_sitemap, read_sitemap
from searcher.messages import _, number
from searcher.sources.charset import charset_of, decode
from searcher.sources.feeds import MAX_ENTRIES, dates_of, parse_feed
from searcher.sources.items import Unreadable
from searcher.sources.roots import first_element
from searcher.sources.trees import parse
from searcher.urls import host_of

Kind = Literal["page", "feed", "sitemap", "sitemaps"]

_ROOTS: Final[dict[str, Kind]] = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemaps",
}
_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


def kind(body: bytes) -> Kind:
    """Return what a document is by its first element; what is no list is a page."""
    root = first_element(body)
    if root:
        return _ROOTS.get(root, "page")
    return "sitemap" if is_text_sitemap(body) else "page"


class Feed(NamedTuple):
    """The pages that a feed names; `damage` is a sentence where there may be more that could not be read."""

    pages: list[Listed]
    damage: str = ""


def read_feed(response: Response) -> Feed:
    """Return what a feed names; raises Failed where it is none, or too broken to name anything."""
    try:
        found = parse_feed(response.body, charset=charset_of(response.header("content-type")))
    except Unreadable as unreadable:
        if kind(response.body) == "page":
            raise Failed("feed", _("This is no feed, and the page names none."), passing=True) from None
        raise Failed("feed", unreadable.reason, passing=True) from None
    entries = found.entries[:MAX_ENTRIES]
    named = (
        (str(entry.get("link") or "").strip(), dated) for entry, dated in zip(entries, dates_of(entries), strict=True)
    )
    pages = [Listed(response.link(url), dated) for url, dated in named if url]
    if not found.bozo or "SAX" not in type(found.bozo_exception).__name__:
        return Feed(pages)
    reason = _("The feed's XML is damaged; {count} entries could be read, and there may be more.")
    return Feed(pages, reason.format(count=number(len(pages))))


def sitemap_pages(response: Response, body: bytes) -> Iterator[Listed]:
    """Yield what a sitemap names of its own site: a host may speak for itself and the hosts within it, for no other."""
    host = host_of(response.url)
    for one in read_sitemap(body):
        url = response.link(one.url)
        other = host_of(url)
        if other == host or other.endswith("." + host):
            yield Listed(url, one.dated)


def newest_first(listed: Iterable[Listed]) -> list[Listed]:
    """Return them newest first, those without a date last."""
    return sorted(listed, key=lambda one: one.dated.timestamp() if one.dated else float("-inf"), reverse=True)


def feeds_named(response: Response) -> list[str]:
    """Return the feeds that an HTML page names in its head, in its order."""
    try:
        tree = parse(decode(response.body, charset_of(response.header("content-type"))))
    except Unreadable:
        return []
    links = (
        response.link(link.get("href", ""))
        for link in tree.iter("link")
        if "alternate" in link.get("rel", "").lower() and link.get("type", "").lower().strip() in _FEED_TYPES
    )
    return list(dict.fromkeys(filter(None, links)))


def is_site(url: str) -> bool:
    """Whether a URL is that of a site as a whole."""
    return urlsplit(url).path in ("", "/")


def default_sitemap(url: str) -> str:
    """Return where the sitemap of a URL's site lies, if it says nothing else."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/sitemap.xml"
