"""What a query may ask an index for before it is run: which terms there are, how frequent, starting or spelled how."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, Protocol

from searcher.analysis import FoldedTerms, Lexicon, fold_many
from searcher.schema import TEXT_FIELDS

_LAST: Final = "\U0010ffff"


class Vocabulary(Lexicon, Protocol):
    """The terms of the text fields of an index; a word of several syllables has them joined by underscores."""

    def frequency(self, term: str, /) -> int:
        """In how many articles the term is: in the one of the text fields in which it is most frequent."""

    def size(self) -> int:
        """How many terms the texts of all articles have, with repetitions."""

    def starting_with(self, prefix: str, count: int, /, *, folded: bool = False) -> Sequence[str]:
        """At most so many terms that start with the prefix, most frequent first; `folded` compares without marks."""

    def near(self, term: str, distance: int, count: int, /) -> Sequence[str]:
        """At most so many other terms with the same first letter that at most `distance` edits of a letter away."""

    def sources(self) -> Sequence[str]:
        """The names of the sources of articles."""


class NoVocabulary:
    """The vocabulary of an index without articles."""

    def __contains__(self, term: str, /) -> bool:
        return False

    def folding_to(self, folded: str, /) -> Sequence[str]:
        """No term."""
        return ()

    def frequency(self, term: str, /) -> int:
        """0."""
        return 0

    def size(self) -> int:
        """0."""
        return 0

    def starting_with(self, prefix: str, count: int, /, *, folded: bool = False) -> Sequence[str]:
        """No term."""
        return ()

    def near(self, term: str, distance: int, count: int, /) -> Sequence[str]:
        """No term."""
        return ()

    def sources(self) -> Sequence[str]:
        """No source."""
        return ()


class ReaderVocabulary:
    """The vocabulary of any Whoosh reader; what it needs of all terms is put together when it is first asked for."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def __contains__(self, term: str, /) -> bool:
        return any((field, term) in self._reader for field in TEXT_FIELDS)

    def folding_to(self, folded: str, /) -> Sequence[str]:
        """The terms with marks that fold to `folded`, in order."""
        return self._folded.folding_to(folded)

    def frequency(self, term: str, /) -> int:
        """In how many articles the term is, in the field in which it is most frequent."""
        return max(int(self._reader.doc_frequency(field, term)) for field in TEXT_FIELDS)

    def size(self) -> int:
        """How many terms the texts of all articles have, with repetitions."""
        return sum(int(self._reader.field_length(field)) for field in TEXT_FIELDS)

    def starting_with(self, prefix: str, count: int, /, *, folded: bool = False) -> Sequence[str]:
        """At most so many terms that start with the prefix, most frequent first."""
        keys, terms = self._by_fold if folded else (self._terms, self._terms)
        found = terms[bisect_left(keys, prefix) : bisect_left(keys, prefix + _LAST)]
        return sorted(found, key=lambda term: (-self.frequency(term), term))[:count]

    def near(self, term: str, distance: int, count: int, /) -> Sequence[str]:
        """At most so many other terms with the same first letter and few edits, the most frequent."""
        found = {
            near
            for field in TEXT_FIELDS
            for near in self._reader.terms_within(field, term, distance, prefix=1)
            if near != term
        }
        return sorted(found, key=lambda near: (-self.frequency(near), near))[:count]

    def sources(self) -> Sequence[str]:
        """The names of the sources of articles, in order."""
        return [name.decode("utf-8") for name in self._reader.lexicon("source")]

    @cached_property
    def _terms(self) -> list[str]:
        return sorted({term.decode("utf-8") for field in TEXT_FIELDS for term in self._reader.lexicon(field)})

    @cached_property
    def _folded(self) -> FoldedTerms:
        return FoldedTerms(self._terms)

    @cached_property
    def _by_fold(self) -> tuple[list[str], list[str]]:
        pairs = sorted(zip(fold_many(self._terms), self._terms, strict=True))
        return [folded for folded, _term in pairs], [term for _folded, term in pairs]
