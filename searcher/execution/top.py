"""The best few of many: by partition of block maxima, with ties in the order of documents."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_BLOCK: Final = 64
_SOME: Final = 3
_FEW: Final = 512


def best(keys: NDArray[Any], count: int) -> NDArray[np.intp]:
    """Return where the `count` greatest keys are, the greatest first and of equal ones the first: intp[<= count].

    `keys` are int64 or float64 without NaN. A key among the best `count` is at least the least of the `count` greatest
    keys, and of these the maxima of blocks are a few that are soon found; so only those that are need sorting.
    """
    candidates = np.arange(len(keys))
    if count * _SOME < len(keys) and len(keys) > _FEW:
        greatest = keys
        if count * _BLOCK < len(keys):
            greatest = keys[: len(keys) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).max(axis=1)
        place = len(greatest) - max(count, 1)
        if place >= 0:
            candidates = np.flatnonzero(keys >= np.partition(greatest, place)[place])
    # Of integers the complement is the reverse order, where the negative of the least one is itself.
    chosen = keys.take(candidates)
    order = np.argsort(~chosen if chosen.dtype.kind == "i" else -chosen, kind="stable")
    return candidates.take(order[:count])
