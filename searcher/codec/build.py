"""A segment from documents: fields are collected, then analysed, inverted and stored all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.fields import FieldType, Schema
from whoosh.formats import Positions
from whoosh.util.text import utf8encode

from searcher.analysis import TermAnalyzer
from searcher.codec.arrays import FORMAT_VERSION, FORMAT_VERSION_WEIGHTED, FieldMetadata, SegmentMetadata
from searcher.codec.columnvalues import column_arrays, column_value
from searcher.codec.forms import column_kind, has_labels, is_counted, is_positional, is_valued
from searcher.codec.inversion import Occurrences, Postings, field_arrays, invert, length_metadata
from searcher.codec.items import Items
from searcher.codec.stages import Stages
from searcher.codec.stored import encode_document, stored_arrays
from searcher.codec.terms import blob_arrays, row_arrays
from searcher.codec.vectors import encode_vector


@dataclass(frozen=True, eq=False)
class SegmentData:
    """A segment in memory: the arrays and the header of its file."""

    doc_count: int
    arrays: dict[str, NDArray[Any]]
    fields: dict[str, FieldMetadata]

    def header(self) -> dict[str, str]:
        """Return the strings that go into the container's header."""
        kept = (f"{name}.{part}" for name in self.fields for part in ("weights", "values", "vectors"))
        more = any(name in self.arrays for name in kept) or any(one.column == "values" for one in self.fields.values())
        version = FORMAT_VERSION_WEIGHTED if more else FORMAT_VERSION
        metadata = SegmentMetadata(version, self.doc_count, self.fields)
        return {"segment": msgspec.json.encode(metadata).decode("utf-8")}


Derived = Callable[[Mapping[str, Postings], int], Mapping[str, NDArray[np.uint8]]]
"""From the postings of text fields, by name, and the number of documents to columns: uint8[documents, bytes each]."""


class SegmentBuilder:
    """Collects documents and makes a segment of them.

    - `add` takes what Whoosh's `add_document` takes.
    - A document may be dropped again before the segment is made.
    - `dictionary` is what stored fields are compressed with, where that pays (`stored.py`).
    - Text of fields whose analyzer has `bulk()` is analysed when the segment is made, all documents at once.
    - `text_chars` is how much is held: characters to be analysed, and bytes to be stored.
    - `derived` makes columns of what that gave.
    """

    def __init__(
        self,
        schema: Schema,
        bulk: TermAnalyzer | None = None,
        dictionary: bytes = b"",
        derived: Derived | None = None,
    ) -> None:
        self.schema = schema
        self.dictionary = dictionary
        self.text_chars = 0
        self._bulk = bulk
        self._derived = derived
        self._texts: dict[str, Postings] = {}
        self._stored: list[bytes | None] = []
        self._fields: dict[str, _Collected] = {}
        self._live = 0

    def __len__(self) -> int:
        return self._live

    @property
    def added(self) -> int:
        """How many documents were given, dropped ones included."""
        return len(self._stored)

    def add(self, document: Mapping[str, Any]) -> int:
        """Take a document, and return its number among those given so far.

        Raises ValueError for a value that its field can't take, and KeyError for a field that is none; the builder is
        as before then.
        """
        is_special = any(name.startswith("_") for name in document)
        boost = field_boost = float(document.get("_boost", 1.0))
        read: list[tuple[_Collected, _Read]] = []
        kept: dict[str, Any] = {}
        for name, value in document.items():
            if value is None or name.startswith("_"):
                continue
            field = self._fields.get(name) or _Collected(name, self.schema[name])
            shown = value
            if is_special:
                shown = document.get(f"_stored_{name}", value)
                field_boost = float(document.get(f"_{name}_boost", boost))
            if field.is_stored and shown is not None:
                kept[name] = shown
            read.append((field, field.read(value, shown, field_boost)))
        try:
            encoded = encode_document(kept)
        except ValueError as error:
            raise ValueError(f"{error} (stored fields: {', '.join(kept)})") from None
        number = len(self._stored)
        for field, one in read:
            self._fields.setdefault(field.name, field).take(number, one)
            self.text_chars += len(one.text or "")
            for base, words in one.spellings:
                if base not in self.schema:  # as with fields whose names have a pattern
                    continue
                spelled = self._fields.setdefault(base, _Collected(base, self.schema[base]))
                spelled.take(number, _Read(postings=words))
        self.text_chars += len(encoded)
        self._stored.append(encoded)
        self._live += 1
        return number

    def drop(self, number: int) -> bool:
        """Take back a document; returns whether it was still there."""
        dropped = self._stored[number] is not None
        self._stored[number] = None
        self._live -= dropped
        return dropped

    def docnums(self) -> list[int]:
        """Return for each number that `add` gave the document's number in the segment; of dropped ones, any."""
        return list(accumulate((encoded is not None for encoded in self._stored[:-1]), initial=0))

    def build(self, stages: Stages | None = None) -> SegmentData:
        """Return the segment of the documents that were not dropped; raises ValueError for more than it can hold.

        `stages` is told the time for "segment" (text to terms), "invert", "derive" and "compress".
        """
        stages = stages or Stages()
        live = np.array([encoded is not None for encoded in self._stored], dtype=np.bool_)
        numbers = np.where(live, np.cumsum(live) - 1, -1)
        arrays: dict[str, NDArray[Any]] = {}
        metadata: dict[str, FieldMetadata] = {}
        for name, field in sorted(self._fields.items()):
            with stages("invert"):
                made, about = self._field(field, numbers, stages)
            arrays |= made
            metadata[name] = about
        if self._derived is not None:
            with stages("derive"):
                for name, rows in self._derived(self._texts, self._live).items():
                    arrays |= row_arrays(f"{name}.column", rows)
                    metadata[name] = FieldMetadata(column="bytes")
        self._texts = {}
        with stages("compress"):
            encoded = [document for document in self._stored if document is not None]
            arrays |= stored_arrays(encoded, self.dictionary)
        return SegmentData(self._live, arrays, metadata)

    def _field(
        self, field: _Collected, numbers: NDArray[np.int64], stages: Stages
    ) -> tuple[dict[str, NDArray[Any]], FieldMetadata]:
        spec, name = field.spec, field.name
        arrays: dict[str, NDArray[Any]] = {}
        about = FieldMetadata()
        if spec.indexed:
            postings = self._postings(field, numbers, stages)
            arrays |= field_arrays(name, postings, self._live, labels=has_labels(spec))
            if postings.positions is not None:
                self._texts[name] = postings
            about.indexed = True
            if postings.lengths is not None:
                for key, value in length_metadata(postings).items():
                    setattr(about, key, value)
        about.column, about.column_offset = column_kind(spec)
        if about.column:
            arrays |= column_arrays(f"{name}.column", about.column, field.in_order(field.columns, numbers))
        if spec.vector:
            arrays |= blob_arrays(f"{name}.vectors", [one or b"" for one in field.in_order(field.vectors, numbers)])
        return arrays, about

    def _postings(self, field: _Collected, numbers: NDArray[np.int64], stages: Stages) -> Postings:
        spec = field.spec
        counted, scored = is_counted(spec), bool(spec.scorable)
        if field.texts and field.items is None:
            return invert(self._read_in_bulk(field, numbers, stages), self._live, counted=counted, scored=scored)
        for number, text in field.texts.items():  # among them were other values, so that all are read alike
            field.take(number, _Read(postings=field.postings(text, 1.0)))
        items = field.items or Items(positional=is_positional(spec), valued=is_valued(spec))
        postings = invert(items.occurrences(numbers), self._live, counted=counted, scored=scored)
        return items.attach(postings, numbers)

    def _read_in_bulk(self, field: _Collected, numbers: NDArray[np.int64], stages: Stages) -> Occurrences:
        if self._bulk is None:
            analyzer: Any = field.spec.analyzer
            self._bulk = analyzer.bulk()
        texts = field.in_order(field.texts, numbers)
        with stages("segment"):
            batch = self._bulk.analyze_many([text or "" for text in texts])
        doc_ids = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(batch.offsets))
        return Occurrences(self._bulk.terms, batch.term_ids, doc_ids, batch.positions)


_MOST_KEPT: Final = 4096
_LONGEST_KEPT: Final = 256
_Posting = tuple[bytes, int, float, bytes, Sequence[int]]


@dataclass
class _Read:
    """What a field makes of a value: its text, where that is analysed later, or its postings."""

    text: str | None = None
    postings: Sequence[_Posting] = ()
    column: Any = None
    vector: bytes | None = None
    spellings: Sequence[tuple[str, Sequence[_Posting]]] = ()


class _Collected:
    """What was collected of one field, by the documents' numbers."""

    def __init__(self, name: str, spec: FieldType) -> None:
        self.name, self.spec = name, spec
        self.texts: dict[int, str] = {}
        self.items: Items | None = None
        self.columns: dict[int, Any] = {}
        self.vectors: dict[int, bytes] = {}
        self.is_stored = bool(spec.stored)
        self._has_column = bool(column_kind(spec)[0])
        self._has_spellings = spec.separate_spelling()
        self._is_positional, self._is_valued = is_positional(spec), is_valued(spec)
        # Labels and small numbers are the same in many documents.
        self._known: dict[tuple[type, Any, float], list[_Posting]] = {}
        self._repeats = not spec.unique and not self._is_positional
        self._is_bulk = (
            hasattr(spec.analyzer, "bulk")
            and type(spec.format) is Positions
            and spec.format.field_boost == 1.0
            and not spec.vector
        )

    def read(self, value: Any, shown: Any, boost: float) -> _Read:
        """Return what is made of a value, of which `shown` is stored; raises ValueError where nothing can be."""
        spec, read = self.spec, _Read()
        if spec.indexed:
            if self._is_bulk and isinstance(value, str) and boost == 1.0:
                read.text = value
            else:
                read.postings = self.postings(value, boost)
            if self._has_spellings:
                words = sorted(Counter(utf8encode(word)[0] for word in spec.spellable_words(value)).items())
                postings = [(word, count, float(count), b"", ()) for word, count in words]
                read.spellings = [(spec.spelling_fieldname(self.name), postings)]
        if spec.vector:
            found = spec.vector.word_values(value, spec.analyzer, mode="index")
            read.vector = encode_vector(sorted((text, weight, given) for text, _freq, weight, given in found))
        if self._has_column and shown is not None:
            read.column = column_value(self.name, spec, shown)
        return read

    def postings(self, value: Any, boost: float) -> list[_Posting]:
        """Return the postings of a value, as Whoosh makes them; not to be written to."""
        if not self._repeats or not (type(value) is int or (type(value) is str and len(value) <= _LONGEST_KEPT)):
            return self._made(value, boost)
        key = (type(value), value, boost)
        known = self._known.get(key)
        if known is None:
            known = self._made(value, boost)
            if len(self._known) < _MOST_KEPT:
                self._known[key] = known
        return known

    def _made(self, value: Any, boost: float) -> list[_Posting]:
        spec, positional = self.spec, self._is_positional
        assert spec.format is not None
        found = []
        for term, count, weight, given in spec.index(value):
            positions = spec.format.decode_as("positions", given) if positional else ()
            found.append((term, len(positions) if positional else int(count), float(weight * boost), given, positions))
        return found

    def take(self, number: int, read: _Read) -> None:
        """Keep what was read of a document."""
        if read.text is not None:
            self.texts[number] = read.text
        elif self.spec.indexed:
            if self.items is None:
                self.items = Items(positional=self._is_positional, valued=self._is_valued)
            for term, count, weight, given, positions in read.postings:
                self.items.add(term, number, count, weight, given, positions)
        if read.column is not None:
            self.columns[number] = read.column
        if read.vector is not None:
            self.vectors[number] = read.vector

    def in_order(self, found: Mapping[int, Any], numbers: NDArray[np.int64]) -> list[Any]:
        """Return what was found of each document that was not dropped, None where there is nothing."""
        return [found.get(number) for number in np.flatnonzero(numbers >= 0).tolist()]
