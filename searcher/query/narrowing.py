"""What the values of filters mean: names of provinces and topics, and days, as a person or a program gives them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from searcher.article import VIETNAM
from searcher.errors import BadFilter
from searcher.messages import _
from searcher.tagging import resolve_province, resolve_topic
from searcher.tagging import topics as topics_by_slug

MAX_NAME_CHARS: Final = 100
"""Characters of a name or a day that are read: no province, topic or day has more."""


class Meant(NamedTuple):
    """The provinces that a name stands for, and a sentence that says so where it is not the name of one; else ""."""

    provinces: tuple[str, ...]
    note: str


def names_in(given: Iterable[str] | None, keyword: str) -> list[str]:
    """Return the names given for a filter; raises BadFilter for a text, whose letters would be taken for names."""
    if given is None:
        return []
    if isinstance(given, str | bytes):
        text = _("{keyword} is a list of names. Example: {keyword}=['{name}']")
        raise BadFilter(
            text.format(
                keyword=keyword,
                name=(given if isinstance(given, str) else given.decode("utf-8", "replace"))[:MAX_NAME_CHARS],
            )
        )
    names = list(given)
    for one in names:
        if not isinstance(one, str):
            raise BadFilter(
                _("{keyword} is a list of names, and '{value}' is none.").format(keyword=keyword, value=one)
            )
    return [one[:MAX_NAME_CHARS] for one in names]


def provinces_meant(name: str, year: int | None) -> Meant:
    """Return what a name means as a province on the map of this year (None: of the 63).

    The name of a former province stands for those it lies in, that of a city, town or district for its province. Raises
    BadFilter for what is none of these or lies in several, with the name that was probably meant.
    """
    if (one := resolve_province(name, year)) is not None:
        return Meant((one,), "")
    from searcher.tagging.provincemeant import former_province, nearest_province, provinces_of_place

    if (former := former_province(name)) is not None:
        now = _on_the_map(former.provinces, year)
        text = _("'{name}' was a province until {year}; taken are: {provinces}.")
        return Meant(now, text.format(name=former.name, year=former.until, provinces=", ".join(now)))
    within = _on_the_map(provinces_of_place(name), year)
    if len(within) == 1:
        return Meant(
            within, _("'{name}' is in {province}; taken is the whole province.").format(name=name, province=within[0])
        )
    if within:
        text = _("'{name}' is not a province; places of this name are in: {provinces}.")
        raise BadFilter(text.format(name=name, provinces=", ".join(within)))
    if (meant := nearest_province(name, year)) is not None:
        raise BadFilter(_("'{name}' is not a province. Did you mean '{meant}'?").format(name=name, meant=meant))
    raise BadFilter(_("'{name}' is not a province. Example: 'Sơn La'").format(name=name))


def _on_the_map(provinces: Iterable[str], year: int | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for name in provinces if (one := resolve_province(name, year))))


def topic_meant(name: str) -> str:
    """Return the slug of a topic; raises BadFilter for what is none."""
    if (slug := resolve_topic(name)) is not None:
        return slug
    text = _("'{name}' is not a topic; there are: {topics}.")
    raise BadFilter(text.format(name=name, topics=", ".join(topics_by_slug().names)))


def day_meant(given: Any, *, last: bool = False) -> date | None:
    """Return the day or moment that is given as a date, a datetime (pandas' Timestamp is one) or a text; None for None.

    A text is what the query language takes for a day, month or year ('17/2/2020', '2/2020', '2020'), of which the first
    day is meant or the `last`, or ISO 8601 with a time. Raises BadFilter for what is none.
    """
    if given is None:
        return None
    if isinstance(given, datetime):
        return _plain(given)
    if isinstance(given, date):
        return given
    if isinstance(given, str):
        return _day_of(given[:MAX_NAME_CHARS], last=last)
    raise _no_day(given)


def _plain(moment: datetime) -> datetime:
    try:
        return datetime.combine(moment.date(), moment.time(), moment.tzinfo)
    except (TypeError, ValueError):  # pandas' NaT
        raise _no_day(moment) from None


def _day_of(text: str, *, last: bool) -> date:
    from searcher.language.periods import parse_period

    period = parse_period(text, datetime.now(VIETNAM).date())
    day = period and (period.last if last else period.first)
    if day:
        return day
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _no_day(text) from None


def _no_day(given: object) -> BadFilter:
    text = _("'{text}' is not a date ({forms}).")
    return BadFilter(text.format(text=given, forms="dd/mm/yyyy, yyyy-mm-dd, yyyy"))
