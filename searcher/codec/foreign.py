"""A segment from any Whoosh reader, posting by posting: for what another codec holds, such as Whoosh's in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Positions
from whoosh.reading import IndexReader

from searcher.codec.arrays import FORMAT_VERSION, MISSING, FieldMetadata, SegmentMetadata
from searcher.codec.build import Items, SegmentData
from searcher.codec.forms import column_kind, has_labels
from searcher.codec.inversion import field_arrays, invert, length_metadata
from searcher.codec.stored import encode_document, stored_arrays
from searcher.codec.terms import blob_arrays


def copy_reader(reader: IndexReader, schema: Schema, start: int, stop: int, dictionary: bytes) -> SegmentData:
    """Return a segment of the reader's documents numbered `[start:stop]`, without deleted ones.

    Raises ValueError for a field that can't be kept here: one with boosts in its postings, for instance.
    """
    kept = [docnum for docnum in range(start, stop) if not reader.is_deleted(docnum)]
    numbers = {docnum: number for number, docnum in enumerate(kept)}
    items = _read_terms(reader, schema, numbers)
    arrays: dict[str, NDArray[Any]] = {}
    metadata: dict[str, FieldMetadata] = {}
    for name, spec in schema.items():
        about = FieldMetadata()
        if name in items:
            occurrences = items[name].occurrences(positional=type(spec.format) is Positions)
            counted = type(spec.format) is not Existence
            postings = invert(occurrences, len(kept), counted=counted, scored=bool(spec.scorable))
            arrays |= field_arrays(name, postings, len(kept), labels=has_labels(spec))
            about.indexed = True
            if postings.lengths is not None:
                for key, value in length_metadata(postings).items():
                    setattr(about, key, value)
        kind, offset = column_kind(spec)
        if kind and reader.has_column(name):
            about.column, about.column_offset = kind, offset
            arrays |= _column(reader, name, spec, about, kept)
        if about.indexed or about.column:
            metadata[name] = about
    arrays |= stored_arrays([encode_document(reader.stored_fields(docnum)) for docnum in kept], dictionary)
    return SegmentData(len(kept), arrays, SegmentMetadata(FORMAT_VERSION, len(kept), metadata))


def _read_terms(reader: IndexReader, schema: Schema, numbers: Mapping[int, int]) -> dict[str, Items]:
    found: dict[str, Items] = {}
    for name, term in reader.all_terms():
        if name not in schema:
            continue
        items = found.setdefault(name, Items())
        positional = type(schema[name].format) is Positions
        matcher = reader.postings(name, term)
        while matcher.is_active():
            number = numbers.get(matcher.id())
            if number is not None:
                _read_posting(matcher, items, term, number, positional=positional)
            matcher.next()
    return found


def _read_posting(matcher: Any, items: Items, term: bytes, number: int, *, positional: bool) -> None:
    weight = matcher.weight()
    if positional:
        positions = matcher.value_as("positions")
        items.add_positions(term, number, positions)
        frequency = len(positions)
    else:
        frequency = int(weight)
        items.add_count(term, number, frequency)
    if weight != frequency:
        raise ValueError("boosts can't be indexed here; boost the query instead")


def _column(
    reader: IndexReader, name: str, spec: FieldType, about: FieldMetadata, kept: list[int]
) -> dict[str, NDArray[Any]]:
    column = reader.column_reader(name, translate=False)
    assert spec.column_type is not None
    if about.column == "bytes":
        return blob_arrays(f"{name}.column", [bytes(column[docnum]) for docnum in kept])
    default = spec.column_type.default_value()
    numbers = np.full(len(kept), MISSING, dtype=np.int64)
    for number, docnum in enumerate(kept):
        value = column[docnum]
        if value != default:
            numbers[number] = int(value) - about.column_offset
    return {f"{name}.column": numbers}
