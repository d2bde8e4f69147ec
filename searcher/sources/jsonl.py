"""Articles as JSON: one object a line, or one object or array a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from searcher.article import Article
from searcher.sources.dates import parse_published
from searcher.sources.items import Item, Rejected, Unreadable

MAX_LINE_BYTES: Final = 32 * 1024 * 1024
"""A longer line is skipped without being held in memory."""
MAX_JSON_BYTES: Final = 256 * 1024 * 1024
"""A .json file is parsed whole, so it may be no larger; larger collections belong in .jsonl."""
_UNKNOWN: Final = re.compile(r" - at `\$\.?(?P<field>[^`]*)`")


class Record(msgspec.Struct):
    """An article as its JSON object has it; unknown fields are passed over, null is the same as absent."""

    id: str | int | None = None
    title: str | None = None
    lead: str | None = None
    body: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    author: str | None = None
    provinces: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None


_record_decoder: Final = msgspec.json.Decoder(Record)
_records_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw] | msgspec.Raw)


def decode_article(raw: bytes | memoryview | msgspec.Raw) -> Article:
    """Return the article of one JSON object; raises Unreadable with the reason where it gives none."""
    try:
        record = _record_decoder.decode(raw)
    except msgspec.ValidationError as error:
        field = _UNKNOWN.search(str(error))
        where = f"field '{field['field']}' has the wrong type" if field and field["field"] else "it is not an object"
        raise Unreadable("type", f"The JSON does not describe an article: {where}.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Unreadable("json", "This is not valid JSON in UTF-8.") from None
    if not ((record.title or "").strip() or (record.body or "").strip() or (record.lead or "").strip()):
        raise Unreadable("no_text", "The article has no title, lead or body.")
    published = None
    if record.published:
        try:
            published = parse_published(record.published)
        except (ValueError, OverflowError) as error:
            raise Unreadable("date", f"The publication date can't be used: {error}.") from None
    return Article(
        id="" if record.id is None else str(record.id),
        title=record.title or "",
        lead=record.lead or "",
        body=record.body or "",
        published=published,
        url=record.url or "",
        source=record.source or "",
        author=record.author or "",
        provinces=record.provinces,
        topics=record.topics,
    )


def read_lines(stream: BinaryIO, file: str) -> Iterator[Item | Rejected]:
    """Yield what each line of a JSON Lines stream holds; a line over `MAX_LINE_BYTES` is skipped piece by piece."""
    number = 0
    while True:
        line = stream.readline(MAX_LINE_BYTES + 1)
        if not line:
            return
        number += 1
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while piece := stream.readline(MAX_LINE_BYTES):
                if piece.endswith(b"\n"):
                    break
            reason = f"The line is longer than {MAX_LINE_BYTES // 1024 // 1024} MB."
            yield Rejected(file, number, "line_too_long", reason)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            yield Item(decode_article(line), file, number)
        except Unreadable as unreadable:
            yield unreadable.at(file, number)


def read_document(stream: BinaryIO, file: str) -> Iterator[Item | Rejected]:
    """Yield the article, or the articles of the array, that a .json file holds."""
    raw = stream.read(MAX_JSON_BYTES + 1)
    if len(raw) > MAX_JSON_BYTES:
        limit = MAX_JSON_BYTES // 1024 // 1024
        raise Unreadable("too_large", f"A .json file may have {limit} MB at most; use JSON Lines (.jsonl).")
    try:
        found = _records_decoder.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Unreadable("json", "This is not valid JSON in UTF-8.") from None
    single = not isinstance(found, list)
    for number, record in enumerate([found] if single else found, 1):
        try:
            yield Item(decode_article(record), file, None if single else number)
        except Unreadable as unreadable:
            yield unreadable.at(file, None if single else number)
