"""Text to symbols: the words and marks that tagging compares, each spelled in one way.

A symbol is a word in its canonical spelling (`analysis.syllable`), lower case, but with a capital where the text has
one ("HÀ" and "Hà" are both "Hà"), or a punctuation mark that parts what is said: . , ; : ( ). Hyphens, slashes and
quotes are no symbols, nor is the point of an abbreviation such as "TP.".
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from itertools import chain
from typing import Final

from searcher.analysis.legacy import decode_legacy
from searcher.analysis.normalization import clean
from searcher.analysis.syllable import canonical

Symbols = tuple[str, ...]

PARTING: Final = frozenset(".,;:()")
SENTENCE_ENDS: Final = frozenset(".;")
_UNIT: Final = re.compile(r"[^\W_]+|[.,;:()?!…]")
_POINTS: Final = {"?": ".", "!": ".", "…": "."}
_ABBREVIATED: Final = frozenset(["Tp", "Tx", "Tt", "Q", "H", "P", "X", "T", "Tt", "Kp"])
_MOST_PIECES: Final = 200_000
_LONGEST_PIECE: Final = 64


def _symbols_of(piece: str) -> Symbols:
    found: list[str] = []
    for unit in _UNIT.findall(clean(piece)):
        if unit[0].isalnum():
            word = canonical(unit.lower())
            found.append(sys.intern(word[0].upper() + word[1:] if unit[0].isupper() else word))
        elif unit != "." or not found or found[-1] not in _ABBREVIATED:
            found.append(sys.intern(_POINTS.get(unit, unit)))
    return tuple(found)


class _Lexicon(dict[str, Symbols]):
    """The symbols of every distinct piece met so far; bounded, so that a hostile collection can't fill memory."""

    def __missing__(self, piece: str) -> Symbols:
        found = _symbols_of(piece)
        if len(piece) <= _LONGEST_PIECE:
            if len(self) >= _MOST_PIECES:
                self.clear()
            self[piece] = found
        return found


class _LowerCase(dict[str, str]):
    """Every symbol met so far in lower case; bounded likewise."""

    def __missing__(self, symbol: str) -> str:
        found = sys.intern(symbol.lower())
        if len(self) >= _MOST_PIECES:
            self.clear()
        self[symbol] = found
        return found


_lexicon: Final = _Lexicon()
_lower_case: Final = _LowerCase()
_symbols_of_piece: Final = _lexicon.__getitem__
_in_lower_case: Final = _lower_case.__getitem__


def symbols(text: str) -> list[str]:
    """Return the symbols of a text, in any encoding and normal form that `analysis` reads.

    >>> symbols("Công an TP. HÀ NỘI, HIV/AIDS")
    ['Công', 'an', 'Tp', 'Hà', 'Nội', ',', 'Hiv', 'Aids']
    """
    pieces = unicodedata.normalize("NFC", decode_legacy(text)).split()
    return [*chain.from_iterable(map(_symbols_of_piece, pieces))]


def lower_case(symbols: Sequence[str]) -> list[str]:
    """Return the symbols in lower case."""
    return [*map(_in_lower_case, symbols)]


def symbol_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end in the text of the piece that each of `symbols(text)` stands in.

    The text is in NFC and in no legacy encoding; where one is not, spans are those of its converted form.
    """
    pieces = re.finditer(r"\S+", unicodedata.normalize("NFC", decode_legacy(text)))
    return [match.span() for match in pieces for _symbol in _lexicon[match[0]]]
