"""Filling an index in a cluster: by several at once, again after a kill, and copying it from and to a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher.cli import run
from searcher.cluster.address import read_address
from searcher.cluster.checking import check_cluster
from searcher.cluster.client import Client
from searcher.cluster.place import find, make_next
from searcher.cluster.walking import point_in_time, walk
from tests.conformance.library import ARTICLES, filled, found, ids_of, written
from tests.invented import invented

pytestmark = pytest.mark.slow

NewAddress = Callable[[], str]


def contents(address: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return all articles of an index and all counts of its terms, as the cluster has them."""
    client = Client(read_address(address))
    generation = find(client)
    with point_in_time(client, generation.articles) as point:
        rows = walk(client, point, {"match_all": {}}, ["signed", "sketch_0"], source=True)
        articles = {row.source["id"]: ({**_sorted(row.source), "run": "", "ordinal": 0}, row.fields) for row in rows}
    with point_in_time(client, generation.terms) as point:
        rows = walk(client, point, {"exists": {"field": "f"}}, [], ({"t": "asc"},), source=True)
        terms = {row.source["t"]: row.source for row in rows}
    client.close()
    return articles, terms


def _sorted(source: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in source.items()}


def indexing(address: str, file: Path, *more: str) -> subprocess.Popen[bytes]:
    """Start a process that indexes a file."""
    command = [sys.executable, "-m", "searcher", "index", str(file), "-i", address, "-j", "1", *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def count_of(address: str) -> int:
    client = Client(read_address(address))
    try:
        client.post(f"/{client.address.name}.g1/_refresh")
        return int(client.get(f"/{client.address.name}.g1/_count")["count"])
    except searcher.SearcherError:
        return 0
    finally:
        client.close()


def test_two_at_once_of_which_one_is_killed_and_run_again_are_as_one_undisturbed(
    new_address: NewAddress, tmp_path: Path
) -> None:
    articles = invented(800)
    first, second = (
        written(tmp_path / "first.jsonl", articles[:600]),
        written(tmp_path / "second.jsonl", articles[600:]),
    )
    alone, together = new_address(), new_address()
    searcher.index_paths(alone, [first, second])
    killed, other = indexing(together, first), indexing(together, second)
    until(lambda: count_of(together) > 0)
    killed.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    killed.wait()
    assert other.wait(60) == 0
    summary = searcher.index_paths(together, [first])
    assert summary.added + summary.unchanged == 600
    (articles_of, terms), (undisturbed, terms_undisturbed) = contents(together), contents(alone)
    assert articles_of == undisturbed
    assert set(terms) == set(terms_undisturbed)
    # An article that was sent twice counts twice until its first version is merged away, in the index's own
    # dictionary as well: what is kept has to be what that says.
    report = check_cluster(together)
    assert (report.problems, report.drift) == ([], 0)


def test_a_run_that_was_killed_is_told_of_until_it_is_run_again(new_address: NewAddress, tmp_path: Path) -> None:
    address, file = new_address(), written(tmp_path / "articles.jsonl", invented(700))
    started = indexing(address, file)
    until(lambda: count_of(address) > 0)
    started.kill()
    started.wait()
    assert "did not end" in check_cluster(address).problems[-1]
    searcher.index_paths(address, [file])
    assert check_cluster(address).problems == []
    with searcher.open_index(address) as index:
        assert index.search('"mại dâm"', limit=0).total > 0


def test_questions_are_answered_all_the_time_that_it_is_made_anew(new_address: NewAddress, tmp_path: Path) -> None:
    address = new_address()
    filled(address, tmp_path / "one.jsonl", invented(30))
    totals = set()
    file = written(tmp_path / "two.jsonl", invented(50))
    with searcher.open_index(address) as index:
        process = indexing(address, file, "--rebuild")
        while process.poll() is None:
            totals.add(index.search('"ma túy"', limit=3).total)
        assert process.returncode == 0
        assert not index.is_current()
    with searcher.open_index(address) as index:
        totals.add(index.search('"ma túy"', limit=3).total)
    assert len(totals) == 2  # all of the old ones, then all of the new ones


def test_a_rebuild_that_fails_leaves_the_index_as_it_is(
    new_address: NewAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = new_address()
    filled(address, tmp_path / "one.jsonl", invented(3))

    def fails(*_given: Any) -> None:
        raise OSError("no such luck")

    monkeypatch.setattr("searcher.cluster.sink.count_terms", fails)
    with pytest.raises(OSError, match="luck"):
        filled(address, tmp_path / "two.jsonl", invented(5), rebuild=True)
    with searcher.open_index(address) as index:
        assert index.stats().articles == 3
    client = Client(read_address(address))
    assert len(client.get(f"/{client.address.name}.*/_settings")) == 2
    assert check_cluster(address).remarks == []
    make_next(client)  # as far as a rebuild gets that is killed
    client.close()
    assert "A rebuild left" in check_cluster(address).remarks[0]


def test_files_of_one_article_each_are_followed(new_address: NewAddress, tmp_path: Path) -> None:
    address, folder = new_address(), tmp_path / "articles"
    folder.mkdir()
    for number in range(4):
        text = f"Tiêu đề số {number}\n2020-0{number + 1}-01\n\nCông an thu giữ heroin ở Sơn La, vụ {number}."
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    assert searcher.index_paths(address, folder).added == 4
    assert searcher.index_paths(address, folder).unchanged == 4
    (folder / "0.txt").write_text("Tiêu đề khác hẳn\n\nNội dung khác hẳn: methadone.", encoding="utf-8")
    (folder / "3.txt").unlink()
    summary = searcher.index_paths(address, folder, prune=True)
    assert (summary.updated, summary.unchanged, summary.removed) == (1, 2, 1)
    with searcher.open_index(address) as index:
        assert index.stats().articles == 3
        assert index.search("methadone", limit=5).total == 1
        last = index.stats().last_run
        assert last is not None and (last.updated, last.removed) == (1, 1)


def test_a_copy_into_a_cluster_and_back_is_the_index(new_address: NewAddress, tmp_path: Path) -> None:
    folder, address, back = tmp_path / "index", new_address(), tmp_path / "back"
    filled(folder, tmp_path / "articles.jsonl", ARTICLES)
    filled(direct := new_address(), tmp_path / "articles.jsonl", ARTICLES)
    assert run(["copy", str(folder), address]) == run(["copy", address, str(back)]) == 0
    assert contents(address) == contents(direct)
    # A later run over the files finds nothing to do, wherever the index is now.
    for location in (address, back):
        assert filled(location, tmp_path / "articles.jsonl", ARTICLES).unchanged == len(ARTICLES)
    with searcher.open_index(folder) as one, searcher.open_index(back) as other:
        for query in ("", "ma túy Sơn La", "mai dam", "chủđề:ma-tuy>0.8"):
            pages = [index.search(query, limit=100, explain=True) for index in (one, other)]
            assert set(found(pages[0])) == set(found(pages[1]))
            assert pages[0].facets == pages[1].facets
        assert one.get("nfd") == other.get("nfd")
    assert searcher.check_index(back).problems == []


def test_a_copy_takes_no_place_that_is_taken_unless_told_to(
    new_address: NewAddress, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    address, folder = new_address(), tmp_path / "index"
    filled(address, tmp_path / "one.jsonl", invented(3))
    filled(folder, tmp_path / "two.jsonl", invented(5))
    assert run(["copy", str(folder), address]) == run(["copy", address, str(folder)]) == 1
    assert "--rebuild" in capfd.readouterr().err
    assert run(["copy", str(folder), address, "--rebuild"]) == 0
    with searcher.open_index(address) as index:
        assert set(found(index.search("", limit=9, all_copies=True))) == ids_of(invented(5))


def test_every_command_takes_the_address(
    new_address: NewAddress, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    address = new_address()
    assert run(["index", str(written(tmp_path / "articles.jsonl", invented(20))), "-i", address]) == 0
    for words in (
        ["query", "ma túy"],
        ["query", "ma túy", "--jsonl"],
        ["show", "bai-003"],
        ["stats"],
        ["similar", "bai-000"],
        ["suggest", "mai d"],
        ["trends", "ma túy"],
        ["facts", "ma túy"],
        ["check"],
    ):
        assert run([*words, "-i", address]) == 0, (words, capfd.readouterr().err)
        assert capfd.readouterr().out
    assert run(["check", "--json", "-i", address]) == 0
    report = json.loads(capfd.readouterr().out)
    assert (report["articles"], report["health"], report["problems"], report["drift"]) == (20, "green", [], 0)
