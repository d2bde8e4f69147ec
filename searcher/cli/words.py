"""Text as it is typed after a command: several words are one text, and a word that begins with '-' may be one of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from searcher.cli.help import Command

_END_OF_OPTIONS: Final = "--"
_DASH: Final = "-"


class TextCommand(Command):
    """A command whose argument is text: `searcher query ma túy -heroin` asks for what `query "ma túy -heroin"` does.

    A word with one dash is an option where the command has such a one, and what stands behind its letter is a value
    for it: `-n5`, `-tma-tuy`; but `-tệ`, `-nạn` and `-hiv` are words.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take in the arguments, the words of the text as one."""
        if not ctx.resilient_parsing:
            options, words = _parted(args, self.get_params(ctx))
            args = [*options, _END_OF_OPTIONS, " ".join(words)] if words else options
        return super().parse_args(ctx, args)


def _parted(args: Iterable[str], params: Iterable[Any]) -> tuple[list[str], list[str]]:
    """Return the options with their values, and the words."""
    known = {name: param for param in params for name in (*param.opts, *param.secondary_opts)}
    options: list[str] = []
    words: list[str] = []
    rest = iter(args)
    for arg in rest:
        if arg == _END_OF_OPTIONS:
            words += rest
        elif not arg.startswith(_DASH) or _is_word(arg, known):
            words.append(arg)
        else:
            options.append(arg)
            if _wants_value(known.get(arg)):
                value = next(rest, None)
                if value is None:
                    return options, []  # which nothing may stand behind, or it would be taken for the value
                options.append(value)
    return options, words


def _wants_value(param: Any) -> bool:
    return param is not None and not getattr(param, "is_flag", False)


def _is_word(arg: str, known: dict[str, Any]) -> bool:
    if arg.startswith(_END_OF_OPTIONS) or arg in known or f"{_DASH}{arg}" in known or len(arg) < 3:  # '-json' is meant
        return arg == _DASH
    param = known.get(arg[:2])
    return param is None or not _wants_value(param) or not _could_be(param.name, arg[2:])


def _could_be(name: str, value: str) -> bool:
    """Return whether what stands right behind an option's letter could be its value."""
    from searcher.query.request import SORTS
    from searcher.tagging import resolve_province, resolve_topic

    if name == "province":
        return resolve_province(value) is not None
    if name == "topic":
        return resolve_topic(value) is not None
    if name == "sort":
        return value in SORTS
    if name == "limit":
        return value.isdecimal()
    return "/" in value or Path(value).exists()
