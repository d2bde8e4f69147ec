"""Bring the catalogues up to date: `python -m tools.messages` extracts the messages, merges and compiles them."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "searcher"
PO = PACKAGE / "locale" / "vi" / "LC_MESSAGES" / "searcher.po"
MO = PO.with_suffix(".mo")
_WHERE = [("**.py", "python"), ("**/templates/**", "jinja2.ext:babel_extract")]


def template() -> Catalog:
    """Return the catalogue of all messages in the package's code and pages, and of those that typer takes from one."""
    found = Catalog(project="searcher")
    for folder in (PACKAGE, Path(typer.__file__).parent):
        for _file, _line, message, comments, context in extract_from_dir(folder, _WHERE, keywords={"_": None}):
            found.add(message, auto_comments=comments, context=context)
    return found


def vietnamese() -> Catalog:
    """Return the Vietnamese catalogue as it is in the repository."""
    with PO.open("rb") as file:
        return read_po(file, locale="vi")


def main() -> int:
    catalogue = vietnamese()
    created = catalogue.creation_date
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.creation_date = created  # the same messages give the same file
    catalogue.obsolete.clear()
    with PO.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, ignore_obsolete=True, omit_header=False)
    with MO.open("wb") as file:
        write_mo(file, catalogue)
    missing = [message.id for message in catalogue if message.id and not message.string]
    for message in missing:
        print(f"not translated: {message}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
