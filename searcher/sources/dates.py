"""Publication dates as Vietnamese news writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from searcher.article import VIETNAM

EARLIEST_YEAR: Final = 1945
_SLACK: Final = timedelta(days=1)  # clocks differ, and so do zones

_DAY: Final = r"(?P<day>\d{1,2})\s*(?:[/.-]|tháng)\s*(?P<month>\d{1,2})\s*(?:[/.-]|,?\s*năm|,)\s*(?P<year>\d{4})"
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
_WITHIN: Final = re.compile(
    rf"(?:{_TIME}\s*[,|\-–]?\s*{_WEEKDAY}(?:ngày\s+)?{_DAY}".replace("?P<", "?P<first_")
    + rf"|\b{_DAY}(?:[\s,|\-–]*(?:lúc|vào lúc)?\s*{_TIME}(?:\s*(?P<half>[AP]M|SA|CH)\b)?)?){_ZONE}",
    re.IGNORECASE,
)
_ISO_WITHIN: Final = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?")


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
    return _moment({name: int(value or 0) for name, value in match.groupdict().items()})


def _moment(part: dict[str, int]) -> datetime | None:
    try:
        return datetime(
            part["year"], part["month"], part["day"], part.get("hour", 0), part.get("minute", 0), tzinfo=VIETNAM
        )
    except ValueError:
        return None


def date_within(line: str) -> tuple[datetime, int] | None:
    """Return the first date in a line and how many other letters and digits the line has, or None.

    >>> date_within("Đăng ngày 17/02/2020 lúc 17:05 | Lượt xem: 93")[0].isoformat()
    '2020-02-17T17:05:00+07:00'
    """
    match = _WITHIN.search(line)
    if match is None:
        iso = _ISO_WITHIN.search(line)
        moment = _iso(" ".join(filter(None, iso.groups()))) if iso else None
        return (moment, _rest(line, iso)) if iso and moment else None
    groups = match.groupdict()
    first = "first_" if groups["first_year"] else ""
    part = {name: int(groups[first + name] or 0) for name in ("year", "month", "day", "hour", "minute")}
    half = (groups["half"] or "").lower() if not first else ""
    if half:
        part["hour"] = part["hour"] % 12 + (12 if half in ("pm", "ch") else 0)
    if half in ("am", "pm"):  # a server that writes American hours writes the month first
        part["day"], part["month"] = part["month"], part["day"]
    moment = _moment(part)
    return (moment, _rest(line, match)) if moment else None


def _rest(line: str, match: re.Match[str]) -> int:
    return sum(map(str.isalnum, line[: match.start()] + line[match.end() :]))


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=VIETNAM) if found.tzinfo is None else found.astimezone(VIETNAM)


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
