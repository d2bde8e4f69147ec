"""Hits as rows and objects for other programs: the same from every door."""

from __future__ import annotations

from typing import Any, Final

from searcher.article import VIETNAM
from searcher.harmless import harmless
from searcher.query.results import Hit

HIT_COLUMNS: Final = (
    "rank", "id", "score", "title", "published", "provinces", "topics", "url", "source", "snippet",
)  # fmt: skip
"""The columns of hits as a table: the names of `query --json`."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection)."""
_BETWEEN: Final = "; "


def hit_row(hit: Hit) -> list[Any]:
    """Return the values of `HIT_COLUMNS`; days and times are Vietnam's, as a spreadsheet reads them."""
    given = hit.to_dict()
    published = hit.article.published
    given["published"] = f"{published.astimezone(VIETNAM):%Y-%m-%d %H:%M}" if published else ""
    return [given[name] for name in HIT_COLUMNS]


def plain_cell(value: Any) -> Any:
    """Return a value as a cell of a table has it: several ones joined, text without characters that command."""
    if isinstance(value, list | tuple):
        value = _BETWEEN.join(map(str, value))
    if not isinstance(value, str):
        return "" if value is None else value
    return harmless(value)


def csv_cell(value: Any) -> Any:
    """Return a value as a cell of CSV, which no spreadsheet takes for a formula."""
    cell = plain_cell(value)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
