"""Days and times as a person means them, in Vietnam, to moments as an index has them: in UTC, without a zone."""

from __future__ import annotations

from datetime import MINYEAR, UTC, date, datetime, time

from searcher.article import VIETNAM


def first_moment(day: date | None) -> datetime | None:
    """Return the moment at which a day begins in Vietnam; of a datetime itself, of None None."""
    return None if day is None else _moment(day, time.min)


def last_moment(day: date | None) -> datetime | None:
    """Return the moment at which a day ends in Vietnam; of a datetime itself, of None None."""
    return None if day is None else _moment(day, time.max)


def _moment(day: date, at: time) -> datetime:
    if not isinstance(day, datetime):
        day = datetime.combine(day, at)
    aware = day if day.tzinfo is not None else day.replace(tzinfo=VIETNAM)
    try:
        return aware.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the first hours of year 1, the last of 9999
        return datetime.min if day.year == MINYEAR else datetime.max
