"""From the rows of a table to articles: which column is which field, by its heading or as the user says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.sources.dates import month_comes_first
from searcher.sources.document import Document, Found
from searcher.sources.items import Remark, Unreadable
from searcher.sources.jsonl import MAX_REJECTED
from searcher.sources.records import LIST_FIELDS, TEXT_FIELDS, Record, fold, known_fields, listed, to_article

Cell = str | int | float | bool | datetime | date | time | timedelta | None
"""What a spreadsheet may have in a cell."""

Row = tuple[int, Sequence[Cell]]
"""The number of a row, from 1, and its cells."""

EPOCH: Final = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet's dates (as if 1900 had been a leap year); `EPOCH_1904` is that of old Macintosh ones."""
EPOCH_1904: Final = datetime(1904, 1, 1)

_HEADING_WITHIN: Final = 10  # rows from the top among which the headings are looked for, below a title of the sheet
_LOOKED_AT: Final = 1000  # rows of which the dates say whether they begin with the day or the month
_LOOKED_AT_CHARS: Final = 8 * 1024 * 1024
_MAX_SHOWN: Final = 60
_MAX_UNUSED: Final = 10
_SERIAL_DAYS: Final = (datetime(1945, 1, 1), datetime(2100, 1, 1))
_ERRORS: Final = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA)")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED: Final = re.compile(r"_x00[01][0-9A-Fa-f]_")  # as workbooks have them


def read_rows(document: Document, rows: Iterator[Row], place: str = "", *, epoch: datetime = EPOCH) -> Iterator[Found]:
    """Yield the article of each row; rows without anything are passed over, and so are the headings once more.

    Columns that were not used are named first. Raises Unreadable where no column is a text.
    """
    where = place or document.place
    line, headings, fields = _heading(rows, document.options.columns)
    yield from _unused(where, line, headings, fields)
    repeated = [fold(_text(cell)) for cell in headings]
    month_first, rows = _month_first(rows, fields)
    rejected = count = 0
    for line, cells in rows:
        document.budget.spend(records=1)
        if all(cell is None or cell == "" for cell in cells) or _is_heading(cells, fields, repeated):
            continue
        count += 1
        try:
            article, refusal = to_article(_record(cells, fields, epoch), month_first=month_first)
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


def _heading(rows: Iterator[Row], columns: dict[str, str]) -> tuple[int, Sequence[Cell], list[str | None]]:
    """Return the number of the row of headings, its cells, and the field of each; the rows stand below it then."""
    first: Sequence[Cell] = ()
    for line, cells in islice(rows, _HEADING_WITHIN):
        fields = known_fields(cells, columns)
        known = [field for field in fields if field]
        if not set(TEXT_FIELDS).isdisjoint(known) and (len(known) > 1 or columns):
            return line, cells, fields
        if any(cell not in (None, "") for cell in cells) and not first:
            first = cells
    if not first:
        raise Unreadable("empty", _("The table is empty."))
    names = _names(first)[:_MAX_SHOWN]
    reason = _("No column is known as title or body; say which is, as in --map 'Column=title' (columns: {names}).")
    raise Unreadable("columns", reason.format(names=names))


def _names(cells: Sequence[Cell]) -> str:
    return ", ".join(" ".join(harmless(str(cell)).split()) for cell in cells if cell not in (None, ""))


def _unused(where: str, line: int, headings: Sequence[Cell], fields: list[str | None]) -> Iterator[Remark]:
    unused = [cell for cell, field in zip(headings, fields, strict=True) if field is None and fold(_text(cell))]
    if unused:
        names = ", ".join(_names([cell])[:_MAX_SHOWN] for cell in unused[:_MAX_UNUSED])
        text = _("Columns that were not used: {names} (--map 'column=field' says what one is).")
        yield Remark(where, line, "unused", text.format(names=names + (", …" if len(unused) > _MAX_UNUSED else "")))


def _month_first(rows: Iterator[Row], fields: list[str | None]) -> tuple[bool | None, Iterator[Row]]:
    """Return whether the dates of a column begin with the month, as its first rows tell, and all the rows."""
    if "published" not in fields:
        return None, rows
    column = fields.index("published")
    looked_at: list[Row] = []
    dates: list[str] = []
    chars = 0
    broken: Unreadable | None = None
    while len(looked_at) < _LOOKED_AT and chars < _LOOKED_AT_CHARS:
        try:
            row = next(rows, None)
        except Unreadable as unreadable:
            broken = unreadable
            break
        if row is None:
            break
        looked_at.append(row)
        chars += sum(len(cell) for cell in row[1] if isinstance(cell, str))
        if column < len(row[1]) and isinstance(said := row[1][column], str):
            dates.append(said)
    return month_comes_first(dates), _all(looked_at, broken, rows)


def _all(looked_at: list[Row], broken: Unreadable | None, rows: Iterator[Row]) -> Iterator[Row]:
    yield from looked_at
    if broken is not None:
        raise broken
    yield from rows


def _is_heading(cells: Sequence[Cell], fields: list[str | None], headings: list[str]) -> bool:
    """Whether a row repeats the headings, as a table that was printed on several pages does."""
    known = [at for at, field in enumerate(fields) if field]
    return all(at < len(cells) and isinstance(cells[at], str) for at in known) and all(
        fold(str(cells[at])) == headings[at] for at in known
    )


def _text(cell: Cell) -> str:
    """Return the text of a cell, without what is none: marks of errors, and control characters."""
    if isinstance(cell, str):
        text = _ESCAPED.sub("", cell) if "_x00" in cell else cell
        # What is printable but for its line breaks has no control characters to look for.
        if not (text.isprintable() or text.replace("\n", "").isprintable()):
            text = _CONTROLS.sub("", text)
        text = text.strip()
        return "" if text.startswith("#") and _ERRORS.fullmatch(text) else text
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _date(cell: Cell, epoch: datetime) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        try:
            day = epoch + timedelta(seconds=round(cell * 86400))
        except (OverflowError, ValueError):
            return _text(cell)
        if _SERIAL_DAYS[0] <= day < _SERIAL_DAYS[1]:
            return day.isoformat()
    return _text(cell)


def _record(cells: Sequence[Cell], fields: Sequence[str | None], epoch: datetime) -> Record:
    record = Record()
    for field, cell in zip(fields, cells, strict=False):
        if field:
            if field in LIST_FIELDS:
                setattr(record, field, listed(_text(cell), field) or None)  # an empty cell is no word of 'none'
            else:
                setattr(record, field, (_date(cell, epoch) if field == "published" else _text(cell)) or None)
    return record
