"""Excel workbooks: a row an article, in every sheet whose headings are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, Final
from zipfile import ZipFile

from searcher.messages import _, number
from searcher.sources.columns import Cell, read_rows
from searcher.sources.document import Document, Found
from searcher.sources.extras import extra
from searcher.sources.items import Unreadable
from searcher.sources.ooxml import BROKEN, refuse

MAX_ROWS: Final = 100_000
"""Rows of one sheet that are read; openpyxl takes some ten seconds for so many."""
MAX_COLUMNS: Final = 64
MAX_PARTS_BYTES: Final = 64 * 1024 * 1024
"""Shared texts and styles, which openpyxl holds in memory, may be no larger; sheets are read as they come."""


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[Cell]]]:
    sheet.reset_dimensions()  # what a sheet says of its size need not be true
    yield from enumerate(islice(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), MAX_ROWS + 1), 1)


def _limited(rows: Iterator[tuple[int, Sequence[Cell]]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    for line, cells in rows:
        if line > MAX_ROWS:
            reason = _("Only the first {count} rows of a sheet are read; save it as CSV to have all.")
            raise Unreadable("more", reason.format(count=number(MAX_ROWS)))
        yield line, cells


def read(document: Document, file: BinaryIO, archive: ZipFile) -> Iterator[Found]:
    """Yield the articles of a workbook: `file` is all of it, and `archive` the same as the ZIP that it is."""
    refuse(archive, MAX_PARTS_BYTES, streamed="xl/worksheets/")
    openpyxl = extra("openpyxl")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
        refused: list[Unreadable] = []
        found = False
        for sheet in sheets:
            place = document.member(sheet.title) if len(sheets) > 1 else document.place
            try:
                for one in read_rows(document, _limited(_rows(sheet)), place):
                    found = True
                    yield one
            except Unreadable as unreadable:
                if unreadable.code in ("columns", "empty"):
                    refused.append(unreadable)  # a sheet of notes beside the one with the articles
                else:
                    yield unreadable.at(place)
        if not found and refused:
            raise next((one for one in refused if one.code == "columns"), refused[0])
    except BROKEN:
        raise Unreadable("xlsx", _("The workbook is damaged.")) from None
