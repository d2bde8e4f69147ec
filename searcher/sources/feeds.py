"""RSS and Atom: an article for each entry."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from searcher.article import VIETNAM, Article
from searcher.messages import _, number
from searcher.sources.blocks import lines_of
from searcher.sources.charset import decode
from searcher.sources.dates import date_within, parse_published
from searcher.sources.document import Document, Found, Source
from searcher.sources.furniture import sort_lines
from searcher.sources.html import parse
from searcher.sources.items import Unreadable
from searcher.sources.streams import read_whole
from searcher.urls import without_tracking

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ENTRIES: Final = 10_000

_ROOT: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE\s+rss[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)*<(?:rss|feed|rdf:RDF)\b",
    re.I | re.S,
)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_MARKUP: Final = re.compile(r"<[a-zA-Z/!]|&\w+;|&#")


def _recognises(document: Document) -> bool:
    head = document.head
    return b"<" in head[:64] and _ROOT.match(decode(head).lstrip("\ufeff")) is not None


def _lines(markup: str) -> list[str]:
    if not _MARKUP.search(markup):
        return [line for part in markup.splitlines() if (line := " ".join(part.split()))]
    try:
        return lines_of(parse(f"<html><body>{markup}</body></html>"))
    except Unreadable:
        return []


def published_of(entry: Any) -> datetime | None:
    """Return when an entry of feedparser's was published, or last changed if it says only that."""
    for name in ("published", "created", "updated"):
        # dict's own way: feedparser's `get` gives other fields for those that are missing, and warns about it
        if value := str(dict.get(entry, name) or "").strip():
            found = _moment(value, dict.get(entry, f"{name}_parsed"))
            if found is not None:
                return found
    return None


def _moment(value: str, parsed: Any) -> datetime | None:
    found: datetime | None
    try:
        found = parse_published(value)
    except (ValueError, OverflowError):
        try:
            found = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            within = date_within(value)
            found = within[0] if within else datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    try:
        # A date without a zone is Vietnam's, and so is 'GMT+7', which mail's rules don't know.
        return (
            parse_published((found if found.tzinfo else found.replace(tzinfo=VIETNAM)).isoformat()) if found else None
        )
    except (ValueError, OverflowError):
        return None


def _article(entry: Any, site: str) -> Article:
    summary = sort_lines(_lines(str(entry.get("summary") or "")))
    contents = [str(content.get("value") or "") for content in entry.get("content") or ()]
    text = sort_lines(_lines(max(contents, key=len, default="")))
    paragraphs = text.paragraphs
    lead = " ".join(summary.paragraphs)
    if paragraphs and (not lead or lead == " ".join(paragraphs) or lead.startswith(paragraphs[0])):
        lead, paragraphs = (paragraphs[0], paragraphs[1:]) if len(paragraphs) > 1 else ("", paragraphs)
    title = " ".join(" ".join(_lines(str(entry.get("title") or ""))).split())
    if not (title or lead or paragraphs):
        raise Unreadable("no_text", _("The article has no title, lead or body."))
    return Article(
        title=title or lead or paragraphs[0],
        lead=lead,
        body="\n".join(paragraphs),
        published=published_of(entry),
        url=without_tracking(str(entry.get("link") or "")),
        source=site,
        author=str(entry.get("author") or "").strip(),
        captions=tuple(dict.fromkeys((*summary.captions, *text.captions))),
    )


def parse_feed(raw: bytes, *, charset: str = "") -> Any:
    """Return what feedparser makes of a feed (`.feed`, `.entries`, `.bozo`); raises Unreadable where it is none.

    A feed that declares entities of its own is refused: real ones don't, and expanding them is how a small file fills
    the memory.
    """
    import feedparser

    text = decode(raw, charset).lstrip("\ufeff")
    if "<!ENTITY" in text[: text.find("<rss") if "<rss" in text else None].upper():
        raise Unreadable("entities", _("The XML declares entities of its own, which are not expanded."))
    text = _DECLARATION.sub('<?xml version="1.0" encoding="utf-8"?>', text)
    found = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False)
    if not found.entries and (found.bozo or not found.get("version")):
        raise Unreadable("feed", _("The feed is damaged: no entry can be read."))
    return found


def _read(document: Document) -> Iterator[Found]:
    found = parse_feed(read_whole(document.stream, MAX_BYTES), charset=document.charset)
    if not found.entries:
        raise Unreadable("empty", _("The feed has no entries."))
    site = " ".join(str(found.feed.get("title") or "").split())
    for line, entry in enumerate(found.entries[:MAX_ENTRIES], 1):
        try:
            yield document.item(_article(entry, site), line)
        except Unreadable as unreadable:
            yield unreadable.at(document.place, line)
    if len(found.entries) > MAX_ENTRIES:
        raise Unreadable("more", _("Only the first {count} entries are read.").format(count=number(MAX_ENTRIES)))
    if found.bozo and "SAX" in type(found.bozo_exception).__name__:
        reason = _("The feed's XML is damaged; {count} entries could be read, and there may be more.")
        raise Unreadable("feed", reason.format(count=number(len(found.entries))))


SOURCE: Final = Source("feed", (".rss", ".atom", ".xml"), _recognises, _read)
