"""Runs the examples of docs/tagging.md and facts.md anew and writes what they show: `python -m tools.tagging_examples`.

Each page shows its own part of what `searcher tag --explain` shows.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from tools.terminal import clean_environment, in_terminal

ROOT: Final = Path(__file__).parent.parent
DOC: Final = ROOT / "docs" / "tagging.md"
FACTS_DOC: Final = ROOT / "docs" / "facts.md"
FACTS_HEADING: Final = "Facts of the case"
COLUMNS: Final = 100
_EXAMPLE: Final = re.compile(r"(?<=```\n)\$ searcher (?P<arguments>tag [^\n]+)\n.*?(?=```)", re.DOTALL)
_STYLES: Final = re.compile(r"\x1b\[[0-9;]*m")


def shown(arguments: str) -> str:
    """Return what a command shows in a terminal of `COLUMNS`, without its colours."""
    command = [sys.executable, "-m", "searcher", *arguments.split()]
    _code, screen = in_terminal(command, COLUMNS, clean_environment(), ROOT)
    lines = [line.rstrip() for line in _STYLES.sub("", screen).splitlines()]
    return "\n".join(lines).strip("\n")


def part(screen: str, *, facts: bool) -> str:
    """Return the part of an explanation that is about facts, or the other one, which is about tags."""
    tags, heading, rest = screen.partition(f"\n{FACTS_HEADING}")
    return f"{heading}{rest}".strip("\n") if facts else tags.strip("\n")


def written(text: str, *, facts: bool = False) -> str:
    """Return a page with each example as it shows itself today."""
    return _EXAMPLE.sub(
        lambda match: f"$ searcher {match['arguments']}\n{part(shown(match['arguments']), facts=facts)}\n", text
    )


def examples(text: str) -> list[str]:
    """Return the arguments of the documentation's examples."""
    return [match["arguments"] for match in _EXAMPLE.finditer(text)]


def main() -> None:
    """Write the examples into the documentation."""
    for page, facts in ((DOC, False), (FACTS_DOC, True)):
        page.write_text(written(page.read_text("utf-8"), facts=facts), "utf-8")


if __name__ == "__main__":
    main()
