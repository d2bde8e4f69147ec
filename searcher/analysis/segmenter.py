"""Vietnamese word segmentation: what pyvi's ViTokenizer does, as array arithmetic over many texts at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from threading import Lock
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.analysis import viterbi
from searcher.analysis.modelcache import load_tables
from searcher.analysis.pieces import APART, Rows, piece_table
from searcher.analysis.tables import AFTER, BEFORE, DIGIT, HERE, TITLE, UPPER, Tables
from searcher.analysis.tokenizer import tokens

BATCH_CHARS: Final = 200_000
"""Texts are worked off in batches of about this many characters: large enough for arrays, small enough for caches."""
_MAX_TOKENS: Final = 150_000
_MAX_CHARS: Final = 4_000_000
_PUNCTUATION: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"  # string.punctuation, without its module


def pyvi_form(text: str) -> str:
    """Return the text as pyvi sees it: in NFC."""
    return unicodedata.normalize("NFC", text)


class Batch(msgspec.Struct, frozen=True, eq=False):
    """Some texts' tokens, laid end to end with the separator (token 0) before, between and after.

    - `tokens: int32[n]`: ids into `Segmenter.surfaces`.
    - `starts`, `ends: intp[n_texts]`: tokens of text i are `tokens[starts[i]:ends[i]]`.
    - `joined: bool[n]`: the token belongs to the word of the token before it.
    """

    tokens: NDArray[np.int32]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    joined: NDArray[np.bool_]


class Segmenter:
    """Segments texts with the given tables, after `form` was applied to each piece of text between spaces.

    `spelling` turns a lower-case token into the spelling that the tables know syllables by.

    `surfaces` lists the distinct tokens seen so far, by id; number 0 is the separator. `spaced` has each token twice,
    after a space (at twice its id) and after an underscore (one further). They only grow, until `reset`
    empties them: `full` says when that is due, so that the memory of a long run stays bounded.
    """

    def __init__(self, tables: Tables, form: Callable[[str], str], spelling: Callable[[str], str] = str) -> None:
        self._form = form
        self._spelling = spelling
        self._chain = viterbi.Chain.of(tables)
        self._tables = tables
        self._syllable_ids = tables.syllable_ids()
        self._delta = tables.weights[:, :, 1] - tables.weights[:, :, 0]
        self._shape_delta = (tables.shape[:, :, 1] - tables.shape[:, :, 0]).tolist()
        bias, *grams = (tables.constants[:, 1] - tables.constants[:, 0]).tolist()
        self._bias: float = bias
        self._bigram_before, self._bigram_after, self._trigram_before, self._trigram_after = grams
        self.reset()

    def reset(self) -> None:
        """Forget all tokens; ids given out before mean nothing any more."""
        self.surfaces: list[str] = [""]
        self.spaced: list[str] = ["", ""]
        self._ids: dict[str, int] = {}
        self._rows = Rows(piece_table(), self._encode_piece)
        self._chars = 0
        self._columns = _Columns()
        # The separator is surely no part of a word, and says nothing to its neighbours.
        self._columns.add(0, -1e9, 0.0, 0.0, False, False)

    @property
    def full(self) -> bool:
        """Whether so many distinct pieces of text were seen that memory is better given back."""
        return len(self.surfaces) > _MAX_TOKENS or self._chars > _MAX_CHARS

    def batch(self, texts: Sequence[str]) -> Batch:
        """Return the tokens and words of the texts."""
        table = piece_table()
        if self._rows.table is not table:
            self._rows = Rows(table, self._encode_piece)
        numbers = [APART]
        for text in texts:
            numbers += (table.numbers(text), APART)
        ids = self._rows.of(np.concatenate(numbers)).astype(np.int32)
        separators = np.flatnonzero(ids == 0)
        starts, ends = separators[:-1] + 1, separators[1:]
        return Batch(ids, starts, ends, self._joined(ids, starts, ends))

    def _encode_piece(self, piece: str) -> tuple[int, ...]:
        return (0,) if piece == " " else tuple(map(self._token_id, tokens(self._form(piece))))

    def _token_id(self, token: str) -> int:
        number = self._ids.get(token)
        if number is None:
            number = self._ids[token] = len(self.surfaces)
            self.surfaces.append(token)
            self.spaced += (f" {token}", f"_{token}")
            self._chars += len(token)
            syllable = self._syllable_id(token)
            here, before, after = self._delta[syllable].tolist()
            upper, title, digit = self._shape_delta
            here += self._bias
            if token.isupper():
                here, before, after = here + upper[HERE], before + upper[BEFORE], after + upper[AFTER]
            if token.istitle():
                here, before, after = here + title[HERE], before + title[BEFORE], after + title[AFTER]
            if token.isdigit():
                here += digit[HERE]
            # `in` on the string is pyvi's own test: also true of "" and of "()".
            joinable = token not in _PUNCTUATION and not token[0].isdigit()
            self._columns.add(syllable, here, before, after, joinable, token[0].istitle())
        return number

    def _syllable_id(self, token: str) -> int:
        # CRFsuite reads attribute names as C strings, which end at NUL.
        return self._syllable_ids.get(self._spelling(token.lower().partition("\0")[0]), 0)

    def _joined(self, ids: NDArray[np.int32], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
        columns = self._columns
        columns.settle()
        emission = columns.here[ids]
        emission[1:] += columns.before[ids[:-1]]
        emission[:-1] += columns.after[ids[1:]]
        bigrams, trigrams = _find_grams(self._tables, columns.syllable[ids])
        emission[bigrams + 1] += self._bigram_before
        emission[bigrams] += self._bigram_after
        emission[trigrams + 2] += self._trigram_before
        emission[trigrams] += self._trigram_after
        filled = starts < ends
        labels, unsure = viterbi.decode(self._chain, emission, starts[filled], ends[filled] - 1)
        for number in np.flatnonzero(filled)[unsure].tolist():
            span = slice(int(starts[number]), int(ends[number]))
            words = [self.surfaces[token] for token in ids[span].tolist()]
            labels[span] = exact_labels(self._tables, words, [self._syllable_id(word) for word in words])
        joinable, title = columns.joinable[ids], columns.title[ids]
        joined = labels
        joined &= joinable
        joined[1:] &= joinable[:-1]
        joined[1:] &= ~title[1:] | title[:-1]
        joined[starts[filled]] = False
        return joined


class _Columns:
    """What segmentation needs of each distinct token, by token id: gathered in a list, handed out as arrays.

    - `syllable: int32[n]`: id in the tables, 0 for none.
    - `here`, `before`, `after: float64[n]`: what the token says for itself, its right and its left neighbour being
      inside a word: weight of label 1 less that of label 0.
    - `joinable`, `title: bool[n]`: pyvi's conditions for an underscore.
    """

    def __init__(self) -> None:
        self._new: list[tuple[int, float, float, float, bool, bool]] = []
        self.syllable = np.empty(0, dtype=np.int32)
        self.here, self.before, self.after = np.empty(0), np.empty(0), np.empty(0)
        self.joinable, self.title = np.empty(0, dtype=np.bool_), np.empty(0, dtype=np.bool_)

    def add(self, syllable: int, here: float, before: float, after: float, joinable: bool, title: bool) -> None:
        """Append the next token's columns; the arrays have them after `settle`."""
        self._new.append((syllable, here, before, after, joinable, title))

    def settle(self) -> None:
        """Move the tokens added since the last time into the arrays."""
        if not self._new:
            return
        syllable, here, before, after, joinable, title = zip(*self._new, strict=True)
        self.syllable = np.append(self.syllable, np.array(syllable, dtype=np.int32))
        self.here = np.append(self.here, here)
        self.before = np.append(self.before, before)
        self.after = np.append(self.after, after)
        self.joinable = np.append(self.joinable, joinable)
        self.title = np.append(self.title, title)
        self._new = []


def _find_grams(tables: Tables, syllables: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where entries of words.txt of two, and of three, syllables begin."""
    first, second = syllables[:-1], syllables[1:]
    cells = tables.cells[tables.base[first] + second]
    # Only syllables that words.txt knows (id over 0) can own a cell.
    hits = np.flatnonzero(cells >> 16 == first)
    found = cells[hits]
    bigrams = hits[found & 1 == 1]
    numbers = (found & 0xFFFE) >> 1
    begun = (numbers > 0) & (hits + 2 < len(syllables))
    hits, numbers = hits[begun], numbers[begun]
    codes = numbers * np.int32(len(tables.base)) + syllables[hits + 2]
    slots = np.searchsorted(tables.trigrams, codes)
    slots[slots == len(tables.trigrams)] = 0
    return bigrams, hits[tables.trigrams[slots] == codes] if len(tables.trigrams) else hits[:0]


def exact_labels(tables: Tables, words: Sequence[str], ids: Sequence[int]) -> list[bool]:
    """Return for each token, given with its syllable id, whether CRFsuite labels it as inside a word.

    The slow way, token by token, that adds the same doubles in CRFsuite's order: `Segmenter` needs it only where
    rounding decides.
    """
    weights, shape = tables.weights, tables.shape.tolist()
    bias, bigram_before, bigram_after, trigram_before, trigram_after = tables.constants.tolist()
    shapes = [(word.isupper(), word.istitle(), word.isdigit()) for word in words]
    bigrams, trigrams = (set(at.tolist()) for at in _find_grams(tables, np.array(ids, dtype=np.int32)))
    rows = [weights[number].tolist() for number in ids]
    (t00, t01), (t10, t11) = tables.transitions.tolist()
    score0 = score1 = 0.0
    back: list[tuple[bool, bool]] = []
    count = len(words)
    for i in range(count):
        state = [0.0, 0.0]
        upper, title, digit = shapes[i]
        terms = [bias, rows[i][HERE]]
        terms += [shape[kind][HERE] for kind, holds in ((UPPER, upper), (TITLE, title), (DIGIT, digit)) if holds]
        for near, place, gram, in_gram, gram3, in_gram3 in (
            (i - 1, BEFORE, bigram_before, i - 1 in bigrams, trigram_before, i - 2 in trigrams),
            (i + 1, AFTER, bigram_after, i in bigrams, trigram_after, i in trigrams),
        ):
            if 0 <= near < count:
                terms.append(rows[near][place])
                if shapes[near][1]:
                    terms.append(shape[TITLE][place])
                if shapes[near][0]:
                    terms.append(shape[UPPER][place])
                if in_gram:
                    terms.append(gram)
                if in_gram3:
                    terms.append(gram3)
        for begin, inside in terms:
            state[0] += begin
            state[1] += inside
        if i == 0:
            score0, score1 = state
            continue
        from_inside = (score0 + t00 < score1 + t10, score0 + t01 < score1 + t11)
        back.append(from_inside)
        score0, score1 = (
            (score1 + t10 if from_inside[0] else score0 + t00) + state[0],
            (score1 + t11 if from_inside[1] else score0 + t01) + state[1],
        )
    labels = [score0 < score1]
    for to_begin, to_inside in reversed(back):
        labels.append(to_inside if labels[-1] else to_begin)
    labels.reverse()
    return labels


@cache
def _pyvi_segmenter() -> tuple[Segmenter, Lock]:
    return Segmenter(load_tables(canonical=False), pyvi_form), Lock()


def segment_many(texts: Iterable[str]) -> Iterator[str]:
    """Yield each text segmented, in order: exactly what pyvi's `ViTokenizer.tokenize` returns for it.

    Tokens are parted by one space, the syllables of a word by an underscore; a text without tokens comes back as it
    is. Texts are read in batches of `BATCH_CHARS` characters and memory stays bounded, however many there are.
    Raises SegmentationModelError when pyvi's model is missing or has an unknown form.
    """
    segmenter = Segmenter(load_tables(canonical=False), pyvi_form)
    for batch in batches(texts):
        yield from _join(segmenter, batch)
        if segmenter.full:
            segmenter.reset()


def segment(text: str) -> str:
    """Return the text segmented: exactly what pyvi's `ViTokenizer.tokenize` returns for it.

    >>> segment("Trường đại học Bách Khoa")
    'Trường đại_học Bách_Khoa'
    """
    segmenter, lock = _pyvi_segmenter()
    with lock:
        if segmenter.full:
            segmenter.reset()
        return _join(segmenter, [text])[0]


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts in lists that hold about `BATCH_CHARS` characters, and at least one text."""
    batch: list[str] = []
    chars = 0
    for text in texts:
        batch.append(text)
        chars += len(text)
        if chars >= BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _join(segmenter: Segmenter, texts: list[str]) -> list[str]:
    found = segmenter.batch(texts)
    words = list(map(segmenter.spaced.__getitem__, (2 * found.tokens + found.joined).tolist()))
    bounds = zip(texts, found.starts.tolist(), found.ends.tolist(), strict=True)
    return ["".join(words[start:end])[1:] if start < end else text for text, start, end in bounds]
