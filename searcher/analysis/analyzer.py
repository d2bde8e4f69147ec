"""The Whoosh analyzer of all Vietnamese text fields, and of queries to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any, Final

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer

from searcher.analysis.offsets import term_spans
from searcher.analysis.syllable import JOINER
from searcher.analysis.terms import TermAnalyzer

_MAX_TERMS: Final = 200_000


class VietnameseAnalyzer(Analyzer):
    """Yields the terms of a text as Whoosh tokens.

    - Every token with a letter or digit is a term and takes the next position; every word of several syllables is
      one more term, at the position of its first syllable and right after it.
    - Terms are clean, in lower case and in one spelling: 'Hoà Bình', 'HÒA BÌNH' and its decomposed form are alike.
    - Offsets are those of the text as it was given, whatever clean-up did to it.
    - It keeps no state: all instances are equal, and may be used from several threads.
    """

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        """Yield the value's terms; one Token object is yielded again and again, as is the way in Whoosh.

        >>> [token.text for token in VietnameseAnalyzer()("Mại dâm ở Sơn La")]
        ['mại', 'mại_dâm', 'dâm', 'ở', 'sơn', 'sơn_la', 'la']
        """
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        spans = list(term_spans(value)) if chars or keeporiginal else []
        for term, position in analyze(value):
            token.text = term
            token.boost = 1.0
            token.stopped = False
            if positions:
                token.pos = start_pos + position
            if spans:
                first, last = spans[position][0], spans[position + term.count(JOINER)][1]
                if keeporiginal:
                    vars(token)["original"] = value[first:last]  # as Whoosh's tokenizers do, untyped there
                if chars:
                    token.startchar, token.endchar = start_char + first, start_char + last
            yield token

    def bulk(self) -> TermAnalyzer:
        """Return a new analyzer of many texts at once that gives the same terms at the same positions."""
        return TermAnalyzer()


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
