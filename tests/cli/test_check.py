"""The check command: says whether an index is sound, in a sentence or as JSON, and by its exit code."""

import json
import shutil
from pathlib import Path

import pytest

from searcher.cli.app import run


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")


@pytest.fixture
def copy(seeds_folder: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "index"
    shutil.copytree(seeds_folder, copied)
    return copied


def damage(folder: Path) -> str:
    (path,) = folder.glob("*.seg")
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    return path.name


def test_a_sound_index_is_said_to_be_sound(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-i", str(copy)]) == 0
    assert "45" in capsys.readouterr().out
    assert run(["check", "-i", str(copy), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


def test_a_damaged_part_is_named_with_its_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = damage(copy)
    assert run(["check", "-i", str(copy)]) == 1
    assert name in capsys.readouterr().out
    assert run(["check", "-i", str(copy), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["file"] == name
    assert problem["part"] != ""


def test_where_there_is_no_index_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-i", str(tmp_path)]) == 1
    assert "no index" in capsys.readouterr().err
