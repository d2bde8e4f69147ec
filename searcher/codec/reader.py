"""Whoosh's readers over segments of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh.fields import Schema
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader

from searcher.codec.arrays import SegmentArrays
from searcher.codec.codec import ArrayCodec
from searcher.codec.damage import IndexDamaged
from searcher.codec.forms import misfit
from searcher.codec.perdocument import ArrayPerDocumentReader
from searcher.codec.segment import ArraySegment
from searcher.codec.termsreader import ArrayTermsReader


def open_reader(
    storage: Any,
    schema: Schema,
    segments: Sequence[ArraySegment],
    generation: int,
    others: Sequence[IndexReader] = (),
) -> IndexReader:
    """Return a reader of these segments, and of what other readers have; raises as `ArraySegment.open` does.

    What is deleted from the segments later is seen by Whoosh's searchers, so who is to see nothing of it gives copies.
    """
    readers: list[IndexReader] = [ArrayReader(storage, schema, one, generation) for one in segments]
    readers += [reader for reader in others if reader.doc_count_all()]
    if not readers:
        return EmptyReader(schema)
    return readers[0] if len(readers) == 1 else MultiReader(readers, generation)


class ArrayReader(SegmentReader):
    """A Whoosh reader of one segment, for several threads; `arrays` is what the executor works on."""

    def __init__(self, storage: Any, schema: Schema, segment: ArraySegment, generation: int | None = None) -> None:
        # Not Whoosh's own __init__: it would open the file twice, for terms and for documents.
        self.arrays: SegmentArrays = segment.open(Path(storage.folder))
        if (name := misfit(self.arrays, schema)) is not None:
            raise IndexDamaged(self.arrays.container.file, name)
        self.schema = schema
        self.is_closed = False
        self._segment = segment
        self._segid = segment.segid
        self._gen = generation
        self._storage = storage
        self._codec = ArrayCodec()
        self._terms = ArrayTermsReader(self.arrays)
        self._perdoc = ArrayPerDocumentReader(self.arrays, segment)
