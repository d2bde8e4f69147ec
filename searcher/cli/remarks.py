"""What one should know about what was found: what of it has all the words, how it was read, what has no date."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from searcher.cli.console import Console
from searcher.messages import _, number


def print_remarks(console: Console, relaxed: bool, complete: int, notes: Sequence[str]) -> None:
    """Print that not all that was found has all the words, and the notes that are not empty."""
    if relaxed and complete == 1:
        console.print(Text(_("1 of these has all the words, the others some of them."), "yellow"))
    elif relaxed and complete:
        line = _("{count} of these have all the words, the others some of them.").format(count=number(complete))
        console.print(Text(line, "yellow"))
    elif relaxed:
        console.print(Text(_("No article has all the words; these have some of them."), "yellow"))
    for note in filter(None, notes):
        console.print(Text(note, "yellow"))


def undated_remark(undated: int) -> str:
    """Return the line for articles that match but for days, having no date; empty where there are none."""
    if undated == 1:
        return _("1 more matches but has no date, so it is not among these.")
    text = _("{count} more match but have no date, so they are not among these.")
    return text.format(count=number(undated)) if undated else ""


def all_undated(undated: int) -> str:
    """Return what to say where nothing was found because no article that matches has a date."""
    if undated == 1:
        return _("1 article matches, but has no date: leave out the days to see it.")
    text = _("{count} articles match, but none of them has a date: leave out the days to see them.")
    return text.format(count=number(undated))


def in_no_year(undated: int) -> str:
    """Return the line for articles among the hits that no year counts."""
    if undated == 1:
        return _("1 of them has no date and is in no year.")
    return _("{count} of them have no date and are in no year.").format(count=number(undated))
