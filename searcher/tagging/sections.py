"""An article as tagging reads it: title, lead and body as symbols, with what is found in each."""

from __future__ import annotations

from typing import Final, NamedTuple

from searcher.article import Article
from searcher.tagging.symbols import lower_case, symbols

SECTIONS: Final = ("title", "lead", "body")
ISSUER: Final = "issuer"
"""The name of the section that an issuer of a notice makes, above the title."""
MOST_SYMBOLS: Final = 20_000
"""What stands further down in a section is not read for tags: a hundred pages say what a text is about."""


class Section(NamedTuple):
    """A part of an article: its name, its symbols, and the same in lower case."""

    name: str
    symbols: list[str]
    low: list[str]


def sections(article: Article) -> tuple[Section, ...]:
    """Return title, lead and body, in that order."""
    found = []
    for name in SECTIONS:
        taken = symbols(getattr(article, name))[:MOST_SYMBOLS]
        found.append(Section(name, taken, lower_case(taken)))
    return tuple(found)
