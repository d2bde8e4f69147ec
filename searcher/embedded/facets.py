"""Counts by province, topic and year over what was found, where each facet looks past its own chosen values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_

import numpy as np

from searcher.codec.arrays import MISSING
from searcher.embedded.periods import months_of
from searcher.execution import Docs, Executor
from searcher.execution.facets import NumberFacet
from searcher.query.facets import FACETS, MONTH, in_order
from searcher.query.periods import period_name
from searcher.query.request import FACTS
from searcher.query.results import FacetCount


def narrow(
    executor: Executor,
    found: Docs,
    chosen: Mapping[str, Docs],
    field_of: Callable[[str], str] = str,
    *,
    months: NumberFacet | None = None,
    with_facts: bool = False,
) -> tuple[Docs, dict[str, tuple[FacetCount, ...]]]:
    """Return the hits, which all of `chosen` let through, and the counts of each facet.

    `chosen` has for facets by which the search is narrowed the documents with a chosen value. A facet counts all that
    the others let through ("drill sideways"). `field_of` gives the field that a facet counts. Facts are counted where
    `with_facts`.
    With `months` (`month_facet`) there is a facet "month", whose documents in `chosen` are those of the days wanted.
    """
    hits = reduce(and_, chosen.values(), found)
    counts: dict[str, tuple[FacetCount, ...]] = {}
    for facet in (*FACETS, *(FACTS if with_facts else ()), *(() if months is None else (MONTH,))):
        others = [matches for name, matches in chosen.items() if name != facet]
        counted = hits if facet not in chosen else reduce(and_, others, found)
        if facet == MONTH and months is not None:
            counts[facet] = _named_months(months.count(counted))
        else:
            counts[facet] = in_order(facet, executor.count(counted, field_of(facet)))
    return hits, counts


def month_facet(executor: Executor) -> NumberFacet:
    """Return the month of publication of every document, as Vietnam's clocks have it, for counting."""
    published = executor.whole.numbers("published")
    if published is None:
        published = np.full(executor.whole.doc_count, MISSING, dtype=np.int64)
    return NumberFacet(months_of(published))


def _named_months(counts: Mapping[str | int, int]) -> tuple[FacetCount, ...]:
    months = sorted((int(month), count) for month, count in counts.items())
    return tuple(FacetCount(period_name(month, "month"), count) for month, count in months)
