"""The writer: documents and deletions until a commit, which makes them one segment and one table of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from whoosh.fields import Schema, UnknownFieldError
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import IndexReader, SegmentReader
from whoosh.util.filelock import try_for
from whoosh.writing import IndexingError, SegmentWriter

from searcher.codec.build import SegmentBuilder, SegmentData
from searcher.codec.codec import ArrayCodec
from searcher.codec.documents import MAX_DOCUMENTS
from searcher.codec.files import Disk
from searcher.codec.foreign import copy_reader
from searcher.codec.forms import misfit
from searcher.codec.lock import IndexLockHeld, WriterLock
from searcher.codec.merging import merge
from searcher.codec.policy import groups_to_merge, groups_to_optimize
from searcher.codec.reader import open_reader
from searcher.codec.schemas import schema_data
from searcher.codec.segment import ArraySegment
from searcher.codec.stages import Stages
from searcher.codec.stored import SAMPLES
from searcher.codec.toc import TableOfContents, next_generation, read_toc, remove_leftovers, toc_path, write_toc

MAX_BUFFERED = 64 * 1024 * 1024
"""Characters and bytes that documents of one segment may have before it is written."""


class WritableIndex(Protocol):
    """What is written to: where it lies, who may write, and what it holds so far."""

    storage: FileStorage
    indexname: str
    folder: Path
    disk: Disk

    def lock(self, name: str) -> WriterLock: ...
    def _read_toc(self) -> TableOfContents: ...


class ArrayWriter(SegmentWriter):
    """Whoosh's writer over arrays.

    - Nothing is on disk under a name that counts before `commit`; `cancel`, or an end of any kind, leaves the last
      commit in place.
    - `update_document` replaces committed documents and those added by this writer alike.
    - What a killed writer left behind is removed when the next one begins, unless `keep`: then at its commit.
    """

    def __init__(
        self, ix: WritableIndex, timeout: float = 0.0, delay: float = 0.1, *, keep: bool = False, **_whoosh: Any
    ) -> None:
        # Not Whoosh's own __init__: it makes a pool of postings in a folder of its own, and files for the segment.
        self.writelock = ix.lock("WRITELOCK")
        if not try_for(self.writelock.acquire, timeout=timeout, delay=delay):
            holder = self.writelock.holder()
            self.writelock = None
            raise IndexLockHeld(holder)
        try:
            self._begin(ix, keep=keep)
        except BaseException:
            self.writelock.release()
            raise

    def _begin(self, ix: WritableIndex, *, keep: bool) -> None:
        self.storage, self.indexname, self.folder, self.disk = ix.storage, ix.indexname, ix.folder, ix.disk
        self.codec = ArrayCodec()
        toc = ix._read_toc()
        if not keep:
            remove_leftovers(self.folder, self.indexname, toc, self.disk)
        self.generation = next_generation(self.folder, self.indexname)
        self.schema: Schema = toc.schema
        self.segments: list[ArraySegment] = toc.segments
        self._setup_doc_offsets()
        self.docnum = self.docbase = 0
        self.is_closed = False
        self.merge, self.optimize, self.mergetype = True, False, None
        self._searcher = None
        # Segments that count from the next commit on, and those of the index that are to be merged with them.
        self._written: list[ArraySegment] = []
        self._adopted: list[ArraySegment] = []
        self._files: list[ArraySegment] = []  # all that this writer wrote or took since the last commit
        self._is_merging = False
        self._builder: SegmentBuilder | None = None
        # Where the documents that this writer added are, by their values in unique fields.
        self._unique: dict[tuple[str, bytes], list[tuple[SegmentBuilder | ArraySegment, int]]] = {}
        self._group: list[dict[str, Any]] | None = None  # the documents of a group that is being added
        self._added = False

    def add_field(self, fieldname: str, fieldspec: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as SegmentWriter
        super().add_field(fieldname, fieldspec, **kwargs)
        try:
            schema_data(self.schema)
            if any(misfit(segment.open(self.folder), self.schema) for segment in self.segments):
                raise ValueError(f"segments still hold another field {fieldname!r}, which was removed; optimize first")
        except ValueError:
            self.schema.remove(fieldname)
            raise

    def add_document(self, **fields: Any) -> None:
        """Add a document; raises UnknownFieldError, and what a field raises for a value that it can't take.

        Nothing of the document is kept then, and the writer goes on.
        """
        self._check_state()
        for name in fields:
            if not name.startswith("_") and name not in self.schema:
                raise UnknownFieldError(f"No field named {name!r} in {self.schema}")
        unique = self._unique_values(fields)
        if self._group is not None and self._is_full():
            self._move_group()
        self._take(fields, unique)
        if self._group is None:
            if self._is_full():
                self._flush()
        else:
            self._group.append(fields)

    def _take(self, fields: dict[str, Any], unique: Iterable[tuple[str, bytes]]) -> None:
        if self._builder is None:
            self._builder = SegmentBuilder(self.schema, dictionary=self.dictionary)
        number = self._builder.add(fields)
        for key in unique:
            self._unique.setdefault(key, []).append((self._builder, number))
        self._added = True
        self.docnum += 1

    def _is_full(self) -> bool:
        builder = self._builder
        return builder is not None and (builder.text_chars > MAX_BUFFERED or builder.added >= MAX_DOCUMENTS)

    def start_group(self) -> None:
        """Begin documents that are to stay together in one segment, as nested queries want it."""
        self._check_state()
        self._group = []

    def end_group(self) -> None:
        """End a group."""
        self._check_state()
        self._group = None
        if self._is_full():
            self._flush()

    def _move_group(self) -> None:
        """Put the documents of the group so far into a segment of their own; raises ValueError for too many."""
        group, builder = self._group or [], self._builder
        if builder is None or builder.added < MAX_DOCUMENTS:
            return  # a segment may hold more text than usual
        if len(group) >= MAX_DOCUMENTS:
            raise ValueError(f"a group has {MAX_DOCUMENTS:,} documents at most")
        first = builder.added - len(group)
        for number in range(first, builder.added):
            builder.drop(number)
        for places in self._unique.values():
            places[:] = [(holder, number) for holder, number in places if holder is not builder or number < first]
        self._flush()
        self.docnum -= len(group)
        for fields in group:
            self._take(fields, self._unique_values(fields))

    def _unique_values(self, fields: dict[str, Any]) -> list[tuple[str, bytes]]:
        found = []
        for name in self._unique_fields(fields):
            given = fields[name]
            values = given if isinstance(given, list | tuple) else [given]
            found += [(name, self.schema[name].to_bytes(value)) for value in values if value is not None]
        return found

    def update_document(self, **fields: Any) -> None:
        """Add a document in place of those that have its value in a unique field, committed or not.

        Where the document can't be added, those are left as they were.
        """
        self._check_state()
        unique = self._unique_values(fields)
        pending = {key: self._unique.pop(key, []) for key in unique}
        try:
            self.add_document(**fields)
        except BaseException:
            for key, places in pending.items():
                self._unique.setdefault(key, [])[:0] = places
            raise
        for places in pending.values():
            for holder, number in places:
                self._take_back(holder, number)
        if names := self._unique_fields(fields):
            with self.searcher() as searcher:
                for docnum in searcher._find_unique([(name, fields[name]) for name in names]):
                    self.delete_document(docnum)

    def _take_back(self, holder: SegmentBuilder | ArraySegment, number: int) -> bool:
        if isinstance(holder, SegmentBuilder):
            return holder.drop(number)
        was_there = not holder.is_deleted(number)
        holder.delete_document(number)
        return was_there

    def delete_by_term(self, fieldname: str, text: Any, searcher: Any = None) -> int:
        """Delete the documents that have a term, among them those that this writer added; returns how many."""
        places = []
        if fieldname in self.schema and self.schema[fieldname].unique:
            places = self._unique.pop((fieldname, self.schema[fieldname].to_bytes(text)), [])
        taken_back = sum(self._take_back(*place) for place in places)
        return int(super().delete_by_term(fieldname, text, searcher)) + taken_back

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a committed document; raises IndexingError for a number that none has."""
        if docnum < 0:
            raise IndexingError(f"No document ID {docnum!r} in this index")
        super().delete_document(docnum, delete)

    def add_reader(self, reader: IndexReader) -> None:
        """Add all documents of a reader, of whichever index: of segments of arrays as arrays, of others one by one.

        Raises ValueError for what can't be kept here.
        """
        self._check_state()
        self._added = True
        for leaf, _offset in reader.leaf_readers():
            segment = leaf.segment() if isinstance(leaf, SegmentReader) else None
            if isinstance(segment, ArraySegment) and self._is_merging and segment in self.segments:
                self._adopted.append(segment)
                continue
            self._flush()
            if isinstance(segment, ArraySegment):
                storage: Any = leaf.storage()
                self._written.append(self._write(merge([segment.open(Path(storage.folder))], self.schema)))
            else:
                for start in range(0, leaf.doc_count_all(), MAX_DOCUMENTS):
                    stop = min(start + MAX_DOCUMENTS, leaf.doc_count_all())
                    copied = copy_reader(leaf, self.schema, start, stop, self.dictionary)
                    self._written.append(self._write(copied))

    def add_segment(self, segment: ArraySegment) -> None:
        """Take a segment whose file lies in the index's folder; it counts from the next commit on."""
        self._check_state()
        self._written.append(segment)
        self._files.append(segment)

    @cached_property
    def dictionary(self) -> bytes:
        """What stored fields of new segments are best compressed with: what most of the index is."""
        largest = max(self.segments, key=ArraySegment.doc_count_all, default=None)
        if largest is None or largest.doc_count_all() < SAMPLES:
            return b""
        return largest.open(self.folder).documents.dictionary

    def _write(self, data: SegmentData) -> ArraySegment:
        segment = ArraySegment.write(data, self.folder, self.indexname, self.disk)
        self._files.append(segment)
        return segment

    def _flush(self) -> None:
        builder = self._builder
        if builder is None:
            return
        if not len(builder):
            self._builder = None
            return
        segment = self._write(builder.build())
        self._builder = None
        self._written.append(segment)
        docnums = builder.docnums()
        for places in self._unique.values():
            places[:] = [
                (segment, docnums[number]) if holder is builder else (holder, number) for holder, number in places
            ]

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:  # type: ignore[override]  # as SegmentWriter
        """Return a reader of what is committed, less what this writer deleted, also what it deletes from now on."""
        self._check_state()
        return open_reader(self.storage, self.schema, self.segments, self.generation)

    def commit(
        self,
        mergetype: Callable[[ArrayWriter, list[ArraySegment]], list[ArraySegment]] | None = None,
        optimize: bool | None = None,
        merge: bool | None = None,
        *,
        stages: Stages | None = None,
        **kwargs: Any,
    ) -> None:
        """Make additions and deletions last, and end the writer; `stages` is told the time for "merge".

        The other arguments are Whoosh's:

        - `merge=False`: no segments are merged; else some small ones are, so that few are left (`policy.py`).
        - `optimize=True`: as few segments as possible are left, of 65,536 documents each, and no deleted documents.
        - `mergetype`: a function such as `whoosh.writing.OPTIMIZE` or `CLEAR`.
        """
        self._check_state()
        try:
            self._flush()
            with (stages or Stages())("merge"):
                segments = self._merged(
                    mergetype,
                    self.optimize if optimize is None else optimize,
                    self.merge if merge is None else merge,
                )
            self._commit_toc(segments)
            self._clean()
        except BaseException:
            self._discard()
            raise
        self._finish()

    def checkpoint(self) -> None:
        """Make additions and deletions last, and go on: the lock is kept, and nothing is merged."""
        self._check_state()
        self._flush()
        before = toc_path(self.folder, self.indexname, self.generation - 1)
        self._commit_toc([*self.segments, *self._written])
        self.disk.remove(before)
        self._unique.clear()
        self._setup_doc_offsets()
        if self._searcher is not None:
            self._searcher._orig_close()
            self._searcher = None

    def _merged(
        self,
        mergetype: Callable[[ArrayWriter, list[ArraySegment]], list[ArraySegment]] | None,
        optimize: bool,
        merge: bool,
    ) -> list[ArraySegment]:
        """Return the segments that are to be the index, after such merging as is asked for."""
        mergetype = mergetype or self.mergetype
        if mergetype is not None:
            self._is_merging = True
            kept = mergetype(self, list(self.segments))
            changed = [*self._adopted, *self._written]
            return [*kept, *(self._merge_groups(changed, groups_to_optimize) if self._adopted else changed)]
        segments = [*self.segments, *self._written]
        if optimize:
            return self._merge_groups(segments, groups_to_optimize)
        return self._merge_groups(segments, groups_to_merge) if merge else segments

    def _merge_groups(
        self, segments: list[ArraySegment], choose: Callable[[list[ArraySegment]], list[range]]
    ) -> list[ArraySegment]:
        segments = [segment for segment in segments if segment.doc_count()]
        groups = choose(segments)
        merged = {group.start: self._merge_group(segments[group.start : group.stop]) for group in groups}
        gone = {number for group in groups for number in group if number not in merged}
        return [merged.get(number, segment) for number, segment in enumerate(segments) if number not in gone]

    def _merge_group(self, segments: list[ArraySegment]) -> ArraySegment:
        return self._write(merge([one.open(self.folder) for one in segments], self.schema))

    def _commit_toc(self, segments: Iterable[ArraySegment]) -> None:
        """Write the table of contents: from then on, this is the index."""
        kept = [segment for segment in segments if segment.doc_count()]
        try:
            write_toc(TableOfContents(self.schema, kept, self.generation), self.folder, self.indexname, self.disk)
        except BaseException:
            if toc_path(self.folder, self.indexname, self.generation).exists():
                self._files = []  # what failed came after the rename: it counts, so what it lists must stay
            raise
        self.segments, self._written, self._files = kept, [], []
        self.generation += 1

    def _clean(self) -> None:
        toc = TableOfContents(self.schema, self.segments, self.generation - 1)
        with suppress(OSError):  # the next writer tries again
            remove_leftovers(self.folder, self.indexname, toc, self.disk)

    def cancel(self, **kwargs: Any) -> None:
        """Forget additions and deletions, and end the writer."""
        self._check_state()
        self._discard()

    def _discard(self) -> None:
        for segment in self._files:
            self.disk.remove(segment.path(self.folder))
        with suppress(Exception):  # the next writer tries again
            remove_leftovers(self.folder, self.indexname, read_toc(self.folder, self.indexname), self.disk)
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
