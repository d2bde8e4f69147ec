"""Documents of a segment as Whoosh reads them: columns, lengths, stored fields, deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from whoosh.codec.base import PerDocumentReader
from whoosh.columns import Column as WhooshColumn
from whoosh.columns import ColumnReader
from whoosh.formats import Format

from searcher.codec.arrays import MISSING, BytesColumn, NumericColumn, SegmentArrays
from searcher.codec.columns import ValueColumn
from searcher.codec.damage import IndexDamaged
from searcher.codec.lengths import code_lengths, length_codes
from searcher.codec.values import decode_value

if TYPE_CHECKING:
    from whoosh.matching import ListMatcher


class Deletions(Protocol):
    """Which documents of a segment are deleted."""

    def deleted_count(self) -> int: ...
    def deleted_docs(self) -> frozenset[int]: ...
    def is_deleted(self, docnum: int) -> bool: ...


class ArrayPerDocumentReader(PerDocumentReader):
    """What Whoosh asks about single documents."""

    def __init__(self, arrays: SegmentArrays, deletions: Deletions) -> None:
        self.arrays = arrays
        self._deletions = deletions

    def doc_count(self) -> int:
        return self.arrays.doc_count - self._deletions.deleted_count()

    def doc_count_all(self) -> int:
        return self.arrays.doc_count

    def has_deletions(self) -> bool:
        return self._deletions.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:
        return self._deletions.is_deleted(docnum)

    def deleted_docs(self) -> frozenset[int]:
        return self._deletions.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        metadata = self.arrays.metadata.fields.get(fieldname)
        return metadata is not None and bool(metadata.column)

    def list_columns(self) -> list[str]:
        return [name for name in self.arrays.metadata.fields if self.has_column(name)]

    def column_reader(self, fieldname: str, column: WhooshColumn) -> ColumnReader:
        found = self.arrays.column(fieldname)
        if isinstance(found, NumericColumn):
            return NumericColumnReader(found, column)
        if isinstance(found, ValueColumn):
            return ValueColumnReader(self.arrays, fieldname, found, column)
        if isinstance(found, BytesColumn):
            return BytesColumnReader(found, column)
        raise KeyError(f"No column {fieldname!r}")

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        field = self.arrays.field(fieldname)
        if field is None or not field.has_lengths:
            return default
        return int(code_lengths()[field.length_codes[docnum]])

    def field_length(self, fieldname: str) -> int:
        field = self.arrays.field(fieldname)
        return 0 if field is None else field.length_total

    def min_field_length(self, fieldname: str) -> int:
        field = self.arrays.field(fieldname)
        return 0 if field is None else _as_kept(field.least_length)

    def max_field_length(self, fieldname: str) -> int:
        field = self.arrays.field(fieldname)
        return 0 if field is None else _as_kept(field.most_length)

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        vectors = self.arrays.vectors(fieldname)
        return vectors is not None and len(vectors[docnum]) > 0

    def vector(self, docnum: int, fieldname: str, format_: Format) -> ListMatcher:
        from searcher.codec.vectors import vector_matcher  # no query needs it

        vectors = self.arrays.vectors(fieldname)
        encoded = b"" if vectors is None else vectors[docnum]
        if not encoded:
            raise KeyError(f"No vector of {fieldname!r} in document {docnum}")
        try:
            return vector_matcher(encoded, format_)
        except ValueError:
            raise IndexDamaged(self.arrays.container.file, f"{fieldname}.vectors") from None

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self.arrays.stored(docnum)


def _as_kept(length: int) -> int:
    """Return a length as the documents' own are kept: Whoosh compares bounds with these."""
    return int(code_lengths()[length_codes(np.array([length]))[0]])


class NumericColumnReader(ColumnReader):
    """A column of numbers as Whoosh writes them; the column's default where a document has none."""

    def __init__(self, column: NumericColumn, whoosh: WhooshColumn) -> None:
        self._values, self._offset = column.values, column.offset
        self._default = whoosh.default_value()
        self._reverse = False

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> int:
        value = int(self._values[docnum])
        return self._default if value == MISSING else value + self._offset

    def __iter__(self) -> Any:
        return map(self.__getitem__, range(len(self)))

    def sort_key(self, docnum: int) -> Any:
        key = self[docnum]
        return 0 - key if self._reverse else key

    def load(self) -> list[int]:
        return list(self)

    def set_reverse(self) -> None:
        self._reverse = True


class BytesColumnReader(ColumnReader):
    """A column of byte strings."""

    def __init__(self, column: BytesColumn, whoosh: WhooshColumn) -> None:
        self._column = column
        self._default = whoosh.default_value()

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, docnum: int) -> bytes:
        return self._column[docnum] or self._default

    def __iter__(self) -> Any:
        return map(self.__getitem__, range(len(self)))

    def load(self) -> list[bytes]:
        return list(self)


class ValueColumnReader(ColumnReader):
    """A column of any values; the column's default where a document has none."""

    def __init__(self, arrays: SegmentArrays, name: str, column: ValueColumn, whoosh: WhooshColumn) -> None:
        self._arrays, self._name, self._column = arrays, name, column
        self._default = whoosh.default_value()
        self._reverse = False

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, docnum: int) -> Any:
        encoded = self._column[docnum]
        try:
            return decode_value(encoded) if encoded else self._default
        except ValueError:
            raise IndexDamaged(self._arrays.container.file, f"{self._name}.column") from None

    def __iter__(self) -> Any:
        return map(self.__getitem__, range(len(self)))

    def sort_key(self, docnum: int) -> Any:
        key = self[docnum]
        return 0 - key if self._reverse else key

    def load(self) -> list[Any]:
        return list(self)

    def set_reverse(self) -> None:
        self._reverse = True
