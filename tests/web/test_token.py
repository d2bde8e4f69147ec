"""Where others can reach the server they need its token; and with it files may be added, where that is allowed."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
import pytest

import searcher
from benchmarks.webserver import running
from tests.invented import indexed, invented
from tests.web.conftest import client_of
from tests.web.inprocess import served

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    NewPage = Callable[..., Page]

TOKEN = "a-token-of-many-letters"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return indexed(tmp_path_factory.mktemp("guarded") / "index", invented(12))


@pytest.fixture(scope="module")
def guarded(folder: Path) -> Iterator[str]:
    with running(folder, "--host", "0.0.0.0", "--token", TOKEN, "--allow-upload", "--workers", "0") as address:
        parts = urlsplit(address)
        assert parts.query == f"token={TOKEN}"
        yield f"http://127.0.0.1:{parts.port}"


@pytest.fixture
def member(guarded: str) -> Iterator[httpx2.Client]:
    """A client that opened the printed address."""
    with client_of(guarded, **{"accept-language": "en", "origin": guarded}) as client:
        assert client.get(f"/?token={TOKEN}").status_code == 303
        yield client


def _refused(*options: str) -> str:
    command = [sys.executable, "-m", "searcher", "serve", *options]
    done = subprocess.run(command, capture_output=True, text=True, env={"SEARCHER_LANG": "en", "COLUMNS": "200"})
    assert done.returncode == 2
    return done.stderr


def test_others_are_let_in_only_with_a_token(tmp_path: Path) -> None:
    assert "add --token" in _refused("--host", "0.0.0.0")
    assert "add --token" in _refused("--allow-upload")
    assert "at least 16" in _refused("--token", "short")


def test_ctrl_c_ends_it_without_a_word(folder: Path) -> None:
    command = [sys.executable, "-m", "searcher", "serve", "--port", "0", "--index", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "http://127.0.0.1:" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[1] == ""
    assert process.returncode == 0


def test_a_port_that_is_taken_gets_a_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "searcher", "serve", "--port", port, "--index", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_token_is_printed_with_the_address(folder: Path) -> None:
    with running(folder, "--token", "--workers", "0") as address:
        token = urlsplit(address).query.removeprefix("token=")
        assert len(token) > 20
        assert httpx2.get(address, trust_env=False).status_code == 303


@pytest.mark.parametrize(
    "path", ["/", "/search.json", "/search.csv", "/openapi.json", "/index/progress", "/static/x/y"]
)
def test_without_the_token_nothing_is_answered(guarded: str, path: str) -> None:
    for headers in ({}, {"cookie": "searcher_token_8765=x"}, {"authorization": "Bearer x"}):
        answer = httpx2.get(guarded + path, headers=headers, trust_env=False)
        assert answer.status_code == 401
        assert "bai-0" not in answer.text
    assert httpx2.get(f"{guarded}/?token={TOKEN[:-1]}", trust_env=False).status_code == 401
    assert httpx2.post(f"{guarded}/?token={TOKEN}", trust_env=False).status_code == 401


def test_the_printed_address_lets_a_browser_in_for_good(guarded: str) -> None:
    with client_of(guarded) as client:
        answer = client.get(f"/?q=ma+tuy&token={TOKEN}&page=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/?q=ma+tuy&page=1")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert client.get("/search.json").json()["total"] >= 12


def test_a_program_bears_the_token(guarded: str) -> None:
    with client_of(guarded, authorization=f"Bearer {TOKEN}") as client:
        assert client.get("/search.json").status_code == 200


def test_any_address_of_the_machine_will_do_but_no_name_of_others(member: httpx2.Client) -> None:
    assert member.get("/", headers={"host": "192.168.1.7:8765"}).status_code == 200
    assert member.get("/", headers={"host": "evil.example"}).status_code == 421


def _lines(*articles: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in articles).encode()


def test_files_are_added_and_found(member: httpx2.Client, folder: Path) -> None:
    new = {"id": "moi", "title": "Bài mới về ketamine", "body": "Ketamine trong vali."}
    files = [("files", ("../../moi.jsonl", _lines(new))), ("files", ("xau.jsonl", b'{"title": '))]
    answer = member.post("/index/upload", files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, "/index#upload")
    with member.stream("GET", "/index/progress") as events:
        told = "".join(events.iter_text())
    assert "event: done" in told
    assert '"problem":""' in told
    assert member.get("/search.json?q=ketamine").json()["hits"][0]["id"] == "moi"
    assert member.get("/article/moi").status_code == 200
    assert "xau.jsonl" in member.get("/index").text
    kept = [file for file in (folder / "uploads").rglob("*") if file.is_file()]
    assert {file.name for file in kept} == {"1-moi.jsonl", "2-xau.jsonl"}
    with searcher.open_index(folder) as index:
        assert index.search("").total == 13


def test_another_site_can_not_add_files(member: httpx2.Client, folder: Path) -> None:
    file = ("a.jsonl", _lines({"title": "Xấu", "body": "x"}))
    for origin in ("http://evil.example", "null", ""):
        answer = member.post("/index/upload", files={"files": file}, headers={"origin": origin})
        assert answer.status_code == 403
    assert "Xấu" not in member.get("/?q=x%E1%BA%A5u").text


def test_too_much_is_refused_and_nothing_of_it_kept(folder: Path) -> None:
    bounds = {"max_upload_bytes": 5_000, "max_upload_files": 2}
    with (
        served(folder, token=TOKEN, allow_upload=True, **bounds) as address,
        client_of(address.partition("/?")[0], authorization=f"Bearer {TOKEN}") as client,
    ):
        before = {file for file in folder.rglob("*") if file.is_file()}
        large = client.post("/index/upload", files={"files": ("a.txt", b"x" * 9_000)})
        many = client.post("/index/upload", files=[("files", (f"{n}.txt", b"x")) for n in range(5)])
        larger = client.post("/index/upload", files={"files": ("a.txt", b"x" * 100_000)})
        nothing = client.post("/index/upload", files={"other": ("", b"")})
        assert {large.status_code, many.status_code, larger.status_code} == {413}
        assert nothing.status_code in (303, 400)
        assert {file for file in folder.rglob("*") if file.is_file()} == before


def test_files_are_added_from_the_page(guarded: str, new_page: NewPage, tmp_path: Path) -> None:
    page = new_page()
    page.goto(f"{guarded}/index?token={TOKEN}")
    (tmp_path / "tin.txt").write_text("Tin thả vào trang\n\nMột bài về karaoke trá hình.\n", encoding="utf-8")
    page.set_input_files("#files", tmp_path / "tin.txt")
    page.click(".drop button")
    page.wait_for_function("() => document.querySelector('.progress output')?.textContent.startsWith('Xong')")
    page.goto(f"{guarded}/?q=karaoke+tra+hinh")
    assert "Tin thả vào trang" in page.inner_text(".list")
