"""Articles as JSON: one object a line, or one object or array a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

import msgspec

from searcher.article import Article
from searcher.messages import _
from searcher.sources.dates import parse_published
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Item, Rejected, Unreadable
from searcher.sources.streams import read_whole, utf8

MAX_LINE_BYTES: Final = 32 * 1024 * 1024
"""A longer line is skipped without being held in memory."""
MAX_JSON_BYTES: Final = 256 * 1024 * 1024
"""A .json file is parsed whole, so it may be no larger; larger collections belong in .jsonl."""
MAX_ID_CHARS: Final = 512
MAX_REJECTED: Final = 10_000
"""So many lines of a file are listed as rejected; what a broken file of 10 GB may cost is bounded too."""

_FIELD: Final = re.compile(r" - at `\$\.?(?P<field>\w+)")
_OBJECT: Final = re.compile(rb'\s*\{\s*["}]')
_ARRAY: Final = re.compile(rb"\s*\[\s*[{\]]")
_NUL: Final = b"\\u0000"


class Record(msgspec.Struct):
    """An article as its JSON object has it; unknown fields are passed over, null is the same as absent."""

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


_record_decoder: Final = msgspec.json.Decoder(Record)
_records_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw] | msgspec.Raw)


def _decode(raw: bytes | memoryview | msgspec.Raw) -> tuple[Article, str]:
    """Return the article of one JSON object as `to_article` does; raises Unreadable where it gives none."""
    try:
        record = _record_decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _wrong_type(error) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise _not_json() from None
    if _NUL in raw if isinstance(raw, bytes) else _NUL in bytes(raw):
        _refuse_nul(record)
    return to_article(record)


def to_article(record: Record) -> tuple[Article, str]:
    """Return the article of a record, and in a sentence why its date is not used, "" where it is.

    Raises Unreadable where it has no text or its id can't be used.
    """
    title, lead, body = record.title or "", record.lead or "", record.body or ""
    if not (title.strip() or body.strip() or lead.strip()):
        raise Unreadable("no_text", _("The article has no title, lead or body."))
    article_id = "" if record.id is None else str(record.id)
    if len(article_id) > MAX_ID_CHARS:
        raise Unreadable("id", _("The id is longer than {limit} characters.").format(limit=MAX_ID_CHARS))
    published, refusal = _published(record.published)
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


def _published(given: str | float | None) -> tuple[datetime | None, str]:
    """Return the date that a record gives, or why it is not used."""
    if given is None or given == "":
        return None, ""
    try:
        return parse_published(str(given)), ""
    except (ValueError, OverflowError):
        refusal = _("The publication date '{date}' can't be used (ISO 8601 or dd/mm/yyyy, not in the future).")
        return None, refusal.format(date=" ".join(str(given).split())[:40])


def _not_json() -> Unreadable:
    return Unreadable("json", _("This is not valid JSON in UTF-8."))


def _wrong_type(error: msgspec.ValidationError) -> Unreadable:
    field = _FIELD.search(str(error))
    if field is None:
        return Unreadable("type", _("The JSON does not describe an article: it is not an object."))
    reason = _("The JSON does not describe an article: the field '{field}' has the wrong type.")
    return Unreadable("type", reason.format(field=field["field"]))


def _refuse_nul(record: Record) -> None:
    for field, value in msgspec.structs.asdict(record).items():
        if any("\x00" in text for text in (value if isinstance(value, tuple) else (value,)) if isinstance(text, str)):
            raise Unreadable("nul", _("The field '{field}' contains NUL characters.").format(field=field))


def read_lines(stream: BinaryIO, file: str) -> Iterator[Found]:
    """Yield what each line of a JSON Lines stream holds; a line over `MAX_LINE_BYTES` is skipped piece by piece."""
    number = rejected = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        try:
            if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                _skip_line(stream)
                limit = MAX_LINE_BYTES // 1024 // 1024
                raise Unreadable("line_too_long", _("The line is longer than {limit} MB.").format(limit=limit))
            if line.isspace():
                continue
            yield _item(line, file, number)
        except Unreadable as unreadable:
            rejected += 1
            if rejected <= MAX_REJECTED:
                yield unreadable.at(file, number)
    if rejected > MAX_REJECTED:
        reason = _("{count:,} more lines of this file can't be read.").format(count=rejected - MAX_REJECTED)
        yield Rejected(file, None, "more", reason)
    if number == 0:
        raise Unreadable("empty", _("The file is empty."))


def _item(raw: bytes | msgspec.Raw, file: str, line: int | None = None) -> Item:
    article, refusal = _decode(raw)
    return Item(article, file, line, date_refusal=refusal)


def _skip_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(MAX_LINE_BYTES)) and not piece.endswith(b"\n"):
        pass


def read_json(stream: BinaryIO, file: str) -> Iterator[Found]:
    """Yield the article, or the articles of the array, that a JSON document holds."""
    raw = read_whole(stream, MAX_JSON_BYTES)
    try:
        found = _records_decoder.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise _not_json() from None
    if not isinstance(found, list):
        yield _item(found, file)
        return
    if not found:
        raise Unreadable("empty", _("The file has no articles."))
    for number, record in enumerate(found, 1):
        try:
            yield _item(record, file, number)
        except Unreadable as unreadable:
            yield unreadable.at(file, number)


def _recognises(document: Document) -> bool:
    head = document.head.removeprefix(b"\xef\xbb\xbf")
    return bool(_OBJECT.match(head) or _ARRAY.match(head))


def _is_lines(document: Document) -> bool:
    """Whether a document is one object a line: where the first line is a whole object and another line follows it."""
    head = document.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"["):
        return False
    first, _newline, rest = head.partition(b"\n")
    if document.suffix == ".json":
        try:
            msgspec.json.decode(first)
        except (msgspec.DecodeError, RecursionError):
            return False
        return bool(rest.strip())
    return True


def _read(document: Document) -> Iterator[Found]:
    lines = _is_lines(document)
    stream = utf8(document.stream)
    yield from read_lines(stream, document.place) if lines else read_json(stream, document.place)


SOURCE: Final = Source("json", (".jsonl", ".ndjson", ".json"), _recognises, _read)
