"""Months and years of a column of moments, as Vietnam's clocks have them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING

MONTHS_A_YEAR: Final = 12
_EPOCH: Final = np.datetime64("0001-01-01", "us")
_VIETNAM: Final = np.timedelta64(7, "h")
"""What Vietnam's clocks are ahead of UTC, since 1975."""


def months_of(published: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the month of each moment of a column, counted from January 1970; MISSING where there is none."""
    known = published > MISSING
    moments = _EPOCH + np.where(known, published, 0).astype("timedelta64[us]") + _VIETNAM
    return np.where(known, moments.astype("datetime64[M]").astype(np.int64), MISSING)


def period_name(period: int, unit: str) -> str:
    """Return the name of a month or year that is counted from 1970: '2019-03', '2019'."""
    if unit == "year":
        return f"{period + 1970:04}"
    return f"{period // MONTHS_A_YEAR + 1970:04}-{period % MONTHS_A_YEAR + 1:02}"
