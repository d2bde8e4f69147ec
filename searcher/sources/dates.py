"""Publication dates as Vietnamese news writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from searcher.article import VIETNAM

EARLIEST_YEAR: Final = 1945
_SLACK: Final = timedelta(days=1)  # clocks differ, and so do zones

_DAY: Final = r"(?P<day>\d{1,2})\s*(?:[/.-]|tháng)\s*(?P<month>\d{1,2})\s*(?:[/.-]|,?\s*năm)\s*(?P<year>\d{4})"
_TIME: Final = r"(?P<hour>\d{1,2})\s*(?:[:hg]|giờ)\s*(?P<minute>\d{2})?(?:[:']\d{2}|\s*phút)?"
_WEEKDAY: Final = r"(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật|cn|t[2-7])\s*,?\s*)?"
_ZONE: Final = r"\s*(?:\(?\s*(?:GMT|UTC)\s*\+?\s*0?7(?::00)?\s*\)?)?"
_LINE: Final = re.compile(
    rf"^\s*(?:(?:đăng|cập nhật|ngày đăng)\s*(?:lúc)?\s*:?\s*)?{_WEEKDAY}(?:ngày\s+)?{_DAY}"
    rf"(?:\s*[,|\-–lúc]*\s*{_TIME})?{_ZONE}\s*$",
    re.IGNORECASE,
)
_TIME_FIRST: Final = re.compile(rf"^\s*{_TIME}\s*[,|\-–]?\s*{_WEEKDAY}(?:ngày\s+)?{_DAY}{_ZONE}\s*$", re.IGNORECASE)
_MAX_LINE: Final = 80


def parse_date_line(line: str) -> datetime | None:
    """Return the date that a line consists of, aware and in Vietnam's zone, or None where it is no date line.

    >>> parse_date_line("Thứ Hai, ngày 17/2/2020, 17:05 (GMT+7)").isoformat()
    '2020-02-17T17:05:00+07:00'
    """
    if len(line) > _MAX_LINE:
        return None
    match = _LINE.match(line) or _TIME_FIRST.match(line)
    if match is None:
        return None
    part = {name: int(value or 0) for name, value in match.groupdict().items()}
    try:
        return datetime(
            part["year"], part["month"], part["day"], part.get("hour", 0), part.get("minute", 0), tzinfo=VIETNAM
        )
    except ValueError:
        return None


def parse_published(value: str, *, now: datetime | None = None) -> datetime:
    """Return the date of an ISO 8601 or dd/mm/yyyy[ hh:mm] string; without a zone it is Vietnam's.

    Raises ValueError, with a sentence to show, for what is no date, impossible, before 1945 or in the future.
    """
    text = value.strip()
    found = parse_date_line(text)
    if found is None:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"'{text[:40]}' is not a date (ISO 8601 or dd/mm/yyyy hh:mm)") from None
    found = found.replace(tzinfo=VIETNAM) if found.tzinfo is None else found.astimezone(VIETNAM)
    if found.year < EARLIEST_YEAR:
        raise ValueError(f"the date {found:%d/%m/%Y} is before {EARLIEST_YEAR}")
    if found > (now or datetime.now(VIETNAM)) + _SLACK:
        raise ValueError(f"the date {found:%d/%m/%Y} is in the future")
    return found
