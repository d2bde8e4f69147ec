"""The codec as Whoosh's seam has it: how a segment is read, and that it is written in bulk only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.codec.base import Codec
from whoosh.fields import Schema
from whoosh.reading import SegmentReader

from searcher.codec.arrays import SegmentArrays
from searcher.codec.perdocument import ArrayPerDocumentReader
from searcher.codec.segment import ArraySegment
from searcher.codec.termsreader import ArrayTermsReader

_IN_BULK = "segments are written in bulk: use ArrayIndex.writer()"


class ArrayCodec(Codec):
    """Segments of memory-mapped arrays.

    Reading goes through Whoosh's seams. There are no writers of single postings: `ArrayWriter` collects documents and
    inverts them all at once.
    """

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        raise NotImplementedError(_IN_BULK)

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> Any:
        raise NotImplementedError(_IN_BULK)

    def field_writer(self, storage: Any, segment: ArraySegment) -> Any:
        raise NotImplementedError(_IN_BULK)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise NotImplementedError(_IN_BULK)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        raise NotImplementedError(_IN_BULK)

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTermsReader:
        return ArrayTermsReader(segment.open(Path(storage.folder)))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayPerDocumentReader:
        return ArrayPerDocumentReader(segment.open(Path(storage.folder)), segment)


class ArrayReader(SegmentReader):
    """A Whoosh reader of one segment; `arrays` is what the executor works on."""

    def __init__(self, storage: Any, schema: Schema, segment: ArraySegment, generation: int | None = None) -> None:
        # Not Whoosh's own __init__: it would open the file twice, for terms and for documents.
        self.arrays: SegmentArrays = segment.open(Path(storage.folder))
        self.schema = schema
        self.is_closed = False
        self._segment = segment
        self._segid = segment.segment_id()
        self._gen = generation
        self._storage = storage
        self._codec = ArrayCodec()
        self._terms = ArrayTermsReader(self.arrays)
        self._perdoc = ArrayPerDocumentReader(self.arrays, segment)
