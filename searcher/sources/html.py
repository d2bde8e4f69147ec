"""Web pages as they were saved or fetched: title, date, lead, body, captions and author out of all the rest.

What is known of the page's site or content system (sites.toml) comes first; where nothing is known, what the page says
of itself (JSON-LD, OpenGraph), what classes mean on most sites, and trafilatura for the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from searcher.article import Article
from searcher.messages import _
from searcher.sources.blocks import simplify, text_of
from searcher.sources.charset import decode
from searcher.sources.document import Document, Found, Source
from searcher.sources.furniture import author_of, is_author_line, is_furniture
from searcher.sources.items import Unreadable
from searcher.sources.letters import composed, readable
from searcher.sources.metadata import Metadata, collect, saved_from
from searcher.sources.pagedates import date_of_line, is_date_line, published
from searcher.sources.pagetext import LEAST_CHARS, text_of_page
from searcher.sources.roots import first_element
from searcher.sources.sites import Rule, data, rule_for, select
from searcher.sources.streams import read_whole
from searcher.sources.trees import compatible, parse
from searcher.urls import host_of

MAX_BYTES: Final = 32 * 1024 * 1024
"""A page over this size, with the pictures that are saved within it, is no article."""
_BEGINNINGS: Final = frozenset({"html", "head", "body", "meta", "title"})
_TITLE_CHARS: Final = (10, 300)
_HEAD_LINES: Final = 5
_TITLE_SEPARATOR: Final = re.compile(r"\s+[|–—-]\s+|\s*\|\s*")


def read_page(raw: bytes, *, url: str = "", charset: str = "") -> Article:
    """Return the article of an HTML page; raises Unreadable where it has none.

    `url` is where it was fetched, and `charset` what the Content-Type header said, if that is known (`charset_of`).
    The article's `url` is the address that the page names as canonical, where that is on the same site, else `url`.
    """
    text = decode(raw, charset)
    return article_of(parse(text), url or saved_from(text))


class _Page:
    """A page on its way to an article: what is taken out of the tree is out of it for the next step."""

    def __init__(self, tree: Any, url: str) -> None:
        self.tree = tree
        self.metadata: Metadata = collect(tree, url)
        self.rule: Rule = rule_for(self.metadata.url or url, tree)
        simplify(tree)

    def chosen(self, field: str) -> str:
        """The text of the first element that the site's rule names for a field, or nothing."""
        for element in select(getattr(self.rule, field), self.tree):
            exact = element.get("datetime") or element.get("title") or "" if field == "date" else ""
            if text := exact or text_of(element):
                return text
        return ""


def article_of(tree: Any, url: str = "") -> Article:
    """Return the article of a parsed page, of which the tree is used up; raises Unreadable where it has none."""
    page = _Page(tree, url)
    title = compatible(_title(page))
    when = published(tree, page.rule, page.metadata.published, title)
    author = page.chosen("author")
    text = text_of_page(tree, page.rule, title, page.metadata.lead)
    lines = [line for line in text.lines or page.metadata.body.splitlines() if not is_furniture(readable(line))]
    if not title:  # then it is the first line, and the date stands beside it
        title = next((line for line in lines if len(line) <= _TITLE_CHARS[1] and not is_date_line(line)), "")
        when = when or next((date_of_line(line) for line in lines[:_HEAD_LINES] if is_date_line(line)), None)
    paragraphs, tail = _without_tail(_without_head(lines, title, text.lead))
    lead, paragraphs = _lead(text.lead or _described(page.metadata, paragraphs), paragraphs)
    if len(lead) + sum(map(len, paragraphs)) < LEAST_CHARS:
        raise Unreadable("no_text", _("The page has no article: no text was found in it beside menus and links."))
    return Article(
        title=composed(title or lead or paragraphs[0]),
        lead=composed(lead),
        body=composed("\n".join(paragraphs)),
        published=when,
        url=page.metadata.url,
        source=page.rule.name or page.metadata.site or host_of(page.metadata.url),
        author=composed(author_of(author or text.author or page.metadata.author or tail)),
        captions=tuple(composed(caption) for caption in dict.fromkeys(text.captions) if caption not in (title, lead)),
    )


# --- title -----------------------------------------------------------------------------------------------------------


def _title(page: _Page) -> str:
    if chosen := page.chosen("title"):
        return chosen
    title_element = page.tree.find(".//title")
    window = text_of(title_element) if title_element is not None else ""
    said = page.metadata.title or window
    headings = [
        text
        for heading in page.tree.iter("h1", "h2")
        if _TITLE_CHARS[0] <= len(text := text_of(heading)) <= _TITLE_CHARS[1]
    ]
    # The heading is the title as readers see it; the others may carry the site's name or be cut short.
    for heading in headings:
        if _same_beginning(said, heading) or _same_beginning(window, heading):
            return heading
    if page.metadata.title:
        return _without_site(page.metadata.title, page.metadata.site)
    first = next((text for heading in page.tree.iter("h1") if (text := text_of(heading))), "")
    return first or _marked_title(page.tree) or _without_site(window, page.metadata.site)


def _marked_title(tree: Any) -> str:
    for element in tree.xpath("//body//*[@class or @id]"):
        names = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
        if (
            not data().roles.title.isdisjoint(names)
            and _TITLE_CHARS[0] <= len(text := text_of(element)) <= _TITLE_CHARS[1]
        ):
            return text
    return ""


def _same_beginning(said: str, heading: str) -> bool:
    ours, theirs = said.rstrip(".… ").casefold(), heading.rstrip(".… ").casefold()
    return len(ours) >= 10 and (ours.startswith(theirs) or theirs.startswith(ours))


def _without_site(title: str, site: str) -> str:
    """Return a window's title without the name of the site at its end (or, at a portal, before it)."""
    parts = _TITLE_SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    if parts[0].casefold() == site.casefold() or len(parts[0]) < len(parts[-1]) / 3:
        return title[len(parts[0]) :].lstrip(" |–—-")
    return title[: title.rindex(parts[-1])].rstrip(" |–—-") if len(parts[-1]) < len(parts[0]) else title


# --- text ------------------------------------------------------------------------------------------------------------


def _described(metadata: Metadata, paragraphs: list[str]) -> str:
    """Return the first paragraph where the page's description is its beginning: then it is the lead."""
    said = metadata.lead.rstrip(".… ").casefold()
    if len(said) >= LEAST_CHARS and len(paragraphs) > 1 and paragraphs[0].casefold().startswith(said[:80]):
        return paragraphs[0]
    return ""


def _without_head(paragraphs: list[str], title: str, lead: str) -> list[str]:
    """Return the paragraphs without title, lead and date line where they stand once more above the text."""
    kept = [
        line for line in paragraphs[:_HEAD_LINES] if line not in (title, lead) and not is_date_line(line)
    ] + paragraphs[_HEAD_LINES:]
    # A short line above everything is the name of the section.
    while len(kept) > 1 and len(kept[0]) < LEAST_CHARS <= len(kept[1]) and kept[0][-1].isalnum():
        del kept[0]
    return kept


def _without_tail(paragraphs: list[str]) -> tuple[list[str], str]:
    """Return the paragraphs without the author's line under the text, and that line."""
    for back in (1, 2):
        if len(paragraphs) > back + 1 and is_author_line(paragraphs[-back]):
            return paragraphs[:-back], paragraphs[-back]
    return paragraphs, ""


def _lead(lead: str, paragraphs: list[str]) -> tuple[str, list[str]]:
    if lead:
        return lead, [line for line in paragraphs[:2] if line != lead] + paragraphs[2:]
    return (paragraphs[0], paragraphs[1:]) if len(paragraphs) > 1 else ("", paragraphs)


# --- the format ------------------------------------------------------------------------------------------------------


def _recognises(document: Document) -> bool:
    return first_element(document.head) in _BEGINNINGS


def _read(document: Document) -> Iterator[Found]:
    raw = read_whole(document.stream, MAX_BYTES)
    yield document.item(read_page(raw, url=document.url, charset=document.charset))


SUFFIXES: Final = (".html", ".htm", ".xhtml", ".shtml", ".php", ".aspx", ".asp", ".jsp")
SOURCE: Final = Source("html", SUFFIXES, _recognises, _read)
