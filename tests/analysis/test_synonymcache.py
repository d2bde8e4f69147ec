"""The built-in synonyms are the same from the cache, without one, and with one that is of no use."""

from pathlib import Path

import pytest

from searcher.analysis import synonyms


def words(cache: Path, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, ...], tuple[synonyms.Equivalent, ...]]:
    monkeypatch.setenv("SEARCHER_CACHE", str(cache))
    synonyms._built_in.cache_clear()
    built_in = synonyms.load_synonyms()
    return {word: built_in.of(word) for word in built_in.words()}


def test_synonyms_from_the_cache_are_those_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = words(tmp_path, monkeypatch)
    (file,) = tmp_path.glob("synonyms-*.json")
    assert words(tmp_path, monkeypatch) == fresh
    assert fresh["công", "an"]
    for broken in (b"", b"[[", b'[[["x"], {"weight": "heavy"}]]'):
        file.write_bytes(broken)
        assert words(tmp_path, monkeypatch) == fresh


def test_a_cache_that_cant_be_written_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = words(tmp_path, monkeypatch)
    (tmp_path / "file").write_text("")
    assert words(tmp_path / "file" / "below", monkeypatch) == fresh
