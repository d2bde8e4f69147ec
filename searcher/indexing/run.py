"""A run over the sources: what is new, changed or gone is decided here, in order; segments are made by `pool.py`."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from whoosh.index import LockError

from searcher.article import Article, fingerprint, identified
from searcher.codec import ArraySegment, ArrayWriter, Disk
from searcher.codec.lock import IndexLockHeld
from searcher.codec.schemas import schema_data
from searcher.codec.stages import Stages
from searcher.errors import IndexLocked, IndexUnusable
from searcher.indexing.batches import Batch, BatchBuilder, Built, peak_bytes, shared_dictionary
from searcher.indexing.known import KnownArticles, find_article
from searcher.indexing.pool import Builders, Here, Workers, available_cores
from searcher.indexing.wire import Setup
from searcher.messages import _
from searcher.sources import AS_IT_IS, Item, Options, Rejected, file_on_disk, read
from searcher.storage import open_writer, size_bytes
from searcher.versions import Versions

COMMIT_EVERY: Final = 10_000
"""Articles between two commits: what an interruption can cost at most, with what workers had in hand."""
MEMORY_MB: Final = 256
LEAST_MEMORY_MB: Final = 128
_BASE_MB: Final = 96
"""What a worker takes before it has an article: code and tables."""
_BYTES_PER_CHAR: Final = 20
"""What an article's text takes at most while its segment is made, by its length; measured by benchmarks/indexing.py."""
_MOST_ARTICLES: Final = 8192


class Summary(msgspec.Struct):
    """What a run did.

    - `seconds` is wall time; `stages` is processor time by stage, of all processes together.
    - `index_bytes` is the size on disk after it, `peak_bytes` the memory of all processes: the sum of what each had at
      most, 0 where the system doesn't say; `jobs` is how many made segments.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: list[Rejected] = msgspec.field(default_factory=list)
    seconds: float = 0.0
    index_bytes: int = 0
    stages: dict[str, float] = msgspec.field(default_factory=dict)
    peak_bytes: int = 0
    jobs: int = 1

    @property
    def articles(self) -> int:
        """Articles read, whatever became of them."""
        return self.added + self.updated + self.unchanged

    @property
    def articles_per_second(self) -> float:
        """Articles read a second, over the whole run."""
        return self.articles / self.seconds if self.seconds else 0.0


Progress = Callable[[int, int], None]
"""Called with the bytes done with since the last call and the articles done with so far."""


def index_paths(
    folder: Path,
    paths: Iterable[Path],
    *,
    rebuild: bool = False,
    prune: bool = False,
    jobs: int | None = None,
    memory_mb: int = MEMORY_MB,
    commit_every: int = COMMIT_EVERY,
    on_progress: Progress | None = None,
    options: Options = AS_IT_IS,
    disk: Disk | None = None,
) -> Summary:
    """Bring the index in `folder` up to date with the articles in `paths`, and return what that took.

    - New articles are added, changed ones replaced, unchanged ones skipped; the index is made where there is none.
    - Of several versions of a page (by its canonical address) the one saved last stays.
    - `prune` drops articles whose file is no longer there. `rebuild` makes a new index, which takes the place of the
      old one when it is complete.
    - It commits every `commit_every` articles; an interruption of any kind leaves the last commit in place.
    - `jobs` processes make segments, by default as many as there are cores; none are started for little text. What is
      found in the index, and in which order, does not depend on it. `memory_mb` is what each of them may take.
    - `disk` writes the files, for tests; with another one than the default all is done in this process.

    Raises IndexLocked, IndexUnusable where the index can't be written, and WorkerFailed.
    """
    started = time.perf_counter()
    try:
        writer = open_writer(folder, rebuild=rebuild, disk=disk)
    except LockError as held:
        raise IndexLocked(_locked(held)) from None
    try:
        run = _Run(
            writer, 1 if disk is not None else jobs or available_cores(), memory_mb, None if rebuild else commit_every
        )
    except BaseException:
        writer.cancel()
        raise
    try:
        run.over(read(paths, on_progress=run.count_bytes, options=options), on_progress)
        run.finish(prune=prune)
    except OSError as error:
        text = _("The index in '{folder}' can't be written: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error
    finally:
        run.close()
    run.summary.index_bytes = size_bytes(folder)
    run.summary.seconds = time.perf_counter() - started
    return run.summary


def _locked(held: LockError) -> str:
    if isinstance(held, IndexLockHeld) and held.holder is not None:
        return _("Another process is writing to this index ({holder}); try again when it is done.").format(
            holder=held.holder
        )
    return _("Another process is writing to this index; try again when it is done.")


class _Pending(msgspec.Struct):
    """A batch that is being made into a segment, and what is to be done with it."""

    built: Future[Built]
    deletions: list[tuple[ArraySegment, int]]
    articles: int
    bytes_read: int


class _Run:
    """One run, with the writer it holds and the batches under way."""

    def __init__(self, writer: ArrayWriter, jobs: int, memory_mb: int, commit_every: int | None) -> None:
        self.writer = writer
        self.known = KnownArticles(writer.segments, writer.folder)
        self._documents_before = len(self.known)
        self.summary = Summary()
        self._jobs = jobs if sys.executable and not getattr(sys, "frozen", False) else 1
        self._most_chars = max(memory_mb - _BASE_MB, LEAST_MEMORY_MB - _BASE_MB) * 1024 * 1024 // _BYTES_PER_CHAR
        self._commit_every = commit_every
        self._seen: dict[str, bytes] = {}
        self._read_files: set[str] = set()
        self._stages = Stages()
        self._builders: Builders | None = None
        self._dictionary: bytes | None = None
        self._first: Batch | None = None
        self._batch = Batch()
        self._chars = 0
        self._deletions: list[tuple[ArraySegment, int]] = []
        self._new_segments: list[ArraySegment] = []
        self._versions = Versions()
        self._pending: deque[_Pending] = deque()
        self._uncommitted = 0
        self._bytes_read = 0
        self._done = 0
        self._on_progress: Progress | None = None
        self._worker_peaks: dict[int, int] = {}

    def over(self, source: Iterator[Item | Rejected], on_progress: Progress | None) -> None:
        """Take all that a source yields."""
        self._on_progress = on_progress
        for found in self._timed(source):
            with self._stages("decide"):
                if isinstance(found, Rejected):
                    self.summary.rejected.append(found)
                else:
                    self._take(found)
            if self._chars >= self._most_chars or len(self._batch.articles) >= _MOST_ARTICLES:
                self._submit()
            elif not self._batch.articles and not self._pending:
                self._report(self._bytes_read)
                self._bytes_read = 0

    def _timed(self, found: Iterator[Item | Rejected]) -> Iterator[Item | Rejected]:
        while True:
            with self._stages("read"):
                one = next(found, None)
            if one is None:
                return
            yield one

    def count_bytes(self, count: int) -> None:
        """Hear that so many bytes were read."""
        self._bytes_read += count

    def _take(self, item: Item) -> None:
        article = identified(item.article)
        print_of = bytes.fromhex(fingerprint(article))
        file = str(Path(item.file).absolute())
        self._read_files.add(file)
        if article.id in self._seen:
            if self._seen[article.id] == print_of:
                self.summary.unchanged += 1
            elif not item.article.id:
                self._versions.other(article.id, item)
                self.summary.unchanged += 1
            else:
                reason = _("Another article with the id '{id}' was read before it.").format(id=article.id)
                self.summary.rejected.append(Rejected(item.file, item.line, "duplicate_id", reason))
            return
        before = self.known.get(article.id)
        if before is not None and not item.article.id and before.file != file and file_on_disk(before.file):
            self.summary.unchanged += 1
            if before.fingerprint != print_of:
                self._versions.other(article.id, item)
            return
        self._seen[article.id] = print_of
        self._versions.taken(article.id, item)
        replaces_file = False
        if item.line is None:
            others = [one for one in self.known.of_file(file) if one != article.id]
            replaces_file = self._drop(others) > 0
        if before == (print_of, file):
            self.summary.unchanged += 1
            return
        place = self.known.pop(article.id)
        if place is not None:
            self._deletions.append(place)
        if place is not None or replaces_file:
            self.summary.updated += 1
        else:
            self.summary.added += 1
        self._put(article, file)

    def _put(self, article: Article, file: str) -> None:
        self._batch.articles.append(article)
        self._batch.files.append(file)
        self._chars += len(article.title) + len(article.lead) + len(article.body)

    def _replace_older(self) -> None:
        """Put the better versions of pages in the place of those that were taken first."""
        better = list(self._versions.better())
        if better:
            self._settle_all()
        for item in better:
            article = identified(item.article)
            self._deletions += self._places_of(article.id)
            self._put(article, str(Path(item.file).absolute()))
            self.summary.unchanged -= 1
            self.summary.updated += 1

    def _places_of(self, article_id: str) -> Iterator[tuple[ArraySegment, int]]:
        place = self.known.pop(article_id)
        if place is not None:
            yield place
        for segment in self._new_segments:
            docnum = find_article(segment, self.writer.folder, article_id)
            if docnum is not None:
                yield segment, docnum

    def _drop(self, ids: Iterable[str]) -> int:
        """Delete those of these articles that were not read in this run; returns how many."""
        count = 0
        for article_id in list(ids):
            if article_id not in self._seen and (place := self.known.pop(article_id)) is not None:
                self._deletions.append(place)
                count += 1
        return count

    def _prune(self) -> None:
        """Drop the articles whose file has gone, and those that a file read in this run no longer has."""
        read_whole = {file_on_disk(file) for file in self._read_files}
        for file in self.known.files():
            holder = file_on_disk(file)
            if holder is None or holder in read_whole:
                self.summary.removed += self._drop(self.known.of_file(file))

    def _submit(self) -> None:
        """Hand the batch on. The first one waits for a second, as for one batch no processes are started."""
        batch = self._batch
        if self._dictionary is None:
            with self._stages("compress"):
                self._dictionary = self.writer.dictionary or shared_dictionary(batch.articles)
        batch.dictionary = self._dictionary
        ready = _Pending(Future(), self._deletions, len(batch.articles), self._bytes_read)
        self._batch, self._chars, self._deletions, self._bytes_read = Batch(), 0, [], 0
        if self._builders is None and self._jobs > 1:
            if self._first is None:
                self._first = batch
                self._pending.append(ready)
                return
            self._builders = self._workers()
            self._pending[0].built = self._builders.submit(self._first)
            self._first = None
        if self._builders is None:
            self._builders = self._here()
        while len(self._pending) > self._builders.jobs:
            self._settle()
        ready.built = self._builders.submit(batch)
        self._pending.append(ready)

    def _workers(self) -> Workers:
        fields = schema_data(self.writer.schema)
        return Workers(self._jobs, Setup(str(self.writer.folder.absolute()), self.writer.indexname, fields))

    def _here(self) -> Here:
        writer = self.writer
        return Here(BatchBuilder(writer.schema, writer.folder, writer.indexname, writer.disk))

    def _settle(self) -> None:
        """Wait for the oldest batch, and take its segment together with the deletions that belong to it."""
        pending = self._pending.popleft()
        built = pending.built.result()
        self._stages.add(built.seconds)
        if built.pid != os.getpid():
            self._worker_peaks[built.pid] = built.peak_bytes
        self._delete(pending.deletions)
        segment = ArraySegment.from_entry(built.segment, self.writer.indexname)
        self.writer.add_segment(segment)
        self._new_segments.append(segment)
        self._report(pending.bytes_read, pending.articles)
        self._uncommitted += pending.articles
        if self._commit_every is not None and self._uncommitted >= self._commit_every:
            with self._stages("commit"):
                self.writer.checkpoint()
            self._uncommitted = 0

    def _delete(self, places: list[tuple[ArraySegment, int]]) -> None:
        by_segment: dict[str, tuple[ArraySegment, list[int]]] = {}
        for segment, docnum in places:
            by_segment.setdefault(segment.segid, (segment, []))[1].append(docnum)
        for segment, docnums in by_segment.values():
            segment.delete_documents(docnums)

    def _report(self, bytes_read: int, articles: int = 0) -> None:
        self._done += articles
        if self._on_progress is not None:
            self._on_progress(bytes_read, self._done + self.summary.unchanged)

    def finish(self, *, prune: bool) -> None:
        """Wait for what is under way, merge and commit."""
        self._replace_older()
        if prune:
            self._prune()
        self._settle_all()
        self._delete(self._deletions)
        if self._builders is not None:
            self.summary.jobs = self._builders.jobs
            self._builders.close()  # their memory is free for merging
        with self._stages("commit"):
            # After a first run, or one that more than doubles the index, few segments are worth a second writing.
            written = self.summary.added + self.summary.updated
            self.writer.commit(optimize=written > self._documents_before, stages=self._stages)
        self._report(self._bytes_read)
        self.summary.stages = self._stages.seconds
        own = peak_bytes()
        self.summary.peak_bytes = own and own + sum(self._worker_peaks.values())

    def _settle_all(self) -> None:
        if self._batch.articles:
            self._submit()
        if self._first is not None:
            self._builders = self._here()
            self._pending[0].built = self._builders.submit(self._first)
            self._first = None
        while self._pending:
            self._settle()

    def close(self) -> None:
        """Let go of processes and of the lock; what was not committed is forgotten."""
        if self._builders is not None:
            self._builders.close()
        if not self.writer.is_closed:
            with suppress(Exception):  # what went wrong before is what the user should hear of
                self.writer.cancel()
