"""Excel workbooks: a row an article, in every sheet whose headings are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from math import isfinite
from typing import Any, Final, NamedTuple

from searcher.messages import _, number
from searcher.sources.columns import EPOCH, EPOCH_1904, Cell, Row, read_rows
from searcher.sources.document import Document, Found
from searcher.sources.items import Rejected, Unreadable
from searcher.sources.ooxml import BROKEN, Package
from searcher.sources.streams import blocks
from searcher.sources.xmlparts import events, forget, name_of

MAX_ROWS: Final = 100_000
"""Rows of one sheet that are read."""
MAX_COLUMNS: Final = 256
MAX_SHEETS: Final = 1000
MAX_TEXTS: Final = 2_000_000
MAX_PART_BYTES: Final = 64 * 1024 * 1024
"""Shared texts and styles, which are held in memory, may be no larger; sheets are read as they come."""
MAX_MERGED: Final = 10_000

_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]{0,80}?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MERGED_BYTES: Final = 200
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})\d*", re.ASCII)
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""The built-in number formats of dates and times (ECMA-376, part 1, 18.8.30)."""
_NO_DATE_LETTERS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
_LAST_SERIAL: Final = 2_950_000  # in the year 9976
_LONG_CHARS, _COST_OF_LONG = 10_000, 16
_MAX_LINE: Final = 10**7


class _Book(NamedTuple):
    """What the sheets of a workbook share: its texts, which styles are those of dates, and what day 0 is."""

    texts: list[str]
    dates: list[bool]
    epoch: datetime


def read(document: Document, package: Package, main: str) -> Iterator[Found]:
    """Yield the articles of a workbook, of which `main` is the part that lists its sheets."""
    try:
        yield from _read(document, package, main)
    except BROKEN:
        raise Unreadable("xlsx", _("The workbook is damaged.")) from None


def _read(document: Document, package: Package, main: str) -> Iterator[Found]:
    related = package.related(main)
    sheets, epoch = _sheets(package, main)
    parts = {one.kind: one.part for one in related.values() if package.has(one.part)}
    book = _Book(
        _texts(package, parts["sharedStrings"]) if "sharedStrings" in parts else [],
        _date_styles(package, parts["styles"]) if "styles" in parts else [],
        epoch,
    )
    known = [
        (name, related[key].part)
        for name, key in sheets
        if key in related and related[key].kind == "worksheet" and package.has(related[key].part)
    ]
    refused: list[Unreadable] = []
    found = False
    for name, part in known:
        place = document.member(name) if len(known) > 1 else document.place
        sheet = _Sheet(document, package, part, book)
        try:
            for one in read_rows(document, sheet.rows(), place, epoch=epoch):
                found = True
                yield one
            yield from sheet.uncalculated_at(place)
        except Unreadable as unreadable:
            if unreadable.code in ("columns", "empty"):
                refused.append(unreadable)  # a sheet of notes beside the one with the articles
            else:
                found = True
                yield unreadable.at(place)
    if not found:
        raise next((one for one in refused if one.code == "columns"), _empty(refused))


def _empty(refused: list[Unreadable]) -> Unreadable:
    return refused[0] if refused else Unreadable("xlsx", _("The workbook is damaged."))


class _Sheet:
    """One sheet, read once."""

    def __init__(self, document: Document, package: Package, part: str, book: _Book) -> None:
        self._document, self._package, self._part, self._book = document, package, part, book
        self._uncalculated = 0

    def rows(self) -> Iterator[Row]:
        """Yield each row with its number; raises Unreadable after the last that is read."""
        merged = _merged(self._package, self._part)
        down: dict[int, tuple[int, Cell]] = {}  # by column, the last row that a merged cell fills, and its value
        line = 0
        for count, row in enumerate(_elements(self._package, self._part, "row")):
            if count > MAX_ROWS:
                reason = _("Only the first {count} rows of a sheet are read; save it as CSV to have all.")
                raise Unreadable("more", reason.format(count=number(MAX_ROWS)))
            said = row.get("r") or ""
            line = int(said) if said.isdecimal() and line < int(said) < _MAX_LINE else line + 1
            cells = self._cells(row)
            for column, (last, value) in list(down.items()):
                if line > last:
                    del down[column]
                elif column >= len(cells) or cells[column] in (None, ""):
                    cells += [None] * (column + 1 - len(cells))
                    cells[column] = value
            for column, last in merged.get(line, ()):
                if column < len(cells):
                    down[column] = (last, cells[column])
            forget(row)
            yield line, cells

    def uncalculated_at(self, place: str) -> Iterator[Rejected]:
        """Yield what is to be said of formulas that have no value yet."""
        if self._uncalculated:
            reason = _(
                "Cells with formulas that were never calculated are empty here ({count}): open the workbook in a "
                "spreadsheet program and save it."
            )
            yield Rejected(place, None, "formulas", reason.format(count=number(self._uncalculated)))

    def _cells(self, row: Any) -> list[Cell]:
        cells: list[Cell] = []
        for cell in row:
            if name_of(cell) != "c":
                continue
            found = _REFERENCE.match(cell.get("r") or "")
            column = _column(found[1]) if found else len(cells)
            if column >= MAX_COLUMNS:
                break
            cells += [None] * (column + 1 - len(cells))
            cells[column] = self._value(cell)
        return cells

    def _value(self, cell: Any) -> Cell:
        kind, value, formula = cell.get("t") or "n", None, False
        for child in cell:
            name = name_of(child)
            if name == "v":
                value = child.text
            elif name == "is":
                return _text_of(child)
            elif name == "f":
                formula = True
        if value is None or value == "":
            self._uncalculated += formula
            return None
        if kind == "s":
            texts = self._book.texts
            text = texts[int(value)] if value.isdecimal() and int(value) < len(texts) else None
            if text is not None and len(text) > _LONG_CHARS:  # the same may stand in every cell
                self._document.budget.spend(unpacked_bytes=_COST_OF_LONG * len(text))
            return text
        if kind in ("str", "d"):
            return _unescaped(value)
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "e":  # '#N/A' and the like
            return None
        return self._number(value, cell.get("s") or "0")

    def _number(self, value: str, style: str) -> Cell:
        try:
            amount = float(value)
        except ValueError:
            return value
        if not isfinite(amount):
            return value
        dates = self._book.dates
        if style.isdecimal() and int(style) < len(dates) and dates[int(style)] and 0 <= amount <= _LAST_SERIAL:
            seconds = round(amount * 86400)
            return (self._book.epoch + timedelta(seconds=seconds)) if amount >= 1 else _clock(seconds)
        return int(amount) if amount.is_integer() else amount


def _clock(seconds: int) -> time:
    return (datetime.min + timedelta(seconds=seconds % 86400)).time()


def _elements(package: Package, part: str, *names: str) -> Iterator[Any]:
    for event, element in events(package.open(part), *names):
        if event == "end":
            yield element


def _sheets(package: Package, main: str) -> tuple[list[tuple[str, str]], datetime]:
    """Return the name of each sheet with its key among the related parts, and what day 0 is."""
    sheets: list[tuple[str, str]] = []
    epoch = EPOCH
    for element in _elements(package, main, "sheet", "workbookPr"):
        if name_of(element) == "workbookPr":
            epoch = EPOCH_1904 if (element.get("date1904") or "0") in ("1", "true", "on") else EPOCH
        elif len(sheets) < MAX_SHEETS:
            key = next((value for name, value in element.items() if name.endswith("}id")), "")
            sheets.append(((element.get("name") or "")[:255], key))
    return sheets, epoch


def _texts(package: Package, part: str) -> list[str]:
    texts: list[str] = []
    for event, element in events(package.open(part, most=MAX_PART_BYTES), "si"):
        if event == "end":
            texts.append(_text_of(element))
            forget(element)
            if len(texts) >= MAX_TEXTS:
                break
    return texts


def _text_of(element: Any) -> str:
    """Return the text of a cell without what is said of its pronunciation."""
    pieces = []
    for child in element:
        name = name_of(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [text.text or "" for text in child if name_of(text) == "t"]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    r"""Return the text with the characters that XML can't have, as ECMA-376 escapes them.

    >>> _unescaped("a_x000D_\nb")
    'a\r\nb'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _date_styles(package: Package, part: str) -> list[bool]:
    """Return for each style of cells whether it shows a date or a time."""
    custom: dict[int, bool] = {}
    styles: list[bool] = []
    for event, element in events(package.open(part, most=MAX_PART_BYTES), "numFmt", "cellXfs"):
        if event == "start":
            continue
        if name_of(element) == "numFmt":
            code = _NO_DATE_LETTERS.sub("", (element.get("formatCode") or "")[:255])
            custom[int(element.get("numFmtId") or 0)] = _DATE_LETTERS.search(code.partition(";")[0]) is not None
        else:
            for style in element:
                form = int(style.get("numFmtId") or 0)
                styles.append(custom.get(form, form in _DATE_FORMATS))
    return styles


def _merged(package: Package, part: str) -> dict[int, list[tuple[int, int]]]:
    """Return by its first row each merged area of several rows: its column and its last row.

    They are told only below the rows, so the part is read twice.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    rest, count = b"", 0
    for block in blocks(package.open(part)):
        piece = rest + block
        end = 0
        for match in _MERGED.finditer(piece) if b"mergeCell" in piece else ():
            end = match.end()
            first, last, column = int(match[2]), int(match[4]), _column(match[1].decode("ascii"))
            if first < last and column < MAX_COLUMNS and count < MAX_MERGED:
                found.setdefault(first, []).append((column, last))
                count += 1
        rest = piece[max(end, len(piece) - _MERGED_BYTES) :]
    return found


def _column(letters: str) -> int:
    """Return the number of a column, from 0.

    >>> _column("A"), _column("AB")
    (0, 27)
    """
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
