"""What narrows results: the options to add for the province, topic and year that most of them have."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from searcher.cli.console import joined
from searcher.messages import _, number
from searcher.query.results import FacetCount, Results


def narrowing_line(results: Results) -> str:
    """Return the options as they are typed, with what each leaves; empty where none would leave fewer.

    A province or topic that the query names comes before one that is merely frequent.
    """
    offers = joined(f"{options} ({number(count)})" for options, count in _offers(results))
    return _("Narrow by: {options}").format(options=offers) if offers else ""


def _offers(results: Results) -> Iterator[tuple[str, int]]:
    named = {"province": results.understood.provinces, "topic": results.understood.topics}
    for facet, options in (("province", "-p {}"), ("topic", "-t {}"), ("year", "--since {0} --until {0}")):
        if results.chosen.get(facet):
            continue
        best = _best(results.facets.get(facet, ()), named.get(facet, ()), results.total)
        if best is not None:
            yield options.format(shlex.quote(best.value)), best.count


def _best(counts: tuple[FacetCount, ...], named: tuple[str, ...], total: int) -> FacetCount | None:
    """The value to offer of those that some but not all results have: one that is named, else the most frequent."""
    some = [one for one in counts if 0 < one.count < total]
    return max(some, key=lambda one: (one.value in named, one.count), default=None)
