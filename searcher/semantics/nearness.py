"""Which articles of an index are near a query or an article in meaning: cosines of their vectors, and the nearest.

The nearest are looked for among those whose sketches differ least from the query's: with 128 bits some thousands of
them hold nearly all of the nearest hundred. Vectors of others are never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import BytesColumn, SegmentArrays
from searcher.semantics.articlevectors import SCALE, sketch_column, sketches, vector_column
from searcher.semantics.termvectors import Floats, TermVectors, term_vectors

_ALL: Final = 2048
"""Of so many articles and fewer every vector is read."""
_LEAST: Final = 1500
_SHARE: Final = 64
"""Vectors are read of one article in so many, and of `_LEAST` at least."""
_WORD: Final = 8
_ROWS: Final = 4096


class ArticleVectors:
    """The vectors of all articles of an index; `segments` with the index-wide number of each one's first document."""

    def __init__(self, segments: Sequence[tuple[SegmentArrays, int]]) -> None:
        self._segments = segments
        self._doc_count = sum(segment.doc_count for segment, _first in segments)

    @cached_property
    def terms(self) -> TermVectors:
        """The term vectors that they were made by."""
        return term_vectors()

    @cached_property
    def exist(self) -> bool:
        """Whether any article has a vector by today's term vectors."""
        return any(_has_column(segment, vector_column()) for segment, _first in self._segments)

    def vectors(self, docnums: NDArray[np.integer[Any]]) -> NDArray[np.int8]:
        """Return int8[n, dimensions], to `articlevectors.SCALE`; zeros for articles without one.

        Raises IndexDamaged.
        """
        size = self.terms.dimensions
        return self._rows(vector_column(), docnums, size).view(np.int8)

    def cosines(self, query: Floats, docnums: NDArray[np.integer[Any]]) -> Floats:
        """Return float32[n]: how near each document is to a vector of length 1."""
        found = np.empty(len(docnums), dtype=np.float32)
        for start in range(0, len(docnums), _ROWS):  # as many as stay in the processor's cache
            block = slice(start, start + _ROWS)
            found[block] = self.vectors(docnums[block]).astype(np.float32) @ query
        return found / np.float32(SCALE)

    def centre(self, docnums: NDArray[np.integer[Any]]) -> Floats:
        """Return the direction of the sum of the documents' vectors: float32[dimensions], zeros where there is none."""
        return unit(self.vectors(docnums).astype(np.float32).sum(axis=0))

    def nearest(self, query: Floats, count: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.intp], Floats]:
        """Return the nearest documents of `allowed: bool[documents]`, nearest first, at most so many, with cosines."""
        ids = self._candidates(query, allowed)
        cosines = self.cosines(query, ids)
        order = np.argsort(-cosines, kind="stable")[:count]
        return ids[order], cosines[order]

    def _candidates(self, query: Floats, allowed: NDArray[np.bool_]) -> NDArray[np.intp]:
        wanted = max(_LEAST, self._doc_count // _SHARE)
        if self._doc_count <= _ALL or np.count_nonzero(allowed) <= wanted:
            return np.flatnonzero(allowed)
        asked = sketches(query[None, :]).view(np.uint64)[0]
        differing = np.zeros(self._doc_count, dtype=np.uint8)
        for word, bits in zip(self._sketches, asked, strict=True):
            differing += np.bitwise_count(word ^ bits)
        differing[~allowed] = self.terms.dimensions
        counts = np.bincount(differing, minlength=self.terms.dimensions + 1).cumsum()
        return np.flatnonzero(differing <= min(int(counts.searchsorted(wanted)), self.terms.dimensions - 1))

    @cached_property
    def _sketches(self) -> NDArray[np.uint64]:
        """uint64[words, documents]."""
        width = self.terms.dimensions // 8
        found = np.zeros((self._doc_count, width), dtype=np.uint8)
        for segment, first in self._segments:
            if _has_column(segment, sketch_column()):
                found[first : first + segment.doc_count] = _all_rows(segment, sketch_column(), width)
        return np.ascontiguousarray(found.view(np.uint64).T)

    def _rows(self, column: str, docnums: NDArray[np.integer[Any]], width: int) -> NDArray[np.uint8]:
        if len(self._segments) == 1:
            return _rows_of(self._segments[0][0], column, docnums, width)
        found = np.zeros((len(docnums), width), dtype=np.uint8)
        for segment, first in self._segments:
            places = np.flatnonzero((docnums >= first) & (docnums < first + segment.doc_count))
            if len(places):
                found[places] = _rows_of(segment, column, docnums[places] - first, width)
        return found


def unit(vector: Floats) -> Floats:
    """Return a vector's direction, of length 1; of nothing, nothing."""
    length = float(np.linalg.norm(vector))
    direction: Floats = vector / np.float32(length) if length else vector
    return direction


def _has_column(segment: SegmentArrays, column: str) -> bool:
    return isinstance(segment.column(column), BytesColumn)


def _is_full(segment: SegmentArrays, column: str, width: int) -> bool:
    """Return whether every document has a value, so that rows lie one after the other."""
    ends = segment.container.part(f"{column}.column.ends")
    return int(ends.slice(segment.doc_count, segment.doc_count + 1)[0]) == segment.doc_count * width


def _rows_of(
    segment: SegmentArrays,
    column: str,
    docnums: NDArray[np.integer[Any]],
    width: int,
) -> NDArray[np.uint8]:
    """Return uint8[n, width]: what the column has for documents of a segment, zeros where it has nothing."""
    if not _has_column(segment, column):
        return np.zeros((len(docnums), width), dtype=np.uint8)
    if _is_full(segment, column, width):
        rows: NDArray[np.uint8] = segment.container.part(f"{column}.column").rows(docnums, width)
        return rows
    every: NDArray[np.uint8] = _all_rows(segment, column, width)[docnums]
    return every


def _all_rows(segment: SegmentArrays, column: str, width: int) -> NDArray[np.uint8]:
    values: NDArray[np.uint8] = segment.container.part(f"{column}.column").all()
    if _is_full(segment, column, width):
        rows: NDArray[np.uint8] = values.reshape(-1, width)
        return rows
    ends = segment.container.part(f"{column}.column.ends").all().astype(np.int64)
    found = np.zeros((segment.doc_count, width), dtype=np.uint8)
    there = np.flatnonzero(np.diff(ends) == width)
    found[there] = values[(ends[there][:, None] + np.arange(width)).ravel()].reshape(-1, width)
    return found
