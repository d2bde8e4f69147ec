"""Web pages as they were saved or fetched: title, date, lead, body, captions and author out of all the rest.

What is known of the page's site or content system (sites.toml) comes first; where nothing is known, what the page says
of itself (JSON-LD, OpenGraph), what classes mean on most sites, and trafilatura for the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from searcher.article import Article
from searcher.messages import _
from searcher.sources.blocks import simplify, text_of
from searcher.sources.charset import decode
from searcher.sources.dates import date_within, parse_published
from searcher.sources.document import Document, Found, Source
from searcher.sources.furniture import author_of, is_author_line, sort_lines
from searcher.sources.items import Unreadable
from searcher.sources.metadata import Metadata, collect
from searcher.sources.pagetext import LEAST_CHARS, heading_of, text_of_page
from searcher.sources.sites import Rule, data, rule_for, select
from searcher.sources.streams import read_whole
from searcher.urls import host_of

MAX_BYTES: Final = 32 * 1024 * 1024
"""A page over this size, with the pictures that are saved within it, is no article."""
MAX_MARKUP_CHARS: Final = 8 * 1024 * 1024
"""The same without its pictures: what is parsed."""
MAX_TAGS: Final = 200_000
"""A tree takes memory and time by its elements: a megabyte of nothing but '<p>' as much as a hundred articles."""

_MARKS: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_EMBEDDED: Final = re.compile(r"data:[\w.+/-]+;base64,[A-Za-z0-9+/=\s]+")
_DATE_CHARS: Final = 120  # a longer line with a date in it is text
_DATE_REST: Final = 45  # so many letters may stand beside the date: 'Đăng ngày ... lượt xem ... chuyên mục'
_DATE_LABEL: Final = re.compile(r"\W*(?:được |ngày )?(?:đăng|cập nhật|gửi|xuất bản|thời gian)\b", re.IGNORECASE)
_DATE_AFTER: Final = 16  # pieces of text below the title among which the date is looked for ...
_DATE_BEFORE: Final = 4  # ... and above it
_CONTROLS: Final = bytes(sorted({*range(32)} - {*b"\t\n\r"}))  # no XML tree takes them
_TITLE_CHARS: Final = (10, 300)
_TITLE_SEPARATOR: Final = re.compile(r"\s+[|–—-]\s+|\s*\|\s*")


def read_page(raw: bytes, *, url: str = "", charset: str = "") -> Article:
    """Return the article of an HTML page; raises Unreadable where it has none.

    `url` is where it was fetched, and `charset` what the Content-Type header said, if that is known (`charset_of`).
    The article's `url` is the address that the page names as canonical, where that is on the same site, else `url`.
    """
    return article_of(parse(decode(raw, charset)), url)


def parse(text: str) -> Any:
    """Return the lxml tree of a page's text; raises Unreadable where there is nothing in it, or too much."""
    from lxml import html

    text = _EMBEDDED.sub("data:,", text).replace("\ufffe", "").replace("\uffff", "")
    if len(text) > MAX_MARKUP_CHARS or text.count("<") > MAX_TAGS:
        raise Unreadable("too_large", _("The page has more markup than any article."))
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True)  # with libxml2's limits on depth and length
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace").translate(None, _CONTROLS), parser=parser)
    except (html.etree.ParserError, html.etree.XMLSyntaxError, ValueError, AssertionError):
        raise Unreadable("no_text", _("The page has no text.")) from None
    return tree


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
    title = _title(page)
    published = _published(page, title)
    author = page.chosen("author")
    text = text_of_page(tree, page.rule, title, page.metadata.lead)
    parts = sort_lines(text.lines or page.metadata.body.splitlines())
    captions = dict.fromkeys((*text.captions, *parts.captions))
    paragraphs, tail = _without_tail(_without_head(parts.paragraphs, title, text.lead))
    lead, paragraphs = _lead(text.lead or _described(page.metadata, paragraphs), paragraphs)
    if len(lead) + sum(map(len, paragraphs)) < LEAST_CHARS:
        raise Unreadable("no_text", _("The page has no article: no text was found in it beside menus and links."))
    return Article(
        title=title or lead or paragraphs[0],
        lead=lead,
        body="\n".join(paragraphs),
        published=published,
        url=page.metadata.url,
        source=page.rule.name or page.metadata.site or host_of(page.metadata.url),
        author=author_of(author or text.author or page.metadata.author or tail),
        captions=tuple(caption for caption in captions if caption not in (title, lead)),
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


# --- date ------------------------------------------------------------------------------------------------------------


def _published(page: _Page, title: str) -> datetime | None:
    said = page.metadata.published
    shown = _checked(date_within(page.chosen("date"))) or _time_element(page) or _shown(page.tree, title)
    if shown is None or said is None:
        return shown or said
    # Where both speak of one day, the line that readers see has the hour right: metadata is often in another zone.
    clock = (shown.hour, shown.minute) != (0, 0)
    return shown if clock and abs((shown - said).total_seconds()) <= 24 * 3600 else said


def _checked(found: tuple[datetime, int] | None) -> datetime | None:
    if found is None or found[1] > _DATE_REST:
        return None
    try:
        return parse_published(found[0].isoformat())
    except ValueError:
        return None


def _time_element(page: _Page) -> datetime | None:
    times = [element for element in page.tree.iter("time") if element.get("datetime")]
    if len(times) != 1 and not (times and times[0].get("itemprop") == "datePublished"):
        return None  # with several, most belong to the lists of other articles
    try:
        return parse_published(times[0].get("datetime") or "")
    except (ValueError, OverflowError):
        return None


def _shown(tree: Any, title: str) -> datetime | None:
    """Return the date in the lines nearest to the title; a portal's clock stands farther up."""
    heading = heading_of(tree, title)
    if heading is None:
        return None
    below = heading.xpath(f"following::text()[normalize-space()][position() <= {_DATE_AFTER}]")
    above = heading.xpath(f"preceding::text()[normalize-space()][position() <= {_DATE_BEFORE}]")
    for text in (*below, *above):
        line = text_of(text.getparent().getparent() if text.is_tail else text.getparent())
        if len(line) <= _DATE_CHARS and (found := _checked(date_within(line))):
            return found
    return None


# --- text ------------------------------------------------------------------------------------------------------------


def _described(metadata: Metadata, paragraphs: list[str]) -> str:
    """Return the first paragraph where the page's description is its beginning: then it is the lead."""
    said = metadata.lead.rstrip(".… ").casefold()
    if len(said) >= LEAST_CHARS and len(paragraphs) > 1 and paragraphs[0].casefold().startswith(said[:80]):
        return paragraphs[0]
    return ""


def _without_head(paragraphs: list[str], title: str, lead: str) -> list[str]:
    """Return the paragraphs without title, lead and date line where they stand once more above the text."""
    kept = [line for line in paragraphs[:5] if line not in (title, lead) and not _is_date_line(line)] + paragraphs[5:]
    # A short line above everything is the name of the section.
    while len(kept) > 1 and len(kept[0]) < LEAST_CHARS <= len(kept[1]) and kept[0][-1].isalnum():
        del kept[0]
    return kept


def _is_date_line(line: str) -> bool:
    found = date_within(line) if len(line) <= _DATE_CHARS and not line.endswith(".") else None
    return found is not None and found[1] <= (_DATE_REST if _DATE_LABEL.match(line) else _DATE_REST // 3)


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
    head = document.head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1:2] == b"\x00" or head[:1] == b"\x00":
        head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    return _MARKS.match(head) is not None


def _read(document: Document) -> Iterator[Found]:
    raw = read_whole(document.stream, MAX_BYTES)
    yield document.item(read_page(raw, url=document.url, charset=document.charset))


SUFFIXES: Final = (".html", ".htm", ".xhtml", ".shtml", ".php", ".aspx", ".asp", ".jsp")
SOURCE: Final = Source("html", SUFFIXES, _recognises, _read)
