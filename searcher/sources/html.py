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
from searcher.sources.blocks import SKIPPED, lines_of, text_of
from searcher.sources.charset import decode
from searcher.sources.dates import date_within, parse_published
from searcher.sources.document import Document, Found, Source
from searcher.sources.furniture import is_author_line, is_furniture, sort_lines
from searcher.sources.items import Unreadable
from searcher.sources.metadata import Metadata, collect
from searcher.sources.sites import Rule, role_of, rule_for, select
from searcher.sources.streams import read_whole
from searcher.urls import host_of

MAX_BYTES: Final = 32 * 1024 * 1024
"""A page over this size, with the pictures that are saved within it, is no article."""

_MARKS: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_EMBEDDED: Final = re.compile(r"data:[\w.+/-]+;base64,[A-Za-z0-9+/=\s]+")
_CAPTION_CHARS: Final = 300
_DATE_CHARS: Final = 120  # a longer line with a date in it is text
_DATE_REST: Final = 45  # so many letters may stand beside the date: 'Đăng ngày ... lượt xem ... chuyên mục'
_DATE_AFTER: Final = 12  # lines below the title among which the date is looked for ...
_DATE_BEFORE: Final = 4  # ... and above it
_LINE_TAGS: Final = frozenset({"p", "li", "h2", "h3", "h4", "h5", "strong", "b", "em", "i", "span"})
_CAPTION_TAGS: Final = frozenset({"figcaption", "caption"})
_OUTER_TAGS: Final = frozenset({"html", "body", "main", "article"})
_AUTHOR_CHARS: Final = 80
_LEAST_BODY: Final = 40
_ASIDE_SHARE: Final = 0.5
_TITLE_SEPARATOR: Final = re.compile(r"\s+[|–—-]\s+|\s*\|\s*")


def read_page(raw: bytes, *, url: str = "", charset: str = "") -> Article:
    """Return the article of an HTML page; raises Unreadable where it has none.

    `url` is where it was fetched, and `charset` what the Content-Type header said, if that is known (`charset_of`).
    The article's `url` is the address that the page names as canonical, where that is on the same site, else `url`.
    """
    return article_of(parse(decode(raw, charset)), url)


def parse(text: str) -> Any:
    """Return the lxml tree of a page's text; raises Unreadable where there is nothing in it."""
    from lxml import html

    text = _EMBEDDED.sub("data:,", text).replace("\x00", "")
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True)  # with libxml2's limits on depth and length
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (html.etree.ParserError, html.etree.XMLSyntaxError, ValueError, AssertionError):
        raise Unreadable("no_text", _("The page has no text.")) from None
    return tree


class _Page:
    """A page on its way to an article: what is taken out of the tree is out of it for the next step."""

    def __init__(self, tree: Any, url: str) -> None:
        self.tree = tree
        self.metadata: Metadata = collect(tree, url)
        self.rule: Rule = rule_for(self.metadata.url or url, tree)
        self.captions: list[str] = []

    def chosen(self, field: str) -> str:
        """The text of the first element that the site's rule names for a field, or nothing."""
        for element in select(getattr(self.rule, field), self.tree):
            if text := text_of(element):
                return text
        return ""


def article_of(tree: Any, url: str = "") -> Article:
    """Return the article of a parsed page, of which the tree is used up; raises Unreadable where it has none."""
    page = _Page(tree, url)
    title = _title(page)
    published = _published(page, title)
    author = page.chosen("author")
    lead, byline = _prune(page)
    lines = _body_lines(page, lead)
    parts = sort_lines(lines)
    captions = list(dict.fromkeys((*page.captions, *parts.captions)))
    paragraphs = _without_head(parts.paragraphs, title, lead)
    paragraphs, tail = _without_tail(paragraphs)
    lead, paragraphs = _lead(lead or _described(page.metadata, paragraphs), paragraphs)
    if not (paragraphs or lead) or (not page.rule.body and sum(map(len, paragraphs)) + len(lead) < _LEAST_BODY):
        raise Unreadable("no_text", _("The page has no article: no text was found in it beside menus and links."))
    return Article(
        title=title or lead or paragraphs[0],
        lead=lead,
        body="\n".join(paragraphs),
        published=published,
        url=page.metadata.url,
        source=page.rule.name or page.metadata.site or host_of(page.metadata.url),
        author=_clean_author(author or byline or page.metadata.author or tail),
        captions=tuple(caption for caption in captions if caption not in (title, lead)),
    )


# --- title -----------------------------------------------------------------------------------------------------------


def _title(page: _Page) -> str:
    if chosen := page.chosen("title"):
        return chosen
    title_element = page.tree.find(".//title")
    window = text_of(title_element) if title_element is not None else ""
    said = page.metadata.title or window
    headings = [text for heading in page.tree.iter("h1", "h2") if 10 <= len(text := text_of(heading)) <= 300]
    # The heading is the title as readers see it; the others may carry the site's name or be cut short.
    for heading in headings:
        if _same_beginning(said, heading) or _same_beginning(window, heading):
            return heading
    if page.metadata.title:
        return _without_site(page.metadata.title, page.metadata.site)
    first = next((text for heading in page.tree.iter("h1") if (text := text_of(heading))), "")
    return first or _without_site(window, page.metadata.site)


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
    body = tree.find("body")
    lines = lines_of(body) if body is not None else []
    at = next((place for place, line in enumerate(lines) if line == title), None)
    if at is None:
        return None
    for line in (*lines[at + 1 : at + 1 + _DATE_AFTER], *reversed(lines[max(0, at - _DATE_BEFORE) : at])):
        if len(line) <= _DATE_CHARS and (found := _checked(date_within(line))):
            return found
    return None


# --- what is no text -------------------------------------------------------------------------------------------------


def _prune(page: _Page) -> tuple[str, str]:
    """Take out of the tree the furniture, the captions, the lead and the author; return the last two."""
    rule = page.rule
    kept = {element for css in (rule.body, rule.lead) for element in select(css, page.tree)}
    kept |= {ancestor for element in kept for ancestor in element.iterancestors()}
    captions = set(select(rule.captions, page.tree))
    leads = select(rule.lead, page.tree)[:1]
    dropped = set(select(rule.drop, page.tree))
    author, most = "", len(text_of(page.tree)) * _ASIDE_SHARE
    for element in list(page.tree.iter("*")):
        if element in kept:
            continue
        role = "caption" if element.tag in _CAPTION_TAGS or element in captions else ""
        if (
            not role
            and element.tag not in _OUTER_TAGS
            and (names := element.get("class", "") + " " + element.get("id", ""))
        ):
            role = role_of(names)
        if role == "caption":
            captions.add(element)
        elif role == "lead" and not rule.lead and not leads and _is_lead(element):
            leads.append(element)
        elif role == "author" and not author and len(text := text_of(element)) <= _AUTHOR_CHARS:
            author = text
            dropped.add(element)
        elif role == "drop" and _is_aside(element, most):
            dropped.add(element)
    captions |= set(_picture_tables(page.tree)) | set(_lines_under_pictures(page.tree))
    for element in captions:
        if (text := text_of(element)) and len(text) <= _CAPTION_CHARS and not is_furniture(text):
            page.captions.append(text)
    lead = text_of(leads[0]) if leads else ""
    for element in (*captions, *dropped, *leads):
        _remove(element)
    page.captions.sort(key=list(dict.fromkeys(page.captions)).index)
    return lead, author


def _is_aside(element: Any, most: float) -> bool:
    """Whether an element can be left out: what holds the title or most of the page is not what its class says."""
    return element.find(".//h1") is None and len(text_of(element)) <= most


def _is_lead(element: Any) -> bool:
    return len(text_of(element)) >= _LEAST_BODY and element.find(".//h1") is None


def _picture_tables(tree: Any) -> Iterator[Any]:
    """Yield the tables that hold a picture and, in another row, a line about it."""
    for table in tree.iter("table"):
        if table.find(".//img") is not None and 0 < len(text_of(table)) <= _CAPTION_CHARS:
            yield table


def _lines_under_pictures(tree: Any) -> Iterator[Any]:
    """Yield what stands right under a picture and is set apart: in italics, or centred."""
    for image in tree.iter("img"):
        block = image
        while block.tag in ("img", "a", "span", "strong", "em", "b", "i", "picture") and block.getparent() is not None:
            block = block.getparent()
        if block.tag not in ("p", "div", "figure") or text_of(block):
            continue
        below = block.getnext()
        if (
            below is None
            or below.tag not in ("p", "div", "em", "h6")
            or not 0 < len(text := text_of(below)) <= _CAPTION_CHARS
        ):
            continue
        italic = sum(len(text_of(one)) for one in below.iterchildren("em", "i")) >= 0.9 * len(text) or below.tag == "em"
        if italic or "center" in f"{below.get('style', '')} {below.get('align', '')}".lower():
            yield below


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


# --- text ------------------------------------------------------------------------------------------------------------


def _body_lines(page: _Page, lead: str) -> list[str]:
    found = [element for element in select(page.rule.body, page.tree) if element.getparent() is not None]
    outer = [element for element in found if not any(other in found for other in element.iterancestors())]
    lines = [line for element in outer for line in lines_of(element)]
    if sum(map(len, lines)) >= _LEAST_BODY:
        return lines
    lines = _extracted(page.tree)
    if not lines and page.metadata.body:
        return page.metadata.body.splitlines()
    return lines


def _extracted(tree: Any) -> list[str]:
    """Return what trafilatura takes for the text of the page."""
    from trafilatura import bare_extraction

    for element in list(tree.iter(*(SKIPPED - {"head", "form", "figure", "footer", "aside"}))):
        _remove(element)
    for link in list(tree.iter("a")):
        block = link.getparent()
        if block is not None and block.tag in _LINE_TAGS and not lines_of(block):
            _remove(block)
    found = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    body = getattr(found, "body", None)
    return lines_of(body) if body is not None else []


def _described(metadata: Metadata, paragraphs: list[str]) -> str:
    """Return the first paragraph where the page's description is its beginning: then it is the lead."""
    said = metadata.lead.rstrip(".… ").casefold()
    if len(said) >= _LEAST_BODY and len(paragraphs) > 1 and paragraphs[0].casefold().startswith(said[:80]):
        return paragraphs[0]
    return ""


def _without_head(paragraphs: list[str], title: str, lead: str) -> list[str]:
    """Return the paragraphs without title, lead and date line where they stand once more above the text."""
    kept = [line for line in paragraphs[:5] if line not in (title, lead) and not _is_date_line(line)]
    return kept + paragraphs[5:]


def _is_date_line(line: str) -> bool:
    found = date_within(line) if len(line) <= _DATE_CHARS else None
    return found is not None and found[1] <= 15


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


def _clean_author(author: str) -> str:
    return (
        re.sub(r"^(?:tác giả|theo|bài|tin|ảnh|[,:và\s])*[:\s]\s*", "", author.strip("() "), flags=re.IGNORECASE).strip()
        or author
    )


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
