"""An article as tagging reads it: title, lead and body as symbols, with what is found in each."""

from __future__ import annotations

from functools import lru_cache
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
    """Return title, lead and body, in that order; not to be written to.

    Those of the last article are kept: its tags and its facts are asked for one after the other.
    """
    return _read(*(getattr(article, name) for name in SECTIONS))


@lru_cache(maxsize=1)
def _read(*texts: str) -> tuple[Section, ...]:
    found = []
    for name, text in zip(SECTIONS, texts, strict=True):
        taken = symbols(text)[:MOST_SYMBOLS]
        found.append(Section(name, taken, lower_case(taken)))
    return tuple(found)
