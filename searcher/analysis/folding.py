"""From words typed without marks to the terms of an index: 'mai dam' finds 'mại_dâm'.

Nothing folded is indexed. A lexicon is asked which of its terms fold to what was typed:
- `FoldedTerms` answers for any terms, from a dictionary that takes about a tenth of a second per 200,000 terms;
- `FoldedOrder` answers from an array of term ordinals that was sorted once (`folded_order`), when the segment was
  written: 4 bytes for each term that has marks, nothing to set up, and about twenty term reads a look-up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final, Protocol
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from searcher.analysis.syllable import JOINER, fold

_DELETED: Final = "\x00"


class Lexicon(Protocol):
    """The terms of an index, or of several segments together."""

    def __contains__(self, term: str, /) -> bool:
        """Whether it has the term."""

    def folding_to(self, folded: str, /) -> Sequence[str]:
        """The terms with marks that fold to `folded`, each once, in any order."""


class FoldedTerms:
    """A lexicon of any terms, in memory."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        marked = [term for term in self._terms if not term.isascii()]
        self._marked: dict[str, list[str]] = {}
        for folded, term in zip(fold_many(marked), marked, strict=True):
            if folded != term:
                self._marked.setdefault(folded, []).append(term)

    def __contains__(self, term: str, /) -> bool:
        return term in self._terms

    def folding_to(self, folded: str, /) -> Sequence[str]:
        """The terms with marks that fold to `folded`, in order."""
        return sorted(self._marked.get(folded, ()))


class FoldedOrder:
    """What of a segment's terms folds to a given form, by binary search in its `folded_order`."""

    def __init__(self, order: NDArray[np.uint32], term: Callable[[int], str]) -> None:
        self._order = order
        self._term = term

    def folding_to(self, folded: str, /) -> Sequence[str]:
        """The terms with marks that fold to `folded`, in order."""
        low = bisect_left(self._order, folded, key=lambda ordinal: fold(self._term(int(ordinal))))
        found = []
        while low < len(self._order) and fold(term := self._term(int(self._order[low]))) == folded:
            found.append(term)
            low += 1
        return found


def folded_order(terms: Sequence[str]) -> NDArray[np.uint32]:
    """Return the ordinals of the terms with marks, sorted by folded form, then by term: uint32[n_marked]."""
    marked = [number for number, term in enumerate(terms) if not term.isascii()]
    folds = fold_many([terms[number] for number in marked])
    keys = sorted((folded, terms[number], number) for folded, number in zip(folds, marked, strict=True))
    return np.array([number for folded, term, number in keys if folded != term], dtype=np.uint32)


def fold_many(terms: Sequence[str]) -> list[str]:
    """Return `fold` of each term, at the speed of arrays; terms are in NFC."""
    if not terms:
        return []
    joined = "\n".join(terms)
    if joined.count("\n") != len(terms) - 1 or _DELETED in joined or max(joined, default="") > "\uffff":
        return [fold(term) for term in terms]
    units = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    table = _fold_table()
    folded = table[units].tobytes().decode("utf-16-le", "surrogatepass").replace(_DELETED, "").split("\n")
    return [fold(term) if not short.isascii() else short for term, short in zip(terms, folded, strict=True)]


@cache
def _fold_table() -> NDArray[np.uint16]:
    """uint16[65536]: UTF-16 unit to its letter without marks, 0 for a combining mark; itself if not Latin."""
    table = np.arange(1 << 16, dtype="<u2")
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        folded = fold(chr(code))
        if len(folded) == 1:
            table[code] = ord(folded)
    table[0x300:0x370] = 0
    return table


def compatible(typed: str, term: str) -> bool:
    """Return whether the term is what was typed plus marks: no letter has a mark typed that the term's has not.

    Both are in one spelling and have as many syllables.

    >>> compatible("mại_dam", "mại_dâm"), compatible("mái_dam", "mại_dâm"), compatible("điên", "điện")
    (True, False, True)
    """
    typed_parts, parts = typed.split(JOINER), term.split(JOINER)
    return len(typed_parts) == len(parts) and all(map(_part_compatible, typed_parts, parts))


def _part_compatible(typed: str, part: str) -> bool:
    return len(typed) == len(part) and all(map(_letter_compatible, typed, part))


def _letter_compatible(typed: str, letter: str) -> bool:
    if typed == letter or typed == fold(letter):
        return True
    parts, full = normalize("NFD", typed), normalize("NFD", letter)
    return parts[0] == full[0] and set(parts) <= set(full)


def expansions(typed: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the lexicon's terms that `typed` may stand for, other than itself.

    - A syllable or word without marks: all that fold to it.
    - One with marks on some syllables ('mại_dam'): those that have these marks in these places.
    - One syllable with marks that the lexicon has: none, it is meant as it stands.
    """
    folded = fold(typed)
    if folded != typed and JOINER not in typed and typed in lexicon:
        return ()
    return tuple(term for term in lexicon.folding_to(folded) if term != typed and compatible(typed, term))
