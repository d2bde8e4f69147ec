"""The typer application, its error handling and exit codes: 0 ok, 1 nothing usable or a clear error, 2 usage."""

import os
import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Annotated, Final

import typer

from searcher.about import VERSION
from searcher.cli.help import Application
from searcher.cli.streams import lost_output
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
    str,
    typer.Option(
        "--index",
        "-i",
        envvar="SEARCHER_INDEX",
        help=_("The folder of the index, or its address in a cluster. Example: -i ~/news-index"),
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("Print JSON for programs. Example: --json"))]
_INTERRUPTED: Final = 130
_USAGE: Final = 2
DEFAULT_INDEX: Final = "index"


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
    ca: Annotated[
        str | None,
        typer.Option(
            "--ca",
            metavar="FILE",
            help=_("Trust a cluster whose certificate this file vouches for. Example: searcher --ca ca.pem stats"),
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help=_("Print the version and leave.")),
    ] = False,
) -> None:
    """Options for every command."""
    if ca is not None:
        os.environ["SEARCHER_CA"] = ca  # for workers as well
    if debug:
        from searcher.cli.debugging import show_traces

        show_traces()


_MODULES: Final = (
    "index", "query", "show", "stats", "check", "copy", "facts", "fetch", "similar", "suggest", "tag", "trends",
    "serve",
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
    debug = "--debug" in given
    if debug:
        _show_warnings()
    try:
        with_commands(given)
        say_so_and_leave()
        if "_SEARCHER_COMPLETE" in os.environ:
            from searcher.cli.shells import complete

            return complete(app)
        code = app(args=given, prog_name="searcher", standalone_mode=False)
        if code == _INTERRUPTED:  # typer makes this of a KeyboardInterrupt, and says nothing
            return _interrupted()
        return code if isinstance(code, int) else 0
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 1 if leave.code else 0
    except BrokenPipeError:  # whoever reads a pipe may have gone, and wants no more
        return 1
    except SearcherError as error:
        if debug:
            raise
        return _failed(str(error))
    except MemoryError:
        if debug:
            raise
        return _failed(_("There is not enough memory for this."))
    except Exception as error:
        return _unexpected(error, given, debug=debug)


def _unexpected(error: Exception, given: Sequence[str], *, debug: bool) -> int:
    from searcher.cli.usage import is_usage_error, usage_lines

    if type(error).__name__ == "NoArgsIsHelpError":
        return _USAGE
    if type(error).__name__ == "Abort":
        return _interrupted()
    if is_usage_error(error):
        first, *others = usage_lines(error, given)
        _problem(first, style="red")
        for line in others:
            _problem(line)
        return _USAGE
    if debug:
        raise error
    if isinstance(error, OSError) and lost_output() is not None:
        return output_lost(error)
    return _failed(_("Something went wrong: {error} (--debug shows where).").format(error=error))


def output_lost(error: OSError) -> int:
    """Say that what was printed could not be written, and return the exit code."""
    text = _("What was to be printed could not be written: {error}.")
    return _failed(text.format(error=error.strerror or error))


def _failed(sentence: str) -> int:
    _problem(sentence, style="red")
    return 1


def _interrupted() -> int:
    _problem(_("Stopped; what was committed before stays."))
    return _INTERRUPTED


def _show_warnings() -> None:
    import warnings

    warnings.simplefilter("default")


def _problem(text: str, style: str | None = None) -> None:
    from searcher.cli.console import Console

    Console(stderr=True, soft_wrap=True).print(" ".join(text.split("\n")), style=style)
