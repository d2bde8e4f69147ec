"""Term vectors: of a document, the terms of a field with weights and what the vector's format says of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.formats import Format
from whoosh.matching import ListMatcher

from searcher.codec.values import decode_value, encode_value

Item = tuple[str | bytes, float, bytes]


def encode_vector(items: Sequence[Item]) -> bytes:
    """Return a vector's terms as bytes; none for no terms."""
    return encode_value([part for item in items for part in item]) if items else b""


def vector_matcher(encoded: bytes, format_: Format) -> ListMatcher:
    """Return a matcher that goes through a vector's terms; raises ValueError for bytes that are no vector."""
    parts: Any = decode_value(encoded)
    if not isinstance(parts, list) or not parts or len(parts) % 3:
        raise ValueError("no vector")
    texts, weights, values = parts[::3], parts[1::3], parts[2::3]
    kinds = ((texts, (str, bytes)), (weights, (int, float)), (values, (bytes,)))
    if not all(isinstance(part, kind) for some, kind in kinds for part in some):
        raise ValueError("no vector")
    return ListMatcher(texts, weights, values, format_)
