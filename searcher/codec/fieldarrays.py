"""An indexed field of a segment as arrays: its terms, which documents have them, how often and where, its lengths."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import Annotated, Any, Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import F32, U8, U32, Container, Part
from searcher.codec.damage import IndexDamaged
from searcher.codec.documents import Documents
from searcher.codec.packing import Packed
from searcher.codec.ranges import places_in
from searcher.codec.terms import Blob, TermDictionary

_KEPT_BYTES: Final = 8 * 1024 * 1024


ColumnKind = Literal["", "numbers", "bytes", "values"]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 48)]


class FieldMetadata(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a segment's header says of a field: of its lengths in terms, exactly, and of its column.

    - `column` is how the column is kept (`forms.py`); a number in it is Whoosh's column value minus `column_offset`.
    """

    indexed: bool = False
    length_total: _Count = 0
    n_docs: _Count = 0
    least: _Count = 0
    most: _Count = 0
    column: ColumnKind = ""
    column_offset: Annotated[int, msgspec.Meta(ge=0)] = 0


class FieldArrays:
    """An indexed field of a segment; its terms have ordinals, in the order of their bytes.

    Several threads may read it at once: what is kept is put there whole, and made twice where two want it first.
    """

    def __init__(self, container: Container, name: str, metadata: FieldMetadata, doc_count: int) -> None:
        self._container = container
        self.name = name
        self._dictionary = TermDictionary(container, name)
        self.n_terms = len(self._dictionary)
        self._doc_count = doc_count
        self._offsets = container.part(f"{name}.offsets", U32)
        self._decoded: dict[int, tuple[NDArray[np.uint16], NDArray[Any]]] = {}
        self._kept_bytes = 0
        self._keeping = Lock()
        self._documents = Documents(container, name, self.n_terms, doc_count)
        self._freqs = Packed(container, f"{name}.freqs") if Packed.is_in(container, f"{name}.freqs") else None
        self._occurrences: Part | None = None
        if self._freqs is not None:
            self._occurrences = container.part(f"{name}.occurrences", U32)
        self._positions: Packed | None = None
        if Packed.is_in(container, f"{name}.positions"):
            self._positions = Packed(container, f"{name}.positions")
        self._weights = container.part(f"{name}.weights", F32) if f"{name}.weights" in container else None
        self._values = Blob(container, f"{name}.values") if f"{name}.values" in container else None
        self._lengths = container.part(f"{name}.lengths", U8) if f"{name}.lengths" in container else None
        self.length_total: int = metadata.length_total
        """Terms in the field, with repetitions, over all documents; exact. 0 for fields that have no lengths."""
        self.n_docs: int = metadata.n_docs
        """Documents that have the field; 0 for fields that have no lengths."""
        self.least_length, self.most_length = metadata.least, metadata.most
        sizes = ((self._offsets, self.n_terms + 1), (self._occurrences, self.n_terms + 1), (self._lengths, doc_count))
        for part, size in sizes:
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
        return _differences(self._offsets)

    @cached_property
    def total_weights(self) -> NDArray[np.uint32]:
        """uint32[n_terms]: how often the term occurs, exactly."""
        return self.doc_freqs if self._occurrences is None else _differences(self._occurrences)

    def doc_freq(self, ordinal: int) -> int:
        """Return `doc_freqs[ordinal]` without reading the others."""
        start, stop = _bounds(self._offsets, ordinal)
        return stop - start

    def total_weight(self, ordinal: int) -> int:
        """Return `total_weights[ordinal]` without reading the others."""
        if self._occurrences is None:
            return self.doc_freq(ordinal)
        start, stop = _bounds(self._occurrences, ordinal)
        return stop - start

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
        start, stop = _bounds(self._offsets, ordinal)
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
        start, stop = _bounds(self._offsets, ordinal)
        return self._documents.of(ordinal, start, stop)

    def _keep(self, ordinal: int, doc_ids: NDArray[np.uint16], freqs: NDArray[Any]) -> None:
        for array in (doc_ids, freqs):
            array.flags.writeable = False
        with self._keeping:
            if self._kept_bytes > _KEPT_BYTES:
                self._decoded, self._kept_bytes = {}, 0
            if ordinal not in self._decoded:
                self._kept_bytes += doc_ids.nbytes + freqs.nbytes
            self._decoded[ordinal] = doc_ids, freqs

    def all_postings(self) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[Any]]:
        """Return the postings of all terms: where each term's begin, int64[n_terms + 1], documents, frequencies."""
        offsets = self._offsets.all().astype(np.int64)
        if offsets[0] or not (offsets[1:] > offsets[:-1]).all():
            raise self._offsets.damaged()
        doc_ids = self._documents.all(offsets)
        if len(doc_ids) != offsets[-1]:
            raise self._offsets.damaged()
        if self._freqs is None:
            return offsets, doc_ids, np.ones(len(doc_ids), dtype=np.uint8)
        return offsets, doc_ids, self._freqs.slice(0, len(doc_ids))

    def all_positions(self) -> NDArray[Any]:
        """Return the positions in all postings, one after the other; raises ValueError for a field without."""
        if self._positions is None or self._occurrences is None:
            raise ValueError(f"the field {self.name!r} has no positions")
        count = int(self._occurrences.slice(self.n_terms, self.n_terms + 1)[0])
        if int(self.all_postings()[2].sum(dtype=np.int64)) != count:
            raise self._occurrences.damaged()
        return self._positions.slice(0, count)

    @property
    def has_weights(self) -> bool:
        """Whether postings have weights that are others than their frequencies."""
        return self._weights is not None

    def weights(self, ordinal: int) -> NDArray[Any]:
        """Return the weights of a term's postings: float32[n_postings], or its frequencies where they are those."""
        if self._weights is None:
            return self.postings(ordinal)[1]
        return self._finite(self._weights.slice(*_bounds(self._offsets, ordinal)))

    def all_weights(self) -> NDArray[Any] | None:
        """Return the weights of all postings, float32[p]; None where they are the frequencies."""
        return None if self._weights is None else self._finite(self._weights.all())

    def _finite(self, weights: NDArray[Any]) -> NDArray[Any]:
        if self._weights is not None and not np.isfinite(weights).all():
            raise self._weights.damaged()
        return weights

    @property
    def has_values(self) -> bool:
        """Whether what the field's format says of postings is kept."""
        return self._values is not None

    def values(self, ordinal: int) -> list[bytes]:
        """Return what the format says of each of a term's postings; raises ValueError for a field that has none."""
        if self._values is None:
            raise ValueError(f"the field {self.name!r} keeps no values")
        return self._values.range(*_bounds(self._offsets, ordinal))

    def all_values(self) -> list[bytes] | None:
        """Return the same of all postings, None for a field that has none."""
        return None if self._values is None else self._values.range(0, len(self._values))

    @property
    def has_freqs(self) -> bool:
        """Whether the field knows how often a document has a term."""
        return self._freqs is not None

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
        first, last = _bounds(self._occurrences, ordinal)
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
        first, last = _bounds(self._occurrences, ordinal)
        _doc_ids, freqs = self.postings(ordinal)
        ends = np.cumsum(freqs, dtype=np.int64)
        if len(ends) and ends[-1] != last - first:
            raise IndexDamaged(self._container.file, f"{self.name}.occurrences")
        counts = freqs[rows].astype(np.int64)
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(counts, out=offsets[1:])
        return offsets, self._positions.take(places_in(first + ends[rows] - counts, counts))

    def occurrences(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return terms (ordinals), documents and positions of all that the field has, by term, document, position.

        Each is int64[n_occurrences]. Raises ValueError for a field without positions.
        """
        if self._positions is None or self._freqs is None:
            raise ValueError(f"the field {self.name!r} has no positions")
        offsets, documents, freqs = self.all_postings()
        doc_ids = np.repeat(documents.astype(np.int64), freqs)
        ordinals = np.repeat(np.repeat(np.arange(self.n_terms), np.diff(offsets)), freqs)
        positions = self.all_positions().astype(np.int64)
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
        part = self._container.part(f"{self.name}.folded", U32)
        order: NDArray[np.uint32] = part.all()
        if len(order) and int(order.max()) >= self.n_terms:
            raise part.damaged()
        return order


def _bounds(offsets: Part, ordinal: int) -> tuple[int, int]:
    """Return where what belongs to a term begins and ends: every term has something."""
    start, stop = offsets.slice(ordinal, ordinal + 2).tolist()
    if start >= stop:
        raise offsets.damaged()
    return start, stop


def _differences(offsets: Part) -> NDArray[np.uint32]:
    bounds = offsets.all()
    if not (bounds[1:] > bounds[:-1]).all():
        raise offsets.damaged()
    return np.diff(bounds)
