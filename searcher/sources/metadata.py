"""What a page says of itself: JSON-LD, OpenGraph and other meta elements, and where it was saved from."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin

import msgspec

from searcher.sources.dates import EARLIEST_GUESS, date_within, parse_published
from searcher.sources.letters import composed
from searcher.sources.markup import plain
from searcher.sources.trees import compatible
from searcher.urls import canonical_url, host_of, without_tracking

_ARTICLE_TYPES: Final = frozenset(
    {
        "newsarticle",
        "article",
        "reportagenewsarticle",
        "blogposting",
        "report",
        "analysisnewsarticle",
        "socialmediaposting",
    }
)
_MAX_JSON_CHARS: Final = 512 * 1024
_MAX_DEPTH: Final = 6
_MAX_DATE_CHARS: Final = 200
# By how far one trusts them.
_TITLES: Final = ("og:title", "twitter:title", "dc.title", "title")
_LEADS: Final = ("og:description", "twitter:description", "description", "dc.description")
_DATES: Final = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "publish-date", "dc.date.issued",
    "dcterms.created", "dc.date", "date", "datecreated", "article:published", "its_publication",
)  # fmt: skip
_AUTHORS: Final = ("article:author", "author", "dc.creator", "its_author")
_SITES: Final = ("og:site_name", "application-name", "copyright_holder")
# Browsers and their helpers write into a comment where a page was saved from.
_SAVED_FROM: Final = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d+\)|Page saved with SingleFile\s{1,9}url:\s{0,9})(\S+)"
)
_SAVED_FROM_WITHIN: Final = 64 * 1024


class Metadata(msgspec.Struct):
    """What a page says of itself; nothing of it is checked against the page that readers see."""

    title: str = ""
    lead: str = ""
    body: str = ""
    published: datetime | None = None
    author: str = ""
    site: str = ""
    url: str = ""


def collect(tree: Any, url: str) -> Metadata:
    """Return what the page at `url` (which may be unknown: '') says of itself."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = (meta.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    article = next(_articles(tree), {})
    found = Metadata(
        title=_text(article.get("headline")) or _first(metas, _TITLES),
        lead=_text(article.get("description")) or _first(metas, _LEADS),
        body=composed(compatible(plain(body))) if isinstance(body := article.get("articleBody"), str) else "",
        author=_name(article.get("author")) or _first(metas, _AUTHORS),
        site=_first(metas, _SITES) or _name(article.get("publisher")),
        url=_address(tree, metas, url),
    )
    for value in (_text(article.get("datePublished")), *(metas[name] for name in _DATES if name in metas)):
        found.published = _moment(value)
        if found.published is not None:
            break
    if "://" in found.author or found.author.lower() in (found.site.lower(), "admin", "administrator"):
        found.author = ""
    return found


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((" ".join(metas[name].split()) for name in names if name in metas), "")


def _moment(value: str) -> datetime | None:
    try:
        found = parse_published(value)
    except ValueError:
        within = date_within(value[:_MAX_DATE_CHARS])
        if within is None:
            return None
        found = within.moment
    return found if found.year >= EARLIEST_GUESS else None  # before there were pages it is a clock at its beginning


def _text(value: object) -> str:
    return " ".join(composed(compatible(html.unescape(value))).split()) if isinstance(value, str) else ""


def _name(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:5])))
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _articles(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = (
                (script.text or "")[:_MAX_JSON_CHARS]
                .strip()
                .removeprefix("<![CDATA[")
                .removesuffix("]]>")
                .strip(" ;\n")
            )
            try:
                yield from _of_type(json.loads(text, strict=False), 0)
            except (ValueError, RecursionError):
                continue  # there are other ways to know


def _of_type(node: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, list):
        for one in node:
            yield from _of_type(one, depth + 1)
    elif isinstance(node, dict):
        kinds = node.get("@type")
        if any(
            isinstance(kind, str) and kind.lower() in _ARTICLE_TYPES
            for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield node
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _of_type(node.get(name), depth + 1)


def _address(tree: Any, metas: dict[str, str], url: str) -> str:
    """Return the page's address: what it names as canonical, unless that is another site or only its front page."""
    declared = [link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    for candidate in (*declared, metas.get("og:url", "")):
        try:
            address = urljoin(url, candidate.strip())
        except ValueError:
            continue
        clean = canonical_url(address)
        if clean and clean.count("/") > 2 and (not url or host_of(url) == host_of(address)):
            return without_tracking(address)
    return without_tracking(url)


def saved_from(text: str) -> str:
    """Return the address that a page was saved from, as the browser noted it in a comment above; '' where none is."""
    found = _SAVED_FROM.search(text, 0, _SAVED_FROM_WITHIN)
    return found[1] if found else ""
