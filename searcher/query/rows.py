"""Hits as rows of tables for other programs: the same from every door."""

from __future__ import annotations

import re
from typing import Any, Final

from searcher.article import VIETNAM
from searcher.facts.records import Drug
from searcher.harmless import harmless
from searcher.query.results import Hit

HIT_COLUMNS: Final = (
    "rank", "id", "score", "title", "published", "provinces", "topics", "url", "source", "snippet",
    "copies", "copy_of", "share",
    "offences", "stage", "suspects", "victims", "drugs", "sentence",
)  # fmt: skip
"""The columns of hits as a table: the names of `query --json`, and those of its `facts`."""
_PLAIN: Final = HIT_COLUMNS.index("offences")
"""Columns before those of facts."""
_FORMULA: Final = r"(?:^|[;\t|])[\s\u00a0\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]"
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection): one of = + - @, also full-width and
behind blanks and line breaks; also behind what parts cells where it may be opened (';' in many countries, a tab)."""
_BETWEEN: Final = "; "
_SAFE: Final = "'"


def hit_row(hit: Hit) -> list[Any]:
    """Return the values of `HIT_COLUMNS`; days and times are Vietnam's, as a spreadsheet reads them."""
    given = hit.to_dict()
    published = hit.article.published
    given["published"] = f"{published.astimezone(VIETNAM):%Y-%m-%d %H:%M}" if published else ""
    return [given[name] for name in HIT_COLUMNS[:_PLAIN]] + _facts(hit)


def _facts(hit: Hit) -> list[Any]:
    """Return the values of the columns of facts; empty cells for what is no case."""
    facts = hit.facts
    if facts is None:
        return [""] * (len(HIT_COLUMNS) - _PLAIN)
    drugs = [_drug(drug) for drug in facts.drugs]
    return [facts.offences, facts.stage, facts.suspects, facts.victims, drugs, facts.sentence]


def _drug(drug: Drug) -> str:
    """Return a drug with its amounts as a spreadsheet can be searched for it: "heroin 10500 g 30 bánh"."""
    amounts = ((drug.grams, "g"), (drug.pills, "viên"), (drug.cakes, "bánh"))
    return " ".join([drug.kind, *(f"{amount:.12g} {unit}" for amount, unit in amounts if amount is not None)])


def plain_cell(value: Any) -> Any:
    """Return a value as a cell of a table has it: several ones joined, text without characters that command."""
    if isinstance(value, list | tuple):
        value = _BETWEEN.join(map(str, value))
    if not isinstance(value, str):
        return "" if value is None else value
    return harmless(value)


def csv_cell(value: Any) -> Any:
    """Return a value as a cell of CSV, which no spreadsheet takes for a formula.

    A cell that could be one has an apostrophe before it, and one before each part that could be a cell of its own where
    the file is opened as parted by semicolons.

    >>> csv_cell("=1+1"), csv_cell("\\n =1"), csv_cell("x;=cmd"), csv_cell("số 5 - 7")
    ("'=1+1", "'\\n =1", "x;'=cmd", 'số 5 - 7')
    """
    cell = plain_cell(value)
    return re.sub(_FORMULA, _marked, cell) if isinstance(cell, str) else cell


def _marked(found: re.Match[str]) -> str:
    text = found[0]
    parted = text[0] in ";|" or (text[0] == "\t" and found.start() > 0)
    return text[0] + _SAFE + text[1:] if parted else _SAFE + text
