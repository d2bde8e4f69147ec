"""Indexing: from paths to a committed index, skipping what is unchanged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from whoosh.index import LockError

from searcher.article import fingerprint, identified
from searcher.errors import IndexLocked, IndexUnusable, SearcherError
from searcher.messages import _
from searcher.schema import to_document
from searcher.sources import AS_IT_IS, Item, Options, Rejected, file_on_disk, read
from searcher.storage import create_storage, exists, open_storage, size_bytes
from searcher.tagging import tag
from searcher.versions import Versions

COMMIT_EVERY: Final = 10_000
"""Articles between two commits: what an interruption can cost at most."""


class Summary(msgspec.Struct):
    """What a run did; `seconds` is wall time and `index_bytes` the size on disk after it."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: list[Rejected] = msgspec.field(default_factory=list)
    seconds: float = 0.0
    index_bytes: int = 0

    @property
    def articles(self) -> int:
        """Articles read, whatever became of them."""
        return self.added + self.updated + self.unchanged

    @property
    def articles_per_second(self) -> float:
        """Articles read a second, over the whole run."""
        return self.articles / self.seconds if self.seconds else 0.0


Progress = Callable[[int, int], None]
"""Called with the bytes read since the last call and the articles read so far."""


class _Known(msgspec.Struct):
    fingerprint: str
    file: str


def _known_articles(index: Any) -> dict[str, _Known]:
    with index.reader() as reader:
        return {
            stored["id"]: _Known(stored.get("fingerprint", ""), stored.get("file", ""))
            for _docnum, stored in reader.iter_docs()
        }


class _Run:
    """One run over the sources, with the writer it holds."""

    def __init__(self, index: Any) -> None:
        self.index = index
        self.writer = _writer(index)
        self.known = _known_articles(index)
        self.by_file: dict[str, set[str]] = {}
        for article_id, known in self.known.items():
            self.by_file.setdefault(known.file, set()).add(article_id)
        self.seen: dict[str, str] = {}
        self.versions = Versions()
        self.summary = Summary()
        self._pending = 0

    def take(self, item: Item) -> None:
        article = identified(item.article)
        print_of = fingerprint(article)
        if article.id in self.seen:
            if self.seen[article.id] == print_of:
                self.summary.unchanged += 1
            elif not item.article.id:
                self.versions.other(article.id, item)
                self.summary.unchanged += 1
            else:
                reason = _("Another article with the id '{id}' was read before it.").format(id=article.id)
                self.summary.rejected.append(Rejected(item.file, item.line, "duplicate_id", reason))
            return
        file = str(Path(item.file).absolute())
        before = self.known.get(article.id)
        if before is not None and not item.article.id and before.file != file and file_on_disk(before.file):
            self.summary.unchanged += 1
            if before.fingerprint != print_of:
                self.versions.other(article.id, item)
            return
        self.seen[article.id] = print_of
        self.versions.taken(article.id, item)
        if item.line is None:
            self._drop(self.by_file.get(file, set()) - {article.id}, counted=False)
        if before is not None and before.fingerprint == print_of and before.file == file:
            self.summary.unchanged += 1
            return
        document = to_document(article, file, tag(article))
        replaced = before is not None or (item.line is None and file in self.by_file)
        if before is None:
            self.writer.add_document(**document)
        else:
            self.writer.update_document(**document)
        if replaced:
            self.summary.updated += 1
        else:
            self.summary.added += 1
        self._pending += 1
        if self._pending >= COMMIT_EVERY:
            self.writer.commit(merge=False)
            self.writer = _writer(self.index)
            self._pending = 0

    def replace_older(self) -> None:
        """Put the better versions of pages in the place of those that were taken first."""
        for at, item in enumerate(self.versions.better()):
            if at == 0:
                self.writer.commit(merge=False)  # what is not committed can't be replaced
                self.writer = _writer(self.index)
            article = identified(item.article)
            self.writer.update_document(**to_document(article, str(Path(item.file).absolute()), tag(article)))
            self.summary.unchanged -= 1
            self.summary.updated += 1

    def _drop(self, ids: Iterable[str], *, counted: bool = True) -> None:
        for article_id in ids:
            if article_id not in self.seen and self.known.pop(article_id, None) is not None:
                self.writer.delete_by_term("id", article_id)
                self.summary.removed += counted

    def prune(self, read_files: set[str]) -> None:
        """Drop the articles whose file has gone, and those that a file read in this run no longer has."""
        read_whole = {file_on_disk(file) for file in read_files}
        for file, ids in self.by_file.items():
            holder = file_on_disk(file)
            if holder is None or holder in read_whole:
                self._drop(ids)


def _writer(index: Any) -> Any:
    try:
        return index.writer(limitmb=256)
    except LockError:
        raise IndexLocked(_("Another process is writing to this index; try again when it is done.")) from None


def index_paths(
    folder: Path,
    paths: Iterable[Path],
    *,
    rebuild: bool = False,
    prune: bool = False,
    on_progress: Progress | None = None,
    options: Options = AS_IT_IS,
) -> Summary:
    """Bring the index in `folder` up to date with the articles in `paths`, and return what that took.

    - New articles are added, changed ones replaced, unchanged ones skipped; the index is made where there is none.
    - Of several versions of a page (by its canonical address) the one saved last stays.
    - `rebuild` starts from an empty index; `prune` drops articles whose file is no longer there.
    - It commits every `COMMIT_EVERY` articles; an interruption leaves the last commit in place.

    Raises IndexLocked, and IndexUnusable where the index can't be written.
    """
    started = time.perf_counter()
    index = create_storage(folder) if rebuild or not exists(folder) else open_storage(folder)
    run = _Run(index)
    bytes_read = 0

    def advance(count: int) -> None:
        nonlocal bytes_read
        bytes_read += count

    read_files: set[str] = set()
    try:
        for found in read(paths, on_progress=advance, options=options):
            if isinstance(found, Rejected):
                run.summary.rejected.append(found)
            else:
                run.take(found)
                read_files.add(str(Path(found.file).absolute()))
            if on_progress is not None:
                on_progress(bytes_read, run.summary.articles)
                bytes_read = 0
        run.replace_older()
        if prune:
            run.prune(read_files)
        run.writer.commit()
    except OSError as error:
        _cancel(run.writer)
        text = _("The index in '{folder}' can't be written: {error}.")
        raise IndexUnusable(text.format(folder=folder, error=error.strerror or error)) from error
    except (KeyboardInterrupt, SearcherError):
        _cancel(run.writer)
        raise
    run.summary.index_bytes = size_bytes(folder)
    run.summary.seconds = time.perf_counter() - started
    return run.summary


def _cancel(writer: Any) -> None:
    with suppress(Exception):  # what went wrong before is what the user should hear of
        writer.cancel()
