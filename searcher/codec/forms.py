"""How the fields of a schema are kept: which arrays a segment has of each."""

from __future__ import annotations

from whoosh.columns import NumericColumn, RefBytesColumn, VarBytesColumn
from whoosh.fields import BOOLEAN, DATETIME, NUMERIC, FieldType, Schema
from whoosh.formats import Existence, Positions

from searcher.codec.arrays import SegmentArrays
from searcher.codec.fieldarrays import ColumnKind
from searcher.codec.packing import Packed


def has_labels(spec: FieldType) -> bool:
    """Return whether a field's terms are also kept by document: where they name things, as KEYWORD and ID do."""
    return not isinstance(spec, NUMERIC | BOOLEAN) and not spec.unique and not isinstance(spec.format, Positions)


def column_kind(spec: FieldType) -> tuple[ColumnKind, int]:
    """Return "numbers", "bytes" or "", and what Whoosh's column value is larger by; ValueError for other columns."""
    column = spec.column_type
    if column is None:
        return "", 0
    if isinstance(column, NumericColumn):
        if isinstance(spec, NUMERIC) and not isinstance(spec, DATETIME):
            return "numbers", 1 << (spec.bits - 1) if spec.signed or spec.numtype is float else 0
        return "numbers", 0
    if isinstance(column, VarBytesColumn | RefBytesColumn):
        return "bytes", 0
    raise ValueError(f"columns of the type {type(column).__name__} are not supported")


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
        and (type(spec.format) is Existence or Packed.is_in(container, f"{name}.freqs"))
        and (type(spec.format) is not Positions or Packed.is_in(container, f"{name}.positions"))
        and (not spec.scorable or f"{name}.lengths" in container)
        and (not has_labels(spec) or f"{name}.labels" in container)
    )
