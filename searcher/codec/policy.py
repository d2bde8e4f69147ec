"""Which segments to merge: few are left to read, and no document is rewritten often.

Only neighbours are merged, so documents keep the order in which they were added. A segment of half the most documents
or more is full and stays as it is, unless a quarter of it is deleted. Of a small one it is not worth while to drop what
is deleted, until it is merged anyway. Of the segments after the last full one, a commit
merges those that are no larger than all later ones together. So their sizes at least halve from one to the next, which
keeps them fewer than 17, and a document is rewritten only when its segment grows to twice its size: 16 times at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from searcher.codec.documents import MAX_DOCUMENTS

_FULL: Final = MAX_DOCUMENTS // 2
_DELETED: Final = 0.25
_SMALL: Final = 256


class Counted(Protocol):
    """What is asked of a segment: its documents, with and without deleted ones."""

    def doc_count(self) -> int: ...
    def doc_count_all(self) -> int: ...


def groups_to_merge(segments: Sequence[Counted]) -> list[range]:
    """Return the runs of segments to make one segment of each; runs are of one where only deletions are purged."""
    sizes = [segment.doc_count() for segment in segments]
    wasteful = [
        (segment.doc_count() < (1 - _DELETED) * segment.doc_count_all() and segment.doc_count_all() > _SMALL)
        or not segment.doc_count()
        for segment in segments
    ]
    start = len(segments)
    later = 0
    for number in range(len(segments) - 1, -1, -1):
        if sizes[number] >= _FULL and not wasteful[number]:
            break
        if later and sizes[number] <= later:
            start = number
        later += sizes[number]
    groups = _packed(sizes, start)
    return _with_singles(groups, wasteful)


def groups_to_optimize(segments: Sequence[Counted]) -> list[range]:
    """Return the runs to merge so that as few segments as possible are left, and no deleted documents."""
    groups = _packed([segment.doc_count() for segment in segments], 0)
    return _with_singles(groups, [segment.doc_count() < segment.doc_count_all() for segment in segments])


def _with_singles(groups: list[range], chosen: Sequence[bool]) -> list[range]:
    merged = {number for group in groups for number in group}
    singles = [
        range(number, number + 1) for number, is_chosen in enumerate(chosen) if is_chosen and number not in merged
    ]
    return sorted([*groups, *singles], key=lambda group: group.start)


def _packed(sizes: Sequence[int], start: int) -> list[range]:
    """Return the runs of two or more from `start` on that fit into a segment, each as long as it can be."""
    groups = []
    while start < len(sizes):
        end, total = start, 0
        while end < len(sizes) and total + sizes[end] <= MAX_DOCUMENTS:
            total += sizes[end]
            end += 1
        end = max(end, start + 1)
        if end - start > 1:
            groups.append(range(start, end))
        start = end
    return groups
