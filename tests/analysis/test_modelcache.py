"""The cache of segmentation tables: whatever happens to it, segmentation is right."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from searcher.analysis import FoldedTerms, SegmentationModelError, fold, modelcache, pyvimodel, tables
from searcher.analysis.knownwords import KnownWords, known_words
from searcher.analysis.segmenter import Segmenter, pyvi_form
from searcher.analysis.tables import DTYPES, Tables

pytestmark = pytest.mark.slow

TEXT = "Trường đại học Bách Khoa Hà Nội"
WORDS = [False, False, True, False, True, False, True]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(modelcache.CACHE_VARIABLE, str(tmp_path))
    modelcache.load_tables.cache_clear()
    yield tmp_path
    modelcache.load_tables.cache_clear()


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache file as it is made where there is none."""
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(modelcache.CACHE_VARIABLE, str(folder))
        load_anew()
    return cached_file(folder)


@pytest.fixture
def filled(cache: Path, made_once: Path) -> Path:
    """A cache that has its file."""
    shutil.copy2(made_once, cache)
    return cache


def load_anew() -> Tables:
    modelcache.load_tables.cache_clear()
    return modelcache.load_tables(canonical=False)


def joined(made: Tables) -> list[bool]:
    batch = Segmenter(made, pyvi_form).batch([TEXT])
    return batch.joined[batch.starts[0] : batch.ends[0]].tolist()


def cached_file(folder: Path) -> Path:
    (path,) = folder.glob("*.tables")
    return path


def test_a_cached_table_is_the_one_that_was_made(cache: Path) -> None:
    made, read = load_anew(), load_anew()
    assert cached_file(cache).exists()
    for name in DTYPES:
        np.testing.assert_array_equal(getattr(made, name), getattr(read, name))


def test_a_deleted_cache_is_made_again(filled: Path) -> None:
    cached_file(filled).unlink()
    assert joined(load_anew()) == WORDS
    assert cached_file(filled).exists()


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other json", "not json", "wrong shape", "deep json"])
def test_a_damaged_cache_file_is_replaced_with_a_warning(filled: Path, damage: str) -> None:
    path = cached_file(filled)
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "flipped": whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
            "empty": b"",
            "other json": b"[1]\n" + whole.partition(b"\n")[2],
            "not json": b"\xff\xfe\n",
            "wrong shape": whole.replace(b'"weights":[', b'"weights":[9'),
            "deep json": b"[" * 100_000 + b"\n",
        }[damage]
    )
    with pytest.warns(RuntimeWarning, match="is made anew"):
        assert joined(load_anew()) == WORDS
    assert path.read_bytes() == whole


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_cache_file_that_others_may_write_to_is_not_believed(filled: Path, mode: int) -> None:
    cached_file(filled).chmod(mode)
    with pytest.warns(RuntimeWarning, match="others may write to it"):
        assert joined(load_anew()) == WORDS
    assert cached_file(filled).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["base", "word_starts", "word_folds", "weights", "syllables"])
def test_a_planted_cache_whose_numbers_lead_out_of_its_arrays_is_not_believed(filled: Path, name: str) -> None:
    made = load_anew()
    path = cached_file(filled)
    whole = path.read_bytes()
    planted = {each: np.array(getattr(made, each)) for each in DTYPES}
    planted[name].flat[len(planted[name]) // 2] = {"weights": np.nan, "syllables": 0xFF}.get(name, 1 << 30)
    header = whole.partition(b"\n")[0]
    sources = msgspec.json.decode(header)["sources"]
    modelcache.write(path, sources, Tables(**planted))
    with pytest.warns(RuntimeWarning, match="is made anew"):
        assert joined(load_anew()) == WORDS
    assert path.read_bytes() == whole


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_no_regular_file_is_not_read_as_the_cache(filled: Path, kind: str) -> None:
    path = cached_file(filled)
    if kind == "pipe":
        path.unlink()
        os.mkfifo(path)
    else:
        path.rename(filled / "elsewhere")
        path.symlink_to(filled / "elsewhere")
    with pytest.warns(RuntimeWarning, match="is made anew"):
        assert joined(load_anew()) == WORDS
    assert path.is_file()
    assert not path.is_symlink()


def test_an_unwritable_cache_folder_costs_a_warning(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache / "file").write_text("in the way of a folder")
    monkeypatch.setenv(modelcache.CACHE_VARIABLE, str(cache / "file" / "folder"))
    with pytest.warns(RuntimeWarning, match="cannot be kept"):
        assert joined(load_anew()) == WORDS


def test_no_home_folder_costs_a_warning(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(modelcache.CACHE_VARIABLE)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: Path("~no such user").expanduser())
    with pytest.warns(RuntimeWarning, match="cannot be kept"):
        assert joined(load_anew()) == WORDS


def test_the_cache_folder_is_the_one_that_is_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert modelcache.cache_folder() == cache
    monkeypatch.delenv(modelcache.CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "xdg"))
    assert modelcache.cache_folder() == cache / "xdg" / "searcher"
    for not_absolute in ("", "xdg"):
        monkeypatch.setenv("XDG_CACHE_HOME", not_absolute)
        assert modelcache.cache_folder() == Path.home() / ".cache" / "searcher"


def test_another_version_of_pyvis_files_gets_tables_of_its_own(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, words = (filled / path.name for path in pyvimodel.locate())
    for source, copy in zip(pyvimodel.locate(), (model, words), strict=True):
        shutil.copy(source, copy)
    words.write_text(words.read_text(encoding="utf-8") + "\nhọc bách", encoding="utf-8")
    monkeypatch.setattr(pyvimodel, "locate", lambda: (model, words))
    other = load_anew()
    assert len(list(filled.glob("*.tables"))) == 2
    assert "học_bách" in KnownWords(other)


def test_no_pyvi_is_one_clear_error(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SegmentationModelError, match="pyvi is not installed"):
        load_anew()


def test_a_missing_model_file_is_one_clear_error(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvimodel, "locate", lambda: (cache / "no.pkl", cache / "no.txt"))
    with pytest.raises(SegmentationModelError, match="cannot be read"):
        load_anew()


@pytest.mark.parametrize(
    "model", [b"", b"\x80\x02N.", b"cos\nsystem\n(S'true'\ntR.", b"\x80\x02X\x04\x00\x00\x00lCRF."]
)
def test_a_model_of_another_form_is_one_clear_error_and_runs_nothing(model: bytes) -> None:
    with pytest.raises(SegmentationModelError, match="a form that is not known"):
        pyvimodel.parse(model, b"")


def test_every_entry_of_the_word_list_has_its_cell_and_nothing_else_has(cache: Path) -> None:
    model_path, words_path = pyvimodel.locate()
    model = pyvimodel.parse(model_path.read_bytes(), words_path.read_bytes())
    made = tables.build(model)
    ids = made.syllable_ids()
    entries = {tuple(word.split(" ")) for word in model.words}
    size = len(made.base)
    cells = made.cells[made.base[:, None] + np.arange(size)]
    first, second = np.nonzero((cells >> 16 == np.arange(size)[:, None]) & (cells & 1 == 1))
    names = ["", *made.syllable_ids()]
    found = {(names[a], names[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)}
    expected = {entry for entry in entries if len(entry) == 2 and all(part in ids for part in entry)}
    assert found == {entry for entry in expected if " ".join(entry) == " ".join(entry).lower()}


def test_the_cached_words_answer_as_the_same_words_in_memory_do() -> None:
    known = known_words()
    words = [known._word(number) for number in range(len(known))]
    plain = FoldedTerms(words)
    assert len(plain._terms) == len(words) > 20_000
    for word in [*words[::97], "mại_dâm", "mai_dam", "không_phải_từ", "", "\U0010ffff", "_"]:
        assert (word in known) == (word in plain)
        assert list(known.folding_to(fold(word))) == list(plain.folding_to(fold(word)))
