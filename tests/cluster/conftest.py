"""One real OpenSearch for all tests here; where it can't be started they are skipped, which fails under CI=true."""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.cluster.server import Server

SKIPPED: Final = (
    "NO TEST OF THE CLUSTER RAN: {reason}. They need Java 17 (better 21) and Maven; "
    "SEARCHER_TEST_CLUSTER=http://host:9200 names a server that runs already."
)
_PATIENCE_S: Final = 120.0


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    """A server of the newest version that can be run, with one node: one for all processes that run tests."""
    from tests.cluster.server import NoServer, Server

    if given := os.environ.get("SEARCHER_TEST_CLUSTER"):
        yield Server(None, [given])
        return
    folder = tmp_path_factory.getbasetemp()
    folder = folder if worker_id == "master" else folder.parent
    try:
        with _shared(folder / "opensearch", worker_id) as found:
            yield found
    except NoServer as error:
        missing(str(error))


def missing(reason: str) -> None:
    """Skip a test loudly, or fail it where nothing is to be left out."""
    sentence = SKIPPED.format(reason=reason)
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    warnings.warn(sentence, stacklevel=2)
    pytest.skip(sentence)


@contextmanager
def _shared(folder: Path, worker_id: str) -> Iterator[Server]:
    """Give the server in a folder: whoever comes first starts it, and stops it when nobody needs it any more."""
    from tests.cluster.server import NoServer, Server, best_version, running

    if sys.platform == "win32":
        raise NoServer("servers are not started on Windows")
    folder.mkdir(exist_ok=True)
    told, mine = folder / "told.json", folder / f"{worker_id}.using"
    mine.touch()
    try:
        (folder / "starting").touch(exist_ok=False)
    except FileExistsError:
        try:
            yield Server(None, _urls(told))
        finally:
            mine.unlink()
        return
    try:
        with running(folder / "data", version=best_version()) as server:
            _tell(told, {"urls": server.urls})
            try:
                yield server
            finally:
                mine.unlink()
                until = time.monotonic() + _PATIENCE_S
                while list(folder.glob("*.using")) and time.monotonic() < until:
                    time.sleep(0.05)
    except NoServer as error:
        _tell(told, {"missing": str(error)})
        raise


def _tell(file: Path, what: object) -> None:
    new = file.with_suffix(".new")
    new.write_text(json.dumps(what), encoding="utf-8")
    new.replace(file)


def _urls(told: Path) -> list[str]:
    from tests.cluster.server import NoServer

    until = time.monotonic() + _PATIENCE_S
    while not told.exists():
        if time.monotonic() > until:
            raise NoServer("the process that was to start it did not")
        time.sleep(0.05)
    found = json.loads(told.read_text("utf-8"))
    if "missing" in found:
        raise NoServer(found["missing"])
    urls: list[str] = found["urls"]
    return urls


@pytest.fixture(scope="session")
def new_address(server: Server) -> Callable[[], str]:
    """Gives an address of an index that is not there yet, each time another one."""
    numbers = count()
    return lambda: f"{server.url}/tin-{os.getpid()}-{next(numbers)}"


@pytest.fixture(autouse=True)
def _little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.cluster.place._GRACE_S", 0.05)
