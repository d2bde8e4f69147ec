"""What an earlier version wrote is searched and updated: formats/ has an index of each, of twelve invented articles."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

import searcher
from tests.conformance.library import filled, found, ids_of
from tests.invented import invented

FORMATS: Final = Path(__file__).parent / "formats"


@pytest.fixture(params=sorted(path.name for path in FORMATS.iterdir()))
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(FORMATS / request.param, tmp_path / "index"))


def test_it_is_searched(folder: Path) -> None:
    with searcher.open_index(folder) as index:
        assert set(found(index.search("", limit=100, all_copies=True))) == ids_of(invented(12))
        assert index.search('"heroin"', limit=0).total > 0
        assert index.get("bai-003").title == invented(4)[3]["title"]
        assert index.suggest("mại d")
    assert searcher.check_index(folder).problems == []


def test_it_is_updated(folder: Path, tmp_path: Path) -> None:
    assert filled(folder, tmp_path / "more.jsonl", invented(4, start=10)).added == 2
    with searcher.open_index(folder) as index:
        assert index.stats().articles == 14
        assert set(found(index.search("", limit=100, all_copies=True))) == ids_of(invented(14))
