"""What one may narrow a search by because the query names it: offered with the number of articles, never done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from searcher.language.understanding import Understanding
from searcher.query.request import SearchRequest
from searcher.query.results import FacetCount, Offer
from searcher.tagging import merged

_MOST: Final = 3


def offers(
    named: Understanding, facets: Mapping[str, Sequence[FacetCount]], total: int, request: SearchRequest
) -> tuple[Offer, ...]:
    """Return what a query names that some of its `total` hits have, and not all: provinces, then years, then topics.

    Nothing is offered of a facet by which the request is narrowed already.
    """
    by_the_34 = request.province_field != "province"
    wanted: tuple[tuple[str, Iterable[str]], ...] = (
        ("province", merged(named.provinces) if by_the_34 else named.provinces),
        ("year", map(str, named.years)),
        ("topic", named.topics),
    )
    found: dict[tuple[str, str], Offer] = {}
    for facet, values in wanted:
        if facet in request.chosen:
            continue
        counts = {one.value: one.count for one in facets.get(facet, ())}
        for value in values:
            if 0 < counts.get(value, 0) < total:
                found.setdefault((facet, value), Offer(facet, value, counts[value]))
    return tuple(found.values())[:_MOST]
