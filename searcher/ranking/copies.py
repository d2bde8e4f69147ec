"""Near-identical articles among those found: which of them to show, and how many copies each has."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.signature import BITS
from searcher.codec.signatures import read_signatures
from searcher.execution import Whole

COPY: Final = 0.7
"""Likeness from which on two articles are copies of one: in the corpus no such pair shared less than half its runs."""
_MOST_UNEQUAL: Final = int((1 - COPY) * BITS / 2 + 1e-9)
"""Bits of two signatures that differ, of two with this likeness (`searcher.analysis.signature.likenesses`)."""
_ROWS: Final = 128
ALL_COMPARED: Final = 10_000
"""Of so many documents each is compared with each, which takes 0.07 s; of 50,000 it would take 2 s."""
NEIGHBOURS: Final = 2_000


def draw_together(whole: Whole, docnums: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return which of these documents, best first, to keep, and how many copies each of the kept has."""
    leads = leading(whole, docnums)
    kept = np.flatnonzero(leads == np.arange(len(leads)))
    return kept, np.bincount(leads, minlength=len(leads))[kept] - 1


def leading(whole: Whole, docnums: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return for each of these documents, best first, the place of the one that it is a copy of; else its own.

    That is the best one that is like it and no copy itself. Of more than `ALL_COMPARED` documents each is compared
    with the `NEIGHBOURS` that come next.
    """
    leads = list(range(len(docnums)))
    within = None if len(docnums) <= ALL_COMPARED else NEIGHBOURS
    for one, other in alike_pairs(_signatures(whole, docnums), within):
        if leads[one] == one and leads[other] == other:
            leads[other] = one
    return np.array(leads, dtype=np.intp)


def alike_pairs(signatures: NDArray[np.uint8], within: int | None = None) -> list[tuple[int, int]]:
    """Return the pairs of places, in order and the lesser first, of signatures whose likeness is at least `COPY`.

    `signatures: uint8[n, 16]`, where zeros are like nothing; with `within` each is compared with the next so many.
    Two signatures of different texts differ in about half of
    their bits, so that one of the two words that they consist of tells nearly all of them apart.
    """
    signed = np.flatnonzero(signatures.any(axis=1))
    first, second = np.ascontiguousarray(signatures[signed]).view(np.uint64).T.copy()
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(signed), _ROWS):
        rows = first[start : start + _ROWS, None]
        others = first[start:] if within is None else first[start : start + _ROWS + within]
        near = (np.bitwise_count(rows ^ others) <= _MOST_UNEQUAL).ravel().nonzero()[0]
        one, other = np.divmod(near, len(others))
        later = other > one
        one, other = one[later] + start, other[later] + start
        unequal = np.bitwise_count(first[one] ^ first[other]) + np.bitwise_count(second[one] ^ second[other])
        near = unequal <= _MOST_UNEQUAL
        pairs += zip(signed[one[near]].tolist(), signed[other[near]].tolist(), strict=True)
    return pairs


def _signatures(whole: Whole, docnums: NDArray[np.int64]) -> NDArray[np.uint8]:
    found = np.zeros((len(docnums), BITS // 8), dtype=np.uint8)
    for segment, first in whole.segments:
        places = ((docnums >= first) & (docnums < first + segment.doc_count)).nonzero()[0]
        found[places] = read_signatures(segment, docnums[places] - first)
    return found
