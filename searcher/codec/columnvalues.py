"""The values of a field's column as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import FieldType

from searcher.codec.columns import MISSING
from searcher.codec.fieldarrays import ColumnKind
from searcher.codec.forms import column_kind
from searcher.codec.terms import blob_arrays
from searcher.codec.values import encode_value


def column_value(name: str, spec: FieldType, value: Any) -> int | bytes:
    """Return what a column holds of a document's value; raises ValueError where the field can't take it."""
    return kept_value(name, spec, spec.to_column_value(value))


def kept_value(name: str, spec: FieldType, value: Any) -> int | bytes:
    """Return the same of what Whoosh's own column would hold."""
    kind, offset = column_kind(spec)
    if kind == "numbers":
        number = int(value) - offset
        if not MISSING < number < -MISSING:
            raise ValueError(f"{value!r} is too large or small for the column {name!r}")
        return number
    if kind == "bytes":
        return bytes(value)
    return encode_value(value)


def column_arrays(name: str, kind: ColumnKind, values: Sequence[int | bytes | None]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a column of these values, None where a document has none."""
    if kind == "numbers":
        return {name: np.array([MISSING if value is None else value for value in values], dtype=np.int64)}
    return blob_arrays(name, [value if isinstance(value, bytes) else b"" for value in values])
