"""The words that pyvi's word list knows, with marks or without, read from the cached tables without unpacking them."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache
from typing import Final

from searcher.analysis.folding import FoldedOrder
from searcher.analysis.modelcache import load_tables
from searcher.analysis.tables import Tables

_KEPT: Final = 4096


class KnownWords:
    """A lexicon of the words of two to four syllables in pyvi's words.txt, as terms."""

    def __init__(self, tables: Tables) -> None:
        self._words = tables.words.tobytes()
        self._starts = tables.word_starts
        self.folding_to = lru_cache(_KEPT)(FoldedOrder(tables.word_folds, self._word).folding_to)
        """The words with marks that fold to a text, in order."""

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __contains__(self, term: str, /) -> bool:
        at = bisect_left(range(len(self)), term, key=self._word)
        return at < len(self) and self._word(at) == term

    def _word(self, number: int) -> str:
        return self._words[self._starts[number] : self._starts[number + 1]].decode("utf-8", "replace")


@cache
def known_words() -> KnownWords:
    """Return the words that pyvi knows."""
    return KnownWords(load_tables(canonical=True))
