"""All segments of an index as one: documents have their index-wide numbers, terms the postings of all segments.

What is put together is kept for the next query, postings and positions up to `KEPT_BYTES` each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce
from math import log
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh.scoring import BM25F

from searcher.codec.arrays import MISSING, FieldArrays, LabelColumn, NumericColumn, SegmentArrays
from searcher.codec.lengths import code_lengths
from searcher.execution.docs import Docs, Ids, union
from searcher.execution.facets import Facet, LabelFacet, Labels, NumberFacet

if TYPE_CHECKING:
    from whoosh.reading import IndexReader
    from whoosh.searching import Searcher

Floats = NDArray[np.float64]
T = TypeVar("T")

KEPT_BYTES: Final = 64 * 1024 * 1024
_PHRASES_BYTES: Final = 16 * 1024 * 1024
_KEY_BYTES: Final = 256


class Segment(NamedTuple):
    """A segment, and the index-wide number of its first document."""

    arrays: SegmentArrays
    first: int


class Part(NamedTuple):
    """A field in a segment, whose documents are index-wide those of `[first:end]`."""

    arrays: FieldArrays
    first: int
    end: int


class Postings:
    """The documents of a term, or of words one after the other, and how often each has it: uint8 or wider."""

    __slots__ = ("_spread", "docs", "freqs")

    def __init__(self, docs: Docs, freqs: NDArray[Any]) -> None:
        self.docs, self.freqs = docs, freqs
        self._spread: NDArray[Any] | None = None

    @property
    def nbytes(self) -> int:
        """The bytes that it takes, or will when it has been asked about documents."""
        spread = self.docs.doc_count * (1 + self.freqs.itemsize) if self.docs.is_dense else 0
        return self.docs.ids.nbytes + self.freqs.nbytes + spread

    def at(self, ids: Ids) -> NDArray[Any]:
        """Return how often each of these ascending documents has it: [len(ids)]."""
        own = self.docs.ids
        if self.docs.is_dense:
            spread = self._spread
            if spread is None:
                spread = np.zeros(self.docs.doc_count, dtype=self.freqs.dtype)
                spread[own] = self.freqs
                self._spread = spread  # when it is complete: another thread may look at it
            return spread.take(ids)
        if len(own) < len(ids):
            at = ids.searchsorted(own)
            at[at == len(ids)] = 0
            known = ids.take(at) == own
            found = np.zeros(len(ids), dtype=self.freqs.dtype)
            found[at.compress(known)] = self.freqs.compress(known)
            return found
        at = own.searchsorted(ids)
        at[at == len(own)] = 0
        counts: NDArray[Any] = self.freqs.take(at) * (own.take(at) == ids)
        return counts


class Places(NamedTuple):
    """Where a term stands in the documents that have it: in document i of them at `positions[starts[i]:starts[i + 1]]`.

    `starts: int64[n + 1]`; `positions`, uint16 or uint32, ascend in each document.
    """

    starts: NDArray[np.int64]
    positions: NDArray[Any]


class Kept(Generic[T]):
    """What was put together, by field and terms; all is forgotten when it takes more than so many bytes.

    Several threads may use it at once.
    """

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._kept: dict[tuple[str, *tuple[bytes, ...]], T] = {}
        self._most, self._bytes = most_bytes, 0
        self._keeping = Lock()

    def get(self, field: str, *terms: bytes) -> T | None:
        """Return what is kept for the terms, None where nothing is."""
        return self._kept.get((field, *terms))

    def keep(self, made: T, size: int, field: str, *terms: bytes) -> T:
        """Keep, and return, what was made for the terms; `size` is how many bytes it takes."""
        size += _KEY_BYTES
        with self._keeping:
            if self._bytes + size > self._most:
                self._kept, self._bytes = {}, 0
            if (field, *terms) not in self._kept:
                self._bytes += size
            self._kept[field, *terms] = made
        return made


class Whole:
    """The segments that a Whoosh reader shows, as one.

    Several threads may read it at once: what is kept is put there whole, and made twice where two want it first.
    Raises ValueError for a weighting other than BM25F.
    """

    def __init__(self, reader: IndexReader, weighting: BM25F) -> None:
        self.reader = reader
        self.schema = reader.schema
        self.doc_count = reader.doc_count_all()
        leaves: list[tuple[Any, int]] = reader.leaf_readers()
        self.segments = [Segment(leaf.arrays, first) for leaf, first in leaves if leaf.doc_count_all()]
        # Postings that were boosted, which only Whoosh's matchers go through; no index of articles has any.
        self.has_weights = any(
            name.endswith(".weights") for arrays, _first in self.segments for name in arrays.container.names()
        )
        if type(weighting) is not BM25F:
            raise ValueError(f"scores are BM25F's only, not {type(weighting).__name__}'s")
        self._weighting = weighting
        self.k1 = float(weighting.K1)
        self._b, self._field_b = weighting.B, weighting._field_B
        self._fields: dict[str, Field] = {}
        self._facets: dict[str, Facet] = {}
        self._numbers: dict[str, NDArray[np.int64]] = {}
        self._idf: dict[tuple[str, bytes], float] = {}
        self._postings: Kept[Postings | Literal[False]] = Kept()
        self._places: Kept[Places] = Kept()
        self.phrases: Kept[Postings] = Kept(_PHRASES_BYTES)

    def check_sizes(self) -> None:
        """Raise IndexDamaged where a segment's file was cut short since it was opened."""
        for arrays, _first in self.segments:
            arrays.container.check_size()

    @cached_property
    def searcher(self) -> Searcher:
        """A Whoosh searcher of the same documents, for what only Whoosh's matchers can run."""
        from whoosh.searching import Searcher  # which most commands need not wait for

        return Searcher(self.reader, self._weighting)

    @cached_property
    def live(self) -> Docs:
        """The documents that are not deleted."""
        masks = [
            np.ones(arrays.doc_count, dtype=np.bool_) if arrays.live is None else arrays.live
            for arrays, _first in self.segments
        ]
        everything = Docs.of_mask(np.concatenate(masks)) if masks else Docs.none(0)
        return Docs.every(self.doc_count) if len(everything) == self.doc_count else everything

    def field(self, name: str) -> Field | None:
        """Return an indexed field, None where the schema or all segments have none of that name."""
        found = self._fields.get(name)
        if found is None and name in self.schema:
            parts = [
                Part(field, first, first + arrays.doc_count)
                for arrays, first in self.segments
                if (field := arrays.field(name)) is not None
            ]
            if parts:
                found = self._fields[name] = Field(self, name, parts)
        return found

    def norms(self, field: str) -> Floats:
        """Return float64[256]: for each code of a length the `norm` of BM25F.

        With N documents of which n have the term, and the average over all documents of the field's length,

            score = boost * idf * tf * (K1 + 1) / (tf + norm),   idf = ln(N / (n + 1)) + 1,
            norm = K1 * (1 - B + B * length / average)

        which is `whoosh.scoring.bm25`. Deleted documents are counted; lengths are those that the byte codes stand for,
        averages are exact.
        """
        total = self.reader.field_length(field) if self.schema[field].scorable else 0
        average = total / self.doc_count if total else 1.0
        b = float(self._field_b.get(field, self._b))
        return np.asarray(self.k1 * ((1 - b) + b * code_lengths() / average), dtype=np.float64)

    def idf(self, field: str, term: bytes) -> float:
        """Return the rarity of a term, as `norms` has it."""
        found = self._idf.get((field, term))
        if found is None:
            found = self._idf[field, term] = log(self.doc_count / (self.reader.doc_frequency(field, term) + 1)) + 1
        return found

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the postings of a term, None where there is none."""
        kept = self._postings.get(field.name, term)
        if kept is None:
            found = field.read_postings(term)
            size = found.nbytes if found else 0
            kept = self._postings.keep(found or False, size, field.name, term)
        return kept or None

    def places(self, field: Field, term: bytes) -> Places:
        """Return where a term stands in the documents of its postings."""
        kept = self._places.get(field.name, term)
        if kept is None:
            found = field.read_places(term)
            kept = self._places.keep(found, found.starts.nbytes + found.positions.nbytes, field.name, term)
        return kept

    def numbers(self, name: str) -> NDArray[np.int64] | None:
        """Return the values of a numeric column, int64[doc_count], MISSING where there is none; None for no column."""
        if name not in self._numbers:
            columns = [arrays.column(name) for arrays, _first in self.segments]
            if not any(isinstance(column, NumericColumn) for column in columns):
                return None
            self._numbers[name] = self._joined(
                [column.values if isinstance(column, NumericColumn) else None for column in columns], MISSING
            )
        return self._numbers[name]

    def facet(self, name: str) -> Facet:
        """Return the values of a field by document, for counting; raises ValueError for a field that has no column."""
        facet = self._facets.get(name)
        if facet is None:
            numbers = self.numbers(name)
            facet = LabelFacet(self._labels(name)) if numbers is None else NumberFacet(numbers)
            self._facets[name] = facet
        return facet

    def with_field(self, name: str) -> Docs:
        """Return the documents that have any term in the field."""
        field = self.field(name)
        return Docs.none(self.doc_count) if field is None else field.with_any_term

    def _labels(self, name: str) -> Labels:
        columns = [arrays.column(name) for arrays, _first in self.segments]
        if any(column is not None and not isinstance(column, LabelColumn) for column in columns):
            raise ValueError(f"the field {name!r} can't be counted by")
        if len(columns) == 1 and isinstance(columns[0], LabelColumn):
            return Labels(columns[0].offsets, columns[0].ordinals, columns[0].labels)
        known: dict[str, int] = {}
        sizes, ordinals = [np.zeros(1, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for (arrays, _first), column in zip(self.segments, columns, strict=True):
            if isinstance(column, LabelColumn):
                numbers = np.array([known.setdefault(label, len(known)) for label in column.labels], dtype=np.int64)
                sizes.append(np.diff(column.offsets).astype(np.int64))
                ordinals.append(numbers.take(column.ordinals))
            else:
                sizes.append(np.zeros(arrays.doc_count, dtype=np.int64))
        return Labels(np.cumsum(np.concatenate(sizes)), np.concatenate(ordinals), list(known))

    def _joined(self, parts: Sequence[NDArray[Any] | None], missing: int) -> NDArray[Any]:
        """Return the arrays, each of a segment's documents, one after the other; `missing` where there is none."""
        if len(parts) == 1 and parts[0] is not None:
            return parts[0]
        dtype = reduce(np.promote_types, [part.dtype for part in parts if part is not None])
        whole = np.full(self.doc_count, missing, dtype=dtype)
        for (arrays, first), part in zip(self.segments, parts, strict=True):
            if part is not None:
                whole[first : first + arrays.doc_count] = part
        return whole


class Field:
    """An indexed field over all segments."""

    def __init__(self, whole: Whole, name: str, parts: Sequence[Part]) -> None:
        self._whole, self.name, self._parts = whole, name, parts
        self.has_positions = all(part.arrays.has_positions for part in parts)

    def read_postings(self, term: bytes) -> Postings | None:
        """Return the postings of a term, put together from those of the segments; None where there is none."""
        ids, freqs = [], []
        for part, ordinal in self._with(term):
            own, counts = part.arrays.postings(ordinal)
            ids.append(own.astype(np.intp) + part.first)
            freqs.append(counts)
        if not ids:
            return None
        return Postings(Docs.of_ids(self._whole.doc_count, np.concatenate(ids)), np.concatenate(freqs))

    def read_places(self, term: bytes) -> Places:
        """Return where a term stands, put together likewise."""
        found = [Places(*part.arrays.positions(ordinal)) for part, ordinal in self._with(term)]
        if len(found) == 1:
            return found[0]
        counts = np.concatenate([np.diff(one.starts) for one in found])
        return Places(np.concatenate(([0], np.cumsum(counts))), np.concatenate([one.positions for one in found]))

    def terms_between(self, start: bytes, end: bytes | None) -> list[bytes]:
        """Return the terms `start <= term < end`, in order; to the last where `end` is None."""
        found: set[bytes] = set()
        for part in self._parts:
            found.update(part.arrays.terms(*part.arrays.span(start, end)))
        return sorted(found)

    def is_known(self, term: bytes, first: int) -> bool:
        """Return whether the segment that begins at this document has the term."""
        return any(part.first == first for part, _ordinal in self._with(term))

    @cached_property
    def norm_of(self) -> Floats:
        """float64[doc_count]: `Whole.norms` for each document."""
        return self._whole.norms(self.name).take(self.length_codes)

    @cached_property
    def with_any_term(self) -> Docs:
        """The documents that have any term."""
        if all(part.arrays.has_lengths for part in self._parts):
            return Docs.of_mask(self.length_codes > 0)
        numbers = [
            part.arrays.doc_ids(ordinal).astype(np.intp) + part.first
            for part in self._parts
            for ordinal in range(part.arrays.n_terms)
        ]
        return union(self._whole.doc_count, numbers)

    @cached_property
    def length_codes(self) -> NDArray[np.uint8]:
        """uint8[doc_count]: Whoosh's byte code of the field's length."""
        lengths = np.zeros(self._whole.doc_count, dtype=np.uint8)
        for part in self._parts:
            lengths[part.first : part.end] = part.arrays.length_codes
        return lengths

    def _with(self, term: bytes) -> list[tuple[Part, int]]:
        """Return the segments that have a term, each with the term's ordinal."""
        found = [(part, part.arrays.find(term)) for part in self._parts]
        return [(part, ordinal) for part, ordinal in found if ordinal >= 0]
