"""Segmentation: letter for letter what pyvi returns."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.common import CORPUS, full_text, records
from searcher.analysis import segment, segment_many
from tools.pyvi_record import RECORD, WORDS, corpus_blocks, fingerprint, megabyte

pytestmark = pytest.mark.slow

Reference = Callable[[str], str]
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("**/*.*"))

# pyvi cannot encode lone surrogates, so there is nothing to compare them with.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
VIETNAMESE = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", " ", "", "\n", "  ", "\t", ", ", ". "])), max_size=40
).map(lambda pairs: "".join(word + gap for word, gap in pairs))
CASED = st.tuples(VIETNAMESE, st.sampled_from([str, str.upper, str.title, str.lower])).map(
    lambda pair: pair[1](pair[0])
)


def recorded() -> dict[str, Any]:
    """What pyvi itself gave for much text."""
    record: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))
    assert record["pyvi"] == version("pyvi"), "another pyvi: run python -m tools.pyvi_record"
    return record


@given(ANY_TEXT | VIETNAMESE | CASED)
@settings(max_examples=600, deadline=None)
def test_any_text_is_segmented_as_pyvi_does(pyvi_tokenize: Reference, text: str) -> None:
    assert segment(text) == pyvi_tokenize(text)


@given(st.lists(CASED | ANY_TEXT, max_size=8))
@settings(max_examples=150, deadline=None)
def test_many_texts_are_segmented_like_each_of_them(pyvi_tokenize: Reference, texts: list[str]) -> None:
    assert list(segment_many(texts)) == [pyvi_tokenize(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "\t \u00a0",
        "a",
        "Sơn",
        ".",
        "\x00",
        "_",
        "Trường đại học Bách Khoa Hà Nội",
        "e\u0302\u0301 NFD và NFC",
        "\u0958 \u2126 \ufb1d",  # letters that normal form C takes apart or replaces
    ],
)
def test_small_and_odd_texts_are_segmented_as_pyvi_does(pyvi_tokenize: Reference, text: str) -> None:
    assert segment(text) == pyvi_tokenize(text)


@pytest.mark.parametrize("word", ["dân ", "học sinh ", "x ", "Đ.", "1 ", "a-b@c.d ", "ở\n"])
def test_long_repetitive_text_is_segmented_as_pyvi_does(pyvi_tokenize: Reference, word: str) -> None:
    text = word * (60_000 // len(word))
    assert segment(text) == pyvi_tokenize(text)


def test_a_megabyte_is_segmented_as_pyvi_does() -> None:
    text = megabyte()
    assert len(text) > 1_000_000
    assert fingerprint([segment(text)]) == recorded()["megabyte"]


@pytest.mark.parametrize("text", ["a." * 500_000 + "@", "a" * 1_000_000, "." * 1_000_000, "a@" * 500_000, "a-@" * 9])
def test_hostile_text_takes_no_more_than_linear_time(text: str) -> None:
    assert segment(text).replace(" ", "").replace("_", "") == text


@given(st.text("aB.@-_1Đ é\n:/", max_size=300).map(lambda text: text.replace(" ", "")))
@settings(max_examples=300, deadline=None)
def test_long_pieces_are_cut_like_short_ones(text: str) -> None:
    from searcher.analysis import tokenizer

    assert tokenizer._long_tokens(text) == re.findall(tokenizer._WITH_MAIL, text)


@given(VIETNAMESE)
@settings(max_examples=200, deadline=None)
def test_the_loop_that_settles_what_rounding_leaves_open_does_what_pyvi_does(
    pyvi_tokenize: Reference, text: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("searcher.analysis.viterbi._MARGIN", 1e6)  # now everything is open
        assert segment(text) == pyvi_tokenize(text)


def test_memory_given_back_between_batches_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Công an quận {number} bắt giữ {number} đối tượng" for number in range(200)]
    expected = list(segment_many(texts))
    monkeypatch.setattr("searcher.analysis.segmenter._MAX_TOKENS", 20)
    monkeypatch.setattr("searcher.analysis.segmenter.BATCH_CHARS", 300)
    assert list(segment_many(texts)) == expected


def test_several_threads_may_segment_at_once() -> None:
    texts = [f"Công an quận {number} bắt giữ đối tượng số{number % 97} mua bán trái phép" for number in range(2000)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(segment, texts)) == list(segment_many(texts))


@pytest.mark.skipif(not SEEDS, reason="there are no seeds")
def test_every_seed_is_segmented_as_pyvi_does(pyvi_tokenize: Reference) -> None:
    texts = [path.read_text(encoding="utf-8") for path in SEEDS if path.suffix in (".txt", ".md", ".html", ".jsonl")]
    assert list(segment_many(texts)) == [pyvi_tokenize(text) for text in texts]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_300_articles_of_the_corpus_are_segmented_as_pyvi_does(pyvi_tokenize: Reference) -> None:
    texts = [full_text(record) for record in records(limit=300)]
    assert list(segment_many(texts)) == [pyvi_tokenize(text) for text in texts]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_5000_articles_of_the_corpus_are_segmented_as_pyvi_does() -> None:
    assert [fingerprint(segment_many(block)) for block in corpus_blocks()] == recorded()["corpus"]


def test_segmenting_imports_neither_pyvi_nor_scikit_learn() -> None:
    code = (
        "import sys; from searcher.analysis import segment; segment('mại dâm Sơn La');"
        "sys.exit(any(name.partition('.')[0] in ('pyvi', 'sklearn', 'scipy', 'pycrfsuite') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
