"""Ranges of places in an array: how what belongs to some rows is gathered at once where rows are of unequal length."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def places_in(starts: NDArray[np.integer[Any]], counts: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return int64[sum(counts)]: `starts[i]` to `starts[i] + counts[i] - 1` for each i, one range after the other.

    >>> places_in(np.array([7, 2]), np.array([2, 3])).tolist()
    [7, 8, 2, 3, 4]
    """
    before = counts.cumsum(dtype=np.int64) - counts
    places: NDArray[np.int64] = (starts.astype(np.int64) - before).repeat(counts)
    places += np.arange(len(places))
    return places
