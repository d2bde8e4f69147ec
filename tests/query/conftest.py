"""What the tests of queries share: an index of the seeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher

SEEDS = Path(__file__).parent.parent.parent / "seeds"


@pytest.fixture(scope="session")
def seeds_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the seeds."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    searcher.index_paths(folder, [SEEDS])
    return folder


@pytest.fixture(scope="session")
def seeds_index(seeds_folder: Path) -> Iterator[searcher.EmbeddedIndex]:
    """An index of the seeds, open."""
    with searcher.open_index(seeds_folder) as index:
        yield index
