"""A segment as the table of contents lists it: its file, and which of its documents are deleted."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment

from searcher.codec.arrays import SegmentArrays
from searcher.codec.codec import ArrayCodec
from searcher.codec.container import Written, encode_container
from searcher.codec.damage import IndexDamaged
from searcher.codec.documents import MAX_DOCUMENTS
from searcher.codec.files import Disk

if TYPE_CHECKING:  # what only reads does not wait for what writes
    from searcher.codec.build import SegmentData

EXTENSION: Final = ".seg"
PHRASES_EXTENSION: Final = ".phrases"
"""What completion keeps beside a segment under its name (`suggesting/phrases.py`); it goes when the segment goes."""


class SegmentEntry(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A segment in the table of contents; `deleted` is a bitmap in base64, the first document in the highest bit."""

    id: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-z]{1,64}\Z")]
    size: Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]
    header_crc32: Annotated[int, msgspec.Meta(ge=0, lt=1 << 32)]
    doc_count: Annotated[int, msgspec.Meta(ge=1, le=MAX_DOCUMENTS)]
    deleted: str = ""


class ArraySegment(Segment):
    """A segment: one immutable file, and a mask of deleted documents that each commit writes anew."""

    def __init__(self, indexname: str, segid: str, written: Written, doc_count: int) -> None:
        self.indexname = indexname
        self.segid = segid
        self.compound = False
        self.written = written
        self._doc_count = doc_count
        self._deleted: NDArray[np.bool_] | None = None
        self._deleted_count = 0

    @classmethod
    def write(cls, data: SegmentData, folder: Path, indexname: str, disk: Disk) -> ArraySegment:
        """Write a segment's file, and return the segment once it is on the disk; raises OSError."""
        segid = cls._random_id()
        pieces, written = encode_container(data.arrays, data.header())
        segment = cls(indexname, segid, written, data.doc_count)
        disk.write(segment.path(folder), pieces)
        return segment

    @classmethod
    def from_entry(cls, entry: SegmentEntry, indexname: str) -> ArraySegment:
        """Return the segment that a table of contents lists; raises ValueError for what is none."""
        segment = cls(indexname, entry.id, Written(entry.size, entry.header_crc32), entry.doc_count)
        if entry.deleted:
            bits = np.frombuffer(base64.b64decode(entry.deleted, validate=True), dtype=np.uint8)
            if len(bits) != (entry.doc_count + 7) // 8:
                raise ValueError(entry.id)
            segment._deleted = np.unpackbits(bits, count=entry.doc_count).astype(np.bool_)
            segment._deleted_count = int(np.count_nonzero(segment._deleted))
        return segment

    def entry(self) -> SegmentEntry:
        """Return what the table of contents lists."""
        deleted = (
            "" if self._deleted is None else base64.b64encode(np.packbits(self._deleted).tobytes()).decode("ascii")
        )
        return SegmentEntry(self.segid, self.written.size, self.written.header_crc32, self._doc_count, deleted)

    def copy(self) -> ArraySegment:
        """Return the segment with deletions of its own."""
        return ArraySegment.from_entry(self.entry(), self.indexname)

    def path(self, folder: Path) -> Path:
        """Return where the segment's file lies in an index folder."""
        return folder / f"{self.indexname}_{self.segid}{EXTENSION}"

    def open(self, folder: Path) -> SegmentArrays:
        """Return the segment's arrays; raises IndexDamaged, or IndexFileUnreadable where the file has gone."""
        live = None if self._deleted is None else ~self._deleted
        arrays = SegmentArrays(self.path(folder), self.written, live)
        if arrays.doc_count != self._doc_count:
            raise IndexDamaged(arrays.container.file, "header")
        return arrays

    def codec(self) -> ArrayCodec:
        """Return the codec that reads it."""
        return ArrayCodec()

    def set_doc_count(self, doccount: int) -> None:
        """Whoosh sets this on segments that it writes; one of ours knows it from the start."""
        raise NotImplementedError

    def doc_count_all(self) -> int:
        return self._doc_count

    def deleted_count(self) -> int:
        return self._deleted_count

    def deleted_docs(self) -> frozenset[int]:
        """Return the numbers of the deleted documents."""
        return frozenset() if self._deleted is None else frozenset(np.flatnonzero(self._deleted).tolist())

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Mark a document as deleted, or not; raises IndexError for one that is none."""
        self.delete_documents([docnum], delete=delete)

    def delete_documents(self, docnums: Iterable[int], *, delete: bool = True) -> None:
        """Mark documents as deleted, or not."""
        mask = np.zeros(self._doc_count, dtype=np.bool_) if self._deleted is None else self._deleted.copy()
        for docnum in docnums:
            if docnum < 0:
                raise IndexError(docnum)
            mask[docnum] = delete
        self._deleted_count = int(np.count_nonzero(mask))
        self._deleted = mask if self._deleted_count else None

    def is_deleted(self, docnum: int) -> bool:
        # Whoosh's matchers also ask about the document after the last one.
        return self._deleted is not None and docnum < self._doc_count and bool(self._deleted[docnum])

    def should_assemble(self) -> bool:
        return False
