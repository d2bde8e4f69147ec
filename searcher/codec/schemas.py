"""A Whoosh schema as plain data, and back: what the table of contents holds instead of a pickle.

Known are the field types and analyzers below. A field that would not come back as it is, is refused when an index is
made or a field added, not when it is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Annotated, Any, Final, Literal

import msgspec
from whoosh import columns, fields
from whoosh.analysis import SimpleAnalyzer, StandardAnalyzer
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Frequency, Positions

from searcher.analysis.analyzer import VietnameseAnalyzer

_ANALYZERS: Final[Mapping[str, Callable[[], Any]]] = {
    "vietnamese": VietnameseAnalyzer,
    "standard": StandardAnalyzer,
    "simple": SimpleAnalyzer,
}
_NUMBERS: Final[Mapping[str, type]] = {"int": int, "float": float}


class FieldData(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A field: the name of its type, and what its constructor is given."""

    type: str
    stored: bool = False
    unique: bool = False
    sortable: bool = False
    analyzer: str = ""
    phrase: bool = True
    spelling: bool = False
    multitoken_query: Annotated[str, msgspec.Meta(max_length=20)] = "default"
    lowercase: bool = False
    commas: bool = False
    scorable: bool = False
    number: str = ""
    bits: Literal[8, 16, 32, 64] = 32
    signed: bool = True
    decimal_places: Annotated[int, msgspec.Meta(ge=0, le=64)] = 0
    shift_step: Annotated[int, msgspec.Meta(ge=0, le=64)] = 4


def schema_data(schema: Schema) -> dict[str, FieldData]:
    """Return the schema as plain data; raises ValueError, naming the field, for one that can't be said in it."""
    if getattr(schema, "_dyn_fields", None):
        raise ValueError("fields with a pattern for a name are not supported")
    found = {}
    for name, field in schema.items():
        data = _field_data(name, field)
        if not _same(field, _field(data)):
            raise ValueError(f"the field {name!r} ({type(field).__name__}) has options that are not supported")
        found[name] = data
    return found


def make_schema(data: Mapping[str, FieldData]) -> Schema:
    """Return a new schema of these fields; raises ValueError for what is none."""
    return Schema(**{name: _field(field) for name, field in data.items()})


def _field_data(name: str, field: FieldType) -> FieldData:
    kind = type(field).__name__
    options = vars(field)
    common: dict[str, Any] = {
        "stored": bool(field.stored),
        "unique": bool(field.unique),
        "sortable": bool(field.column_type),
    }
    match kind:
        case "ID" | "DATETIME":
            return FieldData(kind, **common)
        case "BOOLEAN":
            return FieldData(kind, stored=bool(field.stored))
        case "STORED" | "COLUMN":
            return FieldData(kind)
        case "KEYWORD":
            for commas, lowercase in product((True, False), repeat=2):
                if fields.KEYWORD(commas=commas, lowercase=lowercase).analyzer == field.analyzer:
                    return FieldData(kind, scorable=bool(field.scorable), commas=commas, lowercase=lowercase, **common)
        case "NUMERIC":
            return FieldData(
                kind,
                **common,
                number=options["numtype"].__name__,
                bits=options["bits"],
                signed=options["signed"],
                decimal_places=options["decimal_places"],
                shift_step=options["shift_step"],
            )
        case "TEXT":
            for analyzer, make in _ANALYZERS.items():
                if make() == field.analyzer:
                    return FieldData(
                        kind,
                        stored=bool(field.stored),
                        sortable=bool(field.column_type),
                        analyzer=analyzer,
                        phrase=type(field.format) is Positions,
                        spelling=bool(options["spelling"]),
                        multitoken_query=field.multitoken_query,
                    )
    raise ValueError(f"the field {name!r} ({kind}) is of a type or has an analyzer that is not supported")


def _field(data: FieldData) -> FieldType:
    common: dict[str, Any] = {"stored": data.stored, "unique": data.unique, "sortable": data.sortable}
    match data.type:
        case "ID":
            return fields.ID(**common)
        case "DATETIME":
            return fields.DATETIME(**common)
        case "BOOLEAN":
            return fields.BOOLEAN(stored=data.stored)
        case "STORED":
            return fields.STORED()
        case "COLUMN":
            return fields.COLUMN()
        case "KEYWORD":
            return fields.KEYWORD(lowercase=data.lowercase, commas=data.commas, scorable=data.scorable, **common)
        case "NUMERIC" if data.number in _NUMBERS:
            return fields.NUMERIC(
                _NUMBERS[data.number],
                bits=data.bits,
                signed=data.signed,
                decimal_places=data.decimal_places,
                shift_step=data.shift_step,
                **common,
            )
        case "TEXT" if data.analyzer in _ANALYZERS:
            return fields.TEXT(
                analyzer=_ANALYZERS[data.analyzer](),
                phrase=data.phrase,
                stored=data.stored,
                sortable=data.sortable,
                spelling=data.spelling,
                multitoken_query=data.multitoken_query,
            )
    raise ValueError(f"no field is of type {data.type!r}")


def _same(field: FieldType, other: FieldType) -> bool:
    if type(field) is not type(other) or type(field.format) not in (Existence, Frequency, Positions, type(None)):
        return False
    ours, theirs = vars(field), vars(other)
    return ours.keys() == theirs.keys() and all(_alike(ours[key], theirs[key]) for key in ours)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, columns.Column):
        return type(one) is type(other) and vars(one) == vars(other)
    return bool(_key(one) == _key(other))


def _key(value: Any) -> Any:
    """Return something that compares equal for equal options; NaN and struct.Struct don't by themselves."""
    if isinstance(value, float) and value != value:
        return "NaN"
    return getattr(value, "format", value) if type(value).__name__ == "Struct" else value
