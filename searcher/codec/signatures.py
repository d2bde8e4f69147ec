"""The signatures of many documents at once, by which near-identical ones are told (`searcher.analysis.signature`)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import BytesColumn, SegmentArrays
from searcher.codec.container import U8, U32

_BYTES: Final = 16
_COLUMN: Final = "signature"


def read_signatures(segment: SegmentArrays, docnums: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Return uint8[n, 16]: the signatures of documents of a segment, zeros for those that have none."""
    found = np.zeros((len(docnums), _BYTES), dtype=np.uint8)
    if isinstance(segment.column(_COLUMN), BytesColumn):
        values = segment.container.part(f"{_COLUMN}.column", U8)
        ends = segment.container.part(f"{_COLUMN}.column.ends", U32)
        starts = ends.take(docnums).astype(np.int64)
        signed = (ends.take(docnums + 1) - starts == _BYTES).nonzero()[0]
        found[signed] = values.take((starts.take(signed)[:, None] + np.arange(_BYTES)).ravel()).reshape(-1, _BYTES)
    return found
