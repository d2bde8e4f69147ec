"""A Whoosh schema as plain data, and back: what the table of contents holds instead of a pickle.

The usual fields are said in few words, so that they are quickly read; all others are described (`descriptions.py`). A
field that would not come back as it is, is refused when an index is made or a field added, not when it is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from whoosh import fields
from whoosh.analysis import SimpleAnalyzer, StandardAnalyzer
from whoosh.fields import FieldType, Schema
from whoosh.formats import Positions

from searcher.analysis.analyzer import VietnameseAnalyzer
from searcher.codec.descriptions import describe, rebuild, register

_ANALYZERS: Final[Mapping[str, Callable[[], Any]]] = {
    "vietnamese": VietnameseAnalyzer,
    "standard": StandardAnalyzer,
    "simple": SimpleAnalyzer,
}
register(VietnameseAnalyzer)
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
    described: dict[str, Any] | None = None


class SchemaData(NamedTuple):
    """The fields of a schema, and those that names are matched with by a pattern."""

    fields: dict[str, FieldData]
    patterns: dict[str, FieldData]

    @property
    def is_plain(self) -> bool:
        """Whether every field is of the usual ones, and has a name."""
        return not self.patterns and all(field.described is None for field in self.fields.values())


def schema_data(schema: Schema) -> SchemaData:
    """Return the schema as plain data; raises ValueError, naming field and option, for one that can't be said in it."""
    own = {name: field for name, field in schema.items() if not _is_subfield(schema, name)}
    patterns = {name: field for name, (_pattern, field) in _patterns(schema).items()}
    for name in list(patterns):
        if any(name != other and name in schema._subfields.get(other, ()) for other in patterns):
            del patterns[name]
    return SchemaData(
        {name: _said(name, field) for name, field in own.items()},
        {name: _said(name, field) for name, field in patterns.items()},
    )


def _patterns(schema: Schema) -> dict[str, Any]:
    found: dict[str, Any] = getattr(schema, "_dyn_fields", None) or {}
    return found


def _is_subfield(schema: Schema, name: str) -> bool:
    return any(name != other and name in subfields for other, subfields in schema._subfields.items())


def make_schema(data: SchemaData) -> Schema:
    """Return a new schema of these fields; raises ValueError for what is none."""
    schema = Schema()
    try:
        for name, field in data.fields.items():
            schema.add(name, _field(field))
        for name, field in data.patterns.items():
            schema.add(name, _field(field), glob=True)
    except fields.FieldConfigurationError as error:
        raise ValueError(str(error)) from None
    return schema


def copy_schema(schema: Schema) -> Schema:
    """Return a schema of the same fields, which Whoosh's own `copy` loses some of."""
    made = Schema()
    made._fields = dict(schema._fields)
    made._subfields = {name: list(subfields) for name, subfields in schema._subfields.items()}
    made._dyn_fields = dict(_patterns(schema))
    return made


def _said(name: str, field: FieldType) -> FieldData:
    try:
        described = describe(field)
    except ValueError as error:
        raise ValueError(f"the field {name!r} ({type(field).__name__}) can't be kept: its option {error}") from None
    try:
        usual = _field_data(name, field)
        if describe(_field(usual)) == described:
            return usual
    except ValueError:
        pass
    try:
        if describe(rebuild(described)) != described:
            raise ValueError("it would come back as another one")
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"the field {name!r} ({type(field).__name__}) can't be kept: {error}") from None
    return FieldData("described", described=described)


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
        case "described":
            return _described_field(data.described)
    raise ValueError(f"no field is of type {data.type!r}")


def _described_field(described: dict[str, Any] | None) -> FieldType:
    try:
        field = rebuild(described)
    except (TypeError, AttributeError, KeyError, ArithmeticError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(field, FieldType):
        raise ValueError("no field is described")
    return field
