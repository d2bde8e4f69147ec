"""One open index for all: many threads, new commits, what a browser has already, and too much at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2
import pytest

import searcher
from searcher.embedded.engine import EmbeddedIndex
from searcher.query.request import SearchRequest
from searcher.query.results import Results
from searcher.web.answering import TooBusy
from searcher.web.answers import Kept
from searcher.web.exporting import Exports
from searcher.web.jobs import Made
from searcher.web.leases import SharedIndex
from tests.invented import indexed, invented
from tests.web.conftest import client_of
from tests.web.inprocess import served

QUERIES = ("ma túy", "mai dam son la", '"mua bán người"', "heroin -methadone", "nghi*", "tỉnh:Sơn La", "", "xyzzy")


def test_eight_threads_get_the_answers_of_one(seeds_folder: Path) -> None:
    def answers(index: searcher.Index) -> list[Any]:
        found: list[Any] = []
        for text in QUERIES:
            results = index.search(text, months=True, limit=5)
            found.append((results.total, [hit.article.id for hit in results.hits], results.facets))
            found.append(index.trends(text, by="topic").rows)
            found.append(index.suggest(text[:4]))
            found.append(index.mark(text, [hit.article.title for hit in results.hits]))
        found.append([hit.article.id for hit in index.similar("b15f0361347245e6").hits])
        return found

    with searcher.open_index(seeds_folder) as alone:
        expected = answers(alone)
    together = threading.Barrier(8)
    shared = SharedIndex(seeds_folder)

    def ask(_number: int) -> list[Any]:
        together.wait(20)
        with shared.lease() as lease:
            return answers(lease.index)

    with ThreadPoolExecutor(8) as pool:
        for got in pool.map(ask, range(8)):
            assert got == expected
    shared.close()


def test_eight_clients_get_the_answers_of_one(site: str) -> None:
    def ask(number: int) -> list[Any]:
        with client_of(site) as client:
            order = QUERIES[number % len(QUERIES) :] + QUERIES[: number % len(QUERIES)]
            found = {one: client.get("/search.json", params={"q": one}).json() | {"took_ms": 0} for one in order}
            return [found[one] for one in QUERIES]

    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(ask, range(8))
    assert all(one == first for one in others)
    assert first[0]["total"] > 0


def test_a_commit_is_seen_and_what_was_read_before_stays_readable(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", invented(5))
    shared = SharedIndex(folder)
    with shared.lease() as before:
        indexed(folder, invented(4, start=5), "more")
        with shared.lease() as after:
            assert after.index.search("").total == 9
        assert before.index.search("").total == 5
        old = before.index
    with pytest.raises(searcher.SearcherError):
        old.search("")
    with shared.lease() as after:
        assert after.index.search("").total == 9
    shared.close()


def test_a_browser_is_told_what_it_has_already(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", invented(5))
    with served(folder) as address, client_of(address, **{"accept-language": "en"}) as client:
        first = client.get("/?q=ma+tuy")
        tag = {"if-none-match": first.headers["etag"]}
        again = client.get("/?q=ma+tuy", headers=tag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        for path, headers in (
            ("/?q=heroin", {}),
            ("/search.json?q=ma+tuy", {}),
            ("/?q=ma+tuy", {"accept-language": "vi"}),
        ):
            assert client.get(path, headers=tag | headers).status_code == 200
        indexed(folder, invented(3, start=5), "more")
        after = client.get("/?q=ma+tuy", headers=tag)
        assert after.status_code == 200
        assert after.headers["etag"] != first.headers["etag"]


def test_what_was_made_of_a_commit_is_not_made_again(seeds_folder: Path) -> None:
    searches = []

    class Counting(EmbeddedIndex):
        def run(self, request: SearchRequest) -> Results:
            searches.append(request)
            return super().run(request)

    with served(seeds_folder, lambda _location: Counting(seeds_folder)) as address, client_of(address) as client:
        first = client.get("/search.json?q=ma+tuy").json()
        assert client.get("/search.json?q=ma+tuy").json() == first
        assert len(searches) == 1
        client.get("/search.json?q=ma+tuy", headers={"host": "localhost"})
        assert len(searches) == 2


def test_answers_are_forgotten_when_they_come_to_too_much() -> None:
    kept = Kept(100)
    for number in range(20):
        kept.keep(str(number), Made("", b"x" * 15, b"y" * 5))
        kept.get("0")
    assert [number for number in range(20) if kept.get(str(number))] == [0, 16, 17, 18, 19]
    kept.keep("large", Made("", b"x" * 101, b""))
    assert kept.get("large") is None


def test_what_pages_refer_to_is_kept_for_ever_and_packed(client: httpx2.Client) -> None:
    page = client.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = client.get(address, headers={"accept-encoding": "gzip"})
    assert "immutable" in style.headers["cache-control"]
    assert style.headers["content-encoding"] == "gzip"
    assert client.get(address, headers={"accept-encoding": "identity"}).text == style.text


class Held(EmbeddedIndex):
    """An index whose searches wait until they are let go."""

    let_go = threading.Event()

    def run(self, request: SearchRequest) -> Results:
        self.let_go.wait(20)
        return super().run(request)


@pytest.fixture
def held(seeds_folder: Path) -> Callable[[str | Path], searcher.Index]:
    Held.let_go.clear()
    return lambda _location: Held(seeds_folder)


def test_too_many_at_once_are_told_when_to_come_again(seeds_folder: Path, held: Any) -> None:
    with served(seeds_folder, held, threads=1, waiting=1, search_s=15.0) as address, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(httpx2.get, f"{address}/search.json?q={n}", trust_env=False, timeout=30) for n in range(4)]
        refused = [one.result() for one in islice(as_completed(asked), 2)]
        Held.let_go.set()
        answers = [one.result() for one in asked]
    assert {(one.status_code, one.headers["retry-after"]) for one in refused} == {(429, "1")}
    assert sorted(one.status_code for one in answers) == [200, 200, 429, 429]


def test_an_answer_that_takes_too_long_is_given_up_with_a_sentence(seeds_folder: Path, held: Any) -> None:
    with served(seeds_folder, held, threads=2, search_s=0.2) as address, client_of(address) as client:
        answer = client.get("/?q=ma+tuy", headers={"accept-language": "en"})
        assert answer.status_code == 503
        assert "This took longer than" in answer.text
        Held.let_go.set()
        assert client.get("/openapi.json").status_code == 200


def test_an_index_that_has_gone_gets_a_sentence(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", invented(3))
    with served(folder) as address, client_of(address, **{"accept-language": "en"}) as client:
        assert client.get("/").status_code == 200
        folder.rename(tmp_path / "elsewhere")
        answer = client.get("/search.json")
        assert answer.status_code == 503
        assert "index" in answer.json()["detail"]
        (tmp_path / "elsewhere").rename(folder)
        assert client.get("/").status_code == 200


def test_exports_have_few_places(seeds_folder: Path) -> None:
    with served(seeds_folder, exports=0) as address, client_of(address) as client:
        assert client.get("/search.csv").status_code == 429
        assert client.get("/search.json").status_code == 200


def test_who_does_not_fetch_an_export_keeps_nobody_out(seeds_folder: Path) -> None:
    exports = Exports(SharedIndex(seeds_folder), most=1, seconds=5, stalled_s=0.1)
    with exports.place() as moves:
        with pytest.raises(TooBusy), exports.place():
            pass
        time.sleep(0.15)
        with exports.place():
            pass
        moves()
        with pytest.raises(TooBusy), exports.place():
            pass
    with exports.place():
        pass
