"""Options and arguments that several commands have, each declared once."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Annotated, Any, Final

import typer

from searcher.cli import completion
from searcher.cli.app import parse_day
from searcher.messages import _
from searcher.query.request import Filters

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
SureOption = Annotated[
    bool,
    typer.Option("--sure", help=_("Only provinces and topics that are sure, also in the counts. Example: --sure")),
]
OffenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--offence",
        help=_("Only cases of this offence; may be repeated. Example: --offence van-chuyen-ma-tuy"),
        autocompletion=completion.offences,
    ),
]
StageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--stage",
        help=_("Only cases that have gone so far: caught, charged, tried, fined. Example: --stage tried"),
        autocompletion=completion.stages,
    ),
]
DrugOption = Annotated[
    list[str] | None,
    typer.Option(
        "--drug",
        help=_("Only cases with this drug; may be repeated. Example: --drug heroin"),
        autocompletion=completion.drugs,
    ),
]
SinceOption = Annotated[str | None, typer.Option("--since", help=_("From this day on. Example: --since 01/01/2020"))]
UntilOption = Annotated[str | None, typer.Option("--until", help=_("Up to this day. Example: --until 2020"))]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The id, as query --json gives it."))]
HowManyOption = Annotated[int, typer.Option("-n", "--limit", min=1, max=100, help=_("How many. Example: -n 5"))]
CsvOption = Annotated[
    bool, typer.Option("--csv", help=_("Print CSV for a spreadsheet, every row of it. Example: --csv > bai.csv"))
]


def filters_of(
    province: ProvinceOption = None,
    provinces_of: ProvincesOfOption = None,
    topic: TopicOption = None,
    sure: SureOption = False,
    offence: OffenceOption = None,
    stage: StageOption = None,
    drug: DrugOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
) -> Filters:
    """Return what these options narrow a search by; raises typer.BadParameter for a day that is none."""
    return {
        "provinces": province or [],
        "provinces_of": provinces_of,
        "topics": topic or [],
        "sure": sure,
        "offences": offence or [],
        "stages": stage or [],
        "drugs": drug or [],
        "since": parse_day(since) if since else None,
        "until": parse_day(until, last=True) if until else None,
    }


_NARROWING: Final = signature(filters_of).parameters


def narrowed(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with the options of `filters_of` where it has `filters`, which is what they say."""
    own = signature(command, eval_str=True)
    parameters = [
        one
        for parameter in own.parameters.values()
        for one in (_NARROWING.values() if parameter.name == "filters" else (parameter,))
    ]

    @wraps(command)
    def with_filters(**given: Any) -> None:
        filters = filters_of(**{name: given.pop(name) for name in _NARROWING})
        command(filters=filters, **given)

    with_filters.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_filters.__annotations__ = {one.name: one.annotation for one in parameters}
    return with_filters
