"""CSV and its kin: a row an article, parted by comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import deque
from collections.abc import Iterator
from typing import Final

from searcher.messages import _, number
from searcher.sources.charset import decode, detect
from searcher.sources.columns import Row, read_rows
from searcher.sources.document import HEAD_BYTES, Document, Found, Source
from searcher.sources.items import Rejected, Unreadable
from searcher.sources.records import TEXT_FIELDS, known_fields
from searcher.sources.streams import transcoded, utf8

MAX_ROW_BYTES: Final = 8 * 1024 * 1024
"""A longer line is skipped without being held; a quote that is not closed within so much is none."""
MAX_CELLS: Final = 10_000
_MAX_RETRIED_CHARS: Final = 64 * 1024 * 1024
_MAX_LISTED: Final = 1000
_SAMPLE_BYTES: Final = 256 * 1024
_HEADING_WITHIN: Final = 10
_DELIMITERS: Final = ",;\t|"
_LINES_COUNTED: Final = 64
_CARRIAGE: Final = b"\r"


def _first_lines(document: Document) -> list[str]:
    """Return the first lines that are not empty, as far as the head has them."""
    lines = decode(document.head, document.charset).lstrip("\ufeff").splitlines()
    return [line for line in lines if line.strip()][:_HEADING_WITHIN]


def _delimiter(lines: list[str], columns: dict[str, str]) -> tuple[str, int]:
    """Return what parts the cells, and how many headings are known then.

    It is what a 'sep=' line says, else by which the most headings of a line are known, else the most frequent.
    """
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) >= 5:
        return lines[0][4], max((_known(line, lines[0][4], columns) for line in lines[1:]), default=0)

    def by(delimiter: str) -> tuple[int, int]:
        known = max((_known(line, delimiter, columns) for line in lines), default=0)
        return known, sum(line.count(delimiter) for line in lines)

    best = max(_DELIMITERS, key=by)
    return best, by(best)[0]


def _known(line: str, delimiter: str, columns: dict[str, str]) -> int:
    """Return how many headings of a line are known; 0 where none of them is that of a text."""
    if len(line) > HEAD_BYTES // 8:
        return 0
    fields = {field for field in known_fields(_parsed(line, delimiter), columns) if field}
    return 0 if fields.isdisjoint(TEXT_FIELDS) else len(fields)


def _recognises(document: Document) -> bool:
    if b"\x00" in document.head[:2] or not any(one in document.head for one in _DELIMITERS.encode()):
        return False
    return _delimiter(_first_lines(document)[:1], {})[1] >= 2


def _parsed(line: str, delimiter: str) -> list[str]:
    """Return the cells of a row that is one line, whatever quotes it has."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


class _Lines:
    """The lines of a table as text; each is decoded by itself, so that a letter that is wrong spoils no other line."""

    def __init__(self, document: Document) -> None:
        self._stream = utf8(document.stream)
        self._document = document
        self._charset = ""
        self.number = 0
        self.skipped: list[int] = []

    def __iter__(self) -> Iterator[tuple[int, str]]:
        charset = detect(self._document.head, self._document.charset)
        if charset.startswith("utf-16") and not self._document.head.startswith((b"\xff\xfe", b"\xfe\xff")):
            self._stream = transcoded(self._stream, charset)
        while raw := self._stream.readline(MAX_ROW_BYTES + 1):
            self.number += 1
            if self.number % _LINES_COUNTED == 0:
                self._document.budget.spend(records=_LINES_COUNTED)
            if len(raw) > MAX_ROW_BYTES:
                self.skipped.append(self.number)
                while (rest := self._stream.readline(MAX_ROW_BYTES)) and not rest.endswith(b"\n"):
                    pass
                continue
            if _CARRIAGE in raw[:-2]:  # old Macintosh files have no line feeds
                for line in io.StringIO(self._decoded(raw), newline=""):
                    yield self.number, line
            else:
                yield self.number, self._decoded(raw)

    def _decoded(self, raw: bytes) -> str:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            if not self._charset:
                self._charset = detect(raw + self._stream.peek(_SAMPLE_BYTES), self._document.charset)
            text = raw.decode(self._charset, "replace")
        return text if text.isascii() else unicodedata.normalize("NFC", text)


class _Table:
    """The rows of a table. A quote that is never closed is read as a letter, so that it swallows nothing."""

    def __init__(self, document: Document) -> None:
        self._delimiter = _delimiter(_first_lines(document), document.options.columns)[0]
        self._lines = _Lines(document)
        self._ahead: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []
        self._taken_chars = self._retried_chars = self._cells = 0
        self.unclosed: list[int] = []

    @property
    def skipped(self) -> list[int]:
        """The numbers of the lines that were too long."""
        return self._lines.skipped

    def rows(self) -> Iterator[Row]:
        """Yield the cells of each row with the number of its last line."""
        source = iter(self._lines)
        reader = self._reader(source)
        while True:
            self._taken.clear()
            self._taken_chars = 0
            try:
                row = next(reader, None)
                if row is None:
                    return
            except (csv.Error, _Endless):
                row = None
            if row is None or self._is_swallowed(row):
                line, row = self._unclosed()
                reader = self._reader(source)
            else:
                line = self._taken[-1][0] if self._taken else 0
            if line == 1 and row and row[0].lstrip("\ufeff").lower().startswith("sep="):
                continue
            self._cells = self._cells or (len(row) if len(row) > 1 else 0)
            yield line, [cell.replace("\x00", "") if "\x00" in cell else cell for cell in row[:MAX_CELLS]]

    def _reader(self, source: Iterator[tuple[int, str]]) -> Iterator[list[str]]:
        csv.field_size_limit(MAX_ROW_BYTES)
        literal = self._retried_chars > _MAX_RETRIED_CHARS
        text = self._text(source)
        if literal:
            return csv.reader(text, delimiter=self._delimiter, strict=True, quoting=csv.QUOTE_NONE)
        return csv.reader(text, delimiter=self._delimiter, strict=True)

    def _text(self, source: Iterator[tuple[int, str]]) -> Iterator[str]:
        while True:
            line = self._ahead.popleft() if self._ahead else next(source, None)
            if line is None:
                return
            self._taken.append(line)
            self._taken_chars += len(line[1])
            if self._taken_chars > MAX_ROW_BYTES:
                raise _Endless
            yield line[1].replace("\x00", "") if "\x00" in line[1] else line[1]

    def _unclosed(self) -> tuple[int, list[str]]:
        """Return the number and the cells of a row with a quote that is not closed, and put back what is not its own.

        Its last cell goes on to the next line that is a row by itself.
        """
        (line, first), *rest = self._taken
        row = self._alone(first)
        if rest or first.count('"') % 2:
            self.unclosed.append(line)
        more = 0
        if self._cells > 1:
            more = next((at for at, (_n, text) in enumerate(rest) if self._is_row(text)), len(rest))
        if more:
            row[-1:] = ["\n".join((*row[-1:], *(text.rstrip("\r\n") for _n, text in rest[:more])))]
        self._ahead.extendleft(reversed(rest[more:]))
        self._retried_chars += self._taken_chars
        return line, row

    def _is_row(self, line: str) -> bool:
        return len(self._alone(line)) == self._cells

    def _is_swallowed(self, row: list[str]) -> bool:
        """Whether a row of several lines has other than the usual cells, and its first line alone just these."""
        return len(self._taken) > 1 and len(row) != self._cells and self._is_row(self._taken[0][1])

    def _alone(self, line: str) -> list[str]:
        """Return the cells of one line: quotes count if they give the usual number of cells, else they are letters."""
        line = line.rstrip("\r\n")
        cells = _parsed(line, self._delimiter)
        plain = line.split(self._delimiter)
        return plain if len(cells) != self._cells and len(plain) == self._cells else cells


class _Endless(Exception):
    """Raised where a row has more text than any row may have."""


def _read(document: Document) -> Iterator[Found]:
    table = _Table(document)
    yield from read_rows(document, table.rows())
    for line in table.unclosed[:_MAX_LISTED]:
        reason = _("A quote in this line is never closed, so it is read as a letter.")
        yield Rejected(document.place, line, "csv", reason)
    for line in table.skipped[:_MAX_LISTED]:
        reason = _("The line is longer than {limit} MB.").format(limit=number(MAX_ROW_BYTES // 1024**2))
        yield Rejected(document.place, line, "line_too_long", reason)
    if (more := len(table.unclosed) + len(table.skipped) - 2 * _MAX_LISTED) > 0:
        raise Unreadable("more", _("{count} more rows can't be read.").format(count=number(more)))


SOURCE: Final = Source("csv", (".csv", ".tsv"), _recognises, _read)
