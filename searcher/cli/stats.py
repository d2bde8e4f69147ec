"""The command that shows what the index holds."""

from __future__ import annotations

from searcher.cli import views
from searcher.cli.app import DEFAULT_INDEX, IndexOption, JsonOption, app
from searcher.cli.console import print_json
from searcher.messages import _


@app.command("stats", help=_("Show what the index holds. Example: searcher stats --json"))
def stats_command(as_json: JsonOption = False, index: IndexOption = DEFAULT_INDEX) -> None:
    from searcher.opening import open_index

    with open_index(index) as opened:
        stats = opened.stats()
    if as_json:
        print_json(stats)
    else:
        views.show_stats(stats)
