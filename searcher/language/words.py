"""The words of the query language, as language.toml has them: names of fields, of periods and of units of time."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from searcher.analysis import fold
from searcher.data import read_table

_BETWEEN: Final = re.compile(r"[\s_-]+")


@cache
def words_of_the_language() -> dict[str, Any]:
    """Return the tables of language.toml."""
    return read_table(__file__, "language")


@cache
def _fields() -> dict[str, str]:
    named: dict[str, list[str]] = words_of_the_language()["fields"]
    exact = {name: field for field, names in named.items() for name in names}
    return {fold(name): field for name, field in exact.items()} | exact


def field_named(name: str) -> str | None:
    """Return the field that a name before a colon stands for, or None where it is none.

    >>> field_named("Chủ đề"), field_named("chu-de"), field_named("chú dế")
    ('topic', 'topic', None)
    """
    return _fields().get(_BETWEEN.sub("", name.lower()))


def names_of(field: str) -> tuple[str, ...]:
    """Return the names of a field, the Vietnamese first."""
    return tuple(words_of_the_language()["fields"][field])
