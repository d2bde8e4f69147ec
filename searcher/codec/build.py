"""A segment from documents: fields are collected, then analysed, inverted and stored all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Positions

from searcher.analysis import TermAnalyzer
from searcher.codec.arrays import FORMAT_VERSION, MISSING, FieldMetadata, SegmentMetadata
from searcher.codec.forms import column_kind, has_labels
from searcher.codec.inversion import Occurrences, Postings, field_arrays, invert, length_metadata
from searcher.codec.stages import Stages
from searcher.codec.stored import encode_document, stored_arrays
from searcher.codec.terms import blob_arrays


@dataclass(frozen=True, eq=False)
class SegmentData:
    """A segment in memory: the arrays and the header of its file."""

    doc_count: int
    arrays: dict[str, NDArray[Any]]
    metadata: SegmentMetadata

    def header(self) -> dict[str, str]:
        """Return the strings that go into the container's header."""
        return {"segment": msgspec.json.encode(self.metadata).decode("utf-8")}


@dataclass
class Items:
    """Occurrences of a field that is read posting by posting."""

    ids: dict[bytes, int] = field(default_factory=dict)
    term_ids: list[int] = field(default_factory=list)
    doc_ids: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def occurrences(self, *, positional: bool) -> Occurrences:
        """Return what was taken, as arrays."""
        return Occurrences(
            list(self.ids),
            np.array(self.term_ids, dtype=np.int64),
            np.array(self.doc_ids, dtype=np.int64),
            np.array(self.positions, dtype=np.int64) if positional else None,
            None if positional else np.array(self.counts, dtype=np.int64),
        )

    def add_positions(self, term: bytes, docnum: int, positions: Sequence[int]) -> None:
        """Take where a term stands in a document."""
        self.positions += positions
        self.term_ids += [self.ids.setdefault(term, len(self.ids))] * len(positions)
        self.doc_ids += [docnum] * len(positions)

    def add_count(self, term: bytes, docnum: int, count: int) -> None:
        """Take how often a document has a term."""
        self.term_ids.append(self.ids.setdefault(term, len(self.ids)))
        self.doc_ids.append(docnum)
        self.counts.append(count)


class SegmentBuilder:
    """Collects documents and makes a segment of them.

    - `add` takes what Whoosh's `add_document` takes, but no boosts: a weight in an index is a count here.
    - A document may be dropped again before the segment is made.
    - `dictionary` is what stored fields are compressed with, where that pays (`stored.py`).
    - Text of fields whose analyzer has `bulk()` is analysed when the segment is made, all documents at once.
    """

    def __init__(self, schema: Schema, bulk: TermAnalyzer | None = None, dictionary: bytes = b"") -> None:
        self.schema = schema
        self.dictionary = dictionary
        self.text_chars = 0
        self._stages = Stages()
        self._bulk = bulk
        self._documents: list[Mapping[str, Any] | None] = []
        self._live = 0

    def __len__(self) -> int:
        return self._live

    def add(self, document: Mapping[str, Any]) -> int:
        """Take a document, and return its number among those given so far.

        Raises ValueError for a value that its field can't take, and KeyError for a field that is none; the builder is
        as before then.
        """
        for name, value in document.items():
            if name.startswith("_"):
                if name.endswith("_boost") and float(value) != 1.0:
                    raise ValueError("boosts can't be indexed here; boost the query instead")
            elif value is not None and self.schema[name].format is not None and isinstance(value, str):
                self.text_chars += len(value)
        self._documents.append(document)
        self._live += 1
        return len(self._documents) - 1

    def drop(self, number: int) -> bool:
        """Take back a document; returns whether it was still there."""
        dropped = self._documents[number] is not None
        self._documents[number] = None
        self._live -= dropped
        return dropped

    def docnums(self) -> list[int]:
        """Return for each number that `add` gave the document's number in the segment; of dropped ones, any."""
        return list(accumulate((document is not None for document in self._documents[:-1]), initial=0))

    def build(self, stages: Stages | None = None) -> SegmentData:
        """Return the segment of the documents that were not dropped; raises ValueError for a value that can't be.

        `stages` is told the time for "segment" (text to terms), "invert" and "compress".
        """
        self._stages = stages or self._stages
        documents = [document for document in self._documents if document is not None]
        arrays: dict[str, NDArray[Any]] = {}
        metadata: dict[str, FieldMetadata] = {}
        for name in sorted({name for document in documents for name in document if not name.startswith("_")}):
            with self._stages("invert"):
                made, about = self._field(name, self.schema[name], documents)
            arrays |= made
            metadata[name] = about
        with self._stages("compress"):
            encoded = [encode_document(self._stored(document)) for document in documents]
            arrays |= stored_arrays(encoded, self.dictionary)
        return SegmentData(len(documents), arrays, SegmentMetadata(FORMAT_VERSION, len(documents), metadata))

    def _stored(self, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: document.get(f"_stored_{name}", value)
            for name, value in document.items()
            if not name.startswith("_") and value is not None and self.schema[name].stored
        }

    def _field(
        self, name: str, spec: FieldType, documents: Sequence[Mapping[str, Any]]
    ) -> tuple[dict[str, NDArray[Any]], FieldMetadata]:
        arrays: dict[str, NDArray[Any]] = {}
        about = FieldMetadata()
        if spec.indexed:
            postings = self._postings(spec, [document.get(name) for document in documents])
            arrays |= field_arrays(name, postings, len(documents), labels=has_labels(spec))
            about.indexed = True
            if postings.lengths is not None:
                for key, value in length_metadata(postings).items():
                    setattr(about, key, value)
        about.column, about.column_offset = column_kind(spec)
        if about.column:
            given = [document.get(f"_stored_{name}", document.get(name)) for document in documents]
            arrays |= _column_arrays(f"{name}.column", spec, given, about)
        return arrays, about

    def _postings(self, spec: FieldType, values: Sequence[Any]) -> Postings:
        read = self._read_in_bulk(spec, values) or _read_one_by_one(spec, values)
        counted = type(spec.format) is not Existence
        return invert(read, len(values), counted=counted, scored=bool(spec.scorable))

    def _read_in_bulk(self, spec: FieldType, values: Sequence[Any]) -> Occurrences | None:
        make = getattr(spec.analyzer, "bulk", None)
        if make is None or type(spec.format) is not Positions or spec.format.field_boost != 1.0:
            return None
        if not all(value is None or isinstance(value, str) for value in values):
            return None
        if self._bulk is None:
            self._bulk = make()
        with self._stages("segment"):
            batch = self._bulk.analyze_many([value or "" for value in values])
        doc_ids = np.repeat(np.arange(len(values), dtype=np.int32), np.diff(batch.offsets))
        return Occurrences(self._bulk.terms, batch.term_ids, doc_ids, batch.positions)


def _read_one_by_one(spec: FieldType, values: Iterable[Any]) -> Occurrences:
    """Index each value as Whoosh does; raises ValueError where a term's weight is not its count."""
    items = Items()
    positional = type(spec.format) is Positions
    assert spec.format is not None
    for docnum, value in enumerate(values):
        if value is None:
            continue
        for term, freq, weight, encoded in spec.index(value):
            if weight != freq:
                raise ValueError("boosts can't be indexed here; boost the query instead")
            if positional:
                items.add_positions(term, docnum, spec.format.decode_as("positions", encoded))
            else:
                items.add_count(term, docnum, int(freq))
    return items.occurrences(positional=positional)


def _column_arrays(name: str, spec: FieldType, values: Sequence[Any], about: FieldMetadata) -> dict[str, NDArray[Any]]:
    if about.column == "bytes":
        return blob_arrays(name, [b"" if value is None else spec.to_column_value(value) for value in values])
    numbers = np.full(len(values), MISSING, dtype=np.int64)
    for docnum, value in enumerate(values):
        if value is not None:
            number = int(spec.to_column_value(value)) - about.column_offset
            if not MISSING < number < -MISSING:
                raise ValueError(f"{value!r} is too large for the column {name!r}")
            numbers[docnum] = number
    return {name: numbers}
