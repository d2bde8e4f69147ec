"""From texts to terms, in bulk: one stream of syllables and words per text, as ids in arrays."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.analysis.legacy import decode_legacy
from searcher.analysis.modelcache import load_tables
from searcher.analysis.normalization import clean
from searcher.analysis.segmenter import Segmenter, batches
from searcher.analysis.syllable import JOINER, canonical
from searcher.analysis.tokenizer import tokens


class TermBatch(msgspec.Struct, frozen=True, eq=False):
    """The terms of some texts.

    - `term_ids: int32[n_tokens]`: ids into `TermAnalyzer.terms`.
    - `positions: int32[n_tokens]`: the syllable's place in its text, from 0; a word has that of its first syllable.
    - `offsets: int64[n_texts + 1]`: tokens of text i are `[offsets[i]:offsets[i + 1]]`, in reading order.
    """

    term_ids: NDArray[np.int32]
    positions: NDArray[np.int32]
    offsets: NDArray[np.int64]


def word_form(piece: str) -> str:
    """Return a piece of text as segmentation for terms sees it: clean, and an underscore is but a space."""
    return clean(piece).replace(JOINER, " ")


def syllable_term(token: str) -> str:
    """Return the term of a token: lower case, in its one spelling, or "" if it has no letter or digit.

    The point of an abbreviation and punctuation at the end of an address are no part of the term.

    >>> [syllable_term(token) for token in ("Hòa", "TP.", "4.000", "...")]
    ['hoà', 'tp', '4.000', '']
    """
    if not token[-1].isalnum():
        end = len(token)
        while end and not token[end - 1].isalnum():
            end -= 1
        token = token[:end]
    return canonical(token.lower())


def syllable_terms(text: str) -> tuple[str, ...]:
    """Return the text's terms without its words: what a phrase is searched by.

    >>> syllable_terms("Uỷ ban nhân dân TP.HCM")
    ('uỷ', 'ban', 'nhân', 'dân', 'tp', 'hcm')
    """
    return tuple(term for token in tokens(word_form(decode_legacy(text))) if (term := syllable_term(token)))


class TermAnalyzer:
    """Turns texts into terms, giving each distinct term a number.

    - `terms` maps id to term; it only grows.
    - Every token with a letter or digit takes a position and is a term; every word of several syllables is one more
      term at the position of its first syllable, right after it: its syllables joined by an underscore.
    - The terms and positions are those that `VietnameseAnalyzer` yields.
    - Not for use by several threads at once.
    """

    def __init__(self) -> None:
        self.terms: list[str] = []
        self._ids: dict[str, int] = {}
        self._segmenter = Segmenter(load_tables(canonical=True), word_form, canonical)
        self._term_of_token = np.empty(0, dtype=np.int32)
        self._pairs = _Words(self)
        self._longer: dict[tuple[int, ...], int] = {}

    def analyze_many(self, texts: Sequence[str]) -> TermBatch:
        """Return the terms of the texts.

        >>> analyzer = TermAnalyzer()
        >>> batch = analyzer.analyze_many(["Mại dâm ở Sơn La"])
        >>> [(analyzer.terms[term], place) for term, place in zip(batch.term_ids.tolist(), batch.positions.tolist())]
        [('mại', 0), ('mại_dâm', 0), ('dâm', 1), ('ở', 2), ('sơn', 3), ('sơn_la', 3), ('la', 4)]
        """
        parts = [self._analyze(batch) for batch in batches(map(decode_legacy, texts))]
        if not parts:
            return TermBatch(np.empty(0, np.int32), np.empty(0, np.int32), np.zeros(1, np.int64))
        counts = np.concatenate([part[2] for part in parts])
        return TermBatch(
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        )

    def term_id(self, term: str) -> int:
        """Return the term's id, a new one if it was not met before."""
        number = self._ids.get(term)
        if number is None:
            number = self._ids[term] = len(self.terms)
            self.terms.append(term)
        return number

    def _analyze(self, texts: list[str]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
        if self._segmenter.full:
            self._segmenter.reset()
            self._term_of_token = np.empty(0, dtype=np.int32)
        batch = self._segmenter.batch(texts)
        by_token = self._terms_by_token()[batch.tokens]
        kept = by_token >= 0
        joined = batch.joined
        joined[1:] &= kept[1:] & kept[:-1]
        joined = joined[kept]
        syllables = by_token[kept]
        # Where each text's syllables begin, counted in syllables.
        rank = np.concatenate(([0], np.cumsum(kept)))
        firsts, lasts = rank[batch.starts], rank[batch.ends]
        positions = np.arange(len(syllables)) - np.repeat(firsts, lasts - firsts)

        heads = np.flatnonzero(joined[1:] & ~joined[:-1])
        tails = np.flatnonzero(joined & ~np.append(joined[1:], False))
        words = self._word_ids(syllables, heads, tails)
        is_head = np.zeros(len(syllables) + 1, dtype=np.intp)
        is_head[heads + 1] = 1
        before = np.cumsum(is_head)  # words begun before syllable i; at the end, all of them
        places = np.arange(len(syllables)) + before[:-1]
        term_ids = np.empty(len(syllables) + len(words), dtype=np.int32)
        term_positions = np.empty_like(term_ids)
        term_ids[places] = syllables
        term_positions[places] = positions
        term_ids[places[heads] + 1] = words
        term_positions[places[heads] + 1] = positions[heads]
        counts = lasts - firsts + before[lasts] - before[firsts]
        return term_ids, term_positions, counts

    def _terms_by_token(self) -> NDArray[np.int32]:
        """int32[n_surfaces]: term id by token id, -1 for tokens that are no term."""
        known = len(self._term_of_token)
        surfaces = self._segmenter.surfaces
        if known < len(surfaces):
            new = [self._term_of(surface) for surface in surfaces[known:]]
            self._term_of_token = np.concatenate((self._term_of_token, np.array(new, dtype=np.int32)))
        return self._term_of_token

    def _term_of(self, surface: str) -> int:
        term = syllable_term(surface) if surface else ""
        return self.term_id(term) if term else -1

    def _word_ids(
        self, syllables: NDArray[np.int32], heads: NDArray[np.intp], tails: NDArray[np.intp]
    ) -> NDArray[np.int32]:
        lengths = tails - heads + 1
        codes = (syllables[heads].astype(np.int64) << 32) | syllables[heads + 1]
        codes[lengths > 2] = -1
        words = np.fromiter(map(self._pairs.__getitem__, codes.tolist()), dtype=np.int32, count=len(codes))
        for at in np.flatnonzero(lengths > 2).tolist():
            key = tuple(syllables[heads[at] : tails[at] + 1].tolist())
            number = self._longer.get(key)
            if number is None:
                number = self._longer[key] = self.word_id(key)
            words[at] = number
        return words

    def word_id(self, syllables: Sequence[int]) -> int:
        """Return the id of the word of these syllables, a new one if it was not met before."""
        return self.term_id(JOINER.join([self.terms[number] for number in syllables]))


class _Words(dict[int, int]):
    """Two syllables (the first's id times 2**32, and the second's) to their word's id."""

    def __init__(self, analyzer: TermAnalyzer) -> None:
        super().__init__({-1: -1})
        self._analyzer = analyzer

    def __missing__(self, code: int) -> int:
        number = self[code] = self._analyzer.word_id((code >> 32, code & 0xFFFFFFFF))
        return number
