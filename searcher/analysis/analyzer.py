"""The Whoosh analyzer of all Vietnamese text fields, and of queries to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer

from searcher.analysis.offsets import term_spans
from searcher.analysis.stream import analyze
from searcher.analysis.syllable import JOINER
from searcher.analysis.terms import TermAnalyzer


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
