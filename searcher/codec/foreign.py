"""A segment from any Whoosh reader, posting by posting: for what another codec holds, such as Whoosh's in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import FieldType, Schema
from whoosh.reading import IndexReader

from searcher.codec.arrays import FieldMetadata
from searcher.codec.build import SegmentData
from searcher.codec.columnvalues import column_arrays, kept_value
from searcher.codec.forms import column_kind, has_labels, is_counted, is_positional, is_valued
from searcher.codec.inversion import field_arrays, invert, length_metadata
from searcher.codec.items import Items
from searcher.codec.stored import encode_document, stored_arrays
from searcher.codec.terms import blob_arrays
from searcher.codec.vectors import encode_vector


def copy_reader(reader: IndexReader, schema: Schema, start: int, stop: int, dictionary: bytes) -> SegmentData:
    """Return a segment of the reader's documents numbered `[start:stop]`, without deleted ones.

    Raises ValueError for a stored value that can't be kept here.
    """
    kept = [docnum for docnum in range(start, stop) if not reader.is_deleted(docnum)]
    numbers = {docnum: number for number, docnum in enumerate(kept)}
    items = _read_terms(reader, schema, numbers)
    arrays: dict[str, NDArray[Any]] = {}
    metadata: dict[str, FieldMetadata] = {}
    for name in schema.names(items):
        spec, about = schema[name], FieldMetadata()
        if name in items:
            every = np.arange(len(kept))
            scored = bool(spec.scorable)
            postings = invert(items[name].occurrences(every), len(kept), counted=is_counted(spec), scored=scored)
            postings = items[name].attach(postings, every)
            arrays |= field_arrays(name, postings, len(kept), labels=has_labels(spec))
            about.indexed = True
            if postings.lengths is not None:
                for key, value in length_metadata(postings).items():
                    setattr(about, key, value)
        kind, offset = column_kind(spec)
        if kind and reader.has_column(name):
            about.column, about.column_offset = kind, offset
            arrays |= column_arrays(f"{name}.column", kind, _column(reader, name, spec, kept))
        if spec.vector:
            arrays |= blob_arrays(f"{name}.vectors", [_vector(reader, name, docnum) for docnum in kept])
        if about.indexed or about.column or spec.vector:
            metadata[name] = about
    arrays |= stored_arrays([encode_document(reader.stored_fields(docnum)) for docnum in kept], dictionary)
    return SegmentData(len(kept), arrays, metadata)


def _read_terms(reader: IndexReader, schema: Schema, numbers: Mapping[int, int]) -> dict[str, Items]:
    found: dict[str, Items] = {}
    for name, term in reader.all_terms():
        if name not in schema:
            continue
        spec = schema[name]
        items = found.setdefault(name, Items(positional=is_positional(spec), valued=is_valued(spec)))
        matcher = reader.postings(name, term)
        while matcher.is_active():
            number = numbers.get(matcher.id())
            if number is not None:
                _take(matcher, items, term, number, spec)
            matcher.next()
    return found


def _take(matcher: Any, items: Items, term: bytes, number: int, spec: FieldType) -> None:
    positions = matcher.value_as("positions") if is_positional(spec) else ()
    count = len(positions)
    if not count:
        count = int(matcher.value_as("frequency")) if matcher.supports("frequency") and is_counted(spec) else 1
    value = matcher.value() if is_valued(spec) else b""
    items.add(term, number, count, float(matcher.weight()), value, positions)


def _column(reader: IndexReader, name: str, spec: FieldType, kept: list[int]) -> list[int | bytes | None]:
    column = reader.column_reader(name, translate=False)
    assert spec.column_type is not None
    default = spec.column_type.default_value()
    values = [column[docnum] for docnum in kept]
    return [None if value == default else kept_value(name, spec, value) for value in values]


def _vector(reader: IndexReader, name: str, docnum: int) -> bytes:
    if not reader.has_vector(docnum, name):
        return b""
    matcher: Any = reader.vector(docnum, name)
    items = []
    while matcher.is_active():
        items.append((matcher.id(), float(matcher.weight()), bytes(matcher.value())))
        matcher.next()
    return encode_vector(items)
