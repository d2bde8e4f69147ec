"""The parameters of addresses, each declared once: what it may be and what it says in openapi.json."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import Annotated

from litestar.params import QueryParameter

from searcher.errors import BadFilter
from searcher.messages import _
from searcher.query.trends import By, Unit
from searcher.web.addresses import Asked, Density, Order, Shade
from searcher.web.settings import MAX_PAGE, MAX_QUERY, MAX_VALUES, PAGE_SIZES

Query = Annotated[
    str, QueryParameter(name="q", max_length=MAX_QUERY, description="What to look for, as in the query language.")
]


def asked_for(
    q: Query = "",
    province: Annotated[
        list[str] | None, QueryParameter(max_items=MAX_VALUES, description="Only these provinces, by name.")
    ] = None,
    topic: Annotated[
        list[str] | None, QueryParameter(max_items=MAX_VALUES, description="Only these topics, by slug.")
    ] = None,
    year: Annotated[list[int] | None, QueryParameter(max_items=MAX_VALUES, description="Only these years.")] = None,
    offence: Annotated[
        list[str] | None, QueryParameter(max_items=MAX_VALUES, description="Only cases of these offences, by slug.")
    ] = None,
    stage: Annotated[
        list[str] | None,
        QueryParameter(max_items=MAX_VALUES, description="Only cases at these stages: caught, charged, tried, fined."),
    ] = None,
    drug: Annotated[
        list[str] | None, QueryParameter(max_items=MAX_VALUES, description="Only cases with these drugs, by slug.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        QueryParameter(max_items=MAX_VALUES, description="Only articles that tell: case, policy, other."),
    ] = None,
    since: Annotated[
        str, QueryParameter(max_length=20, description="The first day: dd/mm/yyyy, yyyy-mm-dd or yyyy.")
    ] = "",
    until: Annotated[str, QueryParameter(max_length=20, description="The last day, likewise.")] = "",
    provinces_of: Annotated[
        int | None,
        QueryParameter(ge=1, le=9999, description="The year whose map provinces are named by; 2025: the 34."),
    ] = None,
    sort: Annotated[Order, QueryParameter(description="The order of hits; by relevance where there are words.")] = "",
    page: Annotated[int, QueryParameter(ge=1, le=MAX_PAGE, description="Which page of hits.")] = 1,
    n: Annotated[int, QueryParameter(ge=1, le=PAGE_SIZES[-1], description="Hits a page.")] = PAGE_SIZES[0],
    copies: Annotated[
        str, QueryParameter(pattern="^(all)?$", description="'all': near-identical articles one by one.")
    ] = "",
    recent: Annotated[
        str, QueryParameter(pattern="^(no)?$", description="'no': newer articles do not count more.")
    ] = "",
    literal: Annotated[
        str, QueryParameter(pattern="^(yes)?$", description="'yes': for the text just as it was typed.")
    ] = "",
    density: Annotated[Density, QueryParameter(description="How close hits stand on the page.")] = "roomy",
    shade: Annotated[Shade, QueryParameter(description="What the map is coloured by.")] = "count",
    by: Annotated[By, QueryParameter(description="Trends: what has a row.")] = "year",
    per: Annotated[
        Unit | None, QueryParameter(description="Trends: the steps of rows of provinces and topics.")
    ] = None,
) -> Asked:
    """Return what an address asks for; raises BadFilter for a year that is none."""
    for one in year or ():
        if not MINYEAR <= one <= MAXYEAR:
            raise BadFilter(_("'{year}' is not a year.").format(year=str(one)[:20]))
    return Asked(
        q=q,
        provinces=tuple(province or ()),
        topics=tuple(topic or ()),
        years=tuple(year or ()),
        offences=tuple(offence or ()),
        stages=tuple(stage or ()),
        drugs=tuple(drug or ()),
        kinds=tuple(kind or ()),
        since=since,
        until=until,
        provinces_of=provinces_of,
        sort=sort,
        page=page,
        size=n,
        copies="all" if copies else "",
        recent="no" if recent else "",
        literal="yes" if literal else "",
        density=density,
        shade=shade,
        by=by,
        per=per,
    )
