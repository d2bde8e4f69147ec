"""Articles as JSON: one object a line, one after the other in any form, or in an array."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import msgspec

from searcher.messages import _, number
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Rejected, Remark, Unreadable
from searcher.sources.jsonvalues import MAX_VALUE_BYTES, Value, values
from searcher.sources.records import LIST_FIELDS, TEXT_FIELDS, Record, fields_of, set_field, to_article
from searcher.sources.streams import utf8

MAX_REJECTED: Final = 10_000
"""So many lines of a file are listed as rejected; what a broken file of 10 GB may cost is bounded too."""
_MAX_NESTED_BYTES: Final = 4 * 1024 * 1024  # a field that is a list or an object; what Python makes of it is far larger
_MAX_LENIENT_BYTES: Final = 1024 * 1024
_MAX_NAMES: Final = 1000
_MAX_NAMED: Final = 10
_MAX_NAME_CHARS: Final = 40
_MAX_DEPTH: Final = 3

_OBJECT: Final = re.compile(rb'\s*\{\s*["}]')
_ARRAY: Final = re.compile(rb"\s*\[\s*[{\]]")
_BOM: Final = b"\xef\xbb\xbf"
_NUL: Final = b"\\u0000"
# Under these names others keep the record itself, or a list of them.
_RECORD_WITHIN: Final = "_source"
_LISTS_WITHIN: Final = (
    "articles", "items", "posts", "news", "entries", "documents", "docs", "records", "rows", "results", "hits", "data"
)  # fmt: skip

_record_decoder: Final = msgspec.json.Decoder(Record)
_fields_decoder: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_any_decoder: Final = msgspec.json.Decoder()


class _Reading:
    """What is known while the records of one document are read: which names stood for nothing."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._names: dict[tuple[str, ...], list[tuple[str, str | None]]] = {}
        self._unused: Counter[str] = Counter()
        self._rejected = 0

    def take(self, raw: bytes | memoryview, line: int | None, depth: int = 0) -> Iterator[Found]:
        """Yield the article of one object, those of a list that it holds, or its rejection."""
        self._document.budget.spend(records=1)
        try:
            try:
                record = _record_decoder.decode(raw)
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
                fields = _fields_of(raw)
                inner = _list_within(fields) if depth < _MAX_DEPTH else None
                if inner is not None:
                    for value in values(io.BufferedReader(io.BytesIO(inner))):
                        if value.raw is not None:
                            yield from self.take(value.raw, line, depth + 1)
                    return
                try:
                    record = self._record(fields)
                except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
                    record = self._record(_leniently(bytes(raw)))
            else:
                if _NUL in bytes(raw):
                    _without_nul(record)
            article, refusal = to_article(record)
        except Unreadable as unreadable:
            several = values(io.BufferedReader(io.BytesIO(bytes(raw)))) if unreadable.code == "json" else iter(())
            first, second = next(several, None), next(several, None)
            if second is None or depth >= _MAX_DEPTH:
                yield from self.reject(unreadable, line)
                return
            for one in chain((first, second), several):  # several objects in one line
                if one is not None and one.raw is not None:
                    yield from self.take(one.raw, line, _MAX_DEPTH)
        else:
            yield self._document.item(article, line, refusal)

    def reject(self, unreadable: Unreadable, line: int | None) -> Iterator[Found]:
        """Yield a rejection, unless there were many."""
        self._rejected += 1
        if self._rejected <= MAX_REJECTED:
            yield unreadable.at(self._document.place, line)

    def end(self) -> Iterator[Found]:
        """Yield what is to be said after the last record."""
        if self._rejected > MAX_REJECTED:
            reason = _("{count} more lines of this file can't be read.")
            count = number(self._rejected - MAX_REJECTED)
            yield Rejected(self._document.place, None, "more", reason.format(count=count))
        if self._unused:
            names = [name[:_MAX_NAME_CHARS] for name, _count in self._unused.most_common(_MAX_NAMED)]
            text = _("Fields that were not used: {names} (--map 'name=field' says what one is).")
            shown = ", ".join(names) + (", …" if len(self._unused) > _MAX_NAMED else "")
            yield Remark(self._document.place, None, "unused", text.format(names=shown))

    def _record(self, fields: dict[str, Any]) -> Record:
        """Return the record of an object with other names, or values of other types, than ours."""
        names = tuple(fields)
        stand_for = self._names.get(names)
        if stand_for is None:
            stand_for = _stand_for(names, self._document.options.columns)
            if len(self._names) < _MAX_NAMES:
                self._names[names] = stand_for
        record = Record()
        for name, field in stand_for:
            value = _value(fields[name]) if field else None
            is_used = field and getattr(record, field) is None and set_field(record, field, value)
            if not is_used and (value is not None or not field) and len(self._unused) < _MAX_NAMES:
                self._unused[name] += 1
        return record


def _stand_for(names: tuple[str, ...], columns: dict[str, str]) -> list[tuple[str, str | None]]:
    """Return the names with the field of each, in the order in which they count.

    What the user says comes first, then our own names, then those that other tools have for the same.
    """
    own = [name if name in Record.__struct_fields__ and not columns else None for name in names]
    fields = [one or field for one, field in zip(own, fields_of(names, columns), strict=True)]
    ordered = sorted(zip(names, fields, strict=True), key=lambda pair: pair[0] != pair[1])
    return [(name, field) for name, field in ordered if field != ""]


def _fields_of(raw: bytes | memoryview) -> dict[str, Any]:
    """Return the fields of an object, their values still as JSON; raises Unreadable where it is none."""
    try:
        fields: dict[str, Any] = _fields_decoder.decode(raw)
    except msgspec.ValidationError:
        raise Unreadable("type", _("The JSON does not describe an article: it is not an object.")) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        fields = _leniently(bytes(raw))
    if _RECORD_WITHIN in fields:
        inner = fields[_RECORD_WITHIN]
        return {**fields, **(_fields_of(bytes(inner)) if isinstance(inner, msgspec.Raw) else inner)}
    return fields


def _leniently(raw: bytes) -> dict[str, Any]:
    """Return the fields of an object with what Python's own writer has beyond JSON: NaN, and halves of characters."""
    if len(raw) <= _MAX_LENIENT_BYTES and (b"NaN" in raw or b"Infinity" in raw or b"\\u" in raw):
        try:
            text = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "replace")
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
    raise Unreadable("json", _("This is not valid JSON in UTF-8."))


def _value(value: Any) -> Any:
    """Return a value as Python has it; None where it nests more than a field of an article may."""
    if not isinstance(value, msgspec.Raw):
        return value
    raw = bytes(value)
    return None if len(raw) > _MAX_NESTED_BYTES and raw[:1] in (b"{", b"[") else _any_decoder.decode(raw)


def _list_within(fields: dict[str, Any]) -> bytes | None:
    """Return the list of records that an object is wrapped around, None where it is a record itself."""
    if "body" in fields_of(fields, {}):
        return None
    for name in _LISTS_WITHIN:
        value = fields.get(name)
        if isinstance(value, msgspec.Raw):
            inner = bytes(value)
            if _ARRAY.match(inner) or (name in ("hits", "data") and _OBJECT.match(inner)):
                return inner
    return None


def _without_nul(record: Record) -> None:
    """Take fields with NUL characters away; raises Unreadable where the text has some, as it is none then."""
    for field, value in msgspec.structs.asdict(record).items():
        texts = value if isinstance(value, tuple) else (value,)
        if any("\x00" in text for text in texts if isinstance(text, str)):
            if field in TEXT_FIELDS:
                raise Unreadable("nul", _("The field '{field}' contains NUL characters.").format(field=field))
            kept = tuple(text for text in texts if "\x00" not in text) if field in LIST_FIELDS else None
            setattr(record, field, kept)


def _lines(document: Document, stream: io.BufferedReader) -> Iterator[Found]:
    """Yield what each line holds; a line over `MAX_VALUE_BYTES` is skipped piece by piece."""
    reading = _Reading(document)
    line_number = 0
    while line := stream.readline(MAX_VALUE_BYTES + 1):
        line_number += 1
        if len(line) > MAX_VALUE_BYTES and not line.endswith(b"\n"):
            _skip_line(stream)
            yield from reading.reject(_too_long(), line_number)
        elif line.isspace():
            document.budget.spend(records=1)
        else:
            yield from reading.take(line, line_number)
    if not line_number:
        raise Unreadable("empty", _("The file is empty."))
    yield from reading.end()


def _skip_line(stream: io.BufferedReader) -> None:
    while (piece := stream.readline(MAX_VALUE_BYTES)) and not piece.endswith(b"\n"):
        pass


def _too_long() -> Unreadable:
    limit = MAX_VALUE_BYTES // 1024 // 1024
    return Unreadable("line_too_long", _("The line is longer than {limit} MB.").format(limit=limit))


def _values(document: Document, stream: io.BufferedReader) -> Iterator[Found]:
    """Yield what each value of a document holds; their numbers are what stands for lines."""
    reading = _Reading(document)
    found = values(stream, lambda: document.budget.spend(records=1))
    first, second = next(found, None), next(found, None)
    if first is None:
        raise Unreadable("empty", _("The file has no articles."))
    if second is None and not first.in_array:
        yield from _one(reading, first, None)
    else:
        for count, value in enumerate((first, second)):
            if value is not None:
                yield from _one(reading, value, count + 1)
        for count, value in enumerate(found, 3):
            yield from _one(reading, value, count)
    yield from reading.end()


def _one(reading: _Reading, value: Value, line: int | None) -> Iterator[Found]:
    if not value.is_whole:
        reason = _("This is not valid JSON: it breaks off before its end.")
        yield from reading.reject(Unreadable("json", reason), line)
    elif value.raw is None:
        yield from reading.reject(_too_long(), line)
    else:
        yield from reading.take(value.raw, line)


def _recognises(document: Document) -> bool:
    head = document.head.removeprefix(_BOM)
    return bool(_OBJECT.match(head) or _ARRAY.match(head))


def _is_lines(document: Document) -> bool:
    """Whether a document is one object a line: its first line is no beginning of one that goes on below."""
    head = document.head.removeprefix(_BOM).lstrip()
    first, newline, rest = head.partition(b"\n")
    if head.startswith(b"[") or first.rstrip().endswith((b"{", b"[", b",")):
        return False
    return document.suffix != ".json" or (bool(newline and rest.strip()) and first.rstrip().endswith(b"}"))


def _read(document: Document) -> Iterator[Found]:
    lines = _is_lines(document)
    stream = utf8(document.stream)
    yield from _lines(document, stream) if lines else _values(document, stream)


SOURCE: Final = Source("json", (".jsonl", ".ndjson", ".json"), _recognises, _read)
