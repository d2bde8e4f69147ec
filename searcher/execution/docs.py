"""Sets of documents, and what is done with them: and, or, without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.intp]
Mask = NDArray[np.bool_]

_SPARSE: Final = 24
"""Sets of less than one in so many documents are worked on by their numbers, others as masks."""


class Docs:
    """A set of documents: ascending numbers, a mask, or both; each is made from the other when asked for.

    - `doc_count` is how many documents there are.
    - The arrays belong to the set and are not changed, so that several threads may use it.
    """

    __slots__ = ("_ids", "_mask", "_size", "doc_count")

    def __init__(self, doc_count: int, ids: Ids | None, mask: Mask | None) -> None:
        self.doc_count = doc_count
        self._ids = ids
        self._mask = mask
        self._size = -1 if ids is None else len(ids)

    @classmethod
    def of_ids(cls, doc_count: int, ids: NDArray[Any]) -> Docs:
        """Return the set of these documents; `ids` ascend and are distinct."""
        return cls(doc_count, ids.astype(np.intp, copy=False), None)

    @classmethod
    def of_mask(cls, mask: Mask) -> Docs:
        """Return the set of the documents whose place in the mask is True."""
        return cls(len(mask), None, mask)

    @classmethod
    def none(cls, doc_count: int) -> Docs:
        """Return the empty set."""
        return cls(doc_count, np.empty(0, dtype=np.intp), None)

    @classmethod
    def every(cls, doc_count: int) -> Docs:
        """Return the set of all documents."""
        return cls(doc_count, np.arange(doc_count, dtype=np.intp), None)

    def __len__(self) -> int:
        if self._size < 0:
            self._size = int(np.count_nonzero(self.mask))
        return self._size

    @property
    def ids(self) -> Ids:
        """intp[n]: the documents, ascending."""
        if self._ids is None:
            self._ids = np.flatnonzero(self.mask)
        return self._ids

    @property
    def mask(self) -> Mask:
        """bool[doc_count]: whether each document is in the set."""
        if self._mask is None:
            mask = np.zeros(self.doc_count, dtype=np.bool_)
            mask[self.ids] = True
            self._mask = mask  # when it is complete: another thread may be waiting for it
        return self._mask

    def has(self, ids: Ids) -> Mask:
        """Return whether each of these ascending documents is in the set: bool[len(ids)]."""
        if self._mask is None and len(ids) * _SPARSE < self.doc_count and not self.is_dense:
            return is_in(ids, self.ids)
        return self.mask.take(ids)

    def __and__(self, other: Docs) -> Docs:
        few, many = (self, other) if len(self) <= len(other) else (other, self)
        if len(few) == 0 or len(many) == self.doc_count:
            return few
        if not few.is_dense:
            return Docs(self.doc_count, few.ids[many.has(few.ids)], None)
        return Docs.of_mask(few.mask & many.mask)

    def __sub__(self, other: Docs) -> Docs:
        if len(other) == 0 or len(self) == 0:
            return self
        if not self.is_dense:
            return Docs(self.doc_count, self.ids[~other.has(self.ids)], None)
        return Docs.of_mask(self.mask & ~other.mask)

    @property
    def is_dense(self) -> bool:
        """Whether the set is worked on as a mask."""
        return len(self) * _SPARSE >= self.doc_count


def is_in(ids: NDArray[Any], others: NDArray[Any]) -> Mask:
    """Return whether each of `ids` is among `others`; both ascend."""
    if len(others) == 0:
        return np.zeros(len(ids), dtype=np.bool_)
    at = others.searchsorted(ids)
    at[at == len(others)] = 0
    found: Mask = others.take(at) == ids
    return found


def union(doc_count: int, parts: Sequence[NDArray[Any] | Docs]) -> Docs:
    """Return the documents that are in any of the parts: sets, or numbers of documents in any order."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return Docs.none(doc_count)
    if len(parts) == 1 and isinstance(parts[0], Docs):
        return parts[0]
    if sum(map(len, parts)) * _SPARSE < doc_count:
        return Docs.of_ids(doc_count, _distinct(np.concatenate([_numbers(part) for part in parts])))
    mask = np.zeros(doc_count, dtype=np.bool_)
    for part in parts:
        if isinstance(part, Docs) and part._mask is not None:
            mask |= part._mask
        else:
            mask[_numbers(part)] = True
    return Docs.of_mask(mask)


def _numbers(part: NDArray[Any] | Docs) -> Ids:
    return part.ids if isinstance(part, Docs) else part.astype(np.intp, copy=False)


def _distinct(ids: Ids) -> Ids:
    """Return what np.unique does, which would import numpy.ma: a fifth of a command's start."""
    ids = np.sort(ids)
    return np.compress(np.diff(ids, prepend=-1) > 0, ids)
