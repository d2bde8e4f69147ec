"""OpenDocument, as LibreOffice writes it: texts (.odt) like Word's documents, sheets (.ods) like workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from searcher.messages import _, number
from searcher.sources.columns import Cell, Row, read_rows
from searcher.sources.document import Document, Found
from searcher.sources.items import Unreadable
from searcher.sources.notices import parse
from searcher.sources.ooxml import BROKEN, Parts, damaged, encrypted
from searcher.sources.tablelines import TableLines
from searcher.sources.xmlparts import attribute, events, forget, name_of

MEDIA_TYPE: Final = b"application/vnd.oasis.opendocument."
"""What the part 'mimetype' begins with."""
MAX_PART_BYTES: Final = 128 * 1024 * 1024
MAX_PARAGRAPHS: Final = 200_000
MAX_CHARS: Final = 16 * 1024 * 1024
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 256
_MAX_HIDDEN: Final = 10_000
_MAX_DEPTH: Final = 200
_MAX_SPACES: Final = 100
_CONTENT: Final = "content.xml"
_WHITE: Final = re.compile(r"[ \t\r\n]+")
_SIGNS: Final = {"tab": " ", "line-break": "\n", "soft-page-break": ""}
_NOT_SHOWN: Final = frozenset({"annotation", "tracked-changes", "hidden-text", "note-citation", "ruby-text"})
_PARAGRAPHS: Final = frozenset({"p", "h"})


def read(document: Document, parts: Parts, kind: bytes) -> Iterator[Found]:
    """Yield what a document of this media type holds; raises Unreadable for one that is neither text nor sheets."""
    name = kind.removeprefix(MEDIA_TYPE).split(b"-")[0].strip()
    if name not in (b"text", b"spreadsheet") or not parts.has(_CONTENT):
        raise Unreadable("kind", _("Of OpenDocument files only texts (.odt) and spreadsheets (.ods) are read."))
    manifest = "META-INF/manifest.xml"
    if parts.has(manifest) and b"encryption-data" in parts.open(manifest).read(MAX_CHARS):
        raise encrypted()
    try:
        yield from _text(document, parts) if name == b"text" else _sheets(document, parts)
    except BROKEN:
        raise damaged() from None


# --- texts -----------------------------------------------------------------------------------------------------------


def _text(document: Document, parts: Parts) -> Iterator[Found]:
    lines = TableLines()
    hidden: set[str] = set()
    paragraphs = chars = 0
    marks = ("p", "h", "table-row", "table-cell", "style")
    for event, element in events(parts.open(_CONTENT, most=MAX_PART_BYTES), *marks):
        match name_of(element), event:
            case "style", "end":
                if _hides(element) and len(hidden) < _MAX_HIDDEN:
                    hidden.add(attribute(element, "name"))
            case "table-row", "start":
                lines.begin_row()
            case "table-cell", "start":
                lines.begin_cell()
            case "table-cell", "end":
                lines.end_cell()
            case "table-row", "end":
                lines.end_row()
                forget(element)
            case (("p" | "h"), "end"):
                text = "".join(_pieces(element, hidden, 0)) if _is_shown(element, hidden) else ""
                lines.add([line for line in text.splitlines() if line.strip()])
                paragraphs, chars = paragraphs + 1, chars + len(text)
                _forget_text(element)
        if paragraphs >= MAX_PARAGRAPHS or chars > MAX_CHARS:
            break
    yield document.item(parse(lines.all()))
    if paragraphs >= MAX_PARAGRAPHS or chars > MAX_CHARS:
        reason = _("Only the first {count} paragraphs of the document are read.")
        raise Unreadable("more", reason.format(count=number(paragraphs)))


def _pieces(element: Any, hidden: set[str], depth: int) -> Iterator[str]:
    """Yield the text of a paragraph; paragraphs within it, those of notes and frames, were read before."""
    if depth > _MAX_DEPTH:
        return
    yield _WHITE.sub(" ", element.text or "")
    for child in element:
        name = name_of(child)
        if name == "s":
            count = attribute(child, "c")
            yield " " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES)
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name not in _NOT_SHOWN | _PARAGRAPHS and attribute(child, "style-name") not in hidden:
            yield from _pieces(child, hidden, depth + 1)
        yield _WHITE.sub(" ", child.tail or "")


def _is_shown(paragraph: Any, hidden: set[str]) -> bool:
    if attribute(paragraph, "style-name") in hidden:
        return False
    for ancestor in paragraph.iterancestors():
        name = name_of(ancestor)
        if name in _NOT_SHOWN or name == "hidden-paragraph":
            return False
        if name == "section" and attribute(ancestor, "display") == "none":
            return False
    return all(name_of(child) != "hidden-paragraph" for child in paragraph)


def _hides(style: Any) -> bool:
    return any(name_of(child) == "text-properties" and attribute(child, "display") == "none" for child in style)


def _forget_text(paragraph: Any) -> None:
    tail = paragraph.tail  # a paragraph may stand within another one, in a frame
    forget(paragraph)
    paragraph.tail = tail


# --- sheets ----------------------------------------------------------------------------------------------------------


def _sheets(document: Document, parts: Parts) -> Iterator[Found]:
    """Yield the articles of all sheets: each begins with a row of headings of its own."""
    source = _rows(parts)
    refused: list[Unreadable] = []
    found = False
    for name, rows in source:
        place = document.member(name)
        try:
            for one in read_rows(document, rows, place):
                found = True
                yield one
        except Unreadable as unreadable:
            if unreadable.code in ("columns", "empty"):
                refused.append(unreadable)  # a sheet of notes beside the one with the articles
            else:
                found = True
                yield unreadable.at(place)
        for _row in rows:
            pass
    if not found:
        reason = Unreadable("empty", _("The table is empty."))
        raise next((one for one in refused if one.code == "columns"), reason)


def _rows(parts: Parts) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield the name and the rows of each sheet, which are to be read to their end before the next."""
    stream = events(parts.open(_CONTENT), "table", "table-row")
    for event, element in stream:
        if name_of(element) == "table" and event == "start":
            yield attribute(element, "name")[:255], _rows_of(stream)


def _rows_of(stream: Iterator[tuple[str, Any]]) -> Iterator[Row]:
    line, depth = 0, 0
    down: dict[int, tuple[int, Cell]] = {}  # by column, the last row that a merged cell fills, and its value
    for event, element in stream:
        if name_of(element) == "table":
            depth += 1 if event == "start" else -1
            if depth < 0:
                return
        elif event == "end" and not depth:
            line += 1
            if line <= MAX_ROWS:
                yield line, _cells(element, line, down)
            elif line == MAX_ROWS + 1:
                reason = _("Only the first {count} rows of a sheet are read; save it as CSV to have all.")
                raise Unreadable("more", reason.format(count=number(MAX_ROWS)))
            repeated = attribute(element, "number-rows-repeated")
            line += int(repeated) - 1 if repeated.isdecimal() and 0 < int(repeated) < 10**7 else 0
            forget(element)


def _cells(row: Any, line: int, down: dict[int, tuple[int, Cell]]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row:
        name = name_of(cell)
        if name not in ("table-cell", "covered-table-cell") or len(cells) >= MAX_COLUMNS:
            continue
        value = _value(cell) if name == "table-cell" else None
        spanned = attribute(cell, "number-rows-spanned")
        if name == "table-cell" and spanned.isdecimal() and int(spanned) > 1:
            down[len(cells)] = (line + int(spanned) - 1, value)
        elif name == "covered-table-cell" and down.get(len(cells), (0, None))[0] >= line:
            value = down[len(cells)][1]
        said = attribute(cell, "number-columns-repeated")
        repeated = int(said) if said.isdecimal() else 1
        cells += [value] * min(max(repeated, 1), MAX_COLUMNS - len(cells))
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _value(cell: Any) -> Cell:
    match attribute(cell, "value-type"):
        case "date":
            return attribute(cell, "date-value")
        case "float" | "percentage" | "currency":
            try:
                return float(attribute(cell, "value"))
            except ValueError:
                return None
    lines = ["".join(_pieces(child, set(), 0)) for child in cell if name_of(child) == "p"]
    return "\n".join(lines) or None
