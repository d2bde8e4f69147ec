"""The lines of a document with tables in it, which may lie in each other."""

from __future__ import annotations

from collections.abc import Sequence


class TableLines:
    """Takes lines as they come, and makes one of a table's row where each of its cells has but one."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._rows: list[list[list[str]]] = []
        self._cells: list[list[str]] = []

    def add(self, lines: Sequence[str]) -> None:
        """Take lines where the document is now: in a cell, or in none."""
        (self._cells[-1] if self._cells else self._out).extend(lines)

    def begin_row(self) -> None:
        """Hear that a row begins."""
        self._rows.append([])

    def end_row(self, *, is_shown: bool = True) -> None:
        """Hear that a row ends; what stood in one that is not shown is forgotten."""
        row = self._rows.pop()
        if is_shown:
            self.add(_line_of(row))

    def begin_cell(self) -> None:
        """Hear that a cell begins."""
        self._cells.append([])

    def end_cell(self) -> None:
        """Hear that a cell ends."""
        cell = self._cells.pop()
        if self._rows:
            self._rows[-1].append(cell)
        else:
            self.add(cell)

    def all(self) -> list[str]:
        """Return all lines, those of rows that have not ended too."""
        open_rows = [line for row in self._rows for cell in row for line in cell]
        return self._out + open_rows + [line for cell in self._cells for line in cell]


def _line_of(cells: list[list[str]]) -> list[str]:
    if all(len(cell) <= 1 for cell in cells):
        line = " | ".join(cell[0].strip() for cell in cells if cell)  # a row of a table of figures
        return [line] if line else []
    return [line for cell in cells for line in cell]
