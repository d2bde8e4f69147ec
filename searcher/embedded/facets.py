"""Counts by province, topic and year over what was found, where each facet looks past its own chosen values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_
from typing import Final

from searcher.execution import Docs, Executor
from searcher.query.results import FacetCount

FACETS: Final = ("province", "topic", "year")
_MAX_YEAR: Final = 9999


def narrow(
    executor: Executor, found: Docs, chosen: Mapping[str, Docs], *, province_field: str = "province"
) -> tuple[Docs, dict[str, tuple[FacetCount, ...]]]:
    """Return the hits, which all of `chosen` let through, and the counts of each facet.

    `chosen` has for facets by which the search is narrowed the documents with a chosen value. A facet counts all that
    the others let through ("drill sideways"). Provinces are those of `province_field`: of the 63, or of the 34.
    """
    hits = reduce(and_, chosen.values(), found)
    counts = {}
    for facet in FACETS:
        others = [matches for name, matches in chosen.items() if name != facet]
        counted = hits if facet not in chosen else reduce(and_, others, found)
        counts[facet] = _in_order(facet, executor.count(counted, province_field if facet == "province" else facet))
    return hits, counts


def _in_order(facet: str, counts: Mapping[str | int, int]) -> tuple[FacetCount, ...]:
    if facet == "year":
        years = [(int(year), count) for year, count in counts.items()]
        return tuple(
            FacetCount(str(year), count) for year, count in sorted(years, reverse=True) if 0 < year <= _MAX_YEAR
        )
    named = [FacetCount(str(value), count) for value, count in counts.items() if value]
    return tuple(sorted(named, key=lambda one: (-one.count, one.value)))
