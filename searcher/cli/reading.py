"""The options of the commands that read files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from searcher.messages import _

if TYPE_CHECKING:
    from searcher.sources import Options

ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=FIELD",
        help=_("Which field a column of a table is; may be repeated. Example: --map 'Nội dung tin=body'"),
        show_default=False,
    ),
]


def reading(columns: list[str] | None) -> Options:
    """Return the options of reading that a command was given; exits with 2 where they can't be meant."""
    from searcher.sources import Options
    from searcher.sources.records import FIELDS

    mapping: dict[str, str] = {}
    for pair in columns or ():
        heading, _equals, field = pair.rpartition("=")
        if not heading.strip() or field.strip() not in FIELDS:
            reason = _("'{pair}' is not COLUMN=FIELD with one of the fields {fields}.")
            raise typer.BadParameter(reason.format(pair=pair, fields=", ".join(FIELDS)), param_hint="--map")
        mapping[heading] = field.strip()
    return Options(columns=mapping)
