"""An index in a cluster, open for being filled: what it has is asked for in portions, what is put is sent by workers.

Several sinks, of processes on any machines, may fill one index at once: articles are put under their ids, the last one
wins, and terms are counted by the cluster itself. Each keeps a mark of its run in the cluster until it has counted its
terms; whoever comes after a run that was killed counts what that one left.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from searcher.analysis import TermAnalyzer
from searcher.article import Article
from searcher.cluster import place
from searcher.cluster.bulk import Bulk
from searcher.cluster.client import Client
from searcher.cluster.counting import count_terms
from searcher.cluster.documents import key_of
from searcher.cluster.mapping import RUN_PREFIX
from searcher.cluster.sending import BatchSender, Sent, Target
from searcher.cluster.walking import point_in_time, search, walk
from searcher.cluster.worker import program
from searcher.codec.stages import Stages
from searcher.errors import SearcherError
from searcher.indexing.batches import Batch, peak_bytes
from searcher.indexing.pool import Builders, Here, Workers
from searcher.indexing.sink import Fault, KnownArticle
from searcher.lastrun import LastRun
from searcher.schema import TEXT_FIELDS

_MOST_ARTICLES: Final = 400
_MOST_CHARS: Final = 1_500_000
_PAGE: Final = 10_000
_BEAT_S: Final = 60.0
_DEAD_S: Final = 900.0
"""A run that has not been heard of for so long has ended, however that was."""
_LATE_S: Final = 120.0
"""So long after a run has ended the cluster may still take what it sent last."""
_GROWN: Final = 1.5
"""Terms are counted anew before the end where there are so many times the articles there were when they were."""


class Run(msgspec.Struct, frozen=True):
    """A run that fills an index: whose it is, when it was last heard of, and when others counted what it left."""

    host: str = ""
    pid: int = 0
    at: float = 0.0
    counted: float = 0.0


class _Mark(msgspec.Struct):
    t: str = ""
    state: Run = msgspec.field(default_factory=Run)


class ClusterSink:
    """The `searcher.indexing.sink.Sink` of an index in a cluster; it is made where there is none.

    - With `rebuild` it is a new index, which takes the old one's place when it is finished.
    - `on_done` hears of bytes and articles that are done with.

    Raises SearcherError where the cluster can't be asked, or takes no articles.
    """

    look_ahead = 500

    def __init__(
        self,
        client: Client,
        stages: Stages,
        on_done: Callable[[int, int], None],
        *,
        rebuild: bool,
        jobs: int,
        commit_every: int,
    ) -> None:
        self._client, self._stages, self._on_done = client, stages, on_done
        self._rebuild, self._commit_every = rebuild, commit_every
        self._most_jobs = jobs if sys.executable and not getattr(sys, "frozen", False) else 1
        self.generation = place.make_next(client) if rebuild else place.make_first(client)
        self._run = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        target = Target(str(client.address), self.generation.articles, self._run)
        self._target = target
        self._builders: Builders[Sent] | None = None
        self._pending: deque[tuple[Future[Sent], Batch, list[str], int]] = deque()
        self._first: tuple[Future[Sent], Batch] | None = None
        self._sender: BatchSender | None = None
        self._batch = Batch()
        self._chars = self._bytes_read = self._uncommitted = 0
        self._deletions: dict[str, None] = {}
        self._known: dict[str, KnownArticle | None] = {}
        self._of_file: dict[str, list[str]] = {}
        self._there: set[str] = set()
        self._dropped: set[str] = set()
        self._knows_all = False
        self._terms: set[str] = set()
        self._counted_at = -1.0
        self._worker_peaks: dict[int, int] = {}
        self.faults: list[Fault] = []
        self._beaten_at = 0.0
        self._is_finished = self._is_closed = self._put_any = False
        client.post(f"/{self.generation.articles}/_refresh")
        self._articles = self._count()
        self._ordinal = self._articles
        self._counted_at = float(self._articles)

    def __len__(self) -> int:
        return self._articles

    def expect(self, coming: Iterable[tuple[str, str]]) -> None:
        """Ask the cluster about the articles that come next."""
        pairs = list(coming)
        self._known = {article_id: None for article_id, _file in pairs}
        if not self._knows_all:
            self._there = set()
        self._of_file = self._of_file if self._knows_all else {file: [] for _id, file in pairs if file}
        with self._stages("decide"):
            for start in range(0, len(pairs), _PAGE // 2):
                self._look_up("id", [one for one, _file in pairs[start : start + _PAGE // 2]])
            if self._of_file and not self._knows_all:
                self._look_up("file", list(self._of_file))

    def get(self, article_id: str) -> KnownArticle | None:
        """Return the fingerprint and file of an article."""
        if article_id not in self._known:
            self._known[article_id] = None
            self._look_up("id", [article_id])
        return self._known[article_id]

    def files(self) -> set[str]:
        """Return the files that articles came from."""
        found: dict[str, list[str]] = defaultdict(list)
        with point_in_time(self._client, self.generation.articles) as point:
            for row in walk(self._client, point, {"match_all": {}}, ["id", "file"], page=_PAGE):
                found[row.first("file")].append(row.first("id"))
        self._there = {article_id for ids in found.values() for article_id in ids}
        self._of_file, self._knows_all = dict(found), True
        return set(found)

    def of_file(self, file: str) -> Iterator[str]:
        """Yield the ids of the articles from a file."""
        if file not in self._of_file and not self._knows_all:
            self._of_file[file] = []
            self._look_up("file", [file])
        yield from [one for one in self._of_file.get(file, ()) if one not in self._dropped]

    def put(self, article: Article, file: str) -> None:
        """Add an article."""
        self._deletions.pop(article.id, None)
        self._batch.articles.append(article)
        self._batch.files.append(file)
        self._chars += len(article.title) + len(article.lead) + len(article.body)

    def drop(self, article_id: str) -> bool:
        """Take out an article that the index had."""
        if article_id in self._dropped or not (article_id in self._there or self.get(article_id) is not None):
            return False
        self._known[article_id] = None
        self._there.discard(article_id)
        self._dropped.add(article_id)
        self._deletions[article_id] = None
        self._articles -= 1
        return True

    def replace(self, articles: Iterable[tuple[Article, str]]) -> None:
        """Put articles in the place of those with the same ids."""
        for number, (article, file) in enumerate(articles):
            if number == 0:
                self.settle()  # what was put before has to be there before it is replaced
            self.put(article, file)

    def count_bytes(self, count: int) -> None:
        """Hear that so many bytes were read."""
        self._bytes_read += count - count // 2
        self._on_done(count // 2, 0)

    def advance(self) -> None:
        """Hand the batch on if it is full."""
        if self._chars >= _MOST_CHARS or len(self._batch.articles) >= _MOST_ARTICLES:
            self._submit()
        elif self._pending and self._pending[0][0].done():
            self._take_oldest()
        elif not self._batch.articles and not self._pending:
            self._on_done(self._bytes_read, 0)
            self._bytes_read = 0
        if self._put_any and time.monotonic() - self._beaten_at > _BEAT_S:
            self._beat()

    def settle(self) -> None:
        """Wait until the cluster has all that was put and dropped so far."""
        if self._batch.articles:
            self._submit()
        if self._first is not None:
            self._begin(self._here())
        while self._pending:
            self._take_oldest()
        self._delete(list(self._deletions))
        self._deletions = {}
        self._on_done(self._bytes_read, 0)
        self._bytes_read = 0

    def finish(self, *, optimize: bool) -> None:
        """Commit all; a rebuilt index takes the old one's place."""
        self.settle()
        self._end_builders()
        with self._stages("commit"):
            left = self._left_behind()
            if (
                self._put_any
                or left
                or self._rebuild
                or not place.read_state(self._client, self.generation.terms).commit
            ):
                self._client.post(f"/{self.generation.articles}/_refresh")
                for mark in left:
                    self._terms |= self._terms_of_run(mark.removeprefix(RUN_PREFIX))
                self._commit(count=True)
                self._settle_marks(left)
            if self._rebuild:
                place.replace(self._client, self.generation)
        self._is_finished = True

    def keep(self, last_run: LastRun) -> int:
        """Keep what the run did, and return how many bytes the index has."""
        terms = self.generation.terms
        before = place.read_state(self._client, terms)
        place.write_state(self._client, terms, replace(before, last_run=last_run))
        found = self._client.get(f"/{self.generation.articles},{terms}/_stats/store")
        return int(found["_all"]["primaries"]["store"]["size_in_bytes"])

    def close(self) -> None:
        """End the workers, and remove a new index that was not finished."""
        if self._is_closed:
            return
        self._is_closed = True
        self._end_builders()
        if self._rebuild and not self._is_finished:
            with suppress(SearcherError):
                place.remove(self._client, self.generation)

    @property
    def jobs(self) -> int:
        """How many processes tagged, analysed and sent."""
        return 1 if self._builders is None else self._builders.jobs

    @property
    def peak_bytes(self) -> int:
        """The sum of the most memory that this process and each worker had."""
        own = peak_bytes()
        return own and own + sum(self._worker_peaks.values())

    def _count(self) -> int:
        return int(self._client.get(f"/{self.generation.articles}/_count")["count"])

    def _look_up(self, field: str, values: list[str]) -> None:
        body: dict[str, Any] = {
            "size": _PAGE,
            "query": {"terms": {field: values}},
            "docvalue_fields": ["id", "file", "fingerprint"],
            "stored_fields": "_none_",
            "sort": [{"id": "asc"}],
            "track_total_hits": False,
        }
        while True:
            rows = search(self._client, self.generation.articles, body).rows
            for row in rows:
                article_id, file = row.first("id"), row.first("file")
                if article_id in self._dropped:
                    continue
                self._there.add(article_id)
                if field == "id":
                    self._known[article_id] = KnownArticle(bytes.fromhex(row.first("fingerprint")), file)
                else:
                    self._of_file[file].append(article_id)
            if len(rows) < _PAGE:
                return
            body["search_after"] = rows[-1].sort

    def _submit(self) -> None:
        """Hand the batch on. The first one waits for a second, as for one batch no processes are started."""
        if not self._put_any:
            self._put_any = True
            self._beat()
        batch, self._batch = self._batch, Batch()
        batch.first, self._ordinal = self._ordinal, self._ordinal + len(batch.articles)
        deletions, self._deletions = list(self._deletions), {}
        bytes_read, self._bytes_read = self._bytes_read, 0
        self._chars = 0
        if self._builders is None and self._most_jobs > 1:
            if self._first is None:
                self._first = (Future(), batch)
                self._pending.append((self._first[0], batch, deletions, bytes_read))
                return
            self._begin(Workers(self._most_jobs, program(self._target)))
        if self._builders is None:
            self._builders = self._here()
        while len(self._pending) > self._builders.jobs:
            self._take_oldest()
        self._pending.append((self._builders.submit(batch), batch, deletions, bytes_read))

    def _begin(self, builders: Builders[Sent]) -> None:
        assert self._first is not None
        self._builders = builders
        _waiting, batch, deletions, bytes_read = self._pending.popleft()
        self._pending.appendleft((builders.submit(batch), batch, deletions, bytes_read))
        self._first = None

    def _take_oldest(self) -> None:
        future, batch, deletions, bytes_read = self._pending.popleft()
        sent = future.result()
        self._stages.add(sent.seconds)
        if sent.pid != os.getpid():
            self._worker_peaks[sent.pid] = sent.peak_bytes
        self._terms.update(sent.terms)
        self.faults += sent.faults
        self._delete(deletions)
        self._uncommitted += len(batch.articles)
        if not self._rebuild and self._uncommitted >= self._commit_every:
            with self._stages("commit"):
                self._commit(count=self._count() > _GROWN * self._counted_at)
        self._on_done(bytes_read, len(batch.articles))

    def _delete(self, ids: list[str]) -> None:
        if not ids:
            return
        if not self._put_any:
            self._put_any = True
            self._beat()
        bulk = Bulk(self._client)
        for one in ids:
            bulk.add({"delete": {"_index": self.generation.articles, "_id": key_of(one)}})
        bulk.send()

    def _commit(self, *, count: bool) -> None:
        terms = self.generation.terms
        self._client.post(f"/{self.generation.articles}/_refresh")
        before = place.read_state(self._client, terms)
        size = before.size
        if count:
            size = count_terms(self._client, self.generation, self._terms)
            self._terms.clear()
            self._counted_at = float(self._count())
        place.write_state(self._client, terms, place.State(place.new_commit(), size, before.last_run))
        self._uncommitted = 0

    def _beat(self) -> None:
        """Say that this run is under way."""
        self._put_mark(RUN_PREFIX + self._run, Run(socket.gethostname(), os.getpid(), time.time()))
        self._beaten_at = time.monotonic()

    def _put_mark(self, mark: str, run: Run) -> None:
        body = {"t": mark, "state": msgspec.to_builtins(run)}
        self._client.put(f"/{self.generation.terms}/_doc/{place.quoted(mark)}", body)

    def _left_behind(self) -> dict[str, Run]:
        """Return the runs that ended without having counted their terms, by their marks."""
        found = marks(self._client, self.generation.terms)
        return {mark: run for mark, run in found.items() if mark != RUN_PREFIX + self._run and is_dead(run)}

    def _terms_of_run(self, run: str) -> set[str]:
        """Return the terms of the articles that a run left."""
        analyzer = TermAnalyzer()
        with point_in_time(self._client, self.generation.articles) as point:
            rows = walk(self._client, point, {"term": {"run": run}}, [], source=list(TEXT_FIELDS), page=500)
            texts = [str(row.source.get(name) or "") for row in rows for name in TEXT_FIELDS]
        analyzer.analyze_many(texts)
        return set(analyzer.terms)

    def _settle_marks(self, left: dict[str, Run]) -> None:
        """Forget this run, and those of others that were counted: what they sent last may come after they ended."""
        bulk = Bulk(self._client)
        now = time.time()
        for mark, run in {RUN_PREFIX + self._run: Run(counted=1), **left}.items():
            if run.counted and now - run.counted > _LATE_S:
                bulk.add({"delete": {"_index": self.generation.terms, "_id": mark}})
            elif not run.counted:
                self._put_mark(mark, replace(run, counted=now))
        bulk.send()
        self._client.post(f"/{self.generation.terms}/_refresh")

    def _here(self) -> Here[Sent]:
        self._sender = BatchSender(self._target)
        return Here(self._sender)

    def _end_builders(self) -> None:
        if self._builders is not None:
            self._builders.close()
        if self._sender is not None:
            self._sender.close()


def marks(client: Client, terms: str) -> dict[str, Run]:
    """Return the marks of the runs that are under way or were killed."""
    client.post(f"/{terms}/_refresh")
    body = {"size": _PAGE, "query": {"prefix": {"t": {"value": RUN_PREFIX}}}, "_source": ["t", "state"]}
    found = (msgspec.convert(row.source, _Mark) for row in search(client, terms, body).rows)
    return {one.t: one.state for one in found}


def is_dead(run: Run) -> bool:
    """Return whether a run has ended: its process is gone from this machine, or nobody has heard of it for long."""
    if run.host == socket.gethostname() and os.name == "posix":
        try:
            os.kill(run.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
    return time.time() - run.at > _DEAD_S
