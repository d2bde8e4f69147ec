"""An index in a folder, open for being filled: what it has (`known.py`), what is added (`making.py`), one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from whoosh.index import LockError

from searcher.article import Article
from searcher.codec import ArraySegment, Disk
from searcher.codec.lock import IndexLockHeld
from searcher.codec.stages import Stages
from searcher.errors import IndexLocked
from searcher.indexing.known import KnownArticles, find_article
from searcher.indexing.making import Making
from searcher.indexing.sink import Fault, KnownArticle
from searcher.messages import _
from searcher.storage import open_writer


class FolderSink:
    """The `Sink` of an index in a folder; it is made where there is none.

    - With `rebuild` it is a new index, which takes the old one's place when it is finished.
    - `jobs`, `memory_mb`, `commit_every` and `on_done` are those of `Making`.

    Raises IndexLocked, and IndexUnusable where the index can't be written.
    """

    def __init__(
        self,
        folder: Path,
        stages: Stages,
        on_done: Callable[[int, int], None],
        *,
        rebuild: bool,
        jobs: int,
        memory_mb: int,
        commit_every: int,
        disk: Disk | None,
    ) -> None:
        try:
            self._writer = open_writer(folder, rebuild=rebuild, disk=disk)
        except LockError as held:
            raise IndexLocked(_locked(held)) from None
        self._stages = stages
        try:
            self._known = KnownArticles(self._writer.segments, self._writer.folder)
            self._making = Making(
                self._writer,
                stages,
                on_done,
                jobs=jobs,
                memory_mb=memory_mb,
                commit_every=None if rebuild else commit_every,
            )
        except BaseException:
            self._writer.cancel()
            raise

    def __len__(self) -> int:
        return len(self._known)

    look_ahead = 1

    def expect(self, coming: Iterable[tuple[str, str]]) -> None:
        """Hear what is known already."""

    def get(self, article_id: str) -> KnownArticle | None:
        """Return the fingerprint and file of an article."""
        return self._known.get(article_id)

    def files(self) -> set[str]:
        """Return the files that articles came from."""
        return self._known.files()

    def of_file(self, file: str) -> Iterator[str]:
        """Yield the ids of the articles from a file."""
        return self._known.of_file(file)

    def put(self, article: Article, file: str) -> None:
        """Add an article."""
        self._making.put(article, file)

    def drop(self, article_id: str) -> bool:
        """Take out an article that the index had."""
        place = self._known.pop(article_id)
        if place is not None:
            self._making.delete([place])
        return place is not None

    def replace(self, articles: Iterable[tuple[Article, str]]) -> None:
        """Put articles in the place of those with the same ids."""
        for number, (article, file) in enumerate(articles):
            if number == 0:
                self._making.settle()  # so that what was put before is in a segment, where it can be found
            self._making.delete(self._places_of(article.id))
            self._making.put(article, file)

    def count_bytes(self, count: int) -> None:
        """Hear that so many bytes were read."""
        self._making.count_bytes(count)

    def advance(self) -> None:
        """Hand the batch on if it is full."""
        self._making.advance()

    def finish(self, *, optimize: bool) -> None:
        """Merge and commit."""
        self._making.settle()
        self._making.close()  # the workers' memory is free for merging
        with self._stages("commit"):
            self._writer.commit(optimize=optimize, stages=self._stages)

    def close(self) -> None:
        """End the workers, and cancel what was not committed."""
        self._making.close()
        if not self._writer.is_closed:
            with suppress(Exception):  # what went wrong before is what the user should hear of
                self._writer.cancel()

    @property
    def jobs(self) -> int:
        """How many processes made segments."""
        return self._making.jobs

    @property
    def faults(self) -> list[Fault]:
        """The articles that were put and are not in the index, as they could not be tagged."""
        return self._making.faults

    @property
    def peak_bytes(self) -> int:
        """The sum of the most memory that this process and each worker had."""
        return self._making.peak_bytes

    def _places_of(self, article_id: str) -> Iterator[tuple[ArraySegment, int]]:
        place = self._known.pop(article_id)
        if place is not None:
            yield place
        for segment in self._making.new_segments:
            docnum = find_article(segment, self._writer.folder, article_id)
            if docnum is not None:
                yield segment, docnum


def _locked(held: LockError) -> str:
    if isinstance(held, IndexLockHeld) and held.holder is not None:
        return _("Another process is writing to this index ({holder}); try again when it is done.").format(
            holder=held.holder
        )
    return _("Another process is writing to this index; try again when it is done.")
