"""RSS and Atom: an article for each entry."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from searcher.article import Article
from searcher.messages import _, number
from searcher.sources.blocks import lines_of
from searcher.sources.charset import decode
from searcher.sources.dates import EARLIEST_GUESS, date_within, month_comes_first, parse_published
from searcher.sources.document import Document, Found, Source
from searcher.sources.furniture import is_furniture
from searcher.sources.items import Unreadable
from searcher.sources.letters import composed, readable
from searcher.sources.markup import is_markup, lines_of_field, plain, tree_of, unescaped
from searcher.sources.pagedates import is_date_line
from searcher.sources.pagetext import take_captions
from searcher.sources.roots import first_element
from searcher.sources.streams import read_whole
from searcher.sources.trees import compatible, few_attributes
from searcher.urls import without_tracking

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ENTRIES: Final = 10_000
MAX_NAMESPACES: Final = 1_000

_ROOTS: Final = frozenset({"rss", "feed", "rdf"})
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_NUMBERED: Final = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));", re.IGNORECASE)
_NUMBER_CHARS: Final = 12
_LAST_CHARACTER: Final = 0x10FFFF
_DATE_CHARS: Final = 200
_NO_CHARACTER: Final = "\ufffd"


def _recognises(document: Document) -> bool:
    return first_element(document.head) in _ROOTS


def _text(markup: str) -> tuple[list[str], list[str]]:
    """Return the lines of an entry's text, and the captions of its pictures."""
    markup = unescaped(markup)
    captions: list[str] = []
    if is_markup(markup):
        try:
            tree = tree_of(markup)
        except Unreadable:
            return [], []
        captions = take_captions(tree)
        lines = lines_of(tree)
    else:
        lines = lines_of_field(markup)
    return [
        line for line in map(composed, lines) if not is_furniture(readable(line)) and not is_date_line(line)
    ], captions


def dates_of(entries: Sequence[Any]) -> list[datetime | None]:
    """Return when each of feedparser's entries was published, or last changed if it says only that.

    A date that may begin with the day or with the month is read as the others of the feed tell.
    """
    # dict's own way: feedparser's `get` gives other fields for those that are missing, and warns about it
    given = [
        [str(dict.get(entry, name) or "")[:_DATE_CHARS] for name in ("published", "created", "updated")]
        for entry in entries
    ]
    month_first = month_comes_first(value for values in given for value in values)
    return [next((found for value in values if (found := _moment(value, month_first))), None) for values in given]


def _moment(value: str, month_first: bool | None) -> datetime | None:
    try:
        found = parse_published(value, month_first=month_first)
    except ValueError:
        # What feedparser makes of other forms is a guess: of a month alone its first day.
        within = date_within(value)
        if within is None:
            return None
        found = within.moment
    return found if found.year >= EARLIEST_GUESS else None  # before there were feeds it is a clock at its beginning


def _article(entry: Any, site: str, published: datetime | None) -> Article:
    summary, captions = _text(str(entry.get("summary") or ""))
    contents = [str(content.get("value") or "") for content in entry.get("content") or ()]
    paragraphs, more = _text(max(contents, key=len, default=""))
    lead = " ".join(summary)
    if paragraphs and (not lead or lead == " ".join(paragraphs) or lead.startswith(paragraphs[0])):
        lead, paragraphs = (paragraphs[0], paragraphs[1:]) if len(paragraphs) > 1 else ("", paragraphs)
    title = " ".join(composed(plain(str(entry.get("title") or ""))).split())
    if not (title or lead or paragraphs):
        raise Unreadable("no_text", _("The article has no title, lead or body."))
    return Article(
        title=title or lead or paragraphs[0],
        lead=lead,
        body="\n".join(paragraphs),
        published=published,
        url=without_tracking(composed(str(entry.get("link") or ""))),
        source=site,
        author=composed(str(entry.get("author") or "")).strip(),
        captions=tuple(dict.fromkeys((*captions, *more))),
    )


def _character(match: re.Match[str]) -> str:
    """Return a reference to a character as it is, and of one that there is not what stands for it."""
    digits = match[1] or match[2]
    code = int(digits, 16 if match[1] else 10) if len(digits) <= _NUMBER_CHARS else _LAST_CHARACTER + 1
    return _NO_CHARACTER if code > _LAST_CHARACTER or 0xD800 <= code < 0xE000 or not code else match[0]


def parse_feed(raw: bytes, *, charset: str = "") -> Any:
    """Return what feedparser makes of a feed (`.feed`, `.entries`, `.bozo`); raises Unreadable where it is none.

    A feed that declares entities of its own is refused: real ones don't, and expanding them is how a small file fills
    the memory.
    """
    import feedparser

    text = compatible(decode(raw, charset).lstrip("\ufeff"))
    if "<!ENTITY" in text[: text.find("<rss") if "<rss" in text else None].upper():
        raise Unreadable("entities", _("The XML declares entities of its own, which are not expanded."))
    if text.count("xmlns") > MAX_NAMESPACES:
        raise Unreadable("too_large", _("The feed has more markup than any other."))
    text = _NUMBERED.sub(_character, few_attributes(_DECLARATION.sub('<?xml version="1.0" encoding="utf-8"?>', text)))
    try:
        found = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False)
    except Exception:  # what feedparser raises on hostile input is anything
        raise Unreadable("feed", _("The feed is damaged: no entry can be read.")) from None
    if not found.entries and (found.bozo or not found.get("version")):
        raise Unreadable("feed", _("The feed is damaged: no entry can be read."))
    return found


def _read(document: Document) -> Iterator[Found]:
    raw = read_whole(document.stream, MAX_BYTES)
    root = first_element(raw)
    if root and root not in _ROOTS:
        raise Unreadable("kind", _("This XML is no feed: its first element is '{name}'.").format(name=root[:40]))
    found = parse_feed(raw, charset=document.charset)
    if not found.entries:
        raise Unreadable("empty", _("The feed has no entries."))
    site = " ".join(composed(plain(str(found.feed.get("title") or ""))).split())
    entries = found.entries[:MAX_ENTRIES]
    for line, (entry, published) in enumerate(zip(entries, dates_of(entries), strict=True), 1):
        try:
            yield document.item(_article(entry, site, published), line)
        except Unreadable as unreadable:
            yield unreadable.at(document.place, line)
    if len(found.entries) > MAX_ENTRIES:
        raise Unreadable("more", _("Only the first {count} entries are read.").format(count=number(MAX_ENTRIES)))
    if found.bozo and "SAX" in type(found.bozo_exception).__name__:
        reason = _("The feed's XML is damaged; {count} entries could be read, and there may be more.")
        raise Unreadable("feed", reason.format(count=number(len(found.entries))))


SOURCE: Final = Source("feed", (".rss", ".atom", ".xml"), _recognises, _read)
