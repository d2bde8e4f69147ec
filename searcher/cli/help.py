"""Help texts that typer writes in English whatever the catalogue says, put into the user's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from searcher.messages import _


def _texts() -> dict[str, str]:
    return {
        "--help": _("Show this help and leave."),
        "--install-completion": _("Have your shell complete commands and options. Takes effect in its next session."),
        "--show-completion": _("Print the script that does so, to look at or to put elsewhere."),
    }


def _with_texts(params: list[Any]) -> list[Any]:
    texts = _texts()
    for param in params:
        for name in param.opts:
            if name in texts:
                param.help = texts[name]
    return params


class Command(TyperCommand):
    """A command whose --help is described in the user's language."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the command's options and arguments."""
        return _with_texts(super().get_params(ctx))


class Group(TyperGroup):
    """The same for the command that has the others."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options of the whole."""
        return _with_texts(super().get_params(ctx))


class Application(typer.Typer):
    """A typer application of such commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=Group, **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Return the decorator that makes a function a command."""
        return super().command(name, **{"cls": Command, **options})
