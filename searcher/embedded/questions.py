"""What texts say to an index: read once, for all that is asked with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from searcher.language.parser import parse_query
from searcher.language.understanding import Understanding, plain_words, understand
from searcher.language.values import today_in_vietnam
from searcher.messages import language
from searcher.suggesting.correction import Correction, correct

if TYPE_CHECKING:
    from searcher.execution.segmentvocabulary import SegmentVocabulary
    from searcher.execution.termcounts import TermCounts
    from searcher.language.tree import ParsedQuery

REMEMBERED: Final = 256
"""Texts that are remembered: whoever turns pages or narrows asks with the same one again."""


class Question:
    """A text, as it is read, what it names, and what it was probably meant to be."""

    def __init__(self, text: str, parsed: ParsedQuery, counts: Callable[[], TermCounts]) -> None:
        self.parsed = parsed
        self._text = text
        self._counts = counts

    @cached_property
    def named(self) -> Understanding:
        """What it names: places, topics, years."""
        return understand(plain_words(self.parsed))

    @cached_property
    def correction(self) -> Correction | None:
        """What it was probably meant to be; None where it is fine."""
        return correct(self._text, self.parsed, self._counts())


class Questions:
    """Reads texts as an index does, and remembers the last ones; for several threads."""

    def __init__(self, vocabulary: SegmentVocabulary, counts: Callable[[], TermCounts]) -> None:
        def read(text: str, today: date, _language: str) -> Question:
            return Question(text, parse_query(text, vocabulary, today=today), counts)

        self._read = lru_cache(REMEMBERED)(read)

    def read(self, text: str, today: date | None = None) -> Question:
        """Return a text as it is read on a day, None for today; notes are in the reader's language."""
        return self._read(text, today or today_in_vietnam(), language())
