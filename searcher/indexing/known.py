"""What an index holds already, read from its columns: no stored article is decompressed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searcher.codec import ArraySegment, BytesColumn, FieldArrays, IndexDamaged, LabelColumn, SegmentArrays
from searcher.codec.terms import term_bytes
from searcher.indexing.sink import KnownArticle


class KnownArticles:
    """The articles in some segments, by id and by the file they came from; for 500,000 it takes some 80 MB."""

    def __init__(self, segments: Sequence[ArraySegment], folder: Path) -> None:
        self.segments = list(segments)
        self._arrays = [segment.open(folder) for segment in segments]
        self._starts = np.cumsum([0, *(one.doc_count for one in self._arrays)]).tolist()
        self._places: dict[str, int] = {}
        self._terms_of = [_terms_by_document(one) for one in self._arrays]
        for number, arrays in enumerate(self._arrays):
            ids = _field(arrays, "id")
            terms = [_text(arrays, term) for term in ids.terms(0, ids.n_terms)]
            live = arrays.live
            for docnum, ordinal in enumerate(self._terms_of[number].tolist()):
                if live is None or live[docnum]:
                    self._places[terms[ordinal]] = self._starts[number] + docnum

    def __len__(self) -> int:
        return len(self._places)

    def get(self, article_id: str) -> KnownArticle | None:
        """Return what is to be compared of an article, or None where the index has none of this id."""
        place = self._places.get(article_id)
        if place is None:
            return None
        number, docnum = self._locate(place)
        column = self._arrays[number].column("fingerprint")
        if not isinstance(column, BytesColumn):
            raise IndexDamaged(self._arrays[number].container.file, "fingerprint")
        files = _labels(self._arrays[number])
        return KnownArticle(column[docnum], files.labels[int(files.ordinals[files.offsets[docnum]])])

    def pop(self, article_id: str) -> tuple[ArraySegment, int] | None:
        """Forget an article, and return where it is, to be deleted there; None where there is none of this id."""
        place = self._places.pop(article_id, None)
        if place is None:
            return None
        number, docnum = self._locate(place)
        return self.segments[number], docnum

    def files(self) -> set[str]:
        """Return the files that the articles came from, and maybe some whose articles are gone."""
        return {label for arrays in self._arrays for label in _labels(arrays).labels}

    def of_file(self, file: str) -> Iterator[str]:
        """Yield the ids of the articles that came from a file."""
        for number, arrays in enumerate(self._arrays):
            field = _field(arrays, "file")
            ordinal = field.find(term_bytes(file))
            if ordinal < 0:
                continue
            ids = _field(arrays, "id")
            for docnum in field.doc_ids(ordinal).tolist():
                article_id = _text(arrays, ids.term(int(self._terms_of[number][docnum])))
                if self._places.get(article_id) == self._starts[number] + docnum:
                    yield article_id

    def _locate(self, place: int) -> tuple[int, int]:
        number = int(np.searchsorted(self._starts, place, side="right")) - 1
        return number, place - self._starts[number]


def find_article(segment: ArraySegment, folder: Path, article_id: str) -> int | None:
    """Return the number of the article in a segment, or None."""
    ids = _field(segment.open(folder), "id")
    ordinal = ids.find(term_bytes(article_id))
    if ordinal < 0:
        return None
    docnum = int(ids.doc_ids(ordinal)[0])
    return None if segment.is_deleted(docnum) else docnum


def _text(arrays: SegmentArrays, term: bytes) -> str:
    try:
        return term.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise IndexDamaged(arrays.container.file, "id.terms") from None


def _field(arrays: SegmentArrays, name: str) -> FieldArrays:
    field = arrays.field(name)
    if field is None:
        raise IndexDamaged(arrays.container.file, name)
    return field


def _labels(arrays: SegmentArrays) -> LabelColumn:
    column = arrays.column("file")
    if not isinstance(column, LabelColumn):
        raise IndexDamaged(arrays.container.file, "file")
    return column


def _terms_by_document(arrays: SegmentArrays) -> NDArray[np.int32]:
    """int32[doc_count]: the ordinal of each document's id."""
    offsets, doc_ids, _freqs = _field(arrays, "id").all_postings()
    ordinals = np.zeros(arrays.doc_count, dtype=np.int32)
    ordinals[doc_ids] = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    return ordinals
