"""CSV and its kin: a row an article, parted by comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from typing import Final

from searcher.messages import _
from searcher.sources.charset import decode, detect
from searcher.sources.columns import known_headings, read_rows
from searcher.sources.document import HEAD_BYTES, Document, Found, Source
from searcher.sources.items import Unreadable

MAX_FIELD_CHARS: Final = 4 * 1024 * 1024
_DELIMITERS: Final = ",;\t|"


def _first_line(document: Document) -> tuple[str, str]:
    """Return the line that may be the headings, and the delimiter: by which most are known, else the most frequent."""
    lines = decode(document.head, document.charset).lstrip("\ufeff").splitlines()[:2]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) >= 5:
        return (lines[1] if len(lines) > 1 else ""), lines[0][4]
    line = lines[0] if lines else ""

    def known(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        return sum(field is not None for field in known_headings(cells, document.options.columns)), line.count(
            delimiter
        )

    return line, max(_DELIMITERS, key=known)


def _recognises(document: Document) -> bool:
    if b"\x00" in document.head[:2] or not any(one in document.head for one in _DELIMITERS.encode()):
        return False
    line, delimiter = _first_line(document)
    if len(line) > HEAD_BYTES // 8:
        return False
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return False
    known = [field for field in known_headings(cells, {}) if field is not None]
    return len(known) >= 2 and bool({"title", "body", "lead"}.intersection(known))


def _rows(document: Document) -> Iterator[tuple[int, list[str]]]:
    _line, delimiter = _first_line(document)
    charset = detect(document.head, document.charset)
    text = io.TextIOWrapper(document.stream, encoding=charset, errors="replace", newline="")
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for cells in reader:
            if reader.line_num == 1 and cells and cells[0].lstrip("\ufeff").lower().startswith("sep="):
                continue
            yield reader.line_num, [unicodedata.normalize("NFC", cell.replace("\x00", "")) for cell in cells]
    except csv.Error:
        reason = _("The table breaks off at line {line}: a cell there never ends.")
        raise Unreadable("csv", reason.format(line=reader.line_num)) from None
    finally:
        text.detach()


def _read(document: Document) -> Iterator[Found]:
    yield from read_rows(document, _rows(document))


SOURCE: Final = Source("csv", (".csv", ".tsv"), _recognises, _read)
