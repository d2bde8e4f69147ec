"""The facets of a search as a page lists them: counts with bars, each a link that toggles its value.

A page has some hundred rows of this, so their HTML is made here and not by a template.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import msgspec
from markupsafe import Markup, escape

from searcher.harmless import harmless
from searcher.messages import language, number
from searcher.query.results import FacetCount, Results
from searcher.web.addresses import FACETS, Asked, Toggles
from searcher.web.pages import facet_value

_SHOWN: Final = 8
_STEPS: Final = 20
_NOT_LISTED: Final = frozenset({"month"})
"""Facets that are drawn and not listed."""


class FacetView(msgspec.Struct, frozen=True):
    """A facet as the page lists it: rows of HTML; `rest` unfolds, `more` are its rows.

    `clear` leads to where nothing of it is chosen, "" where nothing is.
    """

    name: str
    head: Markup
    rest: Markup
    more: int
    clear: str


def listed(asked: Asked, results: Results) -> list[FacetView]:
    """Return the facets that have values, those first that most ask by."""
    first = [name for name in FACETS if name in results.facets]
    others = [name for name in results.facets if name not in FACETS and name not in _NOT_LISTED]
    views = [_view(name, asked, results) for name in (*first, *others)]
    return [view for view in views if view.head]


def _view(name: str, asked: Asked, results: Results) -> FacetView:
    chosen, counts = results.chosen.get(name, ()), results.facets[name]
    known = {one.value for one in counts}
    counts = (*counts, *(FacetCount(value, 0) for value in chosen if value not in known))
    head: list[str] = []
    rest: list[str] = []
    for place, (is_chosen, row) in enumerate(_rows(name, asked, counts, chosen)):
        (head if place < _SHOWN or is_chosen else rest).append(row)
    clear = asked.without(name) if name in FACETS and chosen else ""
    return FacetView(name, Markup("".join(head)), Markup("".join(rest)), len(rest), clear)


def _rows(name: str, asked: Asked, counts: Sequence[FacetCount], chosen: Sequence[str]) -> Iterator[tuple[bool, str]]:
    most = max((one.count for one in counts), default=1) or 1
    toggles = Toggles(asked, name) if name in FACETS else None
    for one in counts:
        value, count = one.value, one.count
        is_chosen = value in chosen
        width = max(round(_STEPS * count / most), 1)
        shown = f'<span>{_shown(name, value, language())}</span><b>{number(count)}</b><i class="w{width}"></i>'
        if toggles is None:
            yield is_chosen, f'<li><span class="row">{shown}</span></li>\n'
        else:
            mark = ' class="on" aria-current="true"' if is_chosen else ""
            yield is_chosen, f'<li><a href="{toggles.html(value)}"{mark}>{shown}</a></li>\n'


@lru_cache(1024)
def _shown(facet: str, value: str, _language: str) -> str:
    return str(escape(harmless(facet_value(facet, value))))
