"""The codec as Whoosh's seam has it: how a segment is read, and that it is written in bulk only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from whoosh.codec.base import Codec

from searcher.codec.arrays import SegmentArrays
from searcher.codec.perdocument import ArrayPerDocumentReader, Deletions
from searcher.codec.termsreader import ArrayTermsReader

_IN_BULK = "segments are written in bulk: use ArrayIndex.writer()"


class Openable(Deletions, Protocol):
    """What the codec asks of a segment: its arrays, besides its deletions."""

    def open(self, folder: Path) -> SegmentArrays: ...


class ArrayCodec(Codec):
    """Segments of memory-mapped arrays.

    Reading goes through Whoosh's seams. There are no writers of single postings: `ArrayWriter` collects documents and
    inverts them all at once.
    """

    def new_segment(self, storage: Any, indexname: str) -> Any:
        raise NotImplementedError(_IN_BULK)

    def per_document_writer(self, storage: Any, segment: Openable) -> Any:
        raise NotImplementedError(_IN_BULK)

    def field_writer(self, storage: Any, segment: Openable) -> Any:
        raise NotImplementedError(_IN_BULK)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise NotImplementedError(_IN_BULK)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        raise NotImplementedError(_IN_BULK)

    def column_filename(self, segment: Openable, fieldname: str) -> str:
        """Whoosh's `add_sortable` asks for this, to write a column beside a segment."""
        raise NotImplementedError(
            f"a column can't be added to documents that are there: make an index whose {fieldname!r} is sortable, and "
            "give the reader of this one to its writer's add_reader()"
        )

    def terms_reader(self, storage: Any, segment: Openable) -> ArrayTermsReader:
        return ArrayTermsReader(segment.open(Path(storage.folder)))

    def per_document_reader(self, storage: Any, segment: Openable) -> ArrayPerDocumentReader:
        return ArrayPerDocumentReader(segment.open(Path(storage.folder)), segment)
