"""Columns of a segment: a number, a byte string or some names for each document."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import U8, U16, U32, Container, Part
from searcher.codec.fieldarrays import FieldArrays
from searcher.codec.terms import Blob

MISSING: Final = -(1 << 63)
"""What a numeric column holds for a document without a value."""


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


class ValueColumn(BytesColumn):
    """Any value for each document, as bytes (`values.py`), empty where it has none."""


class LabelColumn:
    """The names that each document carries: those of document d are at `ordinals[offsets[d]:offsets[d + 1]]`.

    Ordinals are places in `labels`, which are the field's terms, and ascend.
    """

    def __init__(self, container: Container, field: FieldArrays) -> None:
        self._offsets = container.part(f"{field.name}.label_offsets", U32)
        self._ordinals = container.part(f"{field.name}.labels", U8, U16, U32)
        self._field = field

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @cached_property
    def offsets(self) -> NDArray[np.uint32]:
        """uint32[doc_count + 1]."""
        offsets = self._offsets.all()
        if offsets[0] or offsets[-1] != len(self._ordinals) or not (offsets[1:] >= offsets[:-1]).all():
            raise self._offsets.damaged()
        return offsets

    @cached_property
    def ordinals(self) -> NDArray[Any]:
        """uint8, uint16 or uint32[offsets[-1]]: ordinals into `labels`."""
        ordinals = self._ordinals.all()
        if len(ordinals) and int(ordinals.max()) >= self._field.n_terms:
            raise self._ordinals.damaged()
        return ordinals

    @cached_property
    def labels(self) -> list[str]:
        """The field's terms."""
        return [term.decode("utf-8", "replace") for term in self._field.terms(0, self._field.n_terms)]


Column = NumericColumn | BytesColumn | ValueColumn | LabelColumn
