"""The titles of a segment as a suffix array: which syllables follow which, by prefix, without their marks.

Every place of a title where a word begins, as segmentation has it, is sorted by the syllables from there on. So all
places that read 'mai d...' are one run of the array, found by binary search, and next to each other in it stand those
that go on alike (Manber & Myers 1990, with syllables for letters and the first `DEPTH` of them only).

It is made from the positions of the title field when it is first asked for, 0.07 s for 10,000 articles, and kept beside
the segment in a file of about 120 bytes an article. Like the segment it never changes; where it can't be written
or read, it is made again in memory.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import get_ident
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis import fold, fold_many
from searcher.analysis.folding import compatible
from searcher.analysis.syllable import JOINER
from searcher.codec.arrays import FieldArrays, SegmentArrays
from searcher.codec.container import U8, U32, Container, Written, encode_container
from searcher.codec.damage import IndexDamaged, IndexFileUnreadable
from searcher.codec.files import Disk
from searcher.codec.segment import PHRASES_EXTENSION
from searcher.messages import _
from searcher.regular import open_regular

DEPTH: Final = 8
"""Syllables by which places are sorted, and so the most that a prefix may have."""
FIELD: Final = "title"
_VERSION: Final = "1"
_ARRAYS: Final = {"inside": U8, **dict.fromkeys(("syllables", "starts", "order", "by_fold", "ranks"), U32)}


class TitlePhrases:
    """The suffix array of a segment's titles.

    - `syllables: uint32[n]` are the titles one after the other, as ordinals of the title field's terms; those of
      document d are `syllables[starts[d]:starts[d + 1]]`.
    - `inside: uint8[n]` is 1 where a syllable goes on with a word that began before it.
    - `order: uint32[n_beginnings]` are the other places, sorted.
    - `by_fold: uint32[n_distinct]` are the terms of one syllable, sorted without their marks, and
      `ranks: uint32[n_terms]` the place of each in that order, the same for those that differ by marks only.
    """

    def __init__(self, field: FieldArrays, arrays: dict[str, NDArray[Any]]) -> None:
        self._field = field
        self.starts = arrays["starts"]
        self._syllables, self._inside, self._order = arrays["syllables"], arrays["inside"], arrays["order"]
        self._by_fold, self._ranks = arrays["by_fold"], arrays["ranks"]
        self._terms: dict[int, str] = {}

    def term(self, ordinal: int) -> str:
        """Return the term of an ordinal."""
        found = self._terms.get(ordinal)
        if found is None:
            found = self._terms[ordinal] = self._field.term(ordinal).decode("utf-8", "replace")
        return found

    def documents(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the documents whose titles hold the places."""
        found: NDArray[np.int64] = self._document_of[places]
        return found

    @cached_property
    def _document_of(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def following(self, typed: list[str], prefix: str) -> NDArray[np.int64]:
        """Return the places where the syllables `typed` stand, and then one that begins with `prefix`.

        int64[n], in the order of what follows. All are terms, with or without marks; those typed must be there.
        """
        if len(typed) >= DEPTH:
            return np.empty(0, dtype=np.int64)
        spans = [self._span(word, whole=True) for word in typed]
        ranks = [first for first, _last in spans]
        least, most = ranks, ranks
        if prefix:
            spans.append(self._span(prefix, whole=False))
            least, most = [*ranks, spans[-1][0]], [*ranks, spans[-1][1] - 1]
        if any(first >= last for first, last in spans):
            return np.empty(0, dtype=np.int64)
        places = self._order[self._bound(least) : self._bound(most, after=True)].astype(np.int64)
        for distance, word in enumerate((*typed, prefix)):
            if word and fold(word) != word:
                places = places[self._bears(places + distance, word, whole=distance < len(typed))]
        return places

    def phrases(self, places: NDArray[np.int64], length: int) -> NDArray[np.int64]:
        """Return the syllables from each place on, where so many do not end within a word: int64[n, length]."""
        ends = self.starts[self.documents(places) + 1]
        after = places + length
        cut = self._inside[np.minimum(after, len(self._inside) - 1)].astype(np.bool_) & (after < ends)
        kept = places[(after <= ends) & ~cut]
        found: NDArray[np.int64] = self._syllables[kept[:, None] + np.arange(length)].astype(np.int64)
        return found

    def _span(self, word: str, *, whole: bool) -> tuple[int, int]:
        """The ranks of the terms that fold to a word, or begin so."""
        folded = fold(word)
        first = self._lower_bound(folded)
        last = self._lower_bound(folded + ("\x00" if whole else "\U0010ffff"))
        return first, last

    def _lower_bound(self, folded: str) -> int:
        low, high = 0, len(self._by_fold)
        while low < high:
            middle = (low + high) // 2
            if fold(self.term(int(self._by_fold[middle]))) < folded:
                low = middle + 1
            else:
                high = middle
        return low

    def _bound(self, ranks: list[int], *, after: bool = False) -> int:
        """How many places come before the syllables of these ranks, or before and with them."""
        low, high = 0, len(self._order)
        while low < high:
            middle = (low + high) // 2
            found = self._ranks_at(int(self._order[middle]), len(ranks))
            if found < ranks or (after and found == ranks):
                low = middle + 1
            else:
                high = middle
        return low

    def _ranks_at(self, place: int, count: int) -> list[int]:
        end = int(self.starts[self._document_of[place] + 1])
        found: list[int] = self._ranks[self._syllables[place : min(place + count, end)]].tolist()
        return found

    def _bears(self, places: NDArray[np.int64], word: str, *, whole: bool) -> NDArray[np.bool_]:
        """Where the syllable at a place has the marks that were typed."""
        found = np.unique(self._syllables[places])
        length = None if whole else len(word)
        fitting = [ordinal for ordinal in found.tolist() if compatible(word, self.term(ordinal)[:length])]
        return np.isin(self._syllables[places], np.array(fitting, dtype=self._syllables.dtype))


def open_phrases(segment: SegmentArrays, path: Path | None = None) -> TitlePhrases | None:
    """Return the suffix array of a segment's titles, None where it has no titles.

    It is read from the file `path`; where that is not there, or not to be used, it is made, and written there if
    that is possible.
    """
    field = segment.field(FIELD)
    if field is None or not field.n_terms:
        return None
    if path is not None and (found := _read(path, segment, field)) is not None:
        return found
    arrays = _made(segment, field)
    if path is not None:
        _write(path, arrays, segment)
    return TitlePhrases(field, arrays)


def phrases_path(segment_path: Path) -> Path:
    """Return where the suffix array of a segment's titles is kept."""
    return segment_path.with_suffix(PHRASES_EXTENSION)


def _read(path: Path, segment: SegmentArrays, field: FieldArrays) -> TitlePhrases | None:
    arrays = _arrays(path, segment)
    return None if arrays is None or not _fit(arrays, segment, field) else TitlePhrases(field, arrays)


def _arrays(path: Path, segment: SegmentArrays) -> dict[str, NDArray[Any]] | None:
    try:
        with open_regular(path) as file:
            head = file.read(8)
            head += file.read(min(int.from_bytes(head, "little"), 1 << 20))
            written = Written(file.seek(0, 2), zlib.crc32(head))
        container = Container(path, written)
        if container.metadata.get("version") != _VERSION or container.metadata.get("of") != segment.container.file:
            return None
        return {name: container.part(name, kind).all() for name, kind in _ARRAYS.items()}
    except (OSError, ValueError, IndexDamaged, IndexFileUnreadable):
        return None


def _fit(arrays: dict[str, NDArray[Any]], segment: SegmentArrays, field: FieldArrays) -> bool:
    """Return whether the arrays can be those of the segment's titles: none leads out of another."""
    starts, syllables, by_fold = arrays["starts"], arrays["syllables"], arrays["by_fold"]
    return bool(
        (len(starts), len(arrays["ranks"])) == (segment.doc_count + 1, field.n_terms)
        and len(syllables) == len(arrays["inside"]) == starts[-1]
        and starts[0] == 0
        and (starts[1:] >= starts[:-1]).all()
        and all(len(one) == 0 or int(one.max()) < field.n_terms for one in (syllables, by_fold))
        and (len(arrays["order"]) == 0 or int(arrays["order"].max()) < len(syllables))
    )


def what_is_wrong(segment: SegmentArrays, path: Path) -> str | None:
    """Return what is wrong with the suffix array kept beside a segment, whose file is `path`; None if there is none.

    What is wrong is no harm to the index: whoever removes the file has it made anew.
    """
    field, kept = segment.field(FIELD), phrases_path(path)
    if field is None or not kept.exists():
        return None
    found = _arrays(kept, segment)
    made = _made(segment, field)
    if found is None or any(not np.array_equal(found[name], made[name]) for name in _ARRAYS):
        return _("It is not what the titles of the segment give. Remove it, and it is made anew.")
    return None


def _write(path: Path, arrays: dict[str, NDArray[Any]], segment: SegmentArrays) -> None:
    """Keep the arrays until a writer drops the segment; nothing is lost where that fails."""
    pieces, _written = encode_container(arrays, {"version": _VERSION, "of": segment.container.file})
    unfinished = path.with_suffix(f".{os.getpid()}{get_ident()}.tmp")
    with suppress(OSError):
        Disk().write(unfinished, pieces)
        Disk().rename(unfinished, path)


def _made(segment: SegmentArrays, field: FieldArrays) -> dict[str, NDArray[Any]]:
    terms = [term.decode("utf-8", "replace") for term in field.terms(0, field.n_terms)]
    lengths = np.array([term.count(JOINER) + 1 for term in terms])
    single = lengths == 1
    ordinals, doc_ids, positions = field.occurrences()
    reading = np.lexsort((positions, doc_ids))
    ordinals, doc_ids, positions = ordinals[reading], doc_ids[reading], positions[reading]
    kept = np.flatnonzero(single[ordinals])
    syllables = ordinals[kept]
    starts = np.searchsorted(doc_ids[kept], np.arange(segment.doc_count + 1))
    # A word's syllables but its first are those that follow it, as many as it is long.
    inside = np.zeros(len(syllables), dtype=np.uint8)
    words = np.flatnonzero(~single[ordinals])
    first = starts[doc_ids[words]] + positions[words]
    for distance in range(1, int(lengths.max(initial=1))):
        at = (first + distance)[lengths[ordinals[words]] > distance]
        if len(at) and int(at.max()) >= len(inside):
            raise IndexDamaged(segment.container.file, f"{FIELD}.positions")
        inside[at] = 1

    folds = fold_many(terms)
    by_fold = sorted(np.flatnonzero(single).tolist(), key=lambda ordinal: (folds[ordinal], terms[ordinal]))
    ranks = np.zeros(len(terms), dtype=np.uint32)
    rank = 0
    for place, ordinal in enumerate(by_fold):
        if place and folds[ordinal] != folds[by_fold[place - 1]]:
            rank = place
        ranks[ordinal] = rank
    order = _sorted_places(ranks[syllables].astype(np.uint64), starts)
    return {
        "syllables": syllables.astype(np.uint32),
        "inside": inside,
        "starts": starts.astype(np.uint32),
        "order": order[inside[order] == 0].astype(np.uint32),
        "by_fold": np.array(by_fold, dtype=np.uint32),
        "ranks": ranks,
    }


def _sorted_places(ranks: NDArray[np.uint64], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places sorted by the ranks from there on, to the end of the title; the shorter comes first."""
    ends = np.repeat(starts[1:], np.diff(starts))
    bits = int(ranks.max(initial=1) + 1).bit_length()
    together = min(64 // bits, DEPTH)
    keys = []
    for first in range(0, DEPTH, together):
        key = np.zeros(len(ranks), dtype=np.uint64)
        for distance in range(first, min(first + together, DEPTH)):
            at = np.arange(len(ranks)) + distance
            rank = np.where(at < ends, ranks[np.minimum(at, len(ranks) - 1)] + np.uint64(1), np.uint64(0))
            key = (key << np.uint64(bits)) | rank
        keys.append(key)
    return np.lexsort(keys[::-1])
