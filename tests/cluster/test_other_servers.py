"""Other servers than the one that all other tests ask: two nodes with copies of shards, and the oldest version."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher.cluster.checking import check_cluster
from tests.cluster.conftest import missing
from tests.cluster.test_filling import until
from tests.conformance.library import ARTICLES, filled, found

pytestmark = pytest.mark.slow

QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {}),
    ("ma túy Sơn La", {}),
    ("mai dam karaoke", {"topics": ["mai-dam"]}),
    ("ketamine methadone", {}),
    ('"heroin" -methadone', {"since": "2019", "sort": "newest"}),
    ("methadone", {"years": [2018, 2020], "provinces": ["Hà Nội"], "sort": "oldest"}),
)


@pytest.fixture(params=["two nodes", "oldest"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if os.name == "nt":
        pytest.skip("servers are not started on Windows")
    from tests.cluster.server import OLDEST, NoServer, best_version, running

    two = request.param == "two nodes"
    if two:
        monkeypatch.setenv("SEARCHER_CLUSTER_SHARDS", "3")
    how: dict[str, Any] = {"version": best_version(), "nodes": 2, "heap_mb": 768} if two else {"version": OLDEST}
    try:
        with running(tmp_path / "server", **how) as server:
            yield f"http://{','.join(url.removeprefix('http://') for url in server.urls)}/tin"
    except NoServer as error:
        missing(str(error))


def test_it_answers_as_an_index_in_a_folder(address: str, tmp_path: Path) -> None:
    folder, file = tmp_path / "index", tmp_path / "articles.jsonl"
    for location in (folder, address):
        filled(location, file, ARTICLES)
        assert filled(location, file, ARTICLES).unchanged == len(ARTICLES)
    until(lambda: check_cluster(address).health == "green")  # replicas are copied after an answer
    report = check_cluster(address)
    assert (report.health, report.problems, report.drift) == ("green", [], 0)
    with searcher.open_index(folder) as one, searcher.open_index(address) as other:
        for text, how in QUERIES:
            pages = [index.search(text, limit=100, all_copies=True, **how) for index in (one, other)]
            assert len({page.total for page in pages}) == len({page.complete for page in pages}) == 1, text
            assert pages[0].facets == pages[1].facets
            assert set(found(pages[0])) == set(found(pages[1]))
            if "sort" in how:
                assert [hit.article.published for hit in pages[0].hits] == [
                    hit.article.published for hit in pages[1].hits
                ]
        assert one.suggest("mai d")[0].text == other.suggest("mai d")[0].text
        assert one.trends("ma túy").rows == other.trends("ma túy").rows
        assert len(list(other.export("ma túy"))) == one.search("ma túy", limit=0).total
        similar = [index.similar("bai-000", limit=5) for index in (one, other)]
        assert {term.term for term in similar[0].terms} == {term.term for term in similar[1].terms}
