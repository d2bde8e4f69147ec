"""Clean-up of text, and of text in the encodings before Unicode."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.common import CORPUS, records
from searcher.analysis import normalize
from searcher.analysis.legacy import _tcvn3, _vni, decode_legacy
from searcher.analysis.normalization import clean

SENTENCES = [
    "công an tỉnh điện biên bắt giữ đối tượng mua bán trái phép chất ma túy, thu giữ hàng chục bánh heroin.",
    "phòng chống tệ nạn xã hội; mại dâm, ma tuý ở quận hoàn kiếm. ủy ban nhân dân thành phố hồ chí minh",
    "chị nguyễn thị h. (ở mỹ đức) khóc: trẻ em bị lừa bán sang nước ngoài.\nkẻ xấu đã bị xử lý nghiêm!",
    "mại dâm sơn la",
]


def in_tcvn3(text: str) -> str:
    return text.translate({ord(letter): chr(code) for code, letter in _tcvn3().items()})


def in_vni(text: str) -> str:
    written: dict[str, str] = {}
    for source, letter in _vni()[0].items():
        if source == source.lower():
            written.setdefault(letter, source)
    return "".join(written.get(letter, letter) for letter in text)


def in_viqr(text: str) -> str:
    marks = dict(zip("\u0302\u0306\u031b\u0301\u0300\u0309\u0303\u0323", "^(+'`?~.", strict=True))
    written = []
    for letter in text.replace("đ", "dd"):
        base, *rest = unicodedata.normalize("NFD", letter)
        written += [base, *sorted((marks.get(mark, mark) for mark in rest), key="^(+".find, reverse=True)]
    return "".join(written)


@pytest.mark.parametrize("encode", [in_tcvn3, in_vni, in_viqr])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_text_in_a_legacy_encoding_is_read(encode: object, sentence: str) -> None:
    assert callable(encode)
    written = encode(sentence)
    assert written != sentence
    assert normalize(written) == normalize(sentence)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("C«ng an tØnh S¬n La", "Công an tỉnh Sơn La"),
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("m¹i d©m", "mại dâm"),
        ("Coâng an tænh Ñieän Bieân", "Công an tỉnh Điện Biên"),
        ("MAÏI DAÂM TAÏI THAØNH PHOÁ HOÀ CHÍ MINH", "MẠI DÂM TẠI THÀNH PHỐ HỒ CHÍ MINH"),
        ("Co^ng an ti?nh So+n La ba('t giu+~", "Công an tỉnh Sơn La bắt giữ"),
        ("Vie^.t Nam, ddu+o+`ng phô'", "Vie^.t Nam, ddu+o+`ng phô'"),  # half Unicode: not VIQR
    ],
)
def test_samples_of_legacy_text(written: str, read: str) -> None:
    assert normalize(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "Cà chua và cá", "Con cò", "hòa", "là", "São Paulo", "café", "crème brûlée à la carte", "Müller über Wien",
        "señor Peña", "José, Pelé, Beyoncé", "© 2018 Apple® 10µg ½ 25°C £5 §3", "C++ and A+ (a^2 + b^2)", "dd/mm/yyyy",
        "I'm sure you're a man, aren't you?", "add a(b) to o+", "naïve façade", "été", "`ls` ~/a", "wow!!! oh~ no~",
    ],
)  # fmt: skip
def test_text_in_other_languages_is_no_legacy_encoding(text: str) -> None:
    assert decode_legacy(text) == text


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_no_text_of_the_corpus_is_taken_for_a_legacy_encoding() -> None:
    for record in records():
        for field in ("title", "lead", "body"):
            assert decode_legacy(record[field]) == record[field]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e\u0302\u0323", "ệ"),
        ("e\u0301\u0302", "ế"),  # tone typed before the circumflex
        ("o\u0309\u031b", "ở"),
        ("Ð\u1ed3ng Nai, ðường", "Đồng Nai, đường"),
        ("ｍａ　ｔúｙ", "ma túy"),
        ("𝐦𝐚 𝐭𝐮𝐲", "ma tuy"),
        ("mại\u200bdâm\ufeff", "mạidâm"),
        ("ma\u00a0túy\u2009đá", "ma túy đá"),
        ("mаi dâm", "mai dâm"),  # a Cyrillic а
        ("Москва", "Москва"),
        ("ma\u00adtúy", "matúy"),
        ("a\tb", "a b"),
        ("Mỹ ĐÌNH", "Mỹ ĐÌNH"),
        ("", ""),
    ],
)
def test_what_looks_the_same_is_written_the_same(text: str, expected: str) -> None:
    assert normalize(text) == expected


ODD = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("aeouđÐ\u0301\u0302\u0323\u031b\u200b ｍ𝐚а"))


@given(ODD)
@settings(max_examples=500)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ODD)
def test_a_text_and_its_decomposition_are_cleaned_alike(text: str) -> None:
    assert clean(unicodedata.normalize("NFD", text)) == clean(text)
