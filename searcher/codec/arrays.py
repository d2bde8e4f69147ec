"""What one segment gives to read: fields, columns and stored documents as arrays, memory-mapped and read-only.

Nothing is decoded when a segment is opened. Everything that is read is checked against the segment's checksums, so
each method here may raise IndexDamaged.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import Container, Part, Written
from searcher.codec.damage import IndexDamaged
from searcher.codec.documents import Documents
from searcher.codec.packing import Packed
from searcher.codec.stored import StoredDocuments
from searcher.codec.terms import Blob, TermDictionary

FORMAT_VERSION: Final = 2
MISSING: Final = -(1 << 63)
"""What a numeric column holds for a document without a value."""
_KEPT_BYTES: Final = 8 * 1024 * 1024


class FieldMetadata(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a segment's header says of a field: of its lengths in terms, exactly, and of its column.

    - `column` is "", "numbers" or "bytes"; a number in the column is Whoosh's column value minus `column_offset`.
    """

    indexed: bool = False
    length_total: int = 0
    n_docs: int = 0
    least: int = 0
    most: int = 0
    column: str = ""
    column_offset: int = 0


class SegmentMetadata(msgspec.Struct, forbid_unknown_fields=True):
    """What a segment's header says of it."""

    version: int
    doc_count: int
    fields: dict[str, FieldMetadata]


class FieldArrays:
    """An indexed field of a segment; its terms have ordinals, in the order of their bytes."""

    def __init__(self, container: Container, name: str, metadata: FieldMetadata, doc_count: int) -> None:
        self._container = container
        self.name = name
        self._dictionary = TermDictionary(container, name)
        self.n_terms = len(self._dictionary)
        self._doc_count = doc_count
        self._offsets = container.part(f"{name}.offsets")
        self._decoded: dict[int, tuple[NDArray[np.uint16], NDArray[Any]]] = {}
        self._kept_bytes = 0
        self._documents = Documents(container, name, doc_count)
        self._freqs = Packed(container, f"{name}.freqs") if Packed.is_in(container, f"{name}.freqs") else None
        self._occurrences = container.part(f"{name}.occurrences") if self._freqs is not None else None
        self._positions: Packed | None = None
        if Packed.is_in(container, f"{name}.positions"):
            self._positions = Packed(container, f"{name}.positions")
        self._lengths = container.part(f"{name}.lengths") if f"{name}.lengths" in container else None
        self.length_total: int = metadata.length_total
        """Terms in the field, with repetitions, over all documents; exact. 0 for fields that have no lengths."""
        self.n_docs: int = metadata.n_docs
        """Documents that have the field; 0 for fields that have no lengths."""
        self.least_length, self.most_length = metadata.least, metadata.most
        for part, size in ((self._offsets, self.n_terms + 1), (self._lengths, doc_count)):
            if part is not None and len(part) != size:
                raise part.damaged()

    def find(self, term: bytes) -> int:
        """Return the ordinal of the term, or -1."""
        return self._dictionary.find(term)

    def term(self, ordinal: int) -> bytes:
        """Return the term of the ordinal."""
        return self._dictionary.term(ordinal)

    def terms(self, start: int, stop: int) -> list[bytes]:
        """Return the terms of ordinals `[start:stop]`."""
        return self._dictionary.range(start, stop)

    def span(self, start: bytes, end: bytes | None) -> tuple[int, int]:
        """Return the range of ordinals of terms `start <= term < end`, to the last term where `end` is None."""
        first = self._dictionary.lower_bound(start)
        return first, self.n_terms if end is None else max(first, self._dictionary.lower_bound(end))

    @cached_property
    def doc_freqs(self) -> NDArray[np.uint32]:
        """uint32[n_terms]: documents that have the term, deleted ones included."""
        return np.diff(self._offsets.all())

    @cached_property
    def total_weights(self) -> NDArray[np.uint32]:
        """uint32[n_terms]: how often the term occurs, exactly."""
        return self.doc_freqs if self._occurrences is None else np.diff(self._occurrences.all())

    def doc_freq(self, ordinal: int) -> int:
        """Return `doc_freqs[ordinal]` without reading the others."""
        start, stop = self._offsets.slice(ordinal, ordinal + 2).tolist()
        return int(stop - start)

    def total_weight(self, ordinal: int) -> int:
        """Return `total_weights[ordinal]` without reading the others."""
        if self._occurrences is None:
            return self.doc_freq(ordinal)
        start, stop = self._occurrences.slice(ordinal, ordinal + 2).tolist()
        return int(stop - start)

    def doc_ids(self, ordinal: int) -> NDArray[np.uint16]:
        """Return the documents of a term, ascending: uint16[n_postings], not to be written to."""
        return self.postings(ordinal)[0] if self._documents.is_common(ordinal) else self._read_doc_ids(ordinal)

    def postings(self, ordinal: int) -> tuple[NDArray[np.uint16], NDArray[Any]]:
        """Return the documents of a term, ascending, uint16[n_postings], and how often each has it, uint8 or wider.

        Neither is to be written to. What is decoded for common terms is kept, up to a bound.
        """
        found = self._decoded.get(ordinal)
        if found is not None:
            return found
        start, stop = self._offsets.slice(ordinal, ordinal + 2).tolist()
        doc_ids = self._documents.of(ordinal, start, stop)
        freqs = np.ones(len(doc_ids), dtype=np.uint8) if self._freqs is None else self._freqs.slice(start, stop)
        if self._documents.is_common(ordinal):
            self._keep(ordinal, doc_ids, freqs)
        return doc_ids, freqs

    def mask(self, ordinal: int) -> NDArray[np.bool_]:
        """Return bool[doc_count]: which documents have the term. Cheap for terms that many have."""
        found = self._documents.mask(ordinal)
        if found is None:
            found = np.zeros(self._doc_count, dtype=np.bool_)
            found[self._read_doc_ids(ordinal)] = True
        return found

    def _read_doc_ids(self, ordinal: int) -> NDArray[np.uint16]:
        start, stop = self._offsets.slice(ordinal, ordinal + 2).tolist()
        return self._documents.of(ordinal, start, stop)

    def _keep(self, ordinal: int, doc_ids: NDArray[np.uint16], freqs: NDArray[Any]) -> None:
        if self._kept_bytes > _KEPT_BYTES:
            self._decoded, self._kept_bytes = {}, 0
        for array in (doc_ids, freqs):
            array.flags.writeable = False
            self._kept_bytes += array.nbytes
        self._decoded[ordinal] = doc_ids, freqs

    @property
    def has_positions(self) -> bool:
        """Whether the field knows where in a document its terms stand."""
        return self._positions is not None

    def positions(self, ordinal: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Return where a term stands: offsets int64[n_postings + 1] and positions (uint8, uint16 or uint32).

        The positions in posting i are `positions[offsets[i]:offsets[i + 1]]`, ascending. Raises ValueError for a field
        without positions.
        """
        if self._positions is None or self._occurrences is None:
            raise ValueError(f"the field {self.name!r} has no positions")
        first, last = self._occurrences.slice(ordinal, ordinal + 2).tolist()
        _doc_ids, freqs = self.postings(ordinal)
        offsets = np.zeros(len(freqs) + 1, dtype=np.int64)
        np.cumsum(freqs, out=offsets[1:])
        if offsets[-1] != last - first:
            raise IndexDamaged(self._container.file, f"{self.name}.occurrences")
        return offsets, self._positions.slice(first, last)

    def positions_at(self, ordinal: int, rows: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Return the same for some postings only: offsets int64[n_rows + 1] and positions.

        `rows` are places in `postings(ordinal)`. It reads no more than these, so it pays for few of many.
        """
        if self._positions is None or self._occurrences is None:
            raise ValueError(f"the field {self.name!r} has no positions")
        first, last = self._occurrences.slice(ordinal, ordinal + 2).tolist()
        _doc_ids, freqs = self.postings(ordinal)
        ends = np.cumsum(freqs, dtype=np.int64)
        if len(ends) and ends[-1] != last - first:
            raise IndexDamaged(self._container.file, f"{self.name}.occurrences")
        counts = freqs[rows].astype(np.int64)
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(counts, out=offsets[1:])
        starts = first + ends[rows] - counts
        return offsets, self._positions.take(np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], counts))

    def occurrences(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return terms (ordinals), documents and positions of all that the field has, by term, document, position.

        Each is int64[n_occurrences]. Raises ValueError for a field without positions.
        """
        if self._positions is None or self._freqs is None:
            raise ValueError(f"the field {self.name!r} has no positions")
        documents = self._documents.all(self._offsets.all()).astype(np.int64)
        doc_ids = np.repeat(documents, self._freqs.slice(0, len(documents)))
        ordinals = np.repeat(np.arange(self.n_terms), self.total_weights)
        positions = self._positions.slice(0, len(ordinals)).astype(np.int64)
        if not len(ordinals) == len(doc_ids) == len(positions):
            raise self._offsets.damaged()
        return ordinals, doc_ids, positions

    @property
    def has_lengths(self) -> bool:
        """Whether the field is scored by length."""
        return self._lengths is not None

    @cached_property
    def length_codes(self) -> NDArray[np.uint8]:
        """uint8[doc_count]: Whoosh's byte code of the field's length; zeros for fields that have no lengths."""
        return np.zeros(self._doc_count, dtype=np.uint8) if self._lengths is None else self._lengths.all()

    @cached_property
    def folded_order(self) -> NDArray[np.uint32]:
        """uint32[n_marked]: `searcher.analysis.folded_order` of the terms, for text fields."""
        return self._container.part(f"{self.name}.folded").all()


class NumericColumn:
    """A number for each document: `values: int64[doc_count]`, MISSING where it has none.

    Dates are microseconds since year 1, as in Whoosh. A number n of a NUMERIC field of integers is n. `offset` is what
    Whoosh's own column value is larger by.
    """

    def __init__(self, part: Part, offset: int) -> None:
        self._part = part
        self.offset = offset

    def __len__(self) -> int:
        return len(self._part)

    @cached_property
    def values(self) -> NDArray[np.int64]:
        """int64[doc_count]."""
        return self._part.all()

    @property
    def missing(self) -> NDArray[np.bool_]:
        """bool[doc_count]: where there is no value."""
        return np.equal(self.values, MISSING)


class BytesColumn:
    """A byte string for each document, empty where it has none."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob

    def __len__(self) -> int:
        return len(self._blob)

    def __getitem__(self, docnum: int) -> bytes:
        return self._blob[docnum]

    def range(self, start: int, stop: int) -> list[bytes]:
        """Return the values of documents `[start:stop]`."""
        return self._blob.range(start, stop)


class LabelColumn:
    """The names that each document carries: those of document d are at `ordinals[offsets[d]:offsets[d + 1]]`.

    Ordinals are places in `labels`, which are the field's terms, and ascend.
    """

    def __init__(self, container: Container, field: FieldArrays) -> None:
        self._offsets = container.part(f"{field.name}.label_offsets")
        self._ordinals = container.part(f"{field.name}.labels")
        self._field = field

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @cached_property
    def offsets(self) -> NDArray[np.uint32]:
        """uint32[doc_count + 1]."""
        return self._offsets.all()

    @cached_property
    def ordinals(self) -> NDArray[Any]:
        """uint8, uint16 or uint32[offsets[-1]]: ordinals into `labels`."""
        return self._ordinals.all()

    @cached_property
    def labels(self) -> list[str]:
        """The field's terms."""
        return [term.decode("utf-8", "replace") for term in self._field.terms(0, self._field.n_terms)]


Column = NumericColumn | BytesColumn | LabelColumn


class SegmentArrays:
    """One segment, opened.

    - `doc_count` counts deleted documents as well; `live: bool[doc_count]`, or None where nothing is deleted.
    - It stays readable after the file was unlinked, and may be used from several threads.

    Raises IndexDamaged where the file is not the one that was written, OSError where it can't be opened.
    """

    def __init__(self, path: Path, written: Written, live: NDArray[np.bool_] | None = None) -> None:
        self.container = Container(path, written)
        try:
            self.metadata = msgspec.json.decode(self.container.metadata["segment"], type=SegmentMetadata)
        except (msgspec.DecodeError, KeyError):
            raise IndexDamaged(path.name, "header") from None
        self.doc_count = self.metadata.doc_count
        if self.metadata.version != FORMAT_VERSION or (live is not None and len(live) != self.doc_count):
            raise IndexDamaged(path.name, "header")
        self.live = live
        self._fields: dict[str, FieldArrays] = {}
        self._columns: dict[str, Column] = {}

    def field(self, name: str) -> FieldArrays | None:
        """Return an indexed field, or None where the segment has none of that name."""
        found = self._fields.get(name)
        if found is None and (metadata := self.metadata.fields.get(name)) is not None and metadata.indexed:
            found = self._fields[name] = FieldArrays(self.container, name, metadata, self.doc_count)
        return found

    def field_names(self) -> list[str]:
        """Return the names of the indexed fields, sorted."""
        return sorted(name for name, metadata in self.metadata.fields.items() if metadata.indexed)

    def column(self, name: str) -> Column | None:
        """Return the column of a field: its numbers or bytes if it is sortable, else its labels if it names things."""
        found = self._columns.get(name)
        if found is None and (metadata := self.metadata.fields.get(name)) is not None:
            made = self._open_column(name, metadata)
            if made is None:
                return None
            if len(made) != self.doc_count:
                raise IndexDamaged(self.container.file, f"{name}.column")
            found = self._columns[name] = made
        return found

    def _open_column(self, name: str, metadata: FieldMetadata) -> Column | None:
        if metadata.column == "numbers":
            return NumericColumn(self.container.part(f"{name}.column"), metadata.column_offset)
        if metadata.column == "bytes":
            return BytesColumn(Blob(self.container, f"{name}.column"))
        field = self.field(name)
        if field is None or f"{name}.labels" not in self.container:
            return None
        return LabelColumn(self.container, field)

    def stored(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        return self.documents[docnum]

    @cached_property
    def documents(self) -> StoredDocuments:
        """All stored documents."""
        return StoredDocuments(self.container)
