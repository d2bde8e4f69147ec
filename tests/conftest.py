"""What holds for all tests, and what many share: an index of the seeds."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import searcher
from searcher.processes import available_cores

SEEDS: Final = Path(__file__).parents[1] / "seeds"


def pytest_xdist_auto_num_workers() -> int:
    """One more process than there are cores: many tests wait for a browser, a server or a killed process."""
    return available_cores() + 1


def pytest_sessionstart() -> None:
    """Have Ctrl-C reach the programs that tests start, also where the tests themselves run in the background.

    A shell without job control has what it starts with '&' ignore SIGINT, and what is ignored stays so in children.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def seeds_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the seeds, not to be changed."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    searcher.index_paths(folder, [SEEDS])
    return folder


@pytest.fixture(scope="session")
def seeds_index(seeds_folder: Path) -> Iterator[searcher.EmbeddedIndex]:
    """An index of the seeds, open."""
    with searcher.open_index(seeds_folder) as index:
        yield index
