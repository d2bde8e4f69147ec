"""The options by which commands narrow what they find."""

from typing import TYPE_CHECKING, Annotated

import typer

from searcher.cli import completion
from searcher.cli.app import parse_day
from searcher.messages import _

if TYPE_CHECKING:
    from searcher.query import Filters

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


def filters_of(
    province: list[str] | None,
    provinces_of: int | None,
    topic: list[str] | None,
    since: str | None,
    until: str | None,
) -> "Filters":
    """Return what these options narrow a search by; raises typer.BadParameter for a day that is none."""
    return {
        "provinces": province or [],
        "provinces_of": provinces_of,
        "topics": topic or [],
        "since": parse_day(since) if since else None,
        "until": parse_day(until, last=True) if until else None,
    }
