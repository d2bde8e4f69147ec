"""The term stream: one for articles and queries, one by one and in bulk, with offsets into the text as written."""

from __future__ import annotations

import copy
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.common import CORPUS, full_text, records
from searcher.analysis import TermAnalyzer, fold, normalize
from searcher.analysis.analyzer import VietnameseAnalyzer
from tests.analysis.test_normalization import ODD
from tests.analysis.test_segmenter import ANY_TEXT, CASED

Row = tuple[str, int, int, int]


def rows(text: str, **options: int) -> list[Row]:
    stream = VietnameseAnalyzer()(text, positions=True, chars=True, **options)
    return [(token.text, token.pos, token.startchar, token.endchar) for token in stream]


def terms(text: str) -> list[tuple[str, int]]:
    return [(term, position) for term, position, _, _ in rows(text)]


def test_a_word_stands_at_its_first_syllables_position_right_after_it() -> None:
    assert terms("Mại dâm ở Sơn La") == [
        ("mại", 0), ("mại_dâm", 0), ("dâm", 1), ("ở", 2), ("sơn", 3), ("sơn_la", 3), ("la", 4),
    ]  # fmt: skip


def test_punctuation_takes_no_position_and_parts_words() -> None:
    assert terms("“Ma túy”, – 1.000 TP.HCM... (HIV/AIDS)!") == [
        ("ma", 0), ("ma_tuý", 0), ("tuý", 1), ("1.000", 2), ("tp", 3), ("hcm", 4), ("hiv", 5), ("aids", 6),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " ", "\n", "...", "“”", "\u200b"])
def test_text_without_letters_and_digits_has_no_terms(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize(
    "texts",
    [
        ["hoà bình", "hòa bình", "HÒA BÌNH", "Hoà Bình", "hoà\u00a0bình", "hoà_bình", "hoà   bình"],
        ["kĩ thuật", "kỹ thuật", "Kĩ thuật", "kỹ  thuật"],
        ["ma túy", "ma tuý", "MA TÚY", "ma t\u00adúy", "ｍａ túy", "Ma Tuý", "ma tu\u0301y"],
        ["Công an tỉnh Sơn La", "C«ng an tØnh S¬n La", "Coâng an tænh Sôn La", "Co^ng an ti?nh So+n La"],
    ],
)
def test_ways_of_writing_the_same_give_the_same_terms(texts: list[str]) -> None:
    spread = [unicodedata.normalize("NFD", text) for text in texts[:2]]
    assert len({tuple(terms(text)) for text in texts + spread}) == 1


@given(CASED | ANY_TEXT | ODD)
@settings(max_examples=400, deadline=None)
def test_a_text_and_its_clean_form_give_the_same_terms(text: str) -> None:
    assert terms(normalize(text)) == terms(text)
    assert terms(unicodedata.normalize("NFD", text)) == terms(unicodedata.normalize("NFC", text))


@given(st.lists(CASED | ANY_TEXT | ODD, max_size=6))
@settings(max_examples=300, deadline=None)
def test_bulk_and_single_analysis_agree(texts: list[str]) -> None:
    analyzer = VietnameseAnalyzer().bulk()
    batch = analyzer.analyze_many(texts)
    assert (batch.term_ids.dtype, batch.positions.dtype, batch.offsets.dtype) == (np.int32, np.int32, np.int64)
    assert len(batch.offsets) == len(texts) + 1
    for number, text in enumerate(texts):
        span = slice(*batch.offsets[number : number + 2].tolist())
        found = zip(batch.term_ids[span].tolist(), batch.positions[span].tolist(), strict=True)
        assert [(analyzer.terms[term], position) for term, position in found] == terms(text)
    assert len(set(analyzer.terms)) == len(analyzer.terms)


@given(CASED | ANY_TEXT | ODD)
@settings(max_examples=400, deadline=None)
def test_terms_and_their_offsets_are_sound(text: str) -> None:
    found = rows(text)
    singles = [row for row in found if "_" not in row[0]]
    assert [position for _, position, _, _ in singles] == list(range(len(singles)))
    for term, position, start, end in found:
        assert 0 <= start < end <= len(text)
        assert term == term.lower()
        syllables = term.split("_")
        assert [row[0] for row in singles[position : position + len(syllables)]] == syllables
        assert (start, end) == (singles[position][2], singles[position + len(syllables) - 1][3])


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("(Mại dâm)", ["Mại", "Mại dâm", "dâm"]),
        ("ho\u0300a bi\u0300nh", ["ho\u0300a", "ho\u0300a bi\u0300nh", "bi\u0300nh"]),
        ("m\u200bại  dâm", ["m\u200bại", "m\u200bại  dâm", "dâm"]),
        ("“TP.HCM”", ["TP.", "HCM"]),
        ("mại_dâm", ["mại", "mại_dâm", "dâm"]),
        ("m¹i d©m", ["m¹i", "m¹i d©m", "d©m"]),
        ("\ufeffﬁn", ["ﬁn"]),
    ],
)
def test_offsets_show_the_text_as_it_was_written(text: str, marked: list[str]) -> None:
    assert [text[start:end] for _, _, start, end in rows(text)] == marked


def test_positions_and_offsets_start_where_whoosh_says() -> None:
    assert rows("sơn la", start_pos=10, start_char=100)[0] == ("sơn", 10, 100, 103)


def test_a_token_carries_only_what_was_asked_for() -> None:
    token = next(VietnameseAnalyzer()("Sơn La"))
    assert not hasattr(token, "pos") and not hasattr(token, "startchar")
    kept = next(VietnameseAnalyzer()("Sơn La", keeporiginal=True))
    assert vars(kept)["original"] == "Sơn"


def test_all_analyzers_are_equal_and_can_be_copied() -> None:
    assert VietnameseAnalyzer() == VietnameseAnalyzer() == copy.deepcopy(VietnameseAnalyzer())


def test_no_text_is_an_empty_batch() -> None:
    batch = TermAnalyzer().analyze_many([])
    assert batch.offsets.tolist() == [0]
    assert len(batch.term_ids) == len(batch.positions) == 0


def test_term_ids_stay_when_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Công an phường {number} bắt giữ {number} đối tượng mua bán trái phép" for number in range(100)]
    whole = TermAnalyzer()
    expected = whole.analyze_many(texts)
    monkeypatch.setattr("searcher.analysis.segmenter._MAX_TOKENS", 10)
    monkeypatch.setattr("searcher.analysis.segmenter.BATCH_CHARS", 200)
    again = TermAnalyzer()
    batch = again.analyze_many(texts)
    assert [again.terms[term] for term in batch.term_ids] == [whole.terms[term] for term in expected.term_ids]
    np.testing.assert_array_equal(batch.offsets, expected.offsets)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_bulk_and_single_analysis_agree_on_articles() -> None:
    texts = [full_text(record) for record in records(limit=100)]
    analyzer = TermAnalyzer()
    batch = analyzer.analyze_many(texts)
    for number, text in enumerate(texts):
        span = slice(*batch.offsets[number : number + 2].tolist())
        found = [analyzer.terms[term] for term in batch.term_ids[span].tolist()]
        assert list(zip(found, batch.positions[span].tolist(), strict=True)) == terms(text)
        for term, _, start, end in rows(text):
            assert fold(term)[0] == fold(normalize(text[start:end]).lower())[0]
