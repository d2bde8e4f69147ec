"""An index in a folder, as Whoosh's FileIndex: made by `create`, opened by `open_index`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from whoosh.fields import Schema, ensure_schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import IndexReader

from searcher.codec.damage import IndexFileUnreadable
from searcher.codec.files import Disk
from searcher.codec.lock import IndexLockHeld, WriterLock
from searcher.codec.reader import ArrayReader, open_reader
from searcher.codec.schemas import FieldData, copy_schema
from searcher.codec.storage import ArrayStorage
from searcher.codec.toc import TableOfContents, latest_generation, next_generation, read_toc, write_toc

if TYPE_CHECKING:  # what only reads does not wait for what writes
    from searcher.codec.writer import ArrayWriter

INDEX_NAME: Final = "MAIN"
_RETRIES: Final = 10


def exists(folder: Path, indexname: str = INDEX_NAME) -> bool:
    """Return whether the folder has a table of contents, whatever is in it."""
    return latest_generation(folder, indexname) >= 0


def open_index(folder: Path, indexname: str = INDEX_NAME, disk: Disk | None = None) -> ArrayIndex:
    """Return the index in a folder.

    Raises IndexNotFound, IndexUnusable where it is of another kind or version, IndexDamaged, and OSError.
    """
    return ArrayIndex(FileStorage(str(folder)), indexname=indexname, disk=disk)


def open_or_create(folder: Path, schema: Schema, indexname: str = INDEX_NAME, disk: Disk | None = None) -> ArrayIndex:
    """Return the index in an existing folder, an empty one if there is none; raises as `open_index` and `create`."""
    if not exists(folder, indexname):
        _make_empty(folder, schema, indexname, disk or Disk(), unless_there=True)
    return open_index(folder, indexname, disk)


def create(folder: Path, schema: Schema, indexname: str = INDEX_NAME, disk: Disk | None = None) -> ArrayIndex:
    """Make an empty index in an existing folder, in place of one that is there, and return it.

    Raises ValueError for a schema that can't be kept, OSError, and IndexLockHeld where one that is there is written to.
    """
    return ArrayIndex.create(FileStorage(str(folder)), schema, indexname, disk)


def replace(folder: Path, schema: Schema, indexname: str = INDEX_NAME, disk: Disk | None = None) -> ArrayWriter:
    """Return a writer of a new index that takes the place of whatever index is in the folder when it commits.

    Raises ValueError for a schema that can't be kept, OSError, and IndexLockHeld where the old one is written to.
    """
    return _Successor(FileStorage(str(folder)), copy_schema(ensure_schema(schema)), indexname, disk).writer(keep=True)


def _make_empty(folder: Path, schema: Schema, indexname: str, disk: Disk, *, unless_there: bool = False) -> None:
    """Commit an index without documents; `unless_there`: where another process made one meanwhile, leave that."""
    lock = _writer_lock(folder, indexname)
    if not lock.acquire():
        raise IndexLockHeld(lock.holder())
    try:
        if not unless_there or not exists(folder, indexname):
            generation = next_generation(folder, indexname)
            write_toc(TableOfContents(copy_schema(ensure_schema(schema)), [], generation), folder, indexname, disk)
    finally:
        lock.release()


def _writer_lock(folder: Path, indexname: str) -> WriterLock:
    return WriterLock(folder / f"{indexname}_WRITELOCK")


class ArrayIndex(FileIndex):
    """A Whoosh index whose segments are arrays.

    - `reader` and `searcher` show the state at the moment they were made, whatever is committed later.
    - Everything of Whoosh's that reads works on it; what writes goes through `writer`, of which there is one at a time.
    """

    def __init__(
        self, storage: FileStorage, schema: Schema | None = None, indexname: str = INDEX_NAME, disk: Disk | None = None
    ) -> None:
        self.storage: FileStorage = ArrayStorage(str(storage.folder), indexname)
        self.indexname = indexname
        self.folder = Path(storage.folder)
        self.disk = disk or Disk()
        self._schema = schema
        self._opened = self._read_toc()

    @classmethod
    def create(
        cls, storage: FileStorage, schema: Schema, indexname: str = INDEX_NAME, disk: Disk | None = None
    ) -> ArrayIndex:
        disk = disk or Disk()
        _make_empty(Path(storage.folder), schema, indexname, disk)
        return cls(storage, indexname=indexname, disk=disk)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.folder}, {self.indexname!r})"

    def _read_toc(self) -> TableOfContents:
        toc = read_toc(self.folder, self.indexname)
        if self._schema is not None:
            toc.schema = copy_schema(self._schema)
        return toc

    def _latest(self) -> TableOfContents:
        return self._opened if self.up_to_date() else self._read_toc()

    def _current_schema(self) -> Schema:
        return copy_schema(self._latest().schema)

    def field_data(self) -> dict[str, FieldData]:
        """Return the schema's fields as the table of contents says them."""
        return self._latest().data.fields

    def latest_generation(self) -> int:
        return latest_generation(self.folder, self.indexname)

    def refresh(self) -> ArrayIndex:
        """Return the index as it is now: itself, unless something was committed since it was opened."""
        return self if self.up_to_date() else type(self)(self.storage, self._schema, self.indexname, self.disk)

    def up_to_date(self) -> bool:
        return self._opened.generation == self.latest_generation()

    def lock(self, name: str) -> WriterLock:
        return WriterLock(self.folder / f"{self.indexname}_{name}")

    def writer(self, procs: int = 1, **kwargs: Any) -> ArrayWriter:
        """Return the index's writer; raises IndexLockHeld where there is one already.

        Bulk writing by several processes is `searcher.index_paths`; `procs` is Whoosh's and not used.
        """
        from searcher.codec.writer import ArrayWriter

        return ArrayWriter(self, **kwargs)

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """Return a reader of the last commit.

        Of `reuse` only what is not of this folder goes on to be read: what a BufferedWriter holds in memory.
        Raises IndexUnusable, of which IndexDamaged and IndexFileUnreadable are kinds.
        """
        for _attempt in range(_RETRIES):
            toc = self._latest()
            try:
                return self._open(toc, reuse)
            except IndexFileUnreadable as unreadable:
                if not isinstance(unreadable.error, FileNotFoundError):
                    raise
                time.sleep(0.01)  # a writer merged in between; its table of contents is there already
        toc = self._read_toc()
        return self._open(toc, reuse)

    def _open(self, toc: TableOfContents, reuse: IndexReader | None) -> IndexReader:
        others = [leaf for leaf, _first in reuse.leaf_readers() if not isinstance(leaf, ArrayReader)] if reuse else []
        segments = [segment.copy() for segment in toc.segments]
        return open_reader(self.storage, copy_schema(toc.schema), segments, toc.generation, others)


class _Successor(ArrayIndex):
    """An index that is still empty, for a writer that will replace the one in the folder."""

    def __init__(self, storage: FileStorage, schema: Schema, indexname: str, disk: Disk | None) -> None:
        self._empty = schema
        super().__init__(storage, None, indexname, disk)

    def _read_toc(self) -> TableOfContents:
        return TableOfContents(self._empty, [], max(latest_generation(self.folder, self.indexname), 0))
