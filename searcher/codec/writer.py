"""The writer: documents and deletions until a commit, which makes them one segment and one table of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from whoosh.fields import Schema, UnknownFieldError
from whoosh.reading import IndexReader
from whoosh.util.filelock import try_for
from whoosh.writing import SegmentWriter

from searcher.codec.build import SegmentBuilder
from searcher.codec.codec import ArrayCodec
from searcher.codec.lock import IndexLockHeld
from searcher.codec.schemas import schema_data
from searcher.codec.segment import ArraySegment
from searcher.codec.toc import TableOfContents, remove_leftovers, write_toc

if TYPE_CHECKING:
    from searcher.codec.index import ArrayIndex

MAX_BUFFERED_CHARS = 32 * 1024 * 1024


class ArrayWriter(SegmentWriter):
    """Whoosh's writer over arrays.

    - Nothing is on disk under a name that counts before `commit`; `cancel`, or an end of any kind, leaves the last
      commit in place.
    - `update_document` replaces committed documents and those added by this writer alike.
    - What a killed writer left behind is removed when the next one begins.
    """

    def __init__(self, ix: ArrayIndex, timeout: float = 0.0, delay: float = 0.1, **_whoosh: Any) -> None:
        # Not Whoosh's own __init__: it makes a pool of postings in a folder of its own, and files for the segment.
        self.writelock = ix.lock("WRITELOCK")
        if not try_for(self.writelock.acquire, timeout=timeout, delay=delay):
            holder = self.writelock.holder()
            self.writelock = None
            raise IndexLockHeld(holder)
        try:
            self._begin(ix)
        except BaseException:
            self.writelock.release()
            raise

    def _begin(self, ix: ArrayIndex) -> None:
        self.storage, self.indexname, self.folder, self.disk = ix.storage, ix.indexname, ix.folder, ix.disk
        self.codec = ArrayCodec()
        toc = ix._read_toc()
        remove_leftovers(self.folder, self.indexname, toc, self.disk)
        self.generation = toc.generation + 1
        self.schema: Schema = toc.schema
        self.segments: list[ArraySegment] = toc.segments
        self._setup_doc_offsets()
        self.docnum = self.docbase = 0
        self.is_closed = False
        self.merge, self.optimize, self.mergetype = True, False, None
        self._searcher = None
        self._written: list[ArraySegment] = []
        self._builder: SegmentBuilder | None = None
        # Where the documents that this writer added are, by their values in unique fields.
        self._unique: dict[tuple[str, Any], tuple[SegmentBuilder | ArraySegment, int]] = {}
        self._added = False

    def add_field(self, fieldname: str, fieldspec: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as SegmentWriter
        super().add_field(fieldname, fieldspec, **kwargs)
        try:
            schema_data(self.schema)
        except ValueError:
            self.schema.remove(fieldname)
            raise

    def add_document(self, **fields: Any) -> None:
        """Add a document; raises UnknownFieldError, and ValueError for a value that its field can't take."""
        self._check_state()
        for name in fields:
            if not name.startswith("_") and name not in self.schema:
                raise UnknownFieldError(f"No field named {name!r} in {self.schema}")
        if self._builder is None:
            self._builder = SegmentBuilder(self.schema)
        builder = self._builder
        number = builder.add(fields)
        for name in self._unique_fields(fields):
            self._unique[name, fields[name]] = builder, number
        self._added = True
        self.docnum += 1
        if builder.text_chars > MAX_BUFFERED_CHARS:
            self._flush()

    def update_document(self, **fields: Any) -> None:
        """Add a document in place of those that have its value in a unique field, committed or not."""
        self._check_state()
        unique = self._unique_fields(fields)
        for name in unique:
            pending = self._unique.pop((name, fields[name]), None)
            if pending is not None:
                self._take_back(*pending)
        super().update_document(**fields)

    def _take_back(self, holder: SegmentBuilder | ArraySegment, number: int) -> None:
        if isinstance(holder, SegmentBuilder):
            holder.drop(number)
        else:
            holder.delete_document(number)

    def delete_by_term(self, fieldname: str, text: str, searcher: Any = None) -> int:
        """Delete the documents that have a term, among them those that this writer added; returns how many."""
        pending = self._unique.pop((fieldname, text), None)
        if pending is not None:
            self._take_back(*pending)
        return int(super().delete_by_term(fieldname, text, searcher)) + (pending is not None)

    def add_reader(self, reader: IndexReader) -> None:
        raise NotImplementedError

    def add_segment(self, segment: ArraySegment) -> None:
        """Take a segment whose file lies in the index's folder; it counts from the next commit on."""
        self._check_state()
        self._written.append(segment)

    def _flush(self) -> None:
        builder, self._builder = self._builder, None
        if builder is None or not len(builder):
            return
        segment = ArraySegment.write(builder.build(), self.folder, self.indexname, self.disk)
        self._written.append(segment)
        docnums = builder.docnums()
        for key, (holder, number) in self._unique.items():
            if holder is builder:
                self._unique[key] = segment, docnums[number]

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:  # type: ignore[override]  # as SegmentWriter
        """Return a reader of what is committed, less what this writer deleted."""
        from searcher.codec.index import ArrayIndex

        self._check_state()
        return ArrayIndex._reader(self.storage, self.schema, self.segments, self.generation)

    def commit(
        self,
        mergetype: Callable[[ArrayWriter, list[ArraySegment]], list[ArraySegment]] | None = None,
        optimize: bool | None = None,
        merge: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Make additions and deletions last, and end the writer; the arguments are Whoosh's."""
        self._check_state()
        try:
            self._flush()
            self._commit_toc([*self.segments, *self._written])
        except BaseException:
            self._discard()
            raise
        self._finish()

    def _commit_toc(self, segments: Iterable[ArraySegment]) -> None:
        kept = [segment for segment in segments if segment.doc_count()]
        toc = TableOfContents(self.schema, kept, self.generation)
        write_toc(toc, self.folder, self.indexname, self.disk)
        remove_leftovers(self.folder, self.indexname, toc, self.disk)

    def cancel(self, **kwargs: Any) -> None:
        """Forget additions and deletions, and end the writer."""
        self._check_state()
        self._discard()

    def _discard(self) -> None:
        for segment in self._written:
            self.disk.remove(segment.path(self.folder))
        self._finish()

    def _finish(self) -> None:
        if self._searcher is not None:
            self._searcher._orig_close()
            self._searcher = None
        self.is_closed = True
        self._builder = None
        if self.writelock is not None:
            self.writelock.release()
            self.writelock = None
