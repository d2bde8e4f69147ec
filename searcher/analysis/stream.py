"""One text's terms, in reading order: what is indexed, and what a query is read as."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Final

from searcher.analysis.terms import TermAnalyzer

_MAX_TERMS: Final = 200_000


class _Shared:
    """The one TermAnalyzer behind all single texts, made anew when it has met so many terms that memory counts."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._analyzer = TermAnalyzer()

    def analyze(self, text: str) -> list[tuple[str, int]]:
        with self._lock:
            if len(self._analyzer.terms) > _MAX_TERMS:
                self._analyzer = TermAnalyzer()
            batch = self._analyzer.analyze_many([text])
            terms = map(self._analyzer.terms.__getitem__, batch.term_ids.tolist())
            return list(zip(terms, batch.positions.tolist(), strict=True))


@cache
def _shared() -> _Shared:
    return _Shared()


def analyze(text: str) -> list[tuple[str, int]]:
    """Return the text's terms with their positions, in reading order: the stream that is indexed and searched."""
    return _shared().analyze(text)
