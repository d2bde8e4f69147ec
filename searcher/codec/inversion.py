"""Inversion by sorting: from occurrences in reading order to postings in the order of terms, all as arrays.

A field's arrays in a segment, by name (n terms, p postings, o occurrences, d documents):

- `F.terms`, `F.samples`: the dictionary (`terms.py`).
- `F.offsets: uint32[n + 1]`: the postings of term t are `[offsets[t]:offsets[t + 1]]`.
- `F.docs`, `F.common`, `F.before`, `F.bitmaps`: the documents of the postings (`documents.py`).
- `F.freqs`, packed, p items, and `F.occurrences: uint32[n + 1]`: how often, for fields that count; `occurrences` is
  the running sum of frequencies, so its differences are collection frequencies.
- `F.positions`, packed, o items: positions, for text fields, ascending within a posting.
- `F.weights: float32[p]`: weights, where boosts made others of them than frequencies; `F.values`, p byte strings: what
  the field's format says of a posting, for formats that say more than frequency and positions.
- `F.lengths: uint8[d]`: length codes, for fields that are scored by length.
- `F.folded: uint32[m]`: `searcher.analysis.folded_order`, for text fields.
- `F.label_offsets: uint32[d + 1]`, `F.labels: uint8, uint16 or uint32[p]`: the postings transposed, ordinals of terms
  by document, for fields that name things (KEYWORD, ID) and are not unique.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis import folded_order
from searcher.codec.documents import MAX_DOCUMENTS, document_arrays
from searcher.codec.lengths import length_codes
from searcher.codec.packing import pack
from searcher.codec.terms import blob_arrays, term_arrays, term_bytes

_BLOCK: Final = 1 << 20


@dataclass(frozen=True, eq=False)
class Occurrences:
    """What was read of one field: parallel arrays, an item for each occurrence of a term in a document.

    `term_ids` are places in `terms`, which need not be sorted nor all occur; documents ascend. `counts` says how often
    each occurs, None for once each. `positions` is None for fields that have none.
    """

    terms: Sequence[bytes] | Sequence[str]
    term_ids: NDArray[np.integer[Any]]
    doc_ids: NDArray[np.integer[Any]]
    positions: NDArray[np.integer[Any]] | None = None
    counts: NDArray[np.integer[Any]] | None = None


@dataclass(frozen=True, eq=False)
class Postings:
    """An inverted field; `freqs`, `positions` and `lengths` (exact: int64[d]) are None where the field has none.

    So are `weights` (float32[p]) where each posting's is its frequency, and `values`, what the field's format says of
    each posting where it says more than that.
    """

    terms: list[bytes]
    offsets: NDArray[np.int64]
    doc_ids: NDArray[np.uint16]
    freqs: NDArray[np.integer[Any]] | None
    positions: NDArray[np.integer[Any]] | None
    lengths: NDArray[np.int64] | None
    weights: NDArray[np.float32] | None = None
    values: list[bytes] | None = None

    def with_values(self, weights: NDArray[np.float32], values: list[bytes] | None) -> Postings:
        """Return these postings with weights, if they are others than the frequencies, and values."""
        freqs = self.freqs if self.freqs is not None else np.ones(len(self.doc_ids), dtype=np.uint8)
        return replace(self, weights=None if np.array_equal(weights, freqs) else weights, values=values)


def invert(read: Occurrences, doc_count: int, *, counted: bool, scored: bool) -> Postings:
    """Return the postings of a field; `counted`: frequencies are kept, `scored`: lengths are.

    Raises ValueError for more than a segment can hold.
    """
    if doc_count > MAX_DOCUMENTS:
        raise ValueError(f"a segment holds {MAX_DOCUMENTS:,} documents at most")
    used = np.flatnonzero(np.bincount(read.term_ids, minlength=1))
    encoded = [term if isinstance(term, bytes) else term_bytes(term) for term in _at(read.terms, used)]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    ranks = np.zeros(int(used[-1]) + 1 if len(used) else 1, dtype=np.uint64)
    ranks[used[order]] = np.arange(len(used), dtype=np.uint64)
    doc_bits = max(int(doc_count - 1).bit_length(), 1)
    term_bits = max(len(used) - 1, 0).bit_length()
    position_bits = 0
    if read.positions is not None and len(read.positions):
        position_bits = int(read.positions.max()).bit_length()
    if term_bits + doc_bits + position_bits > 64:
        raise ValueError("too many terms, documents and positions for one segment")
    keys = ranks[read.term_ids]
    keys <<= np.uint64(doc_bits)
    keys |= read.doc_ids.astype(np.uint64)
    counts = read.counts
    if read.positions is not None:
        keys <<= np.uint64(position_bits)
        keys |= read.positions.astype(np.uint64)
        keys.sort()
        positions = (keys & np.uint64((1 << position_bits) - 1)).astype(np.uint32)
        keys >>= np.uint64(position_bits)
    else:
        positions = None
        if counts is None:
            keys.sort()
        else:
            sorting = np.argsort(keys, kind="stable")
            keys, counts = keys[sorting], counts[sorting]
    heads = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=heads[1:])
    starts = np.flatnonzero(heads)
    keys = keys[starts]
    if counts is None:
        freqs = np.diff(starts, append=len(heads)).astype(np.uint32)
    else:
        freqs = np.add.reduceat(counts, starts).astype(np.uint32) if len(starts) else np.empty(0, np.uint32)
    doc_ids = (keys & np.uint64((1 << doc_bits) - 1)).astype(np.uint16)
    doc_freqs = np.bincount((keys >> np.uint64(doc_bits)).astype(np.int64), minlength=len(used))
    lengths = None
    if scored:
        lengths = field_lengths(doc_ids, freqs, doc_count)
    return Postings(
        [encoded[number] for number in order],
        np.concatenate(([0], np.cumsum(doc_freqs))),
        doc_ids,
        freqs if counted else None,
        positions,
        lengths,
    )


def field_lengths(
    doc_ids: NDArray[np.uint16], freqs: NDArray[np.integer[Any]] | None, doc_count: int
) -> NDArray[np.int64]:
    """Return int64[doc_count]: how many terms, with repetitions, each document has; block by block, to save memory."""
    lengths = np.zeros(doc_count, dtype=np.float64)
    for start in range(0, len(doc_ids), _BLOCK):
        block = slice(start, start + _BLOCK)
        weights = None if freqs is None else freqs[block]
        lengths += np.bincount(doc_ids[block], weights=weights, minlength=doc_count)
    return lengths.astype(np.int64)


def _occurrences(freqs: NDArray[np.integer[Any]], offsets: NDArray[np.int64]) -> NDArray[np.uint32]:
    sums = np.add.reduceat(freqs, offsets[:-1], dtype=np.int64) if len(freqs) else np.empty(0, np.int64)
    return np.concatenate(([0], np.cumsum(sums))).astype(np.uint32)


def _at(items: Sequence[Any], places: NDArray[np.intp]) -> list[Any]:
    return [items[place] for place in places.tolist()]


def field_arrays(name: str, postings: Postings, doc_count: int, *, labels: bool) -> dict[str, NDArray[Any]]:
    """Return a field's arrays for a segment; `labels`: with the transposed postings."""
    if len(postings.doc_ids) >= 1 << 32 or (postings.positions is not None and len(postings.positions) >= 1 << 32):
        raise ValueError(f"too many occurrences of {name} for one segment")
    arrays = term_arrays(name, postings.terms)
    arrays[f"{name}.offsets"] = postings.offsets.astype(np.uint32)
    arrays |= document_arrays(name, postings.offsets, postings.doc_ids, doc_count)
    if postings.freqs is not None:
        arrays |= pack(f"{name}.freqs", postings.freqs)
        arrays[f"{name}.occurrences"] = _occurrences(postings.freqs, postings.offsets)
    if postings.positions is not None:
        arrays |= pack(f"{name}.positions", postings.positions)
        texts = [term.decode("utf-8", "surrogatepass") for term in postings.terms]
        arrays[f"{name}.folded"] = folded_order(texts)
    if postings.weights is not None:
        arrays[f"{name}.weights"] = postings.weights.astype(np.float32)
    if postings.values is not None:
        arrays |= blob_arrays(f"{name}.values", postings.values)
    if postings.lengths is not None:
        arrays[f"{name}.lengths"] = length_codes(postings.lengths)
    if labels:
        arrays |= _transposed(name, postings, doc_count)
    return arrays


def _transposed(name: str, postings: Postings, doc_count: int) -> dict[str, NDArray[Any]]:
    ordinals = np.repeat(np.arange(len(postings.terms)), np.diff(postings.offsets))
    order = np.argsort(postings.doc_ids, kind="stable")
    counts = np.bincount(postings.doc_ids, minlength=doc_count)
    return {
        f"{name}.label_offsets": np.concatenate(([0], np.cumsum(counts))).astype(np.uint32),
        f"{name}.labels": ordinals[order].astype(np.min_scalar_type(max(len(postings.terms) - 1, 0))),
    }


def length_metadata(postings: Postings) -> dict[str, int]:
    """Return what a segment says of a scored field's lengths: exact sum, how many documents have it, least and most."""
    assert postings.lengths is not None
    present = postings.lengths[postings.lengths > 0]
    least, most = (int(present.min()), int(present.max())) if len(present) else (0, 0)
    return {"length_total": int(postings.lengths.sum()), "n_docs": len(present), "least": least, "most": most}
