"""One real OpenSearch for all tests here; where it can't be started they are skipped, which fails under CI=true."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cluster.server import Server

SKIPPED = (
    "no test of the cluster ran: {reason}. They need Java 21 and Maven (Debian: apt-get install maven, and a JDK); "
    "SEARCHER_TEST_CLUSTER=http://host:9200 names a server that runs already."
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the newest version, with one node."""
    if sys.platform == "win32":
        pytest.skip(SKIPPED.format(reason="servers are not started on Windows"))
    from tests.cluster.server import NoServer, Server, running

    if given := os.environ.get("SEARCHER_TEST_CLUSTER"):
        yield Server(None, [given])
        return
    started = running(tmp_path_factory.mktemp("opensearch"))
    try:
        found = started.__enter__()
    except NoServer as error:
        reason = SKIPPED.format(reason=error)
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield found
    finally:
        started.__exit__(None, None, None)


@pytest.fixture(scope="session")
def new_address(server: Server) -> Callable[[], str]:
    """Gives an address of an index that is not there yet, each time another one."""
    numbers = count()
    return lambda: f"{server.url}/tin-{os.getpid()}-{next(numbers)}"


@pytest.fixture
def articles_file(tmp_path: Path) -> Path:
    """A file for articles."""
    return tmp_path / "articles.jsonl"
