"""`searcher suggest`: what the text that is being typed may become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import output, print_json
from searcher.cli.options import HowManyOption
from searcher.cli.words import TextCommand
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.query.objects import SuggestionObject, SuggestionsObject
from searcher.suggesting.suggestion import Suggestion


@app.command("suggest", cls=TextCommand, help=_("Complete what is typed. Example: searcher suggest 'mai d'"))
def suggest_command(
    prefix: Annotated[str, typer.Argument(help=_("The beginning of what is meant, with or without diacritics."))],
    limit: HowManyOption = 10,
    as_json: JsonOption = False,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    from searcher.opening import open_index

    with open_index(index) as opened:
        found = opened.suggest(prefix, limit)
    if as_json:
        suggestions = (SuggestionObject(one.text, one.kind, one.count, one.value or None) for one in found)
        print_json(SuggestionsObject(harmless(prefix), tuple(suggestions)))
    else:
        _show(found)


def _show(found: Sequence[Suggestion]) -> None:
    """Print one row a suggestion: its text, what it is, how many articles have it."""
    console = output()
    if not found:
        console.print(_("Nothing in the index begins like this."))
        return
    kinds = {
        "topic": _("topic"),
        "place": _("place"),
        "word": _("word"),
        "phrase": _("in titles"),
        "title": _("title"),
    }
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for one in found:
        count = one.value if one.kind == "title" else number(one.count)
        if console.is_terminal:
            table.add_row(Text(harmless(one.text), "bold cyan"), Text(kinds[one.kind], "dim"), Text(count, "dim"))
        else:
            console.print(Text(f"{harmless(one.text)} · {kinds[one.kind]} · {count}"))
    if console.is_terminal:
        console.print(table)
