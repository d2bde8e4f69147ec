"""Publication dates as Vietnamese news, feeds and spreadsheets write them: the one parser for all of them.

A date is found first (`_DATE`), then the time of day and the zone beside it; what else stands in the line decides
whether that is a date line, or what is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple

from searcher.article import VIETNAM
from searcher.messages import _
from searcher.sources.letters import readable

EARLIEST_YEAR: Final = 1945
EARLIEST_GUESS: Final = 1990
"""What can be read in two ways is taken only where it comes out between this year and tomorrow."""
_SLACK: Final = timedelta(days=1)  # clocks differ, and so do zones
_LAST_YEAR: Final = 2200  # beyond, no zone is reckoned with
_MAX_LINE: Final = 80
_MAX_VALUE: Final = 200
_MAX_WITHIN: Final = 500

_MONTH_WORDS: Final = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_ZONES: Final = {
    "ICT": 7, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip  # RFC 822, 5.1, and Indochina's

_WORD: Final = r"mười\smột|mười\shai|mười|một|giêng|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín|chạp"
_THANG: Final = r"(?:tháng|thg|th)\.?\s?"
_ENGLISH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE: Final = re.compile(
    r"(?<![\d/.-])(?:"
    r"(?P<day1>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<month1>\d{1,2})\s?(?:[/.-]\s?(?P<year1>\d{4})|(?P=mark)(?P<short1>\d\d))"
    r"|(?P<year2>\d{4})\s?[/.-]\s?(?P<month2>\d{1,2})\s?[/.-]\s?(?P<day2>\d{1,2})"
    rf"|(?P<day3>\d{{1,2}})\s?[,.-]?\s?{_THANG}(?P<month3>\d{{1,2}}|{_WORD})\s?(?:[/.,-]|,?\s?năm)?\s?(?P<year3>\d{{4}})"
    rf"|{_THANG}(?P<month4>\d{{1,2}}|{_WORD})[\s,]+(?:ngày\s)?(?P<day4>\d{{1,2}})\s?,?\s?(?:năm\s?)?(?P<year4>\d{{4}})"
    rf"|(?P<day5>\d{{1,2}})(?:st|nd|rd|th)?[\s.,-]+(?P<month5>{_ENGLISH})[\s.,-]*(?:(?P<year5>\d{{4}})|(?P<short5>\d\d))"
    rf"|(?P<month6>\b{_ENGLISH})\s?(?P<day6>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s(?P<year6>\d{{4}})"
    r")(?!\d)",
    re.IGNORECASE,
)
_CLOCK: Final = (
    r"(?P<hour>\d{1,2})\s?(?:giờ|[:hg](?![^\W\d_]))\s?(?:(?P<minute>\d{1,2})(?!\d))?"
    r"(?:\s?[:'’]\s?(?:(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?)?|\s?phút)?"
    r"(?:\s?(?P<half>[ap]\.?m|sa|ch|sáng|trưa|chiều|tối|đêm)\b\.?)?"
)
_OFFSET: Final = (
    r"(?:\s?[(\[]?\s?(?P<zone>(?:GMT|UTC?|ICT|Z)\s?[+-]\s?\d{1,2}(?::?\d{2})?(?!\d)|\+\d{1,2}(?::?\d{2})?(?!\d)"
    r"|-\d{2}:?\d{2}(?![\d/.-])|(?:GMT|UTC?|ICT|Z|[ECMP][SD]T)\b|(?<=[\d])\s0?7(?::?00)?(?=\s?$))"
    r"\s?(?:\([^()]{0,40}\)\s?)?[)\]]?)?"
)
_WEEKDAY: Final = (
    r"(?:\b(?:thứ\s?(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s?nhật|cn|t[2-7]"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b\.?\s?[,|:\-–—]*\s?)?"
)
_AFTER: Final = re.compile(rf"(?:[\s,|•·:\-–—]*(?:T|(?:vào\s)?lúc|hồi|at)?\s?{_CLOCK})?{_OFFSET}", re.IGNORECASE)
_BEFORE: Final = re.compile(
    rf"(?:(?<![\d:]){_CLOCK}{_OFFSET}[\s,|•·\-–—]*)?(?:ngày\s(?=\D))?{_WEEKDAY}(?P<day>ngày\s?:?\s?)?\Z", re.IGNORECASE
)
_BEFORE_CHARS: Final = 64
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z|[+-]\d\d:?\d\d)?")
_LABEL: Final = (
    r"(?:(?:ngày|thời\sgian|thời\sđiểm|giờ|bài|tin)\s)?(?:được\s)?"
    r"(?:(?:đăng|gửi|xuất\sbản|phát\shành|tạo|viết|post(?:ed)?|publish(?:ed)?|created|date)"
    r"|(?P<updated>(?:lần\s)?cập\snhật|chỉnh\ssửa|sửa|(?:last\s)?(?:updated|modified)))"
    r"(?:\s(?:tin|bài|tải|lên|lần\scuối|mới\snhất|cuối|on|at|date|time))*(?:\s(?:vào|lúc|ngày|hồi))*"
)
_SAID: Final = re.compile(rf"(?:{_LABEL}|thời\sgian(?=\s?:))\s?[:\-–]?\s?\Z", re.IGNORECASE)
_LETTERHEAD: Final = re.compile(
    r"(?:số\s?:?\s?\S+\s)?(?P<place>[^\W\d_](?:[^\W\d_]|[\s.-]){1,30}?)(?P<comma>\s?,)?\s?\Z", re.IGNORECASE
)
_DAY_WORD: Final = re.compile(r"\d{1,2}\stháng", re.IGNORECASE)
_OPENING, _CLOSING = re.compile(r"[\s(\[|•*–-]*\Z"), re.compile(r"\s?[)\]]?\s?\Z")
_DIGIT: Final = re.compile(r"\d")
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


class DateLine(NamedTuple):
    """A line that is nothing but a date: `moment` is None where it can't be used, and `refusal` says why not.

    `updated` tells that it is said to be when the article was changed, not when it was published.
    """

    moment: datetime | None
    refusal: str = ""
    updated: bool = False


DATE: Final = "\ufffc"
"""What stands for a date in the rest of a line."""


class DateWithin(NamedTuple):
    """A date in a line, and the rest of the line: `DATE` stands for its dates and what introduces them."""

    moment: datetime
    rest: str
    updated: bool = False


class _Written(NamedTuple):
    start: int
    end: int
    date: re.Match[str]
    parts: dict[str, str]
    after_day: bool  # 'ngày' stands before it


# --- finding ---------------------------------------------------------------------------------------------------------


def _written(line: str) -> Iterator[_Written]:
    """Yield the dates in a line, with the times of day beside them."""
    begin = 0
    while date := _DATE.search(line, begin):
        after = _AFTER.match(line, date.end())
        before = _BEFORE.search(line, max(begin, date.start() - _BEFORE_CHARS), date.start())
        assert before is not None
        assert after is not None
        clock = after if after["hour"] else before
        parts = {name: value for name, value in clock.groupdict().items() if value and name != "day"}
        parts.setdefault("zone", after["zone"] or "")
        parts |= {name.rstrip("123456"): value for name, value in date.groupdict().items() if value}
        yield _Written(before.start(), after.end(), date, parts, before["day"] is not None)
        begin = after.end()


def _in_one_line(text: str, most: int) -> str:
    """Return the beginning of a text as it is read, with one space for any blanks: so the patterns expect it."""
    return " ".join(readable(text[: 4 * most]).split())[:most]


def _hour(hour: int, half: str) -> int:
    half = half.lower().replace(".", "")
    if half in ("am", "sa", "sáng"):
        return hour % 12 if hour <= 12 else hour
    if half in ("pm", "ch", "chiều", "tối"):
        return hour % 12 + 12 if hour <= 12 else hour
    if half == "trưa":
        return hour + 12 if hour < 4 else hour
    if half == "đêm":
        return hour % 12 + (12 if 6 <= hour < 12 else 0) if hour <= 12 else hour
    return hour


def _zone(text: str) -> timezone | None:
    """Return the zone of a text that `_OFFSET` takes for one; Vietnam's where it is empty, None where there is none."""
    if not text.strip():
        return VIETNAM
    found = re.search(r"([+-])?\s*(\d{1,2})(?::?(\d\d))?\s*$", text)
    try:
        if found is None:
            return timezone(timedelta(hours=_ZONES.get(text.strip().upper(), 0)))
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-offset if found[1] == "-" else offset)
    except ValueError:
        return None


def _moment(parts: dict[str, str], year: int, month: int, day: int) -> datetime | None:
    zone = _zone(parts.get("zone", ""))
    hour = _hour(int(parts.get("hour", 0)), parts.get("half", ""))
    try:
        found = datetime(year, month, day, hour, int(parts.get("minute", 0)), int(parts.get("second", 0)))
    except ValueError:
        return None
    if zone is None:
        return None
    if not EARLIEST_YEAR - 1 <= year <= _LAST_YEAR:
        return found.replace(tzinfo=VIETNAM)  # refused as it is; the ends of the calendar have no other zones
    return found.replace(tzinfo=zone).astimezone(VIETNAM)


def _month(text: str) -> int:
    word = " ".join(text.lower().split()).rstrip(".")
    return int(word) if word.isdigit() else _MONTH_WORDS.get(word) or _MONTH_WORDS[word[:3]]


def _judge(
    written: _Written, line: str, now: datetime | None, month_first: bool | None
) -> tuple[datetime | None, str, bool]:
    """Return the moment of a date, or None and why it can't be used; and whether it was so written that it is sure."""
    parts = written.parts
    day, month = int(parts["day"]), _month(parts["month"])
    limit = (now or datetime.now(VIETNAM)) + _SLACK
    sure = "short" not in parts
    year = int(parts["year"]) if sure else 2000 + int(parts["short"])
    if not sure and year > limit.year:
        year -= 100
    found = _moment(parts, year, month, day)
    swapped = _moment(parts, year, day, month) if "mark" in parts else None
    if month_first and swapped:
        found = swapped
    elif found and swapped and found != swapped and month_first is None:
        # A server that writes American hours may write the month first, or not.
        if parts.get("half", "").lower().replace(".", "") in ("am", "pm"):
            return None, _("'{date}' may begin with the day or with the month.").format(date=line), sure
    elif found is None and swapped:
        found, sure = swapped, False
    if found is None or (not sure and not found.year >= EARLIEST_GUESS):
        return None, _("There is no such time as '{date}'.").format(date=line), sure
    if found.year < EARLIEST_YEAR:
        reason = _("The date {day} is before {year}.")
        return None, reason.format(day=f"{found:%d/%m/%Y}", year=EARLIEST_YEAR), sure
    if found > limit:
        return None, _("The date {day} is in the future.").format(day=f"{found:%d/%m/%Y}"), sure
    return found, "", sure


# --- lines -----------------------------------------------------------------------------------------------------------


def read_date_line(line: str, *, now: datetime | None = None, month_first: bool | None = None) -> DateLine | None:
    """Return the date that a line consists of, aware and in Vietnam's zone; None where the line is no date line.

    It may begin with "Cập nhật lúc", with the place and number of an official letter ("Số: 5/KH-UBND Sơn La, ngày 17
    tháng 02 năm 2020"), with the day of the week or the time. Refused are days that there are not, the future, the time
    before 1945, and American hours on a day that may be read with the month first; `month_first` says how that is.

    >>> read_date_line("Thứ Hai, ngày 17/2/2020, 17:05 (GMT+7)").moment.isoformat()
    '2020-02-17T17:05:00+07:00'
    >>> read_date_line("31/02/2020 17:05").refusal
    "There is no such time as '31/02/2020 17:05'."
    """
    line = _in_one_line(line, _MAX_LINE + 1)
    if len(line) > _MAX_LINE or not _DIGIT.search(line):
        return None
    written = next(_written(line), None)
    if written is None or not _CLOSING.match(line, written.end):
        return None
    before = line[: written.start]
    said = _SAID.search(before)
    before = before[: said.start()] if said else before
    if not _OPENING.match(before) and not _is_letterhead(before.lstrip(" ("), written):
        return None
    moment, refusal, _sure = _judge(written, line, now, month_first)
    return DateLine(moment, refusal, updated=bool(said and said["updated"]))


def _is_letterhead(before: str, written: _Written) -> bool:
    """Whether what stands before a date is a place, in capitals, as an official letter has it."""
    found = _LETTERHEAD.fullmatch(before)
    if found is None or not written.after_day or not (found["comma"] or _DAY_WORD.match(written.date[0])):
        return False
    return all(word[0].isupper() for word in re.findall(r"\w+", found["place"]))


def parse_date_line(line: str) -> datetime | None:
    """Return the date that a line consists of, aware and in Vietnam's zone; None where it is none that can be used.

    >>> parse_date_line("17 tháng 2 năm 2020").isoformat()
    '2020-02-17T00:00:00+07:00'
    """
    read = read_date_line(line)
    return read.moment if read else None


def date_within(line: str, *, now: datetime | None = None) -> DateWithin | None:
    """Return the first date in a line that can be used, or None; one of a change only where there is no other.

    Of a date with American hours that can be read with the month first and otherwise, nothing is made.

    >>> found = date_within("Đăng ngày 17/02/2020 lúc 17:05 | Lượt xem: 93")
    >>> found.moment.isoformat(), found.rest.replace(DATE, "...")
    ('2020-02-17T17:05:00+07:00', '... | Lượt xem: 93')
    """
    line = _in_one_line(line, _MAX_WITHIN)
    if not _DIGIT.search(line):
        return None
    found: list[tuple[datetime, bool]] = []
    rest, begin = "", 0
    for written in _written(line):
        before = line[begin : written.start]
        said = _SAID.search(before)
        rest += (before[: said.start()] if said else before) + DATE
        begin = written.end
        moment, _refusal, sure = _judge(written, line, now, None)
        if moment is not None and (sure or written.parts.get("mark") == "/"):
            found.append((moment, bool(said and said["updated"])))
    if not found:
        return None
    moment, updated = next((one for one in found if not one[1]), found[0])
    return DateWithin(moment, rest + line[begin:], updated)


# --- values ----------------------------------------------------------------------------------------------------------


def parse_published(value: str, *, now: datetime | None = None, month_first: bool | None = None) -> datetime:
    """Return the date of a value that is nothing but one: ISO 8601, RFC 822, dd/mm/yyyy[ hh:mm], 17 tháng 2 năm 2020.

    Without a zone it is Vietnam's. `month_first` says how a value is to be read that may begin with either, as the
    other values of its column or feed tell (`month_comes_first`). Raises ValueError, with a sentence to show, for what
    is no date, impossible, before 1945 or in the future.

    >>> parse_published("Mon, 17 Feb 2020 10:05:00 GMT").isoformat(), parse_published("20200217170500").isoformat()
    ('2020-02-17T17:05:00+07:00', '2020-02-17T17:05:00+07:00')
    """
    text = " ".join(value[:_MAX_VALUE].split())
    if _ISO.fullmatch(text) and (found := _iso_moment(text, now)):
        return found
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = (part or "" for part in compact.groups())
        text = f"{year}-{month}-{day} {hour or '00'}:{minute or '00'}:{second or '00'}{zone}"
    read = read_date_line(text, now=now, month_first=month_first)
    if read is None:
        raise ValueError(_("'{date}' is not a date (ISO 8601 or dd/mm/yyyy hh:mm).").format(date=text[:40]))
    if read.moment is None:
        raise ValueError(read.refusal)
    return read.moment


def _iso_moment(text: str, now: datetime | None) -> datetime | None:
    """Return the moment of a text that `_ISO` takes; None where it is none, or so early or late that others judge it.

    Most dates of tables are so written, and hundreds of thousands of them stand in one.
    """
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not EARLIEST_YEAR < written.year < _LAST_YEAR:
        return None
    found = written.replace(tzinfo=VIETNAM) if written.tzinfo is None else written.astimezone(VIETNAM)
    return found if found <= (now or datetime.now(VIETNAM)) else None


def month_comes_first(values: Iterable[str]) -> bool | None:
    """Return whether the dates of one column or feed begin with the month; None where none of them tells.

    >>> month_comes_first(["2/3/2020", "2/17/2020"]), month_comes_first(["17/2/2020"]), month_comes_first(["2/3/2020"])
    (True, False, None)
    """
    found: bool | None = None
    for value in values:
        for date in _DATE.finditer(value[:_MAX_VALUE]):
            first, second = (int(date["day1"]), int(date["month1"])) if date["mark"] else (0, 0)
            if first > 12 >= second > 0:
                return False
            if second > 12 >= first > 0:
                found = True
    return found
