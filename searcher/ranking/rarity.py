"""How rare what a query asks for is in an index: all that counting in any engine has in common."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from searcher.ranking.asked import Ask

B: Final = 0.75
"""How much of a field's length term frequencies are divided by: BM25's b."""
FIELDS: Final = ("title", "lead", "body")
SAMPLE: Final = 2048
"""Documents in which pairs and unlisted words are counted; their frequency enters through a logarithm."""


class Rarities(ABC):
    """Rarities in an index of `doc_count` documents, as far as `documents_with` knows them."""

    doc_count: int

    @abstractmethod
    def documents_with(self, syllables: tuple[str, ...]) -> int:
        """Return in how many documents the syllables follow each other, in the field where most have them."""

    @abstractmethod
    def occurrences(self, term: str) -> int:
        """Return how often a term is in all articles; 1 at least."""

    def idf(self, ask: Ask) -> float:
        """Return the rarity of what is asked for, times what the query makes of it with ^; 0 where it is nowhere."""
        found = 0.0
        bounds = [(weight * self.at_most(syllables), weight, syllables) for syllables, weight in ask.readings]
        for bound, weight, syllables in sorted(bounds, reverse=True):
            if bound <= found:  # nor can any of the others be in more
                break
            found = max(found, weight * self.documents_with(syllables))
        return ask.boost * self.rarity(found)

    def rarity(self, found: float) -> float:
        """Return the inverse document frequency of what so many documents have; 0 of what none has."""
        if found <= 0:
            return 0.0
        return math.log(1 + (self.doc_count - found + 0.5) / (found + 0.5))

    def at_most(self, syllables: tuple[str, ...]) -> int:
        """Return in how many documents they can be: not more than have the rarest of them."""
        return min(self.documents_with((one,)) for one in syllables)
