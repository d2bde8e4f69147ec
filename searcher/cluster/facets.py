"""Counts over what was found, where each facet looks past its own chosen values, asked of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from searcher.cluster.trees import Clause, all_of
from searcher.query.facets import FACETS, MONTH, in_order
from searcher.query.request import FACTS, SearchRequest
from searcher.query.results import FacetCount

_MOST: Final = 1_000
_COUNTED: Final = "counted"
VIETNAM: Final = "+07:00"


def aggregations(request: SearchRequest, chosen: Mapping[str, Clause]) -> dict[str, Any]:
    """Return what is to be counted; `chosen` has for facets that narrow a search the query for their values."""
    found: dict[str, Any] = {}
    for facet in (*FACETS, *FACTS, *((MONTH,) if request.months else ())):
        others = all_of(*(clause for name, clause in chosen.items() if name != facet))
        counted: dict[str, Any] = {"terms": {"field": request.field_of(facet), "size": _MOST}}
        if facet == MONTH:
            counted = {"date_histogram": by_month("published")}
        found[facet] = {"filter": others, "aggs": {_COUNTED: counted}}
    return found


def by_month(field: str) -> dict[str, Any]:
    """Return how to count by month, as Vietnam's clocks have it."""
    how = {"calendar_interval": "month", "time_zone": VIETNAM, "format": "yyyy-MM", "min_doc_count": 1}
    return {"field": field, **how}


def count_facets(answer: Mapping[str, Any]) -> dict[str, tuple[FacetCount, ...]]:
    """Return the counts of each facet, in order."""
    found = {}
    for facet, one in answer.items():
        buckets = one[_COUNTED]["buckets"]
        if facet == MONTH:
            found[facet] = tuple(FacetCount(str(bucket["key_as_string"]), bucket["doc_count"]) for bucket in buckets)
        else:
            found[facet] = in_order(facet, {bucket["key"]: bucket["doc_count"] for bucket in buckets})
    return found
