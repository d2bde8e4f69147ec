"""Writes the limits in force into docs/security.md, as they are in the code: `python -m tools.limits`.

A limit is a public `MAX_...` of a module that reads what comes from outside, and a field of `fetching.Limits`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import fields

from searcher.fetching.limits import Limits

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "security.md"
FOLDERS: Final = ("sources", "fetching", "language", "suggesting", "query", "codec", "cluster")
BEGIN: Final = "<!-- limits: python -m tools.limits -->"
END: Final = "<!-- end of limits -->"


class Limit(NamedTuple):
    """A limit: where it is, its name, its value, and what the code says of it."""

    module: str
    name: str
    value: int | float
    said: str


def limits() -> Iterator[Limit]:
    """Yield the limits in the order of folders, files and lines."""
    for folder in FOLDERS:
        for file in sorted((ROOT / "searcher" / folder).glob("*.py")):
            yield from _of_file(f"{folder}.{file.stem}", ast.parse(file.read_text("utf-8")).body)
    for field in fields(Limits):
        yield Limit("fetching.limits", field.name, field.default, "")


def _of_file(module: str, body: list[ast.stmt]) -> Iterator[Limit]:
    for at, statement in enumerate(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
            following = body[at + 1] if at + 1 < len(body) else None
            value = getattr(import_module(f"searcher.{module}"), name) if name.startswith("MAX_") else None
            if isinstance(value, int | float):
                yield Limit(module, name, value, _said(following))


def _said(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return str(statement.value.value).split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
    return ""


def _shown(limit: Limit) -> str:
    if limit.name.upper().endswith("_BYTES") or limit.name in ("MAX_DOCUMENT", "MAX_HEADER"):
        for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
            if limit.value >= size:
                return f"{limit.value / size:g} {unit}"
    unit = " s" if limit.name.endswith(("_s", "_SECONDS")) else ""
    return f"{limit.value:,}{unit}"


def table() -> str:
    """Return the table as Markdown."""
    rows = [f"| `{one.module}` | `{one.name}` | {_shown(one)} | {one.said} |" for one in limits()]
    return "\n".join(["| where | limit | value | what it bounds |", "| --- | --- | ---: | --- |", *rows])


def page(text: str) -> str:
    """Return the text of the page with the table as it is now."""
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
