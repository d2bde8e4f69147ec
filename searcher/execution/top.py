"""The best few of many: by partition of the maxima of groups, with ties in the order of documents."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_IN_GROUP: Final = 64
_GROUPS: Final = 3
"""Groups for each of the best that are wanted, at least."""
_FEW: Final = 512


def best(keys: NDArray[Any], count: int) -> NDArray[np.intp]:
    """Return where the `count` greatest keys are, the greatest first and of equal ones the first: intp[<= count].

    `keys` are int64 or float64 without NaN. A key among the best `count` is at least as great as the `count`th of the
    maxima of groups, whichever these are; so only those that are need sorting. A group is a column of the keys written
    in rows, as the maxima of columns come from whole rows at a time.
    """
    wanted = max(count, 1)
    rows = min(_IN_GROUP, len(keys) // (wanted * _GROUPS))
    candidates = None
    chosen = keys
    if rows > 1 and len(keys) > _FEW:
        columns = len(keys) // rows
        greatest = np.maximum.reduce(keys[: rows * columns].reshape(rows, columns), axis=0)
        greatest.partition(columns - wanted)
        candidates = (keys >= greatest[columns - wanted]).nonzero()[0]
        chosen = keys.take(candidates)
    # Of integers the complement is the reverse order, where the negative of the least one is itself.
    order = (~chosen if chosen.dtype.kind == "i" else -chosen).argsort(kind="stable")[:count]
    return order if candidates is None else candidates.take(order)
