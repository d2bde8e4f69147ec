"""Official documents as lines of text: who issued it, its number, place, day, kind, subject, and the text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from searcher.article import Article
from searcher.messages import _
from searcher.sources import letters, text
from searcher.sources.dates import date_within
from searcher.sources.items import Unreadable

_HEAD_LINES: Final = 30
_TITLE_LINES: Final = 5
_WIDE: Final = 0.9  # of the lines of a PDF are no longer than this one, which is as long as the page is wide
_SHORT: Final = 0.7  # of that: a shorter line is the last of its paragraph
_NUMBER: Final = re.compile(r"\bSố\s?:?\s?(?P<number>\d{0,6}\s?/\s?[\w/.-]*[A-ZĐ][\w/.&-]*)", re.IGNORECASE)
_PLACE_AND_DAY: Final = re.compile(
    r"(?P<place>[^\W\d_][\w. -]{1,40}),\s?ngày\s?(?P<day>\d{1,2})\s?tháng\s?(?P<month>\d{1,2})\s?năm\s?(?P<year>\d{4})",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(r"(?:V/v|Về việc)\s?:?\s?(?P<subject>.+)", re.IGNORECASE)
_RULE: Final = re.compile(r"[\s_\-–—=*.]*$")
_END_OF_LINE: Final = re.compile(r"[.:;!?…”\"]$|\./\.$")
_NEW_PARAGRAPH: Final = re.compile(
    r"(?:[-+•*–]|\d{1,2}(?:\.\d+)*[.)/]|[a-zđ][.)]|[IVX]{1,5}[.)]|Điều\s+\d+\.?|Chương\s+[IVX]+"
    r"|Căn cứ|Kính gửi:?|Nơi nhận:?)\s",
    re.ASCII,
)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("notices.toml").read_text("utf-8"))


def joined(lines: Iterable[str]) -> list[str]:
    """Return the paragraphs of lines that were broken at the width of a page (as PDF has them)."""
    stripped = [line for raw in lines if (line := " ".join(raw.split())) and not line.isdigit()]  # the page's number
    width = sorted(map(len, stripped))[int(len(stripped) * _WIDE)] if stripped else 0
    paragraphs: list[str] = []
    whole = True
    for line in stripped:
        if _RULE.match(line):
            whole = True
            continue
        if whole or line.isupper() or _NEW_PARAGRAPH.match(line):
            paragraphs.append(line)
        else:
            paragraphs[-1] += " " + line
        whole = line.isupper() or len(line) < _SHORT * width or _END_OF_LINE.search(line) is not None
    return paragraphs


def parse(lines: Iterable[str]) -> Article:
    """Return the article of a document; one that is no official document is read like a text file.

    Raises Unreadable where there is no text.
    """
    cleaned = letters.lines("\n".join(" ".join(raw.split()) for raw in lines))
    cleaned = [line for line in cleaned if not _RULE.match(line.read)]
    if not cleaned:
        raise Unreadable("no_text", _("The document has no text."))
    kept = [line.read for line in cleaned]
    head = kept[:_HEAD_LINES]
    kind = next((at for at, line in enumerate(head) if line.rstrip(" :") in _data()["kinds"]), None)
    numbered = next((found for line in head if (found := _NUMBER.search(line))), None)
    if kind is None and numbered is None:
        return text.parse("\n".join(line.shown for line in cleaned))
    day = next((found for line in head if (found := _PLACE_AND_DAY.search(line))), None)
    number = re.sub(r"\s+", "", numbered["number"]) if numbered else ""
    subject, start = _subject(kept, kind)
    body = [line.shown for line in cleaned[start : _end(kept, start)]]
    if not body:
        raise Unreadable("no_body", _("The file has a title but no text under it."))
    name = kept[kind].rstrip(" :").capitalize() if kind is not None else ""
    return Article(
        title=_title(name, number, subject) or body[0],
        body="\n".join(body),
        published=_published(day),
        source=_issuer(kept[: kind if kind is not None else start]),
    )


def _title(name: str, number: str, subject: str) -> str:
    label = " ".join(filter(None, (name or ("Công văn" if number else ""), f"số {number}" if number else "")))
    return f"{label}: {subject}" if label and subject else label or subject


def _subject(lines: list[str], kind: int | None) -> tuple[str, int]:
    """Return what the document is about, and the line at which its text begins."""
    if kind is None:
        return _subject_of_letter(lines)
    parts: list[str] = []
    start = kind + 1
    for line in lines[kind + 1 : kind + 1 + _TITLE_LINES]:
        begins = line.lower().startswith(tuple(_data()["text_begins"]))
        if parts and (begins or _END_OF_LINE.search(parts[-1])):
            break
        if not parts and line.lower().startswith(("căn cứ", "kính gửi")):
            break
        parts.append(line)
        start += 1
    subject = " ".join(parts)
    about = _ABOUT.match(subject)
    return (about["subject"] if about else subject)[:1].upper() + (about["subject"] if about else subject)[1:], start


def _subject_of_letter(lines: list[str]) -> tuple[str, int]:
    """A letter (công văn) has no kind above its text, but 'V/v ...' under its number, and 'Kính gửi'."""
    to = next((at for at, line in enumerate(lines[:_HEAD_LINES]) if line.lower().startswith("kính gửi")), None)
    subject, at = "", 0
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if found := _ABOUT.search(line):
            subject = found["subject"]
            for following in lines[at + 1 : (to if to is not None else at + 1)][:3]:
                if _PLACE_AND_DAY.search(following) or _is_motto(following):
                    break
                subject += " " + following
            break
    start = to if to is not None else at + 1 if subject else _after_head(lines)
    return subject[:1].upper() + subject[1:], start


def _after_head(lines: list[str]) -> int:
    marks = [
        at
        for at, line in enumerate(lines[:_HEAD_LINES])
        if _NUMBER.search(line) or _PLACE_AND_DAY.search(line) or _is_motto(line)
    ]
    return max(marks, default=-1) + 1


def _is_motto(line: str) -> bool:
    return any(motto in line.lower() for motto in _data()["mottoes"])


def _end(lines: list[str], start: int) -> int:
    """Return the line at which the text ends: the list of those who get it, below which is who signed."""
    ends = tuple(_data()["ends"])
    return next((at for at in range(start, len(lines)) if lines[at].lower().startswith(ends)), len(lines))


def _published(day: re.Match[str] | None) -> datetime | None:
    found = date_within(day[0]) if day else None
    return found.moment if found else None


def _issuer(head: list[str]) -> str:
    """Return who issued the document: the lines in capitals above the number, without the motto of the state."""
    names = []
    for line in head:
        plain = line
        for motto in _data()["mottoes"]:
            at = plain.lower().find(motto)
            if at >= 0:
                plain = plain[:at] + plain[at + len(motto) :]
        if _NUMBER.search(plain) or _PLACE_AND_DAY.search(plain):
            break
        plain = plain.strip(" |_-–")
        if plain and plain.isupper():
            names.append(plain)
    return " ".join(names[:3])
