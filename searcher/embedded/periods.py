"""Months and years of a column of moments, as Vietnam's clocks have them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING

_EPOCH: Final = np.datetime64("0001-01-01", "us")
_VIETNAM: Final = np.timedelta64(7, "h")
"""What Vietnam's clocks are ahead of UTC, since 1975."""


def months_of(published: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the month of each moment of a column, counted from January 1970; MISSING where there is none."""
    known = published > MISSING
    moments = _EPOCH + np.where(known, published, 0).astype("timedelta64[us]") + _VIETNAM
    return np.where(known, moments.astype("datetime64[M]").astype(np.int64), MISSING)
