"""The options by which commands narrow what they find."""

from __future__ import annotations

from typing import Annotated

import typer

from searcher.cli import completion
from searcher.messages import _

ProvinceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--province",
        "-p",
        help=_("Only this province; may be repeated. Example: -p 'Sơn La'"),
        autocompletion=completion.provinces,
    ),
]
ProvincesOfOption = Annotated[
    int | None,
    typer.Option(
        "--provinces-of",
        metavar="YEAR",
        help=_("Name and count provinces by the map of this year: 63 to 2024, 34 from 2025. Example: 2025"),
    ),
]
TopicOption = Annotated[
    list[str] | None,
    typer.Option(
        "--topic",
        "-t",
        help=_("Only this topic; may be repeated. Example: -t ma-tuy"),
        autocompletion=completion.topics,
    ),
]
SinceOption = Annotated[str | None, typer.Option("--since", help=_("From this day on. Example: --since 01/01/2020"))]
UntilOption = Annotated[str | None, typer.Option("--until", help=_("Up to this day. Example: --until 2020"))]
CsvOption = Annotated[
    bool, typer.Option("--csv", help=_("Print CSV for a spreadsheet, every row of it. Example: --csv > bai.csv"))
]
