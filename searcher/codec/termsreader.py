"""Terms of a segment as Whoosh reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec.base import EmptyCursor, FieldCursor, TermsReader
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound

from searcher.codec.arrays import FieldArrays, SegmentArrays
from searcher.codec.lengths import code_lengths
from searcher.codec.matcher import ArrayMatcher
from searcher.codec.terms import SAMPLE


def term_info(field: FieldArrays, ordinal: int) -> TermInfo:
    """Return what Whoosh wants to know of a term: a new object each time, as Whoosh changes them."""
    doc_ids, freqs = field.postings(ordinal)
    least, most = 1, 1
    if field.has_lengths:
        codes = field.length_codes[doc_ids]
        least, most = int(code_lengths()[codes.min()]), int(code_lengths()[codes.max()])
    weights = field.weights(ordinal) if field.has_weights else freqs
    return TermInfo(
        weight=float(weights.sum(dtype=np.float64)) if field.has_weights else float(field.total_weight(ordinal)),
        df=len(doc_ids),
        minlength=least,
        maxlength=most,
        maxweight=float(weights.max()),
        minid=int(doc_ids[0]),
        maxid=int(doc_ids[-1]),
    )


class ArrayTermsReader(TermsReader):
    """The terms of all fields of a segment, by field and then by their bytes."""

    def __init__(self, arrays: SegmentArrays) -> None:
        self.arrays = arrays

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self.arrays.field(term[0])
        return field is not None and field.find(term[1]) >= 0

    def indexed_field_names(self) -> list[str]:
        return self.arrays.field_names()

    def cursor(self, fieldname: str, fieldobj: Any) -> FieldCursor:
        field = self.arrays.field(fieldname)
        return EmptyCursor() if field is None or not field.n_terms else ArrayCursor(field, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.arrays.field_names():
            yield from ((name, term) for _ordinal, term in self._field_terms(name, b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in self.arrays.field_names():
            if name >= fieldname:
                start = prefix if name == fieldname else b""
                yield from ((name, term) for _ordinal, term in self._field_terms(name, start))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name in self.arrays.field_names():
            yield from self._field_items(name, b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name in self.arrays.field_names():
            if name >= fieldname:
                yield from self._field_items(name, prefix if name == fieldname else b"")

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return term_info(*self._found(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        field, ordinal = self._found(fieldname, text)
        if field.has_weights:
            return float(field.weights(ordinal).sum(dtype=np.float64))
        return float(field.total_weight(ordinal))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        field, ordinal = self._found(fieldname, text)
        return field.doc_freq(ordinal)

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> ArrayMatcher:
        field, ordinal = self._found(fieldname, text)
        return ArrayMatcher(field, ordinal, format_, (fieldname, text), scorer)

    def _found(self, fieldname: str, text: bytes) -> tuple[FieldArrays, int]:
        field = self.arrays.field(fieldname)
        ordinal = -1 if field is None else field.find(text)
        if field is None or ordinal < 0:
            # Whoosh expects the one in some places and the other in others.
            raise _NoSuchTerm(f"No term {fieldname}:{text!r}")
        return field, ordinal

    def _field_terms(self, name: str, start: bytes) -> Iterator[tuple[int, bytes]]:
        field = self.arrays.field(name)
        assert field is not None
        first, last = field.span(start, None)
        for block in range(first, last, SAMPLE):
            yield from enumerate(field.terms(block, min(block + SAMPLE, last)), block)

    def _field_items(self, name: str, start: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        field = self.arrays.field(name)
        assert field is not None
        for ordinal, term in self._field_terms(name, start):
            yield (name, term), term_info(field, ordinal)


class _NoSuchTerm(TermNotFound, KeyError):
    pass


class ArrayCursor(FieldCursor):
    """Goes through the terms of a field; `text` and `term` are as the field decodes them, None at the end."""

    def __init__(self, field: FieldArrays, spec: Any) -> None:
        self._field, self._spec = field, spec
        self._ordinal = 0
        self._block: list[bytes] = []
        self._block_start = -1

    def first(self) -> Any:
        self._ordinal = 0
        return self.text()

    def find(self, string: str | bytes) -> Any:
        term = string if isinstance(string, bytes) else self._spec.to_bytes(string)
        self._ordinal = self._field.span(term, None)[0]
        return self.text()

    def next(self) -> Any:
        self._ordinal = min(self._ordinal + 1, self._field.n_terms)
        return self.text()

    def is_valid(self) -> bool:
        return self._ordinal < self._field.n_terms

    def text(self) -> Any:
        if not self.is_valid():
            return None
        start = self._ordinal // SAMPLE * SAMPLE
        if start != self._block_start:
            self._block, self._block_start = self._field.terms(start, start + SAMPLE), start
        return self._spec.from_bytes(self._block[self._ordinal - start])

    def term(self) -> Any:
        return self.text()

    def term_info(self) -> TermInfo | None:
        return term_info(self._field, self._ordinal) if self.is_valid() else None
