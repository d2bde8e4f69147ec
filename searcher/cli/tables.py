"""Rows for other programs: CSV that a spreadsheet opens as it is meant, and JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import typer

from searcher.harmless import harmless_json
from searcher.messages import _
from searcher.query.rows import csv_cell

_BOM: Final = "\ufeff"
"""At the beginning of a file, so that Excel takes it for UTF-8."""


def one_output(**chosen: bool) -> None:
    """Refuse more than one of the ways to print, each given by its option's name; raises typer.BadParameter."""
    if sum(chosen.values()) > 1:
        names = ", ".join(f"--{name}" for name in chosen)
        raise typer.BadParameter(_("{names} exclude each other: give one of them.").format(names=names))


def without_pages(context: typer.Context) -> None:
    """Refuse -n and --page where every hit is printed; raises typer.BadParameter."""
    sources = (context.get_parameter_source(name) for name in ("limit", "page"))
    if any(source is not None and source.name != "DEFAULT" for source in sources):
        raise typer.BadParameter(_("--csv and --jsonl print every hit; -n and --page are for pages of them."))


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a header and rows as CSV (RFC 4180) in UTF-8 with a byte order mark; no cell is a formula."""
    import csv

    out = csv.writer(_Standard(), lineterminator="\r\n")
    sys.stdout.buffer.write(_BOM.encode())
    out.writerow(columns)
    for row in rows:
        out.writerow([csv_cell(value) for value in row])
    sys.stdout.buffer.flush()


def print_jsonl(objects: Iterable[Any]) -> None:
    """Print each object as a line of JSON."""
    for one in objects:
        line = harmless_json(msgspec.json.encode(one).decode("utf-8"))
        sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


class _Standard:
    """Standard output in UTF-8, whatever the locale says."""

    def write(self, text: str) -> int:
        return sys.stdout.buffer.write(text.encode("utf-8", "replace"))
