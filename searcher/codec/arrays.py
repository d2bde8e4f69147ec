"""What one segment gives to read: fields, columns and stored documents as arrays, memory-mapped and read-only.

Nothing is decoded when a segment is opened. Everything that is read is checked against the segment's checksums, so
each method here may raise IndexDamaged.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.columns import MISSING, BytesColumn, Column, LabelColumn, NumericColumn, ValueColumn
from searcher.codec.container import I64, Container, Written
from searcher.codec.damage import IndexDamaged
from searcher.codec.documents import MAX_DOCUMENTS
from searcher.codec.fieldarrays import FieldArrays, FieldMetadata
from searcher.codec.stored import StoredDocuments
from searcher.codec.terms import Blob

__all__ = [
    "FORMAT_VERSION",
    "FORMAT_VERSION_WEIGHTED",
    "MISSING",
    "BytesColumn",
    "Column",
    "FieldArrays",
    "FieldMetadata",
    "LabelColumn",
    "NumericColumn",
    "SegmentArrays",
    "SegmentMetadata",
]

FORMAT_VERSION: Final = 3
FORMAT_VERSION_WEIGHTED: Final = 4
"""Of segments with weights, values, vectors or columns of any values, which who knows version 3 only would overlook."""


class SegmentMetadata(msgspec.Struct, forbid_unknown_fields=True):
    """What a segment's header says of it."""

    version: int
    doc_count: Annotated[int, msgspec.Meta(ge=1, le=MAX_DOCUMENTS)]
    fields: dict[str, FieldMetadata]


class SegmentArrays:
    """One segment, opened.

    - `doc_count` counts deleted documents as well; `live: bool[doc_count]`, or None where nothing is deleted.
    - It stays readable after the file was unlinked, and may be used from several threads.

    Raises IndexDamaged where the file is not the one that was written, IndexFileUnreadable where it can't be opened.
    """

    def __init__(self, path: Path, written: Written, live: NDArray[np.bool_] | None = None) -> None:
        self.container = Container(path, written)
        try:
            self.metadata = msgspec.json.decode(self.container.metadata["segment"], type=SegmentMetadata)
        except (msgspec.DecodeError, KeyError):
            raise IndexDamaged(path.name, "header") from None
        self.doc_count = self.metadata.doc_count
        known = self.metadata.version in (FORMAT_VERSION, FORMAT_VERSION_WEIGHTED)
        if not known or (live is not None and len(live) != self.doc_count):
            raise IndexDamaged(path.name, "header")
        self.live = live
        self._fields: dict[str, FieldArrays] = {}
        self._columns: dict[str, Column] = {}
        self._vectors: dict[str, Blob | None] = {}

    @property
    def live_count(self) -> int:
        """Documents that are not deleted."""
        return self.doc_count if self.live is None else int(np.count_nonzero(self.live))

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
            return NumericColumn(self.container.part(f"{name}.column", I64), metadata.column_offset)
        if metadata.column == "bytes":
            return BytesColumn(Blob(self.container, f"{name}.column"))
        if metadata.column == "values":
            return ValueColumn(Blob(self.container, f"{name}.column"))
        field = self.field(name)
        if field is None or f"{name}.labels" not in self.container:
            return None
        return LabelColumn(self.container, field)

    def vectors(self, name: str) -> Blob | None:
        """Return the term vectors of a field, of each document, empty where it has none (`vectors.py`)."""
        if name in self._vectors:
            return self._vectors[name]
        found = Blob(self.container, f"{name}.vectors") if f"{name}.vectors" in self.container else None
        if found is not None and len(found) != self.doc_count:
            raise IndexDamaged(self.container.file, f"{name}.vectors")
        self._vectors[name] = found
        return found

    def stored(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        return self.documents[docnum]

    @cached_property
    def documents(self) -> StoredDocuments:
        """All stored documents."""
        return StoredDocuments(self.container, self.doc_count)
