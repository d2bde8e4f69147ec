"""What all views share: the console they print to, and how days, tags and marked text look."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from rich import console as rich_console
from rich.segment import Segment
from rich.text import Text

from searcher.cli.streams import below
from searcher.harmless import harmless, harmless_json
from searcher.messages import _, number
from searcher.query.snippets import MARKS
from searcher.tagging import topics as known_topics

PIPED_WIDTH: Final = 100_000  # a pipe has no edge to cut at


class Console(rich_console.Console):
    """A console for standard output, or standard error with `stderr=True`, on which no text commands a terminal.

    Every console of the command line is one: whatever is printed on it, the texts of its segments are harmless.
    """

    def __init__(self, *, stderr: bool = False, **options: Any) -> None:
        given = {"highlight": False, "markup": False, "emoji": False, **options}
        super().__init__(file=below(sys.stderr if stderr else sys.stdout), **given)

    def render(
        self, renderable: rich_console.RenderableType, options: rich_console.ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the segments of what is printed."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable() or segment.text == "\n":
                yield segment
            else:
                yield Segment(harmless(segment.text), segment.style)


def output(*, error: bool = False) -> Console:
    """Return a console for standard output, or standard error; in a pipe nothing is cut and nothing is coloured.

    Where colours are wanted in a pipe (FORCE_COLOR), it ends in a terminal, and lines are as wide as that is.
    """
    console = Console(stderr=error)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console


def print_json(value: Any) -> None:
    """Print the value as one line of JSON, in which nothing commands a terminal or is HTML."""
    sys.stdout.write(harmless_json(msgspec.json.encode(value).decode("utf-8")) + "\n")


def day(moment: datetime | None) -> str:
    """Return the day as people here write it, or a dash where it is not known."""
    return f"{moment:%d/%m/%Y}" if moment else "–"


def topic_names(slugs: Iterable[str]) -> str:
    """Return the topics' names, in the order given."""
    names = known_topics().names
    return ", ".join(names.get(slug, slug) for slug in slugs)


def marked(text: str) -> Text:
    """Return the text with what stands between `MARKS` highlighted."""
    shown = Text()
    for place, piece in enumerate(text.split(MARKS[0])):
        matched, found, rest = map(harmless, piece.partition(MARKS[1]))
        if place and found:
            shown.append(matched, "bold yellow")
            shown.append(rest)
        else:
            shown.append(piece)
    return shown


def joined(parts: Iterable[str]) -> str:
    """Return the parts that are not empty, each in one line, joined by middle dots."""
    return " · ".join(filter(None, (" ".join(part.split()) for part in parts)))


def articles(count: int) -> str:
    """Return how many articles there are, in words."""
    return _("1 article") if count == 1 else _("{total} articles").format(total=number(count))


def more(count: str) -> Text:
    """Return the line that says how many rows are left out."""
    return Text(_("… {count} more").format(count=count), "dim")
