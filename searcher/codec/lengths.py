"""Field lengths as Whoosh keeps them: one byte each, so that scores are those of Whoosh's own codec."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length, length_to_byte


@cache
def code_lengths() -> NDArray[np.int64]:
    """int64[256]: the length that each code stands for."""
    return np.array([byte_to_length(code) for code in range(256)], dtype=np.int64)


def length_codes(lengths: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Return `length_to_byte` of each length."""
    codes = np.searchsorted(code_lengths(), lengths)
    return np.minimum(codes, length_to_byte(1 << 40)).astype(np.uint8)
