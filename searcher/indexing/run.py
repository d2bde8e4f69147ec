"""A run over the sources: what is new, changed or gone is decided here, in order, for whatever `Sink` is filled."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from searcher.article import Article, fingerprint, identified
from searcher.codec import Disk
from searcher.codec.stages import Stages
from searcher.errors import IndexUnusable, SourceMissing
from searcher.indexing.foldersink import FolderSink
from searcher.indexing.sink import Fault, Sink
from searcher.indexing.summary import Progress, Summary
from searcher.lastrun import keep_last_run
from searcher.messages import _
from searcher.processes import available_cores
from searcher.sources import AS_IT_IS, Found, Item, Options, PassedOver, Rejected, Remark, file_on_disk, read
from searcher.storage import folder_of, size_bytes
from searcher.tagging import unknown_tags
from searcher.versions import Versions

COMMIT_EVERY: Final = 10_000
"""Articles between two commits: what an interruption can cost at most, with what workers had in hand."""
MAX_UNKNOWN_TAGS: Final = 1_000
"""So many given tags that stand for nothing known are told apart."""
MEMORY_MB: Final = 256
MayPrune = Callable[[int, int], bool]
"""Asked whether so many articles may be dropped of so many."""
_MOST_PRUNED: Final = 0.5  # of an index, without asking
MAX_LISTED: Final = 10_000
"""So many dates that can't be used, and files that were passed over, are listed; all are counted."""


def index_paths(
    folder: Path | str,
    paths: Iterable[Path | str] | Path | str,
    *,
    rebuild: bool = False,
    prune: bool = False,
    may_prune: MayPrune | None = None,
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
    - `prune` drops articles below `paths` whose file is no longer there. Where that would be more than half of the
      index, `may_prune` is asked, with how many would go and how many there are; without it they stay, and the summary
      has them as `not_pruned`.
    - `rebuild` makes a new index, which takes the place of the old one when it is complete.
    - It commits every `commit_every` articles; an interruption of any kind leaves the last commit in place.
    - `jobs` processes make segments, by default as many as there are cores; none are started for little text. What is
      found in the index, and in which order, does not depend on it. `memory_mb` is what each of them may take.
    - `disk` writes the files, for tests; with another one than the default all is done in this process.

    Raises IndexLocked, IndexUnusable where the index can't be written, WorkerFailed, and SourceMissing where one of the
    paths is not there and `prune` would take that for articles that have gone.
    """
    started = time.perf_counter()
    folder = folder_of(folder)
    stages = Stages()

    def open_sink(on_done: Callable[[int, int], None]) -> Sink:
        return FolderSink(
            folder,
            stages,
            on_done,
            rebuild=rebuild,
            jobs=1 if disk is not None else jobs or available_cores(),
            memory_mb=memory_mb,
            commit_every=commit_every,
            disk=disk,
        )

    try:
        summary = fill(
            open_sink, paths, stages, prune=prune, may_prune=may_prune, on_progress=on_progress, options=options
        )
    except OSError as error:
        text = _("The index in '{folder}' can't be written: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error
    summary.index_bytes = size_bytes(folder)
    summary.seconds = time.perf_counter() - started
    keep_last_run(folder, summary.kept())
    return summary


def fill(
    open_sink: Callable[[Callable[[int, int], None]], Sink],
    paths: Iterable[Path | str] | Path | str,
    stages: Stages,
    *,
    prune: bool = False,
    may_prune: MayPrune | None = None,
    on_progress: Progress | None = None,
    options: Options = AS_IT_IS,
) -> Summary:
    """Bring what a sink fills up to date with the articles in `paths`; the arguments are those of `index_paths`.

    `open_sink` is given what is to hear of bytes and articles that are done with. Raises SourceMissing, and what the
    sink raises.
    """
    roots = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    if prune:
        _refuse_missing(roots)
    run = _Run(open_sink, stages, on_progress)
    try:
        run.over(read(roots, on_progress=run.sink.count_bytes, options=options))
        if prune:
            run.prune(roots, may_prune)
        run.finish()
    finally:
        run.sink.close()
    return run.summary


def _refuse_missing(roots: Iterable[Path]) -> None:
    for root in roots:
        if not root.exists():
            text = _("'{path}' is not there, so nothing is dropped or indexed: was it renamed, or is a drive missing?")
            raise SourceMissing(text.format(path=root))


def _whole(path: Path) -> Path:
    """Return the path from the root of the file system, without '..', links as they are."""
    return Path(os.path.normpath(path.absolute()))


class _Run:
    """One run over the sources: decides what becomes of each article."""

    def __init__(
        self, open_sink: Callable[[Callable[[int, int], None]], Sink], stages: Stages, on_progress: Progress | None
    ) -> None:
        self.summary = Summary()
        self._stages = stages
        self._on_progress = on_progress
        self._done = 0
        self._seen: dict[str, bytes] = {}
        self._updated: set[str] = set()
        self._read_files: set[str] = set()
        self._versions = Versions()
        self.sink = open_sink(self._report)
        self._documents_before = len(self.sink)

    def over(self, source: Iterator[Found]) -> None:
        """Take all that a source yields."""
        for found in self._expected(self._timed(source)):
            with self._stages("decide"):
                if isinstance(found, Rejected):
                    self.summary.rejected.append(found)
                elif isinstance(found, PassedOver):
                    self._pass_over(found)
                elif isinstance(found, Remark):
                    if len(self.summary.remarks) < MAX_LISTED:
                        self.summary.remarks.append(found)
                else:
                    self._note_date(found)
                    self._take(found)
            self.sink.advance()

    def _expected(self, source: Iterator[Found]) -> Iterator[Found]:
        """Yield what comes, the sink having heard of it beforehand where that helps it."""
        if self.sink.look_ahead < 2:
            yield from source
            return
        while ahead := list(islice(source, self.sink.look_ahead)):
            items = (one for one in ahead if isinstance(one, Item))
            self.sink.expect(
                [
                    (identified(one.article).id, str(Path(one.file).absolute()) if one.line is None else "")
                    for one in items
                ]
            )
            yield from ahead

    def _timed(self, found: Iterator[Found]) -> Iterator[Found]:
        while True:
            with self._stages("read"):
                one = next(found, None)
            if one is None:
                return
            yield one

    def _pass_over(self, found: PassedOver) -> None:
        counts = self.summary.passed_over
        counts[found.kind] = counts.get(found.kind, 0) + 1
        if len(self.summary.passed_over_files) < MAX_LISTED:
            self.summary.passed_over_files.append(found.file)

    def _note_date(self, item: Item) -> None:
        """Keep in mind that an article has no date because the one that it gives can't be used."""
        if (refused := item.refused_date) is not None:
            self.summary.undated += 1
            if self.summary.undated <= MAX_LISTED:
                self.summary.date_refusals.append(refused)

    def _take(self, item: Item) -> None:
        try:
            article = identified(item.article)
            print_of = bytes.fromhex(fingerprint(article))
        except UnicodeError:
            reason = _("The text is no valid Unicode.")
            self.summary.rejected.append(Rejected(item.file, item.line, "unicode", reason))
            return
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
        before = self.sink.get(article.id)
        if before is not None and not item.article.id and before.file != file and file_on_disk(before.file):
            self.summary.unchanged += 1
            if before.fingerprint != print_of:
                self._versions.other(article.id, item)
            return
        self._seen[article.id] = print_of
        self._versions.taken(article.id, item)
        replaces_file = False
        if item.line is None:
            others = [one for one in self.sink.of_file(file) if one != article.id]
            replaces_file = self._drop(others) > 0
        if before == (print_of, file):
            self.summary.unchanged += 1
            return
        replaces = self.sink.drop(article.id)
        if replaces or replaces_file:
            self.summary.updated += 1
            self._updated.add(article.id)
        else:
            self.summary.added += 1
        self._note_tags(article)
        self.sink.put(article, file)

    def _note_tags(self, article: Article) -> None:
        """Count the given tags that stand for nothing known, by value."""
        counts = self.summary.unknown_tags
        for value in unknown_tags(article):
            if value in counts or len(counts) < MAX_UNKNOWN_TAGS:
                counts[value] = counts.get(value, 0) + 1

    def _leave_out(self, fault: Fault) -> None:
        """Count an article that could not be tagged as rejected, as the index has none of its versions."""
        if fault.article_id in self._updated:
            self._updated.discard(fault.article_id)
            self.summary.updated -= 1
        else:
            self.summary.added -= 1
        reason = _("Tagging the article '{id}' failed by a fault of searcher's ({fault}): please report it.")
        text = reason.format(id=fault.article_id, fault=fault.name)
        self.summary.rejected.append(Rejected(fault.file, None, "fault", text))

    def _replace_older(self) -> None:
        """Put the better versions of pages in the place of those that were taken first."""
        better = [(identified(item.article), str(Path(item.file).absolute())) for item in self._versions.better()]
        self.sink.replace(better)
        self.summary.unchanged -= len(better)
        self.summary.updated += len(better)
        self._updated.update(article.id for article, _file in better)

    def _drop(self, ids: Iterable[str]) -> int:
        """Delete those of these articles that were not read in this run; returns how many."""
        return sum(self.sink.drop(article_id) for article_id in list(ids) if article_id not in self._seen)

    def prune(self, roots: Iterable[Path], may_prune: MayPrune | None) -> None:
        """Drop the articles below `roots` whose file has gone, and those that a file read here no longer has."""
        below = [_whole(root) for root in roots]
        read_whole = {file_on_disk(file) for file in self._read_files}
        gone: list[str] = []
        for file in self.sink.files():
            path = _whole(Path(file))
            if any(path.is_relative_to(root) for root in below):
                holder = file_on_disk(file)
                if holder is None or holder in read_whole:
                    gone += (article_id for article_id in self.sink.of_file(file) if article_id not in self._seen)
        before = self._documents_before
        if len(gone) > _MOST_PRUNED * before and not (may_prune is not None and may_prune(len(gone), before)):
            self.summary.not_pruned = len(gone)
            return
        self.summary.removed += self._drop(gone)

    def _report(self, bytes_read: int, articles: int = 0) -> None:
        self._done += articles
        if self._on_progress is not None:
            self._on_progress(bytes_read, self._done + self.summary.unchanged)

    def finish(self) -> None:
        """Wait for what is under way, merge and commit."""
        self._replace_older()
        # After a first run, or one that more than doubles the index, few segments are worth a second writing.
        written = self.summary.added + self.summary.updated
        self.sink.finish(optimize=written > self._documents_before)
        for fault in self.sink.faults:
            self._leave_out(fault)
        self.summary.jobs, self.summary.peak_bytes = self.sink.jobs, self.sink.peak_bytes
        self.summary.stages = self._stages.seconds
