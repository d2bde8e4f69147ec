"""Publication dates as Vietnamese news writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from searcher.article import VIETNAM
from searcher.messages import _

EARLIEST_YEAR: Final = 1945
_SLACK: Final = timedelta(days=1)  # clocks differ, and so do zones

_DAY: Final = r"(?P<day>\d{1,2})\s*(?:[/.-]|tháng)\s*(?P<month>\d{1,2})\s*(?:[/.-]|,?\s*năm|,)\s*(?P<year>\d{4})"
_TIME: Final = r"(?P<hour>\d{1,2})\s*(?:[:hg]|giờ)\s*(?P<minute>\d{2})?(?:[:']\d{2}|\s*phút)?"
_WEEKDAY: Final = r"(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật|cn|t[2-7])\s*[,|\-–]?\s*)?"
_ZONE: Final = r"\s*(?:\(?\s*(?:GMT|UTC)\s*\+?\s*0?7(?::00)?\s*\)?)?"
_HALF: Final = r"(?:\s*(?P<half>AM|PM|SA|CH)\b)?"
_SAID: Final = r"(?:(?:(?:ngày\s+)?(?:đăng|cập nhật|xuất bản)(?:\s+(?:lúc|ngày))?\s*:?\s*)?)"
_PLACE: Final = (
    r"(?:(?:số\s*:?\s*\S+\s+)?(?P<place>[^\W\d_](?:[^\W\d_]|[\s.-]){1,30}?)"
    r"(?:\s*,\s*(?=ngày\b)|\s+(?=ngày\s+\d+\s+tháng)))?"
)
_LINE: Final = re.compile(
    rf"\(?\s*{_SAID}{_PLACE}{_WEEKDAY}(?:ngày\s+)?{_DAY}(?:[\s,|\-–]*(?:lúc\s*)?{_TIME}{_HALF})?{_ZONE}\s*\)?",
    re.IGNORECASE,
)
_TIME_FIRST: Final = re.compile(
    rf"\(?\s*{_SAID}{_TIME}{_HALF}\s*[,|\-–]?\s*{_WEEKDAY}(?:ngày\s+)?{_DAY}{_ZONE}\s*\)?", re.IGNORECASE
)
_ISO_LINE: Final = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[T\s]+(?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_MAX_LINE: Final = 80
_WITHIN: Final = re.compile(
    rf"(?:{_TIME}\s*[,|\-–]?\s*{_WEEKDAY}(?:ngày\s+)?{_DAY}".replace("?P<", "?P<first_")
    + rf"|\b{_DAY}(?:[\s,|\-–]*(?:lúc|vào lúc)?\s*{_TIME}(?:\s*(?P<half>[AP]M|SA|CH)\b)?)?){_ZONE}",
    re.IGNORECASE,
)
_ISO_WITHIN: Final = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?")


class DateLine(NamedTuple):
    """A line that is nothing but a date: `moment` is None where it can't be used, and `refusal` says why not."""

    moment: datetime | None
    refusal: str = ""


def read_date_line(line: str, *, now: datetime | None = None) -> DateLine | None:
    """Return the date that a line consists of, aware and in Vietnam's zone; None where the line is no date line.

    It may begin with "Cập nhật lúc", with the place and number of an official letter ("Số: 5/KH-UBND Sơn La, ngày 17
    tháng 02 năm 2020"), with the day of the week or the time. Refused are days that there are not, the future, the time
    before 1945, and American hours on a day that may be read with the month first.

    >>> read_date_line("Thứ Hai, ngày 17/2/2020, 17:05 (GMT+7)").moment.isoformat()
    '2020-02-17T17:05:00+07:00'
    >>> read_date_line("31/02/2020 17:05").refusal
    "There is no such time as '31/02/2020 17:05'."
    """
    line = line.strip()
    if len(line) > _MAX_LINE:
        return None
    if iso := _ISO_LINE.fullmatch(line):
        year, month, day = map(int, iso["day"].split("-"))
        zone = (iso["zone"] or "").replace("Z", "+00:00")
        found = _iso(f"{year:04}-{month:02}-{day:02}T{iso['time'] or '00:00'}{zone}")
    else:
        match = _LINE.fullmatch(line) or _TIME_FIRST.fullmatch(line)
        if match is None:
            return None
        place = match.groupdict().get("place") or ""
        if not all(word[0].isupper() for word in re.findall(r"\w+", place)):
            return None
        half = (match["half"] or "").upper()
        part = {name: int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute")}
        if half in ("PM", "CH") and part["hour"] < 12:
            part["hour"] += 12
        found = _moment(part)
        swapped = _moment(part | {"month": part["day"], "day": part["month"]}) if half in ("AM", "PM") else None
        if found and swapped and found != swapped:
            return DateLine(None, _("'{date}' may begin with the day or with the month.").format(date=line))
        found = found or swapped
    if found is None:
        return DateLine(None, _("There is no such time as '{date}'.").format(date=line))
    refusal = _refusal(found, now)
    return DateLine(None, refusal) if refusal else DateLine(found)


def parse_date_line(line: str) -> datetime | None:
    """Return the date that a line consists of, aware and in Vietnam's zone; None where it is none that can be used.

    >>> parse_date_line("17 tháng 2 năm 2020").isoformat()
    '2020-02-17T00:00:00+07:00'
    """
    read = read_date_line(line)
    return read.moment if read else None


def _refusal(moment: datetime, now: datetime | None) -> str:
    if moment.year < EARLIEST_YEAR:
        return _("The date {day} is before {year}.").format(day=f"{moment:%d/%m/%Y}", year=EARLIEST_YEAR)
    if moment > (now or datetime.now(VIETNAM)) + _SLACK:
        return _("The date {day} is in the future.").format(day=f"{moment:%d/%m/%Y}")
    return ""


def _moment(part: dict[str, int]) -> datetime | None:
    try:
        return datetime(
            part["year"], part["month"], part["day"], part.get("hour", 0), part.get("minute", 0), tzinfo=VIETNAM
        )
    except ValueError:
        return None


def date_within(line: str) -> tuple[datetime, int] | None:
    """Return the first date in a line and how many other letters and digits the line has, or None.

    Of a date with American hours that can be read with the month first and otherwise, nothing is made.

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
    moment = _moment(part)
    # A server that writes American hours may write the month first, or not.
    swapped = _moment(part | {"month": part["day"], "day": part["month"]}) if half in ("am", "pm") else None
    if moment and swapped and moment != swapped:
        return None
    moment = moment or swapped
    return (moment, _rest(line, match)) if moment else None


def _rest(line: str, match: re.Match[str]) -> int:
    return sum(map(str.isalnum, line[: match.start()] + line[match.end() :]))


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=VIETNAM) if found.tzinfo is None else found.astimezone(VIETNAM)


def parse_published(value: str, *, now: datetime | None = None, month_first: bool | None = None) -> datetime:
    """Return the date of an ISO 8601 or dd/mm/yyyy[ hh:mm] string; without a zone it is Vietnam's.

    `month_first` says how a value is to be read that may begin with either.
    Raises ValueError, with a sentence to show, for what is no date, impossible, before 1945 or in the future.
    """
    text = value.strip()
    if month_first and (found_first := _TWO_NUMBERS.match(text)):
        text = f"{found_first[2]}/{found_first[1]}/" + text[found_first.end() :]
    read = read_date_line(text, now=now)
    if read is None:
        found = _iso(text)
        if found is None:
            raise ValueError(_("'{date}' is not a date (ISO 8601 or dd/mm/yyyy hh:mm).").format(date=text[:40]))
        read = DateLine(found, _refusal(found, now))
    if read.refusal or read.moment is None:
        raise ValueError(read.refusal)
    return read.moment


_TWO_NUMBERS: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]")


def month_comes_first(values: Iterable[str]) -> bool | None:
    """Return whether the dates of one column begin with the month; None where none of them tells."""
    found: bool | None = None
    for value in values:
        if date := _TWO_NUMBERS.match(value.strip()):
            first, second = int(date[1]), int(date[2])
            if first > 12 >= second > 0:
                return False
            if second > 12 >= first > 0:
                found = True
    return found
