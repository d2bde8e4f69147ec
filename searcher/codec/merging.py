"""Merging segments by putting their arrays together: nothing is analysed again, deleted documents are left out.

Documents keep their order: those of the first segment come first. Terms are the sorted union of all segments' terms,
less those that only deleted documents had. Lengths are counted anew from frequencies, so that totals stay exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import FieldType, Schema

from searcher.codec.arrays import (
    MISSING,
    BytesColumn,
    FieldArrays,
    FieldMetadata,
    NumericColumn,
    SegmentArrays,
)
from searcher.codec.build import SegmentData
from searcher.codec.forms import column_kind, has_labels, is_valued
from searcher.codec.inversion import Postings, field_arrays, field_lengths, length_metadata
from searcher.codec.stored import merged_arrays
from searcher.codec.terms import blob_arrays

_BLOCK: Final = 1 << 20
"""Items moved at a time: what bounds the memory for their places."""


def merge(segments: Sequence[SegmentArrays], schema: Schema) -> SegmentData:
    """Return one segment of the documents that are live in these; fields that the schema no longer has are dropped.

    Raises ValueError where they are more than a segment holds, IndexDamaged where one of them can't be read.
    """
    doc_count = sum(segment.live_count for segment in segments)
    arrays: dict[str, NDArray[Any]] = {}
    metadata: dict[str, FieldMetadata] = {}
    for name in sorted({name for segment in segments for name in segment.metadata.fields if name in schema}):
        spec, about = schema[name], FieldMetadata()
        fields = [segment.field(name) for segment in segments]
        if spec.indexed and any(fields):
            postings = _merged_postings(spec, segments, fields, doc_count)
            arrays |= field_arrays(name, postings, doc_count, labels=has_labels(spec))
            about.indexed = True
            if postings.lengths is not None:
                for key, value in length_metadata(postings).items():
                    setattr(about, key, value)
        about.column, about.column_offset = column_kind(spec)
        if about.column:
            arrays |= _merged_column(name, about, segments)
        if spec.vector:
            arrays |= _merged_vectors(name, segments)
        metadata[name] = about
    arrays |= merged_arrays([(segment.documents, segment.live) for segment in segments])
    return SegmentData(doc_count, arrays, metadata)


@dataclass(eq=False)
class _Source:
    """The postings of a field in one segment, less those of deleted documents.

    - `offsets: int64[n + 1]`, `doc_ids: uint16[p]` and `freqs` as in `Postings`; documents have their new numbers.
    - `ordinals: int64[n]`: the terms' places among the terms of all segments.
    - `kept: bool[]`: which of the segment's own postings these are; None for all.
    """

    field: FieldArrays
    offsets: NDArray[np.int64]
    doc_ids: NDArray[np.uint16]
    freqs: NDArray[Any] | None
    ordinals: NDArray[np.int64]
    kept: NDArray[np.bool_] | None

    def occurrence_offsets(self) -> NDArray[np.int64]:
        assert self.freqs is not None
        return np.concatenate(([0], np.cumsum(self.freqs, dtype=np.int64)))[self.offsets]

    def positions(self) -> NDArray[Any]:
        positions = self.field.all_positions()
        if self.kept is None:
            return positions
        _offsets, _doc_ids, freqs = self.field.all_postings()
        return positions[np.repeat(self.kept, freqs)]


def _merged_postings(
    spec: FieldType, segments: Sequence[SegmentArrays], fields: Sequence[FieldArrays | None], doc_count: int
) -> Postings:
    counted = all(field is None or field.has_freqs for field in fields)
    positional = counted and all(field is None or field.has_positions for field in fields)
    terms_of = [field.terms(0, field.n_terms) if field is not None else [] for field in fields]
    terms = sorted(set().union(*terms_of)) if len(terms_of) > 1 else terms_of[0]
    places = {term: place for place, term in enumerate(terms)}
    sources = []
    base = 0
    for segment, field, own in zip(segments, fields, terms_of, strict=True):
        if field is not None:
            ordinals = np.fromiter(map(places.__getitem__, own), dtype=np.int64, count=len(own))
            sources.append(_source(segment, field, ordinals, base, counted=counted))
        base += segment.live_count
    offsets, starts = _laid_out([source.offsets for source in sources], sources, len(terms))
    doc_ids = np.empty(offsets[-1], dtype=np.uint16)
    freqs = np.empty(offsets[-1], dtype=_widest([source.freqs for source in sources])) if counted else None
    for source, begin in zip(sources, starts, strict=True):
        for block, target in _moves(source.offsets, begin):
            doc_ids[target] = source.doc_ids[block]
            if freqs is not None and source.freqs is not None:
                freqs[target] = source.freqs[block]
    positions = _merged_positions(sources, len(terms)) if positional else None
    lengths = field_lengths(doc_ids, freqs, doc_count) if spec.scorable else None
    weights = _merged_weights(sources, starts, offsets[-1])
    values = _merged_values(sources, starts, offsets[-1]) if is_valued(spec) else None
    used = np.diff(offsets) > 0
    if not used.all():
        terms = [term for term, is_used in zip(terms, used.tolist(), strict=True) if is_used]
        offsets = np.concatenate((offsets[:-1][used], offsets[-1:]))
    return Postings(terms, offsets, doc_ids, freqs, positions, lengths, weights, values)


def _merged_weights(
    sources: Sequence[_Source], starts: Sequence[NDArray[np.int64]], count: int
) -> NDArray[np.float32] | None:
    if not any(source.field.has_weights for source in sources):
        return None
    merged = np.empty(count, dtype=np.float32)
    for source, begin in zip(sources, starts, strict=True):
        weights = source.field.all_weights()
        if weights is None:
            weights = np.ones(1, dtype=np.float32) if source.freqs is None else source.freqs
            own = np.broadcast_to(weights, len(source.doc_ids)) if source.freqs is None else weights
        else:
            own = weights if source.kept is None else weights[source.kept]
        for block, target in _moves(source.offsets, begin):
            merged[target] = own[block]
    return merged


def _merged_values(sources: Sequence[_Source], starts: Sequence[NDArray[np.int64]], count: int) -> list[bytes]:
    merged = [b""] * int(count)
    for source, begin in zip(sources, starts, strict=True):
        values = source.field.all_values() or []
        own = values if source.kept is None else [values[at] for at in np.flatnonzero(source.kept).tolist()]
        for block, target in _moves(source.offsets, begin):
            for at, value in zip(target.tolist(), own[block], strict=True):
                merged[at] = value
    return merged


def _source(
    segment: SegmentArrays, field: FieldArrays, ordinals: NDArray[np.int64], base: int, *, counted: bool
) -> _Source:
    offsets, doc_ids, freqs = field.all_postings()
    if segment.live is None:
        return _Source(field, offsets, doc_ids + np.uint16(base), freqs if counted else None, ordinals, None)
    numbers = (np.cumsum(segment.live) + (base - 1)).astype(np.uint16)
    kept = segment.live[doc_ids]
    kept_before = np.concatenate(([0], np.cumsum(kept)))
    return _Source(
        field, kept_before[offsets], numbers[doc_ids[kept]], freqs[kept] if counted else None, ordinals, kept
    )


def _merged_positions(sources: Sequence[_Source], n_terms: int) -> NDArray[Any]:
    own_offsets = [source.occurrence_offsets() for source in sources]
    offsets, starts = _laid_out(own_offsets, sources, n_terms)
    merged: NDArray[Any] = np.empty(offsets[-1], dtype=np.uint16)
    for source, own, begin in zip(sources, own_offsets, starts, strict=True):
        positions = source.positions()
        if positions.dtype.itemsize > merged.dtype.itemsize:
            merged = merged.astype(positions.dtype)
        for block, target in _moves(own, begin):
            merged[target] = positions[block]
    return merged


def _laid_out(
    own_offsets: Sequence[NDArray[np.int64]], sources: Sequence[_Source], n_terms: int
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return where each term's items begin when put together, and where, for each source, its share of them does."""
    counts = np.zeros(n_terms, dtype=np.int64)
    before = []
    for own, source in zip(own_offsets, sources, strict=True):
        before.append(counts[source.ordinals])
        counts[source.ordinals] += np.diff(own)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    return offsets, [offsets[source.ordinals] + first for source, first in zip(sources, before, strict=True)]


def _moves(offsets: NDArray[np.int64], starts: NDArray[np.int64]) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Yield blocks of a source's items with the places they go to: those of term t from `starts[t]` on."""
    shifts = starts - offsets[:-1]
    first, n_terms = 0, len(starts)
    while first < n_terms:
        last = max(first + 1, int(np.searchsorted(offsets, offsets[first] + _BLOCK, side="right")) - 1)
        last = min(last, n_terms)
        block = slice(int(offsets[first]), int(offsets[last]))
        yield (
            block,
            np.arange(block.start, block.stop) + np.repeat(shifts[first:last], np.diff(offsets[first : last + 1])),
        )
        first = last


def _widest(arrays: Sequence[NDArray[Any] | None]) -> np.dtype[Any]:
    return np.result_type(np.uint8, *(array.dtype for array in arrays if array is not None))


def _merged_column(name: str, about: FieldMetadata, segments: Sequence[SegmentArrays]) -> dict[str, NDArray[Any]]:
    columns = [segment.column(name) for segment in segments]
    if about.column == "numbers":
        numbers = []
        for segment, column in zip(segments, columns, strict=True):
            if isinstance(column, NumericColumn):
                values = column.values
            else:
                values = np.full(segment.doc_count, MISSING, dtype=np.int64)
            numbers.append(values if segment.live is None else values[segment.live])
        return {f"{name}.column": np.concatenate(numbers)}
    items: list[bytes] = []
    for segment, column in zip(segments, columns, strict=True):
        own = column.range(0, len(column)) if isinstance(column, BytesColumn) else [b""] * segment.doc_count
        items += own if segment.live is None else [own[number] for number in np.flatnonzero(segment.live).tolist()]
    return blob_arrays(f"{name}.column", items)


def _merged_vectors(name: str, segments: Sequence[SegmentArrays]) -> dict[str, NDArray[Any]]:
    items: list[bytes] = []
    for segment in segments:
        vectors = segment.vectors(name)
        own = [b""] * segment.doc_count if vectors is None else vectors.range(0, len(vectors))
        items += own if segment.live is None else [own[number] for number in np.flatnonzero(segment.live).tolist()]
    return blob_arrays(f"{name}.vectors", items)
