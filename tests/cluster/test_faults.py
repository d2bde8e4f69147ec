"""What goes wrong on the way to a cluster and in it: tried again where that helps, else a sentence; nothing is lost."""

from __future__ import annotations

import os
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

import searcher
from searcher.cli import run
from searcher.cluster import bulk, client
from searcher.cluster.address import read_address
from searcher.cluster.client import Client
from tests.cluster.fakes import Answered, Asked, answer, between, refusal
from tests.cluster.server import Server
from tests.conformance.library import filled, found
from tests.invented import invented

pytestmark = pytest.mark.slow

NewAddress = Callable[[], str]
CERTIFICATE: Final = Path(__file__).with_name("localhost.pem")
NOWHERE: Final = "http://127.0.0.1:1/tin"


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (client, bulk):
        monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.001)
        monkeypatch.setattr(module, "_MOST_PAUSE_S", 0.002)


@pytest.fixture(scope="module")
def small(new_address: NewAddress, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index of a few articles, not to be changed."""
    address = new_address()
    filled(address, tmp_path_factory.mktemp("small") / "articles.jsonl", invented(12))
    return address


def behind(proxy: str, address: str) -> str:
    return f"{proxy}/{address.rpartition('/')[2]}"


def test_nobody_there_is_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(searcher.IndexUnusable, match="does not answer"):
        searcher.open_index(NOWHERE)
    assert run(["query", "ma túy", "-i", NOWHERE]) == 1
    said = capfd.readouterr().err
    assert "127.0.0.1:1" in said and "Traceback" not in said


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "http://127.0.0.1:9",
        "http://127.0.0.1:9/Tin Tức",
        "http://127.0.0.1:9/_all",
        "http://127.0.0.1:9/a/b",
        "http://127.0.0.1:99999/tin",
        "http:///tin",
        "https://ai:matkhau@127.0.0.1/tin",
    ],
)
def test_an_address_that_names_no_index_or_has_a_password_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(searcher.IndexNotFound) as refused:
        searcher.open_index(address)
    assert "matkhau" not in str(refused.value)
    with pytest.raises(searcher.IndexNotFound):
        filled(address, tmp_path / "articles.jsonl", [])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (answer(200, {"version": {"number": "8.1.0", "build_flavor": "default"}}), "no OpenSearch 8.1.0"),
        (answer(200, {"version": {"number": "2.11.1", "distribution": "opensearch"}}), "opensearch 2.11.1"),
        (answer(200, b"<html>Welcome</html>"), "no OpenSearch"),
        (answer(200, b'{"version": 3}'), "no OpenSearch"),
    ],
)
def test_a_server_of_another_kind_or_version_is_not_filled(given: Answered, told: str, tmp_path: Path) -> None:
    def behave(asked: Asked, _real: Callable[[], Answered]) -> Answered:
        return given if asked.path == "/" else refusal(404, "index_not_found_exception", "no such index")

    with between("", behave) as proxy, pytest.raises(searcher.IndexUnusable, match=told):
        filled(f"{proxy}/tin", tmp_path / "articles.jsonl", invented(1))


@pytest.mark.parametrize(
    "mapping",
    [
        {"tin": {"mappings": {"properties": {}}}},
        {"khac": {"mappings": {"_meta": {"searcher": {"format": 99}}}}},
        {"a": {"mappings": {}}, "b": {"mappings": {}}},
        {"a": {"mappings": {"_meta": {"searcher": "?"}}}},
        [],
    ],
    ids=str,
)
def test_a_mapping_from_elsewhere_is_a_sentence(mapping: Any, tmp_path: Path) -> None:
    with between("", lambda _asked, _real: answer(200, mapping)) as proxy:
        for call in (searcher.open_index, lambda where: filled(where, tmp_path / "articles.jsonl", invented(1))):
            with pytest.raises(searcher.IndexUnusable, match=r"made by|not made|stands for|no OpenSearch"):
                call(f"{proxy}/tin")


def test_a_storm_of_refusals_is_waited_out(server: Server, new_address: NewAddress, tmp_path: Path) -> None:
    numbers, statuses = count(), [429, 503, 502, None]

    def behave(_asked: Asked, real: Callable[[], Answered]) -> Answered | None:
        number = next(numbers)
        if number % 3:
            return real()
        status = statuses[number // 3 % len(statuses)]
        return None if status is None else refusal(status, "es_rejected_execution_exception", "queue is full")

    with between(server.url, behave) as proxy:
        address = behind(proxy, new_address())
        assert filled(address, tmp_path / "articles.jsonl", invented(9)).added == 9
        assert filled(address, tmp_path / "articles.jsonl", invented(12)).added == 3
        with searcher.open_index(address) as index:
            assert len(list(index.export(""))) == 12


def test_articles_that_a_busy_cluster_leaves_out_are_sent_again(
    server: Server, new_address: NewAddress, tmp_path: Path
) -> None:
    refused = []

    def behave(asked: Asked, real: Callable[[], Answered]) -> Answered:
        lines = asked.body.splitlines()
        if not asked.path.startswith("/_bulk") or len(refused) >= 3 or len(lines) < 4:
            return real()
        refused.append(len(lines))
        error = {"type": "rejected_execution_exception", "reason": "rejected"}
        items = [{"index": {"_id": "x", "status": 429, "error": error}} for _line in lines[::2]]
        return answer(200, {"errors": True, "items": items})

    with between(server.url, behave) as proxy:
        address = behind(proxy, new_address())
        assert filled(address, tmp_path / "articles.jsonl", invented(9)).added == 9
        with searcher.open_index(address) as index:
            assert index.stats().articles == 9
    assert len(refused) == 3


def test_a_cluster_that_stays_busy_is_told_of_and_can_be_filled_later(
    server: Server, new_address: NewAddress, tmp_path: Path
) -> None:
    def behave(asked: Asked, real: Callable[[], Answered]) -> Answered:
        if asked.path.startswith("/_bulk"):
            return refusal(429, "es_rejected_execution_exception", "queue is full")
        return real()

    address = new_address()
    with between(server.url, behave) as proxy, pytest.raises(searcher.SearcherError, match="too much to do"):
        filled(behind(proxy, address), tmp_path / "articles.jsonl", invented(9))
    assert filled(address, tmp_path / "articles.jsonl", invented(9)).added == 9


def test_a_full_disk_is_a_sentence_and_loses_nothing(server: Server, new_address: NewAddress, tmp_path: Path) -> None:
    address, file = new_address(), tmp_path / "articles.jsonl"
    filled(address, file, invented(6))
    index = f"{address.rpartition('/')[2]}.g1"
    blocked = "index.blocks.read_only_allow_delete"  # what a cluster does to an index at the flood stage of its disk
    server.ask(f"/{index}/_settings", {blocked: True}, method="PUT")
    try:
        with pytest.raises(searcher.SearcherError, match="disk is full"):
            filled(address, file, invented(9))
        with searcher.open_index(address) as opened:
            assert opened.search("", all_copies=True).total == 6
        assert "locked" in searcher_check(address)
    finally:
        server.ask(f"/{index}/_settings", {blocked: None}, method="PUT")
    assert filled(address, file, invented(9)).added == 3


def searcher_check(address: str) -> str:
    from searcher.cluster.checking import check_cluster

    return " ".join(check_cluster(address).problems)


def test_an_article_that_can_not_be_taken_is_named(server: Server, new_address: NewAddress, tmp_path: Path) -> None:
    def behave(asked: Asked, real: Callable[[], Answered]) -> Answered:
        if not asked.path.startswith("/_bulk"):
            return real()
        error = {"type": "mapper_parsing_exception", "reason": "failed to parse"}
        items = [{"index": {"_id": "bai-000", "status": 400, "error": error}} for _line in asked.body.splitlines()[::2]]
        return answer(200, {"errors": True, "items": items})

    with between(server.url, behave) as proxy, pytest.raises(searcher.IndexUnusable, match=r"bai-000.*failed to parse"):
        filled(behind(proxy, new_address()), tmp_path / "articles.jsonl", invented(2))


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"hits": 3}', b"\xff\xfe", b'{"hits": {"hits": [{"_score": "x"}]}}']
)
def test_an_answer_that_is_none_is_a_sentence(small: str, server: Server, raw: bytes) -> None:
    def behave(asked: Asked, real: Callable[[], Answered]) -> Answered:
        return answer(200, raw) if "_search" in asked.path and asked.body else real()

    with between(server.url, behave) as proxy, pytest.raises(searcher.IndexUnusable, match="answered"):
        searcher.open_index(behind(proxy, small))


def test_the_next_host_answers_where_one_is_gone(small: str) -> None:
    hosts = f"127.0.0.1:1,{small.removeprefix('http://').partition('/')[0]}"
    address = f"http://{hosts}/{small.rpartition('/')[2]}"
    for _time in range(4):  # whichever is asked first
        with searcher.open_index(address) as index:
            assert index.search("ma túy", limit=0).total > 0


def test_a_node_that_is_lost_in_the_middle_of_an_export_costs_nothing(small: str, server: Server) -> None:
    lost = threading.Event()

    def behave(_asked: Asked, real: Callable[[], Answered]) -> Answered | None:
        return None if lost.is_set() else real()

    with between(server.url, behave) as one, between(server.url, lambda _asked, real: real()) as other:
        hosts = ",".join(url.removeprefix("http://") for url in (one, other))
        with searcher.open_index(f"http://{hosts}/{small.rpartition('/')[2]}") as index:
            hits = index.export("")
            first = next(hits)
            lost.set()
            assert len({first.article.id, *(hit.article.id for hit in hits)}) == 12


def test_a_cluster_that_is_lost_in_the_middle_of_an_export_is_told_of(small: str, server: Server) -> None:
    lost = threading.Event()

    def behave(_asked: Asked, real: Callable[[], Answered]) -> Answered | None:
        return None if lost.is_set() else real()

    with between(server.url, behave) as proxy, searcher.open_index(behind(proxy, small)) as index:
        export = index.export("")
        lost.set()
        with pytest.raises(searcher.IndexUnusable, match="does not answer"):
            list(export)


def test_one_that_is_slow_is_not_waited_for_for_ever(server: Server, small: str) -> None:
    release = threading.Event()

    def behave(_asked: Asked, real: Callable[[], Answered]) -> Answered:
        release.wait(20)
        return real()

    with between(server.url, behave) as proxy:
        asking = Client(read_address(behind(proxy, small)), tries=2, answer_s=0.05)
        with pytest.raises(searcher.IndexUnusable, match="timed out"):
            asking.get("/")
        release.set()
        asking.close()


def test_tls_is_verified(server: Server, small: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with between(server.url, lambda _asked, real: real(), context) as proxy:
        address = behind(proxy, small)
        with pytest.raises(searcher.IndexUnusable, match=r"can't be trusted.*--ca"):
            searcher.open_index(address)
        monkeypatch.setenv("SEARCHER_CA", "")  # so that what the command sets is taken back
        assert run(["--ca", str(CERTIFICATE), "stats", "-i", address]) == 0
        monkeypatch.setenv("SEARCHER_CA", str(tmp_path / "nowhere.pem"))
        with pytest.raises(searcher.SearcherError, match=r"nowhere\.pem"):
            searcher.open_index(address)


def test_who_asks_is_told_by_file_by_variables_or_by_netrc(
    server: Server, small: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str | None] = []
    wanted = f"Basic {b64encode('ai:mật khẩu'.encode()).decode()}"

    def behave(asked: Asked, real: Callable[[], Answered]) -> Answered:
        said.append(asked.headers.get("authorization"))
        return real() if said[-1] in (wanted, "ApiKey abc") else refusal(401, "security_exception", "missing token")

    for name in ("SEARCHER_CLUSTER_USER", "SEARCHER_CLUSTER_PASSWORD", "SEARCHER_CLUSTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    netrc = tmp_path / "netrc"
    netrc.touch(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with between(server.url, behave) as proxy:
        address = behind(proxy, small)
        with pytest.raises(searcher.SearcherError, match="who asks"):
            searcher.open_index(address)
        netrc.write_text('machine 127.0.0.1 login ai password "mật khẩu"\n', encoding="utf-8")
        searcher.open_index(address).close()
        monkeypatch.setenv("SEARCHER_CLUSTER_USER", "ai")
        monkeypatch.setenv("SEARCHER_CLUSTER_PASSWORD", "mật khẩu")
        searcher.open_index(address).close()
        key = tmp_path / "key"
        key.write_text("ApiKey abc\n", encoding="utf-8")
        key.chmod(0o600)
        monkeypatch.setenv("SEARCHER_CLUSTER_KEY_FILE", str(key))
        searcher.open_index(address).close()
        assert said[-1] == "ApiKey abc"
        if os.name == "posix":
            key.chmod(0o644)
            with pytest.raises(searcher.SearcherError, match="chmod 600"):
                searcher.open_index(address)


def test_what_has_no_place_in_a_cluster_is_a_sentence(small: str) -> None:
    with searcher.open_index(small) as index, pytest.raises(searcher.IndexUnusable, match="copy it into a folder"):
        _ = index.whoosh


def test_an_index_is_answered_by_whatever_generation_is_in_use(new_address: NewAddress, tmp_path: Path) -> None:
    address = new_address()
    filled(address, tmp_path / "one.jsonl", invented(3))
    with searcher.open_index(address) as index:
        filled(address, tmp_path / "two.jsonl", invented(5), rebuild=True)
        assert len(found(index.search("", limit=9, all_copies=True))) == 5
