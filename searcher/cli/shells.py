"""What shells ask for completion: values with spaces come so that the finished line runs.

typer registers a class a shell; the one for bash puts values in as they are, so that 'Sơn La' became two words.
"""

from __future__ import annotations

import os
import re
from importlib import import_module
from typing import Any, Final

import typer

_NEEDS_QUOTING: Final = re.compile(r"[^\w@%+=:,./~-]")


def quoted(value: str, typed: str) -> str:
    """Return a value as bash takes it in the place of the word that is typed.

    In a word that begins with a quote only what ends it needs care: bash keeps the quote and closes it.

    >>> quoted("Sơn La", "Sơ"), quoted("Sơn La", '"Sơ')
    ('Sơn\\\\ La', 'Sơn La')
    """
    if typed.startswith("'"):
        return value.replace("'", "'\\''")
    if typed.startswith('"'):
        return re.sub(r"[\\\"$`]", r"\\\g<0>", value)
    return _NEEDS_QUOTING.sub(r"\\\g<0>", value)


def complete(app: typer.Typer) -> int:
    """Answer the shell that asks by the environment; returns the exit code."""
    command = typer.main.get_command(app)  # which registers typer's own classes
    classes: Any = import_module("typer._completion_classes")
    register = getattr(classes, "add_completion_class", None)
    if register is None:  # typer before 0.28 is built on click
        register = import_module("click.shell_completion").add_completion_class
    register(_bash(classes.BashComplete), "bash")
    code = command.main(args=[], prog_name="searcher", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _bash(base: Any) -> Any:
    class Bash(base):  # type: ignore[misc]
        def format_completion(self, item: Any) -> str:
            return quoted(item.value, _typed())

    return Bash


def _typed() -> str:
    """Return the word at the cursor as it stands, with its quote: bash gives the words one a line."""
    words, at = os.environ.get("COMP_WORDS", "").split("\n"), os.environ.get("COMP_CWORD", "")
    return words[int(at)] if at.isdecimal() and int(at) < len(words) else ""
