"""Answers made by other processes: the same ones, of the last commit, whatever happens to one of them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from searcher.errors import ArticleNotFound, BadFilter, SearcherError
from searcher.web.addresses import Asked
from searcher.web.answering import Here
from searcher.web.jobs import Job
from searcher.web.leases import SharedIndex
from searcher.web.reading import ArticleObject, ArticlePage
from searcher.web.searching import SearchObject, SearchPage, Suggestions
from searcher.web.workers import Workers
from tests.invented import indexed, invented

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(tmp_path_factory.mktemp("worked") / "index", invented(12))


@pytest.fixture(scope="module")
def workers(folder: Path) -> Iterator[Workers]:
    made = Workers(folder, 2)
    yield made
    made.close()


class Unknown(Job, frozen=True):
    """A job that no worker has heard of, as after an upgrade below a running server."""


def test_they_make_what_is_made_here(workers: Workers, folder: Path) -> None:
    shared = SharedIndex(folder)
    here = Here(shared, 1)
    with shared.lease() as lease:
        first = lease.index.search("").hits[0].article.id
    jobs: tuple[Job, ...] = (
        Suggestions("ma"),
        ArticleObject(first),
        ArticlePage(first, "ma túy", "http://127.0.0.1:1"),
    )
    with ThreadPoolExecutor(4) as pool:
        for job, made in zip(jobs * 4, pool.map(workers.make, jobs * 4), strict=True):
            assert made == here.make(job)
    shared.close()


def test_what_they_refuse_is_raised_here(workers: Workers) -> None:
    with pytest.raises(ArticleNotFound, match="nowhere"):
        workers.make(ArticleObject("nowhere"))
    with pytest.raises(BadFilter, match="Atlantis"):
        workers.make(SearchPage(Asked(provinces=("Atlantis",))))


def test_one_that_ends_costs_its_answer_and_no_other(workers: Workers) -> None:
    with pytest.raises(SearcherError, match="lost on its way"):
        workers.make(Unknown())
    assert workers.make(SearchObject(Asked(q="ma túy"))).body


@pytest.mark.skipif(os.name != "posix", reason="stops a process by a signal")
def test_one_that_goes_on_for_too_long_is_ended(workers: Workers) -> None:
    job, next_one = SearchObject(Asked(q="công an")), SearchObject(Asked(q="ma túy"))
    failed: list[Exception] = []

    def ask() -> None:
        try:
            workers.make(job)
        except SearcherError as error:
            failed.append(error)

    workers.make(next_one)
    (idle, *others) = workers.processes()
    for one in (idle, *others):
        os.kill(one, signal.SIGSTOP)
    asking = threading.Thread(target=ask)
    asking.start()
    while not workers.is_making(job):
        pass
    workers.give_up(job)
    asking.join(30)
    for one in workers.processes():
        os.kill(one, signal.SIGCONT)
    assert len(failed) == 1
    assert workers.make(next_one).body


def test_a_commit_is_seen_by_all_of_them(workers: Workers, folder: Path) -> None:
    job = SearchObject(Asked())
    before = workers.make(job)
    indexed(folder, invented(4, start=12), "more")
    with ThreadPoolExecutor(4) as pool:
        after = list(pool.map(workers.make, [job] * 8))
    assert before.version not in {one.version for one in after}
    assert len({one.version for one in after}) == 1
    assert all(b'"total":16' in one.body for one in after)


def test_an_index_that_can_not_be_opened_is_said(tmp_path: Path) -> None:
    made = Workers(tmp_path / "nowhere", 1)
    made.ready()
    with pytest.raises(SearcherError, match="nowhere"):
        made.make(SearchObject(Asked()))
    made.close()
