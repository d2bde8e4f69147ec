"""How the fields of a schema are kept: which arrays a segment has of each."""

from __future__ import annotations

from whoosh.columns import NumericColumn, RefBytesColumn, VarBytesColumn
from whoosh.fields import BOOLEAN, DATETIME, NUMERIC, FieldType, Schema
from whoosh.formats import Existence, Frequency, Positions

from searcher.codec.arrays import SegmentArrays
from searcher.codec.fieldarrays import ColumnKind
from searcher.codec.packing import Packed


def has_labels(spec: FieldType) -> bool:
    """Return whether a field's terms are also kept by document: where they name things, as KEYWORD and ID do."""
    return not isinstance(spec, NUMERIC | BOOLEAN) and not spec.unique and not is_positional(spec)


def is_counted(spec: FieldType) -> bool:
    """Return whether it is kept how often a document has a term."""
    return type(spec.format) is not Existence


def is_positional(spec: FieldType) -> bool:
    """Return whether it is kept where terms stand."""
    return spec.format is not None and spec.format.supports("positions")


def is_valued(spec: FieldType) -> bool:
    """Return whether the field's format says more of a posting than frequency and positions, which is kept as it is."""
    return type(spec.format) not in (Existence, Frequency, Positions)


def column_kind(spec: FieldType) -> tuple[ColumnKind, int]:
    """Return how the field's column is kept, and what Whoosh's column value is larger by where that is a number.

    - "numbers": one for each document, less the second.
    - "bytes": a byte string for each document, empty for none.
    - "values": any value for each document, as bytes (`values.py`).
    - "": there is no column.
    """
    column = spec.column_type
    if column is None:
        return "", 0
    if type(column) is NumericColumn and isinstance(spec, NUMERIC):
        if isinstance(spec, DATETIME):
            return "numbers", 0
        if spec.bits < 64 or spec.signed or spec.numtype is float:
            return "numbers", 1 << (spec.bits - 1) if spec.signed or spec.numtype is float else 0
    if type(column) in (VarBytesColumn, RefBytesColumn):
        return "bytes", 0
    return "values", 0


def misfit(segment: SegmentArrays, schema: Schema) -> str | None:
    """Return a field that the segment does not keep as the schema wants it, None where all are."""
    for name, about in segment.metadata.fields.items():
        if name not in schema:  # it was removed from the schema, and goes with the next merge
            continue
        spec = schema[name]
        if about.column and (about.column, about.column_offset) != column_kind(spec):
            return name
        if about.indexed and not _has_parts(segment, name, spec):
            return name
    return None


def _has_parts(segment: SegmentArrays, name: str, spec: FieldType) -> bool:
    container = segment.container
    return (
        bool(spec.indexed)
        and (not is_counted(spec) or Packed.is_in(container, f"{name}.freqs"))
        and (not is_positional(spec) or Packed.is_in(container, f"{name}.positions"))
        and (not spec.scorable or f"{name}.lengths" in container)
        and (not is_valued(spec) or f"{name}.values" in container)
        and (not has_labels(spec) or f"{name}.labels" in container)
    )
