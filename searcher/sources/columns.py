"""From the rows of a spreadsheet to articles: which column is which field, by its heading or as the user says."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Final

from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.sources.document import Document, Found
from searcher.sources.items import Unreadable
from searcher.sources.jsonl import MAX_REJECTED, Record, to_article

Cell = str | int | float | bool | datetime | date | time | timedelta | None
"""What a spreadsheet may have in a cell."""

FIELDS: Final = ("id", "title", "lead", "body", "published", "url", "source", "author", "provinces", "topics")
"""The fields that a column can be mapped to."""

_TEXT: Final = frozenset({"title", "lead", "body"})
_LISTS: Final = frozenset({"provinces", "topics"})
_HEADING_WITHIN: Final = 10  # rows from the top among which the headings are looked for, below a title of the sheet
_MAX_SHOWN: Final = 60
_FIRST_SERIAL, _LAST_SERIAL = 16438, 73050  # Excel's numbers for the days of 1945 to 2099
_EPOCH: Final = datetime(1899, 12, 30)


def fold(heading: str) -> str:
    """Return a heading in the form in which headings are compared.

    >>> fold(" Ngày  đăng: ")
    'ngay dang'
    """
    letters = unicodedata.normalize("NFD", heading.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


@cache
def _fields() -> dict[str, str]:
    data = tomllib.loads(resources.files(__package__).joinpath("columns.toml").read_text("utf-8"))
    return {fold(heading): field for field, headings in data.items() for heading in headings}


def known_headings(cells: Iterable[Cell], columns: dict[str, str]) -> list[str | None]:
    """Return for each cell of a heading the field that it names, each field once, or None."""
    chosen = {fold(heading): field for heading, field in columns.items()}
    fields: list[str | None] = []
    for cell in cells:
        heading = fold(cell) if isinstance(cell, str) else ""
        field = chosen.get(heading) or (_fields().get(heading) if heading else None)
        if field in chosen.values() and heading not in chosen:
            field = None  # the user said which column it is
        fields.append(field if field not in fields else None)
    return fields


def _heading(rows: Iterator[tuple[int, Sequence[Cell]]], columns: dict[str, str]) -> list[str | None]:
    first: Sequence[Cell] = ()
    for count, (_line, cells) in enumerate(rows, 1):
        fields = known_headings(cells, columns)
        if _TEXT.intersection(filter(None, fields)) and (len(fields) - fields.count(None) > 1 or columns):
            return fields
        if any(cell not in (None, "") for cell in cells) and not first:
            first = cells
        if count == _HEADING_WITHIN:
            break
    if not first:
        raise Unreadable("empty", _("The table is empty."))
    names = ", ".join(" ".join(harmless(str(cell)).split()) for cell in first if cell not in (None, ""))[:_MAX_SHOWN]
    reason = _("No column is known as title or body; say which is, as in --map 'Column=title' (columns: {names}).")
    raise Unreadable("columns", reason.format(names=names))


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _date(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _FIRST_SERIAL <= cell <= _LAST_SERIAL:
        return (_EPOCH + timedelta(days=cell)).isoformat()
    return _text(cell)


def _list(cell: Cell, field: str) -> tuple[str, ...] | None:
    names = tuple(name for part in re.split(r"[;,|\n]", _text(cell)) if (name := part.strip()))
    if field == "topics":
        names = tuple(fold(name).replace(" ", "-") for name in names)
    return names or None  # an empty cell is no word of 'none'


def _record(cells: Sequence[Cell], fields: Sequence[str | None]) -> Record:
    record = Record()
    for field, cell in zip(fields, cells, strict=False):
        if field is not None:
            value = _list(cell, field) if field in _LISTS else _date(cell) if field == "published" else _text(cell)
            setattr(record, field, value or None)
    return record


def read_rows(document: Document, rows: Iterator[tuple[int, Sequence[Cell]]], place: str = "") -> Iterator[Found]:
    """Yield the article of each row, of which the number is given (1-based); rows without anything are passed over.

    Raises Unreadable where no column is a text.
    """
    fields = _heading(rows, document.options.columns)
    where, rejected, count = place or document.place, 0, 0
    for line, cells in rows:
        if not any(cell not in (None, "") for cell in cells):
            continue
        count += 1
        try:
            article, refusal = to_article(_record(cells, fields))
            yield document.at(where).item(article, line, refusal)
        except Unreadable as unreadable:
            rejected += 1
            if rejected <= MAX_REJECTED:
                yield unreadable.at(where, line)
    if rejected > MAX_REJECTED:
        reason = _("{count} more rows can't be read.").format(count=number(rejected - MAX_REJECTED))
        raise Unreadable("more", reason)
    if not count:
        raise Unreadable("empty", _("The table has no rows below its headings."))
