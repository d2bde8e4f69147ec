"""Runs the examples of docs/tagging.md anew and writes what they show: `python -m tools.tagging_examples`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from tools.terminal import clean_environment, in_terminal

ROOT: Final = Path(__file__).parent.parent
DOC: Final = ROOT / "docs" / "tagging.md"
COLUMNS: Final = 100
_EXAMPLE: Final = re.compile(r"(?<=```\n)\$ searcher (?P<arguments>tag [^\n]+)\n.*?(?=```)", re.DOTALL)
_STYLES: Final = re.compile(r"\x1b\[[0-9;]*m")


def shown(arguments: str) -> str:
    """Return what a command shows in a terminal of `COLUMNS`, without its colours."""
    command = [sys.executable, "-m", "searcher", *arguments.split()]
    _code, screen = in_terminal(command, COLUMNS, clean_environment(), ROOT)
    lines = [line.rstrip() for line in _STYLES.sub("", screen).splitlines()]
    return "\n".join(lines).strip("\n")


def written(text: str) -> str:
    """Return the documentation with each example as it shows itself today."""
    return _EXAMPLE.sub(lambda match: f"$ searcher {match['arguments']}\n{shown(match['arguments'])}\n", text)


def examples(text: str) -> list[str]:
    """Return the arguments of the documentation's examples."""
    return [match["arguments"] for match in _EXAMPLE.finditer(text)]


def main() -> None:
    """Write the examples into the documentation."""
    DOC.write_text(written(DOC.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
