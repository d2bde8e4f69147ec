"""The day of an article that came without one, where a line of its text is a date line or a letter's place and day.

A date within a sentence is the day of what is told, hardly ever that of the article, so none is taken from there. No
date is better than a wrong one.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

from searcher.article import Article
from searcher.sources.dates import read_date_line

FIRST: Final = 4
LAST: Final = 2
"""Lines from the top, and from the end, that may be the article's date line; between them it is a heading."""
_LONGEST: Final = 80
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


class OwnDate(NamedTuple):
    """The day of an article by its own text: `line` is where it stands; `refusals` say why others were not taken."""

    moment: datetime | None
    line: str
    refusals: tuple[str, ...]


def own_date(article: Article, *, now: datetime | None = None) -> OwnDate:
    """Return the date that the text gives for the article itself.

    >>> own_date(Article(title="Kế hoạch", body="Sơn La, ngày 17 tháng 02 năm 2020\\nNội dung.")).moment.isoformat()
    '2020-02-17T00:00:00+07:00'
    """
    refusals: list[str] = []
    for line in _lines(article):
        read = read_date_line(line, now=now)
        if read is None:
            continue
        if read.moment is not None:
            return OwnDate(read.moment, line, tuple(refusals))
        refusals.append(read.refusal)
    return OwnDate(None, "", tuple(refusals))


def _lines(article: Article) -> list[str]:
    """Return the first and last lines that are short and have a year."""
    lines = [*article.lead.split("\n"), *article.body.split("\n")]
    chosen = lines if len(lines) <= FIRST + LAST else lines[:FIRST] + lines[-LAST:]
    return [line for line in map(str.strip, chosen) if len(line) <= _LONGEST and _YEAR.search(line)]
