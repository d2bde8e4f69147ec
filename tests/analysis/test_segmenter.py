"""Segmentation: letter for letter what pyvi returns."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.common import CORPUS, full_text, records
from searcher.analysis import segment, segment_many

Reference = Callable[[str], str]
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("**/*.*"))

# pyvi cannot encode lone surrogates, so there is nothing to compare them with.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
WORD_LIST = (
    "trường đại học bách khoa Hà Nội công an tỉnh Sơn La mại dâm ma tuý túy hoà hòa ủy ban nhân dân TP.HCM TP. Tp. "
    "Mr. Mrs. Ms. Dr. ThS. Đ. ==> -> ... >> .... ) ( \" ' “ ” – - _ __ _a a_ a_b 1.000 1,5 1_2 1.2.3,4_5 12 ² ½ ٣ "
    "http://a.vn/b?c=1, ftp://x a@b.vn a.b+c@d-e.f.gh, @ @a a@ a@b .@.. HIV/AIDS 300kg PC04 F0 ǅ ß İ ΑΣ Σ ﬁ \u0301 "
    "e\u0301 \u200b \u00a0 \u2028 \x1c \x00 a\x00b http://a\x00b \ufeff 😀 👨‍👩‍👧 中文 ไทย हिन्दी ا \t \n \r\n "
    "người dân học sinh tổ chức vô địch"
)
WORDS = WORD_LIST.split(" ")
VIETNAMESE = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", " ", "", "\n", "  ", "\t", ", ", ". "])), max_size=40
).map(lambda pairs: "".join(word + gap for word, gap in pairs))
CASED = st.tuples(VIETNAMESE, st.sampled_from([str, str.upper, str.title, str.lower])).map(
    lambda pair: pair[1](pair[0])
)


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


@pytest.mark.slow
def test_a_megabyte_is_segmented_as_pyvi_does(pyvi_tokenize: Reference) -> None:
    address = "https://example.vn/" + "trường-đoàn/" * 40
    text = (" ".join(WORDS) + " Những trường nghiêng chuyển nhượng thường khuếch trương. " + (address + " ") * 2) * 750
    assert len(text) > 1_000_000
    assert segment(text) == pyvi_tokenize(text)


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
    monkeypatch.setattr("searcher.analysis.segmenter._MAX_PIECES", 20)
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


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_5000_articles_of_the_corpus_are_segmented_as_pyvi_does(pyvi_tokenize: Reference) -> None:
    texts = [full_text(record) for record in records(limit=5000)]
    for text, segmented in zip(texts, segment_many(texts), strict=True):
        assert segmented == pyvi_tokenize(text)


def test_segmenting_imports_neither_pyvi_nor_scikit_learn() -> None:
    code = (
        "import sys; from searcher.analysis import segment; segment('mại dâm Sơn La');"
        "sys.exit(any(name.partition('.')[0] in ('pyvi', 'sklearn', 'scipy', 'pycrfsuite') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
