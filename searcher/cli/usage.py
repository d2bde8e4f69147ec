"""What is said of a command that was not understood: the fault in the user's language, and the command mended.

typer's own sentences are English whatever the catalogue says, and its errors are of a private module: they are told
apart by the names of their classes.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

from searcher.messages import _, number

_OPTION_EXAMPLE: Final = re.compile(r": (-\S.*)$")
_PLAIN: Final = re.compile(r"[\w@%+=:,./-]+")
_EXTRA: Final = re.compile(r"unexpected extra arguments? \((.*)\)|unexpected extra argument\(s\) \((.*)\)", re.DOTALL)
_NOT_A_NUMBER: Final = re.compile(r"'?(.*?)'? is not (?:a valid|in the range) ", re.DOTALL)


def is_usage_error(error: BaseException) -> bool:
    """Return whether the error is one of wrong use, by typer or click."""
    return getattr(error, "exit_code", None) is not None and hasattr(error, "format_message")


def usage_lines(error: Any, given: Sequence[str]) -> list[str]:
    """Return what to say of a usage error: a sentence, then where something better is known the command mended."""
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    sentence, mended = _fault(error, kind, context, list(given))
    lines = [sentence]
    if mended:
        lines.append(_("Example: {command}").format(command=_shown(["searcher", *mended])))
    path = getattr(context, "command_path", None) or _shown(["searcher", *given[:1]])
    lines.append(_("All that can be said: {command}").format(command=f"{path} --help"))
    return lines


def _fault(error: Any, kind: str, context: Any, given: list[str]) -> tuple[str, list[str]]:
    if kind == "NoSuchOption":
        return _no_option(error.option_name, context, given)
    if kind == "MissingParameter":
        return _missing(error, context, given)
    if kind == "BadOptionUsage":
        flag = "does not take a value" in error.message
        text = _("The option {name} takes no value.") if flag else _("The option {name} needs a value.")
        return text.format(name=error.option_name), []
    if kind == "BadParameter":
        return _bad_value(error, context), _with_example(error, given)
    if extra := _EXTRA.search(error.message):
        text = _("Too much: {words}. Text of several words stands in quotes.")
        return text.format(words=extra[1] or extra[2]), []
    if hasattr(getattr(context, "command", None), "commands"):
        return _no_command(context, given)
    return error.format_message(), []


def _no_option(name: str, context: Any, given: list[str]) -> tuple[str, list[str]]:
    known = [one for param in context.command.get_params(context) for one in param.opts if one.startswith("-")]
    name = next((one for one in given if f"-{one}" in known), name)  # '-limit', of which only '-l' is complained about
    close = [f"-{name}"] if f"-{name}" in known else get_close_matches(name, known, n=1)
    sentence = _("No such option: {name}.").format(name=name)
    return sentence, [_renamed(one, name, close[0]) for one in given] if close else []


def _renamed(word: str, name: str, better: str) -> str:
    return better + word[len(name) :] if word == name or word.startswith(f"{name}=") else word


def _no_command(context: Any, given: list[str]) -> tuple[str, list[str]]:
    name = next((one for one in given if not one.startswith("-")), "")
    sentence = _("No such command: {name}.").format(name=f"'{name}'")
    close = get_close_matches(name, list(context.command.commands), n=1)
    return sentence, [close[0] if one == name else one for one in given] if close else ["query", *given]


def _missing(error: Any, context: Any, given: list[str]) -> tuple[str, list[str]]:
    param = error.param
    if param is not None and param.param_type_name == "argument":
        sentence = _("Missing argument: {name}.").format(name=param.metavar or param.name.upper())
    else:
        sentence = _("Missing option: {name}.").format(name=_hint(error, context))
    return sentence, _example(context)


def _bad_value(error: Any, context: Any) -> str:
    hint, message = _hint(error, context), error.message
    found, kind = _NOT_A_NUMBER.match(message), getattr(getattr(error, "param", None), "type", None)
    if found and kind is not None and "int" in getattr(kind, "name", ""):
        message = _("'{value}' is no whole number{range}.").format(value=found[1], range=_range(kind))
    elif found and kind is not None and "float" in getattr(kind, "name", ""):
        message = _("'{value}' is no number{range}.").format(value=found[1], range=_range(kind))
    return f"{hint}: {message}" if hint else str(message)


def _with_example(error: Any, given: list[str]) -> list[str]:
    """Return the command with the example of an option's help in the place of the option and its value."""
    param = getattr(error, "param", None)
    names, found = getattr(param, "opts", ()), _OPTION_EXAMPLE.search(getattr(param, "help", None) or "")
    at = next((at for at, word in enumerate(given) if word in names), -1)
    return [*given[:at], *shlex.split(found[1]), *given[at + 2 :]] if found and at >= 0 else []


def _range(kind: Any) -> str:
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is not None and most is not None:
        return _(" from {least} to {most}").format(least=number(least), most=number(most))
    return _(" from {least} on").format(least=f"{least:g}") if least is not None else ""


def _hint(error: Any, context: Any) -> str:
    hint = getattr(error, "param_hint", None)
    if hint is None and getattr(error, "param", None) is not None:
        hint = (
            " / ".join(error.param.opts) if error.param.param_type_name == "option" else error.param.human_readable_name
        )
    return hint if isinstance(hint, str) else " / ".join(hint or ())


def _example(context: Any) -> list[str]:
    """Return the example in a command's help."""
    help_text = getattr(context.command, "help", None) or ""
    at = help_text.rfind("searcher ")
    return shlex.split(help_text[at:])[1:] if at >= 0 else []


def _shown(words: Sequence[str]) -> str:
    """Return a command line as a shell takes it."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    return " ".join(word if _PLAIN.fullmatch(word) else shlex.quote(word) for word in words)
