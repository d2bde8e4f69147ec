"""What a query's words may stand for: themselves, words they were typed without marks of, synonyms, abbreviations.

A query that has marks means them: only what is unmarked in it is filled in, and only where the words as typed are
not known. A query without any marks is read both ways, literally first. `QueryTerm.alternatives` carries weights, so
that a ranking can keep what was typed above what was guessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal

import msgspec

from searcher.analysis.folding import Lexicon, compatible, expansions
from searcher.analysis.knownwords import known_words
from searcher.analysis.offsets import term_spans
from searcher.analysis.stream import analyze
from searcher.analysis.syllable import JOINER, fold, is_marked
from searcher.analysis.synonyms import MAX_SYLLABLES, Equivalent, Synonyms, load_synonyms

FOLDED_WORD: Final = 0.8
"""Weight of a word of several syllables that differs from what was typed by marks only."""
FOLDED_UNINDEXED: Final = 0.2
"""The same for a word that the index does not have as one, while it has another that reads like it."""
FOLDED_IN_WORD: Final = 0.5
"""Weight of a syllable that such a word implies."""
FOLDED_SYLLABLE: Final = 0.2
"""Weight of any other syllable that differs by marks only."""
FOLDED_LONELY: Final = 0.5
"""The same, where no word of several syllables explains the syllable."""
_MAX_FOLDED: Final = 16
_MAX_WORD: Final = 4
_MAX_QUERY_CHARS: Final = 1000


class Alternative(msgspec.Struct, frozen=True):
    """One thing that a query term may stand for: these terms, one after the other."""

    syllables: tuple[str, ...]
    weight: float
    kind: Literal["literal", "folded", "synonym", "abbreviation"]

    @property
    def term(self) -> str:
        """The term of the word that the syllables make up; of one syllable, that syllable's."""
        return JOINER.join(self.syllables)


class QueryTerm(msgspec.Struct, frozen=True):
    """A syllable, or a run of syllables, of a query.

    - It covers positions `position` to `position + length - 1` and `text[start:end]` of the query as it was typed.
    - `term` is the literal term, and `alternatives[0]` is it, with weight 1; the others weigh less and come with
      falling weight.
    - `unmarked`: it was typed without marks, so it may be short for marked words.
    """

    position: int
    length: int
    start: int
    end: int
    term: str
    kind: Literal["syllable", "word"]
    unmarked: bool
    alternatives: tuple[Alternative, ...]


class _NoTerms:
    def __contains__(self, term: str, /) -> bool:
        return False

    def folding_to(self, folded: str, /) -> Sequence[str]:
        return ()


def query_terms(
    text: str,
    lexicon: Lexicon | None = None,
    *,
    frequency: Callable[[str], int] | None = None,
    synonyms: Synonyms | None = None,
) -> tuple[QueryTerm, ...]:
    """Return the query's syllables, each followed by the words that begin with it, shorter words first.

    - `lexicon` is the index's own; without it, only pyvi's word list is known.
    - `frequency` gives in how many articles a term is: rarer readings of what was typed then weigh less, by the
      square root of their share of the most frequent one's.
    - `synonyms` are those of `load_synonyms` unless given.

    Of a query over 1,000 characters, the rest is not read.
    """
    if lexicon is None:
        lexicon = _NoTerms()
    return tuple(_Reader(text[:_MAX_QUERY_CHARS], lexicon, frequency, synonyms).read())


class _Reader:
    def __init__(
        self,
        text: str,
        lexicon: Lexicon,
        frequency: Callable[[str], int] | None,
        synonyms: Synonyms | None,
    ) -> None:
        self._text = text
        self._lexicon = lexicon
        self._frequency = frequency
        self._synonyms = load_synonyms() if synonyms is None else synonyms
        stream = analyze(text)
        self._syllables = [term for term, _ in stream if JOINER not in term]
        self._segmented = {(at, term.count(JOINER) + 1) for term, at in stream if JOINER in term}
        self._spans = list(term_spans(text))
        self._marked = any(map(is_marked, self._syllables))
        # In a query typed in capitals throughout, capitals say nothing.
        self._capitals_count = not (self._marked and text.isupper())
        self._words = dict(self._find_words())

    def read(self) -> Iterator[QueryTerm]:
        for at in range(len(self._syllables)):
            yield self._term(at, 1, self._syllable_readings(at))
            for length in range(2, MAX_SYLLABLES + 1):
                found = self._words.get((at, length))
                others = self._equivalents(at, length) if self._is_run(at, length) else []
                if found is not None or others:
                    yield self._term(at, length, found or [], others)

    def _term(
        self, at: int, length: int, folded: list[Alternative], equivalents: list[Alternative] | None = None
    ) -> QueryTerm:
        syllables = tuple(self._syllables[at : at + length])
        others = folded + (self._equivalents(at, length) if equivalents is None else equivalents)
        best: dict[tuple[str, ...], Alternative] = {}
        for one in sorted(others, key=lambda one: -one.weight):
            if one.syllables != syllables:
                best.setdefault(one.syllables, one)
        return QueryTerm(
            position=at,
            length=length,
            start=self._spans[at][0],
            end=self._spans[at + length - 1][1],
            term=JOINER.join(syllables),
            kind="syllable" if length == 1 else "word",
            unmarked=not any(map(is_marked, syllables)),
            alternatives=(Alternative(syllables, 1.0, "literal"), *best.values()),
        )

    def _find_words(self) -> Iterator[tuple[tuple[int, int], list[Alternative]]]:
        """Runs of syllables that are, or may stand for, a word; with the words they may stand for."""
        for at in range(len(self._syllables)):
            for length in range(2, _MAX_WORD + 1):
                if not self._is_run(at, length):
                    break
                typed = self._typed(at, length)
                known = self._is_known(typed)
                folded = [] if known and self._marked else self._folded_words(typed)
                if known or folded or (at, length) in self._segmented:
                    yield (at, length), folded

    def _is_run(self, at: int, length: int) -> bool:
        """Whether nothing but spaces, underscores and hyphens parts these syllables."""
        end = at + length
        return end <= len(self._spans) and all(
            not self._text[self._spans[place][1] : self._spans[place + 1][0]].strip(" _-\u00a0\t\n")
            for place in range(at, end - 1)
        )

    def _typed(self, at: int, length: int) -> str:
        return JOINER.join(self._syllables[at : at + length])

    def _is_known(self, typed: str) -> bool:
        return typed in self._lexicon or typed in known_words()

    def _folded_words(self, typed: str) -> list[Alternative]:
        indexed = expansions(typed, self._lexicon)
        folded = fold(typed)
        listed = {*known_words().folding_to(folded)}
        listed.update(JOINER.join(word) for word in self._synonyms.folding_to(tuple(folded.split(JOINER))))
        others = {word for word in listed if compatible(typed, word)} - {typed, *indexed}
        return [
            *self._weighed(indexed, FOLDED_WORD),
            *self._weighed(sorted(others), FOLDED_UNINDEXED if indexed else FOLDED_WORD),
        ]

    def _syllable_readings(self, at: int) -> list[Alternative]:
        typed = self._syllables[at]
        if any(one.kind == "abbreviation" for one in self._equivalents(at, 1)):
            return []
        implied: dict[str, float] = {}
        covered = False
        for start in range(max(0, at - _MAX_WORD + 1), at + 1):
            for length in range(max(2, at - start + 1), _MAX_WORD + 1):
                folded = self._words.get((start, length))
                if folded is None:
                    continue
                covered = covered or self._is_known(self._typed(start, length))
                for word in folded:
                    syllable = word.syllables[at - start]
                    implied[syllable] = max(implied.get(syllable, 0.0), word.weight)
        readings = [
            Alternative((syllable,), FOLDED_IN_WORD * weight / FOLDED_WORD, "folded")
            for syllable, weight in implied.items()
            if syllable != typed
        ]
        settled = self._marked and (covered or implied or typed in self._lexicon)
        if not settled:
            weight = FOLDED_SYLLABLE if implied else FOLDED_LONELY
            readings += self._weighed(expansions(typed, self._lexicon), weight)
        return readings

    def _weighed(self, terms: Sequence[str], weight: float) -> list[Alternative]:
        """The terms as alternatives of at most this weight, the more frequent first, no more than a handful."""
        shares = [1.0] * len(terms)
        if self._frequency and terms:
            counts = list(map(self._frequency, terms))
            most = max(1, *counts)
            shares = [math.sqrt(max(count, 1) / most) for count in counts]
        ranked = sorted(zip(shares, terms, strict=True), key=lambda pair: (-pair[0], pair[1]))[:_MAX_FOLDED]
        return [Alternative(tuple(term.split(JOINER)), weight * share, "folded") for share, term in ranked]

    def _equivalents(self, at: int, length: int) -> list[Alternative]:
        typed = tuple(self._syllables[at : at + length])
        found = [(one, 1.0) for one in self._synonyms.of(typed) if not one.capitals or self._in_capitals(at, length)]
        if not found and length > 1 and not all(map(is_marked, typed)):
            joined = JOINER.join(typed)
            for word in self._synonyms.folding_to(tuple(map(fold, typed))):
                if compatible(joined, JOINER.join(word)):
                    found += [(one, FOLDED_WORD) for one in self._synonyms.of(word) if not one.capitals]
        return [_alternative(one, share) for one, share in found]

    def _in_capitals(self, at: int, length: int) -> bool:
        start, end = self._spans[at][0], self._spans[at + length - 1][1]
        return self._capitals_count and self._text[start:end].isupper()


def _alternative(equivalent: Equivalent, share: float) -> Alternative:
    return Alternative(equivalent.syllables, equivalent.weight * share, equivalent.kind)
