"""What results are counted by, and the order of the counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from searcher.query.results import FacetCount

FACETS: Final = ("province", "topic", "year")
MONTH: Final = "month"
_MAX_YEAR: Final = 9999


def in_order(facet: str, counts: Mapping[str | int, int]) -> tuple[FacetCount, ...]:
    """Return the counts of a facet: years newest first, all else most frequent first."""
    if facet == "year":
        years = [(int(year), count) for year, count in counts.items()]
        return tuple(
            FacetCount(str(year), count) for year, count in sorted(years, reverse=True) if 0 < year <= _MAX_YEAR
        )
    named = [FacetCount(str(value), count) for value, count in counts.items() if value]
    return tuple(sorted(named, key=lambda one: (-one.count, one.value)))
