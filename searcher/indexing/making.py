"""Batches on their way to segments: filled with articles, made by `pool.py`, taken into the index in order."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Final

import msgspec

from searcher.article import Article
from searcher.codec import ArraySegment
from searcher.codec.schemas import schema_data
from searcher.codec.stages import Stages
from searcher.codec.writer import ArrayWriter
from searcher.indexing.batches import Batch, BatchBuilder, Built, peak_bytes, shared_dictionary
from searcher.indexing.pool import Builders, Here, Program, Workers
from searcher.indexing.sink import Fault
from searcher.indexing.wire import Setup, answers

LEAST_MEMORY_MB: Final = 100
_BASE_MB: Final = 96
"""What a worker takes before it has an article: code and tables."""
_BYTES_PER_CHAR: Final = 20
"""What an article takes while its segment is made, by the length of its text; measured on the corpus."""
_MOST_ARTICLES: Final = 8192
_FIRST_BYTES: Final = 16 * 1024 * 1024
"""What the first batch may have been read from, in bytes of the sources, and each further one twice as much: of pages,
which are read slowly, the first are committed early."""
_LOOK_S: Final = 0.25
_PARTS: Final = 10

Place = tuple[ArraySegment, int]
"""A segment, and the number of a document in it."""


class _Pending(msgspec.Struct):
    """A batch that is being made into a segment, and what is to be done with it."""

    built: Future[Built]
    deletions: list[Place]
    articles: int
    bytes_read: int


class Making:
    """Makes segments of articles, and adds them to a writer.

    - Articles are in the index in the order of `put`, whoever makes their segments.
    - What `delete` names is deleted together with the articles that are put next, never before them.
    - It makes a commit as soon as a first segment is made while more are to come, and then whenever `commit_every`
      articles are done; never where that is None.
    - `on_done` hears of bytes and articles that are done with: of half the bytes when they are read, of the others
      while and when their segment is made, several times a second. Both may raise OSError and WorkerFailed.
    """

    def __init__(
        self,
        writer: ArrayWriter,
        stages: Stages,
        on_done: Callable[[int, int], None],
        *,
        jobs: int,
        memory_mb: int,
        commit_every: int | None,
    ) -> None:
        self.new_segments: list[ArraySegment] = []
        self.faults: list[Fault] = []
        self._writer, self._stages, self._on_done = writer, stages, on_done
        self._jobs = jobs if sys.executable and not getattr(sys, "frozen", False) else 1
        self._most_chars = (max(memory_mb, LEAST_MEMORY_MB) - _BASE_MB) * 1024 * 1024 // _BYTES_PER_CHAR
        self._commit_every = commit_every
        self._builders: Builders[Built] | None = None
        self._dictionary: bytes | None = None
        self._pending: deque[_Pending] = deque()
        self._first: Batch | None = None
        self._batch = Batch()
        self._chars = self._bytes_read = self._uncommitted = 0
        self._source_bytes, self._most_source_bytes = 0, _FIRST_BYTES
        self._is_committed = False
        self._told_at = 0.0
        self._deletions: list[Place] = []
        self._worker_peaks: dict[int, int] = {}

    @property
    def jobs(self) -> int:
        """How many processes made segments so far."""
        return 1 if self._builders is None else self._builders.jobs

    @property
    def peak_bytes(self) -> int:
        """The sum of the most memory that this process and each worker had; 0 where the system doesn't say."""
        own = peak_bytes()
        return own and own + sum(self._worker_peaks.values())

    def count_bytes(self, count: int) -> None:
        """Hear that so many bytes were read."""
        self._source_bytes += count
        self._bytes_read += count - count // 2
        self._on_done(count // 2, 0)

    def delete(self, places: Iterable[Place]) -> None:
        """Have documents deleted."""
        self._deletions += places

    def put(self, article: Article, file: str) -> None:
        """Add an article."""
        self._batch.articles.append(article)
        self._batch.files.append(file)
        self._chars += len(article.title) + len(article.lead) + len(article.body)

    def advance(self) -> None:
        """Hand the batch on if it is full; tell of what needed no work."""
        articles = len(self._batch.articles)
        if (
            self._chars >= self._most_chars
            or articles >= _MOST_ARTICLES
            or (articles and self._source_bytes >= self._most_source_bytes)
        ):
            self._submit()
        elif self._pending and self._pending[0].built.done():
            self._take_oldest(more_to_come=True)
        elif not self._batch.articles and not self._pending:
            self._on_done(self._bytes_read, 0)
            self._bytes_read = 0

    def settle(self) -> None:
        """Wait until all that was put and deleted so far is with the writer."""
        if self._batch.articles:
            self._submit()
        if self._first is not None:
            self._begin(self._here(), self._first)
        while self._pending:
            self._take_oldest()
        self._delete(self._deletions)
        self._on_done(self._bytes_read, 0)
        self._deletions, self._bytes_read = [], 0

    def close(self) -> None:
        """End the workers, whatever they are doing."""
        if self._builders is not None:
            self._builders.close()

    def _submit(self) -> None:
        """Hand the batch on. The first one waits for a second, as for one batch no processes are started."""
        batch = self._batch
        if self._dictionary is None:
            with self._stages("compress"):
                self._dictionary = self._writer.dictionary or shared_dictionary(batch.articles)
        batch.dictionary = self._dictionary
        pending = _Pending(Future(), self._deletions, len(batch.articles), self._bytes_read)
        self._batch, self._chars, self._deletions, self._bytes_read = Batch(), 0, [], 0
        self._source_bytes, self._most_source_bytes = 0, 2 * self._most_source_bytes
        if self._builders is None and self._jobs > 1:
            if self._first is None:
                self._first = batch
                self._pending.append(pending)
                return
            self._begin(self._workers(), self._first)
        if self._builders is None:
            self._builders = self._here()
        while len(self._pending) > self._builders.jobs:
            self._take_oldest(more_to_come=True)
        self._pending.append(pending)
        pending.built = self._builders.submit(batch)

    def _begin(self, builders: Builders[Built], first: Batch) -> None:
        self._builders, self._first = builders, None
        self._pending[0].built = builders.submit(first)

    def _workers(self) -> Workers[Built]:
        fields = schema_data(self._writer.schema)
        setup = Setup(str(self._writer.folder.absolute()), self._writer.indexname, fields)
        return Workers(self._jobs, Program("searcher.indexing.worker", setup, answers))

    def _here(self) -> Here[Built]:
        writer = self._writer
        builder = BatchBuilder(writer.schema, writer.folder, writer.indexname, writer.disk, self._while_building)
        return Here(builder)

    def _take_oldest(self, *, more_to_come: bool = False) -> None:
        """Wait for the oldest batch, and take its segment together with the deletions that belong to it."""
        pending = self._pending.popleft()
        while True:
            try:
                built = pending.built.result(_LOOK_S)
                break
            except TimeoutError:
                if pending.built.done():
                    raise
                self._tell_of(pending)
        self._stages.add(built.seconds)
        self.faults += built.faults
        if built.pid != os.getpid():
            self._worker_peaks[built.pid] = built.peak_bytes
        self._delete(pending.deletions)
        segment = ArraySegment.from_entry(built.segment, self._writer.indexname)
        self._writer.add_segment(segment)
        self.new_segments.append(segment)
        self._uncommitted += pending.articles
        due = 1 if more_to_come and not self._is_committed else self._commit_every
        if self._commit_every is not None and due is not None and self._uncommitted >= due:
            with self._stages("commit"):
                self._writer.checkpoint()
            self._uncommitted, self._is_committed = 0, True
        self._on_done(pending.bytes_read, pending.articles)

    def _while_building(self) -> None:
        """Hear, for every article, that this process makes a segment of the batch that was handed on last."""
        now = time.monotonic()
        if now - self._told_at >= _LOOK_S:
            self._told_at = now
            self._tell_of(self._pending[-1])

    def _tell_of(self, pending: _Pending) -> None:
        """Tell of a part of what is left of a batch: how far it is made is not known, but that it goes on."""
        part = pending.bytes_read // _PARTS
        pending.bytes_read -= part
        self._on_done(part, 0)

    def _delete(self, places: Iterable[Place]) -> None:
        by_segment: dict[str, tuple[ArraySegment, list[int]]] = {}
        for segment, docnum in places:
            by_segment.setdefault(segment.segid, (segment, []))[1].append(docnum)
        for segment, docnums in by_segment.values():
            segment.delete_documents(docnums)
