"""`searcher serve`: the page in the browser."""

import os
import secrets
from typing import Annotated, Final

import typer

from searcher.about import DISTRIBUTION
from searcher.cli.app import DEFAULT_INDEX, IndexOption, app
from searcher.cli.console import output
from searcher.errors import SearcherError
from searcher.messages import _

_TOKEN_VARIABLE: Final = "SEARCHER_TOKEN"
_TOKEN_BYTES: Final = 24
_LEAST_TOKEN: Final = 16


@app.command("serve", help=_("Search in the browser. Example: searcher serve --open"))
def serve_command(
    given_token: Annotated[
        str | None,
        typer.Argument(metavar="TOKEN", hidden=True, help=_("What --token may have behind it. Example: --token TOKEN")),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help=_("Where it listens; 0: any free one. Example: --port 8000"))
    ] = 8765,
    host: Annotated[
        str,
        typer.Option("--host", help=_("Which address; others than this machine need --token. Example: --host 0.0.0.0")),
    ] = "127.0.0.1",
    open_browser: Annotated[
        bool, typer.Option("--open", help=_("Open the page in the browser. Example: --open"))
    ] = False,
    token: Annotated[
        bool,
        typer.Option(
            "--token",
            help=_(
                "Only for who has the token: a new one, the one given behind it, or SEARCHER_TOKEN. Example: --token"
            ),
        ),
    ] = False,
    allow_upload: Annotated[
        bool,
        typer.Option(
            "--allow-upload", help=_("Files may be added from the page; needs --token. Example: --allow-upload")
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=0,
            max=64,
            help=_(
                "How many processes make pages, at most; as many as there are cores, 0: none but the server itself. "
                "Example: --workers 2"
            ),
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", min=0.1, max=600, help=_("How many seconds an answer may take. Example: --timeout 10")
        ),
    ] = 2.0,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    if given_token is not None and not token:
        raise typer.BadParameter(_("'{text}' is too much here.").format(text=given_token))
    try:
        from searcher.web.serving import serve
        from searcher.web.settings import Settings
    except ModuleNotFoundError as missing:
        text = _("The page needs the package {package}: pip install '{extra}'.")
        raise SearcherError(text.format(package=missing.name, extra=f"{DISTRIBUTION}[web]")) from missing

    from searcher.processes import available_cores
    from searcher.storage import is_cluster

    settings = Settings(
        location=index,
        host=host,
        port=port,
        token=_token(given_token) if token else "",
        allow_upload=allow_upload,
        search_s=timeout,
        workers=available_cores() if workers is None else workers,
    )
    if not settings.is_local and not settings.token:
        text = _(
            "With --host {host} others can reach this index: add --token, and give them the address that is printed."
        )
        raise typer.BadParameter(text.format(host=host))
    if allow_upload and not settings.token:
        raise typer.BadParameter(_("--allow-upload lets others change the index: add --token."))
    if allow_upload and is_cluster(index):
        text = _("Files can be added from the browser only to an index in a folder, and {location} is in a cluster.")
        raise typer.BadParameter(text.format(location=index))

    def ready(address: str) -> None:
        console = output()
        console.print(_("Open {address} in a browser; Ctrl-C ends it.").format(address=address), soft_wrap=True)
        console.file.flush()
        if open_browser:
            import webbrowser

            webbrowser.open(address)

    serve(settings, ready)


def _token(given: str | None) -> str:
    token = given or os.environ.get(_TOKEN_VARIABLE) or secrets.token_urlsafe(_TOKEN_BYTES)
    if len(token) < _LEAST_TOKEN or not token.isascii() or not all(one.isalnum() or one in "-_." for one in token):
        text = _("A token has at least {count} letters and digits (also - _ .).")
        raise typer.BadParameter(text.format(count=_LEAST_TOKEN))
    return token
