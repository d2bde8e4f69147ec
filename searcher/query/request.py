"""The engine-neutral request: what is searched, narrowed, sorted and paged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime
from inspect import Parameter, Signature
from typing import Final, Literal, TypedDict, get_args

import msgspec
from msgspec import field

from searcher.errors import BadFilter
from searcher.language.moments import first_moment, last_moment
from searcher.language.parser import MAX_CHARS, too_long
from searcher.language.periods import parse_period
from searcher.language.values import today_in_vietnam
from searcher.messages import _
from searcher.query.narrowing import MAX_NAME_CHARS, day_meant, names_in, provinces_meant, topic_meant
from searcher.tagging import FIRST_MAP, NEW_MAP

Sort = Literal["relevance", "newest", "oldest"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
MAX_PAGE: Final = 10_000
DATE_FORMS: Final = "dd/mm/yyyy, yyyy-mm-dd, yyyy"
FACTS: Final = ("offence", "stage", "drug", "kind")
"""Facets that are facts of cases: an index that was made before facts were read has none."""


class Filters(TypedDict, total=False):
    """What narrows a search: keywords of `search`, `export` and `trends` alike.

    Several values of one keyword are alternatives; a province, a topic, a year, an offence and the days must all hold.
    """

    provinces: Iterable[str]
    """Names of provinces, with or without diacritics; a former province or a town stands for those it lies in."""
    provinces_of: int | None
    """The year whose map provinces are named and counted by: to 2024 the 63 (also None), from 2025 the 34."""
    topics: Iterable[str]
    """Slugs of topics: mai-dam, ma-tuy, hiv-aids, mua-ban-nguoi."""
    since: date | str | None
    """The first day, in Vietnam's zone: a date, a text ('17/2/2020', '2020'), or a datetime, taken to the minute."""
    until: date | str | None
    """The last day, likewise, which is included."""
    years: Iterable[int]
    """Years of publication, as Vietnam's clocks have them, from 1 to 9999."""
    sure: bool
    """Only provinces and topics that are sure (a probability of 0.9 and more), also in the counts."""
    offences: Iterable[str]
    """Offences that cases are about, by slug or name; see docs/facts.md."""
    stages: Iterable[str]
    """How far cases have gone: caught, charged, tried, fined."""
    drugs: Iterable[str]
    """Drugs of cases, by slug or name."""
    kinds: Iterable[str]
    """What articles tell: case, policy or other."""


def _as_keywords() -> Signature:
    """Return the filters as keywords, for help(): a TypedDict has no signature of its own."""
    hints = Filters.__annotations__
    return Signature([Parameter(name, Parameter.KEYWORD_ONLY, annotation=hint) for name, hint in hints.items()])


Filters.__signature__ = _as_keywords()  # type: ignore[attr-defined]
NO_FILTERS: Final[Filters] = {}


class SearchRequest(msgspec.Struct, frozen=True):
    """A search: the text, what narrows it, the order and the page wanted.

    - `chosen` are the values of facets ("province", "topic", "year", and those of `FACTS`) that narrow it: of one
      facet alternatives, of several all must hold. A facet's counts are not narrowed by its own chosen values, so that
      others can be chosen instead.
    - `since` and `until` are the first and last moment of publication, both included, in UTC and without a zone; None
      for no end.
    - `today` is the day from which the text's 'tuần này' is reckoned, None for the one it is in Vietnam.
    - `sure` leaves only tags that are sure, in what narrows and in what is counted.
    - `recent` prefers newer articles a little; `explain` gives each hit's score in its parts.
    - `notes` are sentences about what filters were taken for, where that may surprise.
    - `meaning` finds and ranks by what articles are about as well, where the index knows that.
    - `literal` searches for the text as it was typed, however unlikely that is.
    - `province_field` is the field whose values are counted as provinces: by the 63 or by the 34.
    - `months` counts by month as well, past the days that narrow the search.
    """

    text: str
    sort: Sort
    limit: int
    offset: int
    snippets: bool
    today: date | None = None
    all_copies: bool = False
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    province_field: str = "province"
    sure: bool = False
    recent: bool = True
    explain: bool = False
    months: bool = False
    notes: tuple[str, ...] = ()
    meaning: bool = True
    literal: bool = False

    def field_of(self, facet: str) -> str:
        """Return the field that a facet counts."""
        field = self.province_field if facet == "province" else facet
        return f"sure_{field}" if self.sure and facet in ("province", "topic") else field


def make_request(
    text: str,
    filters: Filters = NO_FILTERS,
    *,
    sort: str = "relevance",
    limit: int = 10,
    offset: int = 0,
    snippets: bool = True,
    today: date | None = None,
    all_copies: bool = False,
    recent: bool = True,
    explain: bool = False,
    months: bool = False,
    meaning: bool = True,
    literal: bool = False,
) -> SearchRequest:
    """Return the request.

    Of a long text the first `MAX_CHARS` are taken, which the notes say.
    Raises BadFilter, with a sentence to show, for what is not a province, topic, range or order; TypeError for a
    filter that is none.
    """
    if unknown_filters := filters.keys() - Filters.__optional_keys__:
        known = ", ".join(Filters.__annotations__)
        raise TypeError(f"no such keyword: {', '.join(sorted(unknown_filters))} (filters are {known})")
    provinces_of = filters.get("provinces_of")
    if provinces_of is not None and provinces_of < FIRST_MAP:
        unknown = _("No map of the provinces is known for {year}; say 2024 for the 63, 2025 for the 34.")
        raise BadFilter(unknown.format(year=provinces_of))
    province_field = "province_2025" if (provinces_of or FIRST_MAP) >= NEW_MAP else "province"
    meant = [provinces_meant(name, provinces_of) for name in names_in(filters.get("provinces"), "provinces")]
    chosen = {
        "province": tuple(dict.fromkeys(name for one in meant for name in one.provinces)),
        "topic": tuple(topic_meant(name) for name in names_in(filters.get("topics"), "topics")),
        "year": tuple(map(_year, filters.get("years") or ())),
        "offence": _facts("offence", filters.get("offences")),
        "stage": _facts("stage", filters.get("stages")),
        "drug": _facts("drug", filters.get("drugs")),
        "kind": _facts("kind", filters.get("kinds")),
    }
    first, last = days_of(filters)
    since, until = first_moment(first), last_moment(last)
    if since is not None and until is not None and since > until:
        raise BadFilter(_("The first day of the range is after its last."))
    if sort not in SORTS:
        raise BadFilter(_("'{sort}' is no sort order; there are: {sorts}.").format(sort=sort, sorts=", ".join(SORTS)))
    if not 0 <= limit <= MAX_PAGE or offset < 0:
        raise BadFilter(_("A page has 0 to {most} hits, and starts at 0 or later.").format(most=MAX_PAGE))
    chosen = {facet: values for facet, values in chosen.items() if values}
    notes = [one.note for one in meant if one.note]
    if len(text) > MAX_CHARS:
        notes.append(too_long())
    return SearchRequest(
        # Without halves of characters, which no terminal and no JSON can show.
        text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8"),
        sort,
        limit,
        offset,
        snippets,
        today,
        all_copies,
        chosen,
        since,
        until,
        province_field,
        bool(filters.get("sure")),
        recent,
        explain,
        months,
        tuple(notes),
        meaning,
        literal,
    )


def days_of(filters: Filters) -> tuple[date | None, date | None]:
    """Return the first and last day that filters name, None for no end; raises BadFilter for what is no day."""
    return day_meant(filters.get("since")), day_meant(filters.get("until"), last=True)


def read_day(text: str, *, last: bool = False) -> date:
    """Return the first day of what a text names, or its last: a day, or a period of which the query language knows.

    Raises BadFilter for what is none.

    >>> read_day("17/2/2020"), read_day("2020", last=True)
    (datetime.date(2020, 2, 17), datetime.date(2020, 12, 31))
    """
    text = text[:MAX_NAME_CHARS]
    period = parse_period(text, today_in_vietnam())
    day = None if period is None else period.last if last else period.first
    if day is not None:
        return day
    raise BadFilter(_("'{text}' is not a date ({forms}).").format(text=text, forms=DATE_FORMS))


def _year(year: int) -> str:
    if not MINYEAR <= year <= MAXYEAR:
        raise BadFilter(_("'{year}' is not a year.").format(year=year))
    return str(year)


def _facts(facet: str, names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the values of a facet of facts that have these names."""
    given = names_in(names, f"{facet}s")
    if not given:
        return ()
    from searcher.facts.naming import resolve, values_of  # few searches are narrowed by facts

    found: dict[str, None] = {}
    for name in given:
        value = resolve(facet, name)
        if value is None:
            known = ", ".join(values_of(facet))
            raise BadFilter(_("'{name}' is none of: {known}.").format(name=name, known=known))
        found[value] = None
    return tuple(found)
