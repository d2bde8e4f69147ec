"""Which text is answered: the one that was typed, or what it was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from searcher.harmless import harmless
from searcher.language.translation import translate
from searcher.messages import _

if TYPE_CHECKING:  # every query comes by here, and pays for no more than it needs
    from collections.abc import Callable
    from typing import Protocol, TypeVar

    from searcher.language.tree import ParsedQuery
    from searcher.query.request import SearchRequest
    from searcher.suggesting.correction import Correction

    class Answered(Protocol):
        """What was found for a text: what the text says, and how many articles have all of it."""

        @property
        def parsed(self) -> ParsedQuery:
            """What the text says."""

        @property
        def complete(self) -> int:
            """How many articles have all of it."""

    A = TypeVar("A", bound=Answered)

_CORRECTIONS: Final = 3
"""How often a query is corrected."""


def as_meant(
    request: SearchRequest,
    answer: Callable[[SearchRequest], A],
    correct: Callable[[str, ParsedQuery], Correction | None],
) -> tuple[A, str, str]:
    """Return what is found, for what text where not for the one typed, and what it may mean besides.

    English expressions are looked for in Vietnamese. The answer is for a correction where no article has all words
    as they were typed, and one has all of the correction, or where the index has not even a word that it replaces.
    What is corrected may show what else is wrong.
    """
    corrected, meant = "" if request.literal else translate(request.text), ""
    found = answer(replace(request, text=corrected) if corrected else request)
    for _round in range(_CORRECTIONS):
        correction = correct(corrected or request.text, found.parsed)
        if correction is None:
            return found, corrected, meant
        if found.complete or request.literal:
            return found, corrected, correction.text
        other = answer(replace(request, text=correction.text))
        if not (other.complete or correction.is_certain):
            return found, corrected, correction.text
        found, corrected = other, correction.text
        meant = corrected
    return found, corrected, meant


def read_as(corrected: str) -> tuple[str, ...]:
    """Return the sentence that says for what text the answer is, where not for the one typed."""
    return (_("Read as: {query}").format(query=harmless(corrected)),) if corrected else ()
