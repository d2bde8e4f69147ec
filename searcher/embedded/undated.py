"""Articles without a date that a search by days leaves out: nobody can know whether they are of these days."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query as wq

from searcher.codec.arrays import MISSING
from searcher.execution import Docs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from searcher.execution import Executor

_DAYS = frozenset(("published", "year"))


def without_days(tree: wq.Query | None) -> wq.Query | None:
    """Return a filter without what it says of days, None where nothing is left; itself where it says nothing of them.

    What is excluded stays excluded: an article without a date is not of a day that is not wanted.
    """
    if tree is None or isinstance(tree, wq.Not):
        return tree
    if isinstance(tree, wq.NumericRange) and tree.fieldname in _DAYS:
        return None
    if isinstance(tree, wq.And):
        kept = [without_days(child) for child in tree]
        if all(one is child for one, child in zip(kept, tree, strict=True)):
            return tree
        rest = [one for one in kept if one is not None]
        return wq.And(rest) if rest else None
    if isinstance(tree, wq.Or):
        kept = [without_days(child) for child in tree]
        return None if any(one is None for one in kept) else tree
    return tree


def undated(executor: Executor) -> Docs:
    """Return the articles of the index that have no date."""
    published = executor.whole.numbers("published")
    if published is None:
        return executor.everything()
    return executor.everything() & Docs.of_mask(np.equal(published, MISSING))


def left_out(executor: Executor, tree: wq.Query | None, narrowing: wq.Query | None, chosen: Iterable[Docs]) -> Docs:
    """Return the articles without a date that match the tree, what is left of the narrowing, and what was chosen."""
    allowed = reduce(and_, chosen, undated(executor))
    if not len(allowed):
        return allowed
    rest = without_days(narrowing)
    if rest is not None:
        allowed = executor.match(rest, allowed)
    return allowed if tree is None else executor.match(tree, allowed)
