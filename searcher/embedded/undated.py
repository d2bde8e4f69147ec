"""Articles without a date that a search by days leaves out: nobody can know whether they are of these days."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query as wq

from searcher.codec.arrays import MISSING
from searcher.execution import Docs
from searcher.language.tree import without_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from searcher.execution import Executor


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
