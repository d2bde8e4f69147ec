"""The typer application, its error handling and exit codes: 0 ok, 1 nothing usable or a clear error, 2 usage."""

import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from searcher.about import VERSION
from searcher.cli.help import Application
from searcher.cli.truncation import say_so_and_leave
from searcher.errors import BadFilter, SearcherError
from searcher.messages import _

app = Application(
    name="searcher",
    help=_("Search Vietnamese public-order news on this machine. Example: searcher query 'mại dâm Sơn La'"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

IndexOption = Annotated[
    Path,
    typer.Option("--index", "-i", envvar="SEARCHER_INDEX", help=_("The folder of the index. Example: -i ~/news-index")),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("Print JSON for programs. Example: --json"))]
_INTERRUPTED: Final = 130
DEFAULT_INDEX: Final = Path("index")


def parse_day(text: str, *, last: bool = False) -> date:
    """Return the day that an option names; of a year, its first day or its last. Raises typer.BadParameter."""
    from searcher.query.request import read_day

    try:
        return read_day(text, last=last)
    except BadFilter as bad:
        raise typer.BadParameter(str(bad)) from None


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"searcher {VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    debug: Annotated[
        bool, typer.Option("--debug", help=_("Show the trace of an error. Example: searcher --debug stats"))
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help=_("Print the version and leave.")),
    ] = False,
) -> None:
    """Options for every command."""
    if debug:
        from searcher.cli.debugging import show_traces

        show_traces()


_MODULES: Final = (
    "index", "query", "show", "stats", "check", "facts", "fetch", "similar", "suggest", "tag", "trends", "serve",
)  # fmt: skip
"""Where the commands are, in the order in which help lists them; each module registers the one of its name."""
_ELSEWHERE: Final = {"watch": "fetch"}


def with_commands(given: Sequence[str] = ()) -> typer.Typer:
    """Return the application with its commands; where the first argument names one, with that one's module only."""
    named = _ELSEWHERE.get(given[0], given[0]) if given else ""
    for name in (named,) if named in _MODULES else _MODULES:
        import_module(f"searcher.cli.{name}")
    return app


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no trace is shown unless --debug is among the arguments."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with_commands(given)
    say_so_and_leave()
    try:
        app(args=given, prog_name="searcher")
    except SystemExit as leave:
        if leave.code == _INTERRUPTED:  # typer makes this of a KeyboardInterrupt, and says nothing
            _problem(_("Stopped; what was committed before stays."))
        return leave.code if isinstance(leave.code, int) else 1 if leave.code else 0
    except SearcherError as error:
        if "--debug" in given:
            raise
        _problem(str(error), style="red")
        return 1
    except Exception as error:
        if "--debug" in given:
            raise
        text = _("Something went wrong: {error} (--debug shows where).").format(error=error)
        _problem(text, style="red")
        return 1
    return 0


def _problem(text: str, style: str | None = None) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, style=style, markup=False)
