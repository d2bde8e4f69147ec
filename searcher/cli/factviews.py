"""How the facts of a case look: in one line, and with the words that they were read from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from searcher.cli.console import output
from searcher.facts.wording import facts_line, kind_names, label
from searcher.harmless import harmless
from searcher.messages import _

if TYPE_CHECKING:
    from searcher.facts import Facts, ReadFact


def show_facts(facts: Facts) -> None:
    """Print the line of a case's facts, if there is one."""
    if line := facts_line(facts):
        output().print(Text(f"  {harmless(line)}", "green"))


def show_read_facts(facts: Facts, read: Sequence[ReadFact]) -> None:
    """Print the facts of an article, each with the words it was read from."""
    console = output()
    console.print(Text.assemble((_("Facts of the case"), "bold"), (f"  {kind_names()[facts.kind]}", "dim")))
    if line := facts_line(facts):
        console.print(Text(f"  {harmless(line)}", "green"))
    rows = [(Text(label(one), "dim"), _quote(one)) for one in read]
    if console.is_terminal:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=2)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for name, text in rows:
            table.add_row("", name, text)
        console.print(table)
    else:
        width = max((name.cell_len for name, _text in rows), default=0)
        for name, text in rows:
            console.print(Text.assemble("    ", name, " " * (width - name.cell_len + 2), text))
    console.print()


def _quote(one: ReadFact) -> Text:
    if not one.words:
        return Text(_("only one is spoken of"), "italic dim")
    before, words, after = (" ".join(harmless(part).split()) for part in (one.before, one.words, one.after))
    return Text.assemble(
        f"{before} " if before and one.before[-1:].isspace() else before,
        (words, "bold yellow"),
        f" {after}" if after and one.after[:1].isspace() else after,
    )
