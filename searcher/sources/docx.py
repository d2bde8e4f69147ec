"""Word documents: notices, plans and reports as offices write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from zipfile import ZipFile

from searcher.sources.document import Document, Found
from searcher.sources.extras import extra
from searcher.sources.notices import parse
from searcher.sources.ooxml import BROKEN, damaged, refuse

MAX_PARTS_BYTES: Final = 128 * 1024 * 1024
"""All parts, the pictures among them, may be no larger: python-docx holds them in memory."""
MAX_LINES: Final = 100_000
_MAX_DEPTH: Final = 8  # tables within tables


def _lines(container: Any, depth: int = 0) -> Iterator[str]:
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            if depth < _MAX_DEPTH:
                yield from _cells(block, depth)
        else:
            yield from block.text.splitlines() or [""]


def _cells(table: Any, depth: int) -> Iterator[str]:
    seen = set()
    for row in table.rows:
        lines = []
        for cell in row.cells:
            if cell._tc not in seen:  # a merged cell is given once for each that it spans
                seen.add(cell._tc)
                lines.append([line for line in _lines(cell, depth + 1) if line.strip()])
        if all(len(cell) <= 1 for cell in lines):
            yield " | ".join(cell[0] for cell in lines if cell)  # a row of a table of figures
        else:
            yield from (line for cell in lines for line in cell)


def read(document: Document, file: BinaryIO, archive: ZipFile) -> Iterator[Found]:
    """Yield the article of a Word document: `file` is all of it, and `archive` the same as the ZIP that it is."""
    refuse(archive, MAX_PARTS_BYTES)
    docx = extra("docx")
    try:
        lines = []
        for line in _lines(docx.Document(file)):
            lines.append(line)
            if len(lines) >= MAX_LINES:
                break
    except (*BROKEN, docx.opc.exceptions.OpcError):
        raise damaged() from None
    yield document.item(parse(lines))
