"""A run over the sources: what is new, changed or gone is decided here, in order; `making.py` makes segments of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from whoosh.index import LockError

from searcher.article import fingerprint, identified
from searcher.codec import ArraySegment, Disk
from searcher.codec.lock import IndexLockHeld
from searcher.codec.stages import Stages
from searcher.codec.writer import ArrayWriter
from searcher.errors import IndexLocked, IndexUnusable
from searcher.indexing.known import KnownArticles, find_article
from searcher.indexing.making import Making
from searcher.indexing.pool import available_cores
from searcher.indexing.summary import Progress, Summary
from searcher.messages import _
from searcher.sources import AS_IT_IS, Item, Options, Rejected, file_on_disk, read
from searcher.storage import open_writer, size_bytes
from searcher.versions import Versions

COMMIT_EVERY: Final = 10_000
"""Articles between two commits: what an interruption can cost at most, with what workers had in hand."""
MEMORY_MB: Final = 256
MAX_DATE_REFUSALS: Final = 10_000
"""So many dates that can't be used are listed; all are counted."""


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
            writer,
            on_progress,
            jobs=1 if disk is not None else jobs or available_cores(),
            memory_mb=memory_mb,
            commit_every=None if rebuild else commit_every,
        )
    except BaseException:
        writer.cancel()
        raise
    try:
        run.over(read(paths, on_progress=run.making.count_bytes, options=options))
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


class _Run:
    """One run over the sources: decides what becomes of each article."""

    def __init__(
        self,
        writer: ArrayWriter,
        on_progress: Progress | None,
        *,
        jobs: int,
        memory_mb: int,
        commit_every: int | None,
    ) -> None:
        self.writer = writer
        self.known = KnownArticles(writer.segments, writer.folder)
        self._documents_before = len(self.known)
        self.summary = Summary()
        self._stages = Stages()
        self.making = Making(
            writer, self._stages, self._report, jobs=jobs, memory_mb=memory_mb, commit_every=commit_every
        )
        self._on_progress = on_progress
        self._done = 0
        self._seen: dict[str, bytes] = {}
        self._read_files: set[str] = set()
        self._versions = Versions()

    def over(self, source: Iterator[Item | Rejected]) -> None:
        """Take all that a source yields."""
        for found in self._timed(source):
            with self._stages("decide"):
                if isinstance(found, Rejected):
                    self.summary.rejected.append(found)
                else:
                    self._note_date(found)
                    self._take(found)
            self.making.advance()

    def _timed(self, found: Iterator[Item | Rejected]) -> Iterator[Item | Rejected]:
        while True:
            with self._stages("read"):
                one = next(found, None)
            if one is None:
                return
            yield one

    def _note_date(self, item: Item) -> None:
        """Keep in mind that an article has no date because the one that it gives can't be used."""
        if (refused := item.refused_date) is not None:
            self.summary.undated += 1
            if self.summary.undated <= MAX_DATE_REFUSALS:
                self.summary.date_refusals.append(refused)

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
        replaces = self._drop_known(article.id)
        if replaces or replaces_file:
            self.summary.updated += 1
        else:
            self.summary.added += 1
        self.making.put(article, file)

    def _replace_older(self) -> None:
        """Put the better versions of pages in the place of those that were taken first."""
        better = list(self._versions.better())
        if better:
            self.making.settle()
        for item in better:
            article = identified(item.article)
            self.making.delete(self._places_of(article.id))
            self.making.put(article, str(Path(item.file).absolute()))
            self.summary.unchanged -= 1
            self.summary.updated += 1

    def _places_of(self, article_id: str) -> Iterator[tuple[ArraySegment, int]]:
        place = self.known.pop(article_id)
        if place is not None:
            yield place
        for segment in self.making.new_segments:
            docnum = find_article(segment, self.writer.folder, article_id)
            if docnum is not None:
                yield segment, docnum

    def _drop(self, ids: Iterable[str]) -> int:
        """Delete those of these articles that were not read in this run; returns how many."""
        return sum(self._drop_known(article_id) for article_id in list(ids) if article_id not in self._seen)

    def _drop_known(self, article_id: str) -> bool:
        place = self.known.pop(article_id)
        if place is None:
            return False
        self.making.delete([place])
        return True

    def _prune(self) -> None:
        """Drop the articles whose file has gone, and those that a file read in this run no longer has."""
        read_whole = {file_on_disk(file) for file in self._read_files}
        for file in self.known.files():
            holder = file_on_disk(file)
            if holder is None or holder in read_whole:
                self.summary.removed += self._drop(self.known.of_file(file))

    def _report(self, bytes_read: int, articles: int = 0) -> None:
        self._done += articles
        if self._on_progress is not None:
            self._on_progress(bytes_read, self._done + self.summary.unchanged)

    def finish(self, *, prune: bool) -> None:
        """Wait for what is under way, merge and commit."""
        self._replace_older()
        if prune:
            self._prune()
        self.making.settle()
        self.making.close()  # the workers' memory is free for merging
        with self._stages("commit"):
            # After a first run, or one that more than doubles the index, few segments are worth a second writing.
            written = self.summary.added + self.summary.updated
            self.writer.commit(optimize=written > self._documents_before, stages=self._stages)
        self.summary.jobs, self.summary.peak_bytes = self.making.jobs, self.making.peak_bytes
        self.summary.stages = self._stages.seconds

    def close(self) -> None:
        """Let go of processes and of the lock; what was not committed is forgotten."""
        self.making.close()
        if not self.writer.is_closed:
            with suppress(Exception):  # what went wrong before is what the user should hear of
                self.writer.cancel()
