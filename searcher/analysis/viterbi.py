"""The best labels of a linear chain of two labels, as array arithmetic.

With s0, s1 the scores of the best paths that end in label 0 and 1, only d = s1 - s0 matters. One step is
d' = f(d) + c, where c is the emission of label 1 less that of label 0, and

    f(d) = max(t01, d + t11) - max(t00, d + t10),

which is constant outside of two thresholds: the best predecessor of label 0 is 1 when d > t00 - t10, that of label 1
is 1 when d > t01 - t11. So f has the bounds t01 - t00 and t11 - t10, and where c carries both bounds past the same
threshold, the label is known without knowing d. That settles nearly all positions at once; the rest are worked off
in rounds, each position after its predecessor.

Sums are rounded otherwise than in a loop over s0 and s1. Where that could turn a decision, the text is reported as
unsure, and the caller decides it by the loop.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.analysis.tables import Tables

_MARGIN: Final = 1e-6
"""Far more than the rounding of sums of a few thousand doubles below 1e7; grows with longer texts."""
_FEW: Final = 48
"""Below this many open positions a loop is quicker than a round of array operations."""


class Chain(msgspec.Struct, frozen=True):
    """The transitions of the chain: t00, t01, t10, t11 from label, to label."""

    t00: float
    t01: float
    t10: float
    t11: float

    @classmethod
    def of(cls, tables: Tables) -> Chain:
        """Return the chain with these tables' transitions."""
        (t00, t01), (t10, t11) = tables.transitions.tolist()
        return cls(t00, t01, t10, t11)

    def step(self, difference: float) -> float:
        """Return f(difference) of the module's formula."""
        return max(self.t01, difference + self.t11) - max(self.t00, difference + self.t10)

    def steps(self, difference: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f of each element."""
        stay = np.maximum(self.t01, difference + self.t11)
        stay -= np.maximum(self.t00, difference + self.t10)
        return stay


def decode(
    chain: Chain, emission: NDArray[np.float64], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], list[int]]:
    """Return the labels of many texts laid end to end, and the numbers of the texts that rounding leaves unsure.

    - `emission: float64[n]`: weight of label 1 less that of label 0 at each position.
    - `starts`, `ends`: first and last position of each text, ascending; texts are not empty and are parted by at
      least one position of no text.
    - The labels are `bool[n]`, True for label 1; between texts they mean nothing.
    """
    to_begin, to_inside = chain.t00 - chain.t10, chain.t01 - chain.t11
    low, high = min(to_begin, to_inside), max(to_begin, to_inside)
    floor, ceiling = sorted((chain.t01 - chain.t00, chain.t11 - chain.t10))
    margin = _MARGIN * max(1.0, len(emission) / 1e5)

    labels = emission > high - floor + margin
    # A text's last position has a threshold of its own, its first has no predecessor: both need d.
    open_ = emission >= low - ceiling - margin
    open_ &= ~labels
    open_[ends] = True
    open_[starts] = False
    difference = np.empty_like(emission)
    difference[starts] = emission[starts]
    settled_above, settled_below = chain.t11 - chain.t10, chain.t01 - chain.t00
    is_start = np.zeros(len(emission), dtype=bool)
    is_start[starts] = True

    pending = np.flatnonzero(open_)
    needs_d = np.concatenate((starts, pending))
    open_[starts] = True  # from here on: "its d is kept in `difference`"
    done = is_start
    before = pending - 1
    ready = ~open_[before]
    now = pending[ready]
    difference[now] = emission[now] + np.where(labels[now - 1], settled_above, settled_below)
    done[now] = True
    waiting = pending[~ready]
    while len(waiting):
        if len(waiting) <= _FEW:
            for at in waiting.tolist():
                difference[at] = chain.step(float(difference[at - 1])) + float(emission[at])
            break
        ready = done[waiting - 1]
        now = waiting[ready]
        difference[now] = chain.steps(difference[now - 1]) + emission[now]
        done[now] = True
        waiting = waiting[~ready]

    last = difference[ends]
    labels[ends] = last > 0.0
    is_end = np.zeros(len(emission), dtype=bool)
    is_end[ends] = True
    inner = needs_d[~is_end[needs_d]]
    values = difference[inner]
    labels[inner] = values > high
    near = (np.abs(values - low) < margin) | (np.abs(values - high) < margin)
    unsure_at = np.concatenate((inner[near], ends[np.abs(last) < margin]))

    # Between the thresholds the label follows from the next one: the other, or the same when thresholds are crossed.
    linked = np.sort(inner[(values > low) & (values <= high)])
    other = to_begin < to_inside
    if len(linked):
        # Positions that hang on each other form runs; the first position after a run decides it.
        breaks = np.append(np.flatnonzero(np.diff(linked) != 1), len(linked) - 1)
        run_end = linked[breaks[np.searchsorted(breaks, np.arange(len(linked)))]]
        flips = (run_end + 1 - linked) & 1 if other else 0
        labels[linked] = labels[run_end + 1] ^ (flips == 1)
    unsure = {int(text) - 1 for text in np.searchsorted(starts, unsure_at, side="right")}
    return labels, sorted(unsure)
