"""The language of what a person reads: Vietnamese where the locale or SEARCHER_LANG says so, else English.

Whoever answers several people at once says for each which language it is (`speaking`).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

_VARIABLES: Final = ("SEARCHER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_VIETNAMESE_NUMBERS: Final = str.maketrans(",.", ".,")
LANGUAGES: Final = ("vi", "en")
_spoken: Final[ContextVar[str]] = ContextVar("language", default="")


def language() -> str:
    """Return "vi" or "en": that of `speaking`, else the first set of SEARCHER_LANG, LC_ALL, LC_MESSAGES and LANG."""
    if spoken := _spoken.get():
        return spoken
    chosen = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return "vi" if chosen.lower().startswith("vi") else "en"


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Have all texts made in this context be in a language, one of `LANGUAGES`; other threads and tasks keep theirs."""
    token = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(token)


def _folder() -> Path:
    return Path(__file__).with_name("locale")


def use_for_libraries() -> None:
    """Have this process' libraries take their texts from the catalogue as well, those that look them up by gettext.

    It is for a program's start: typer looks some of its texts up when it is imported.
    """
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("searcher", _folder())
    gettext.textdomain("searcher")


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    return gettext.translation("searcher", _folder(), [chosen], fallback=True)


def number(value: float, decimals: int = 0) -> str:
    """Return the number with its thousands parted, as the user's language writes it: 1,234.5 or 1.234,5."""
    if not decimals and 0 <= value < 1000 and isinstance(value, int):
        return str(value)
    text = f"{value:,.{decimals}f}"
    return text.translate(_VIETNAMESE_NUMBERS) if language() == "vi" else text


def _(message: str) -> str:
    """Return the message in the user's language."""
    return _catalogue(language()).gettext(message)
