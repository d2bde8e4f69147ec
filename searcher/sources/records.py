"""From a record (a JSON object, a row of a table) to an article: what can be taken is taken, the rest is named."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

from searcher.article import Article
from searcher.messages import _
from searcher.sources.dates import parse_published
from searcher.sources.items import Unreadable
from searcher.sources.letters import composed_unicode
from searcher.sources.markup import plain

MAX_ID_CHARS: Final = 512
TEXT_FIELDS: Final = ("title", "lead", "body")
LIST_FIELDS: Final = ("provinces", "provinces_2025", "topics")
FIELDS: Final = ("id", *TEXT_FIELDS, "published", "url", "source", "author", "provinces", "topics")
"""The fields that a column, or a name in JSON, can be mapped to."""

_WORD_IN_NAME: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS: Final = re.compile(r"[;,|\n]")
# How other tools wrap a value: WordPress, MongoDB's export, XML turned into JSON, JSON-LD.
_WRAPPED: Final = ("rendered", "$oid", "$numberLong", "name", "text", "#text", "_text", "value", "@value", "title")
_MAX_DEPTH: Final = 4


class Record(msgspec.Struct, forbid_unknown_fields=True):
    """An article as our own JSON has it; null is the same as absent."""

    id: str | int | None = None
    title: str | None = None
    lead: str | None = None
    body: str | None = None
    published: str | int | float | None = None
    url: str | None = None
    source: str | None = None
    author: str | None = None
    provinces: tuple[str, ...] | None = None
    provinces_2025: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None


def fold(heading: str) -> str:
    """Return a heading, or a name in JSON, in the form in which they are compared.

    >>> fold(" Ngày  đăng: "), fold("pubDate")
    ('ngay dang', 'pub date')
    """
    letters = unicodedata.normalize("NFD", _WORD_IN_NAME.sub(" ", heading).casefold().replace("đ", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


@cache
def _headings() -> dict[str, str]:
    data = tomllib.loads(resources.files(__package__).joinpath("columns.toml").read_text("utf-8"))
    return {fold(heading): field for field, headings in data.items() for heading in headings}


def fields_of(names: Iterable[object], columns: dict[str, str]) -> list[str | None]:
    """Return for each name the field that it stands for, or None; "" where it stands for nothing.

    `columns` are the fields that the user gives for names.
    """
    chosen = {fold(heading): field for heading, field in columns.items()}
    fields: list[str | None] = []
    for name in names:
        heading = fold(name) if isinstance(name, str) else ""
        field = chosen.get(heading) or (_headings().get(heading) if heading else None)
        if field in chosen.values() and heading not in chosen:
            field = None  # the user said which column it is
        fields.append("" if field == "unused" else field)
    return fields


def known_fields(names: Iterable[object], columns: dict[str, str]) -> list[str | None]:
    """Return what `fields_of` does, each field once: for the first name that stands for it."""
    fields = fields_of(names, columns)
    return [field if not field or field not in fields[:at] else None for at, field in enumerate(fields)]


def to_article(record: Record, *, month_first: bool | None = None) -> tuple[Article, str]:
    """Return the article of a record, and in a sentence why its date is not used, "" where it is.

    `month_first` says how a date is read that may begin with the day or the month. Raises Unreadable where the record
    has no text or its id can't be used.
    """
    title, lead, body = (
        plain(composed_unicode(text)) if text else "" for text in (record.title, record.lead, record.body)
    )
    if not (title.strip() or body.strip() or lead.strip()):
        raise Unreadable("no_text", _("The article has no title, lead or body."))
    article_id = "" if record.id is None else str(record.id)
    if len(article_id) > MAX_ID_CHARS:
        raise Unreadable("id", _("The id is longer than {limit} characters.").format(limit=MAX_ID_CHARS))
    published, refusal = _published(record.published, month_first)
    article = Article(
        id=article_id,
        title=title,
        lead=lead,
        body=body,
        published=published,
        url=record.url or "",
        source=record.source or "",
        author=record.author or "",
        provinces=record.provinces,
        provinces_2025=record.provinces_2025,
        topics=record.topics,
    )
    return article, refusal


def _published(given: str | float | None, month_first: bool | None) -> tuple[datetime | None, str]:
    """Return the date that a record gives, or why it is not used."""
    if given is None or given == "":
        return None, ""
    try:
        return parse_published(str(given), month_first=month_first), ""
    except (ValueError, OverflowError):
        refusal = _("The publication date '{date}' can't be used (ISO 8601 or dd/mm/yyyy, not in the future).")
        return None, refusal.format(date=" ".join(str(given).split())[:40])


def set_field(record: Record, field: str, value: Any) -> bool:
    """Give a field of a record what can be taken of a value of any type; returns whether anything could."""
    taken: Any
    if field == "published":
        taken = _date_of(value)
    elif field in LIST_FIELDS:
        taken = listed(value, field) or None
    elif field in TEXT_FIELDS:
        taken = "\n".join(_texts(value)) or None
    else:
        taken = ", ".join(_texts(value)) or None
    if taken is not None:
        setattr(record, field, taken)
    return taken is not None


def _texts(value: Any, depth: int = 0) -> list[str]:
    """Return the texts in a value: itself, those in a list, or the one that a tool wrapped into an object."""
    if isinstance(value, str):
        return [value] if value.strip() and "\x00" not in value else []
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [] if value != value else [str(int(value) if isinstance(value, float) and value.is_integer() else value)]
    if depth >= _MAX_DEPTH:
        return []
    if isinstance(value, dict):
        return next((found for name in _WRAPPED if (found := _texts(value.get(name), depth + 1))), [])
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one, depth + 1)]
    return []


def listed(value: Any, field: str) -> tuple[str, ...]:
    """Return the names in a value: those of a list, or those that a text has between commas and the like."""
    parts = [part for text in _texts(value) for part in (_PARTS.split(text) if isinstance(value, str) else [text])]
    names = [name for part in parts if (name := part.strip())]
    if field == "topics":
        names = [fold(name).replace(" ", "-") for name in names]
    return tuple(names)


def _date_of(value: Any) -> str | None:
    """Return the text of a date, also as MongoDB exports it: {"$date": a text, or milliseconds since 1970}."""
    if isinstance(value, dict) and "$date" in value:
        inner = value["$date"]
        inner = inner.get("$numberLong") if isinstance(inner, dict) else inner
        if isinstance(inner, str) and not inner.lstrip("-").isdecimal():
            return inner
        try:
            return datetime.fromtimestamp(int(inner or "") / 1000, UTC).isoformat()
        except (TypeError, ValueError, OverflowError, OSError):
            return None
    return next(iter(_texts(value)), None)
