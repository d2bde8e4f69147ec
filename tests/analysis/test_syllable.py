"""The syllable's parts, its one spelling, and folding."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import canonical, fold, is_marked
from searcher.analysis.pyvimodel import locate
from searcher.analysis.syllable import ONSETS, RHYMES, TONE_MARKS, spellings, split, tone_position

VOWELS = "aăâeêioôơuưy"


def toned(letters: str, at: int, tone: str) -> str:
    return unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])


@pytest.mark.parametrize("rhyme", sorted(RHYMES))
def test_the_tone_mark_may_stand_on_any_vowel_of_any_rhyme(rhyme: str) -> None:
    for onset, tone in product(("", *ONSETS), TONE_MARKS):
        bare = onset + rhyme
        if split(bare) is None:
            continue
        places = [at for at, letter in enumerate(bare) if letter in VOWELS]
        if onset in ("qu", "gi") and len(places) > 1:
            places = places[1:]
        assert len({canonical(toned(bare, at, tone)) for at in places}) == 1


def test_the_one_spelling_is_its_own_one_spelling() -> None:
    for onset, rhyme, tone in product(("", *ONSETS), sorted(RHYMES), ("", *TONE_MARKS)):
        spelled = canonical(unicodedata.normalize("NFC", onset + rhyme[0] + tone + rhyme[1:]))
        assert canonical(spelled) == spelled


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hòa", "hoà"), ("khỏe", "khoẻ"), ("thúy", "thuý"), ("túy", "tuý"), ("tòa", "toà"), ("ủy", "uỷ"),
        ("hủy", "huỷ"), ("thủy", "thuỷ"), ("lũy", "luỹ"), ("xòe", "xoè"), ("qúy", "quý"), ("qùa", "quà"),
        ("kĩ", "kỹ"), ("lí", "lý"), ("mĩ", "mỹ"), ("sĩ", "sỹ"), ("tỉ", "tỷ"), ("hi", "hy"), ("quí", "quý"),
        ("hòan", "hoàn"), ("tuýên", "tuyến"), ("gíao", "giáo"), ("nghịên", "nghiện"),
    ],
)  # fmt: skip
def test_both_ways_of_writing_are_one(old: str, new: str) -> None:
    assert canonical(old) == canonical(new) == new


@pytest.mark.parametrize("rhyme", sorted(RHYMES))
def test_the_spellings_of_a_term_are_all_that_it_is_the_one_spelling_of(rhyme: str) -> None:
    for onset, tone in product(("", *ONSETS), ("", *TONE_MARKS)):
        bare = onset + rhyme
        written = {toned(bare, at, tone) for at, letter in enumerate(bare) if letter in VOWELS}
        for word in written:
            assert word in spellings(canonical(word))
        for word in spellings(canonical(min(written))):
            assert canonical(word) == canonical(min(written))


SPELLED_ONE_WAY = (
    "quý quà quán hoàn toàn chìa mùa mưa gì giữa giết giếng của kìa khuya khuỷu nghiêng thuở ngoằn xoong ai áo uống "
    "yêu ý y thi vi chi như ty"
)


@pytest.mark.parametrize("word", SPELLED_ONE_WAY.split())
def test_words_that_are_spelled_one_way_stay(word: str) -> None:
    assert canonical(word) == word


@pytest.mark.parametrize("word", ["karaoke", "facebook", "pc04", "hiv", "", "1.000", "b", "ngđ", "áá", "x" * 99])
def test_what_is_no_syllable_is_left_alone(word: str) -> None:
    assert split(word) is None
    assert canonical(word) == word


def test_syllables_of_pyvis_word_list_change_in_the_two_known_ways_only() -> None:
    words = locate()[1].read_text(encoding="utf-8").lower().split()
    changed = {word for word in words if canonical(word) != word}
    assert {fold(word)[-1] for word in changed} == {"i"}
    assert all(canonical(word)[:-1] == word[:-1] for word in changed)


def test_meanings_that_only_marks_part_stay_apart() -> None:
    words = ["ma", "má", "mà", "mả", "mã", "mạ", "mâ", "mầ", "mơ", "mờ", "mo", "mò", "mỹ", "my", "mỳ"]
    assert len({canonical(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("term", "folded"),
    [("mại_dâm", "mai_dam"), ("Đường", "Duong"), ("ơưăâêôđ", "ouaaeod"), ("abc", "abc"), ("tuý", "tuy"), ("ü", "u")],
)
def test_folding_takes_every_mark_off(term: str, folded: str) -> None:
    assert fold(term) == folded
    assert fold(unicodedata.normalize("NFD", term)) == folded


@given(st.text() | st.text(alphabet="aáàđĐươ\u0301\u0323ﬁẹ̀각\u1112\u1161é_"))
def test_folding_is_taking_all_combining_marks_off_the_decomposed_text(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    assert fold(text) == unicodedata.normalize("NFC", bare)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert not is_marked(fold(text))


def test_the_mark_goes_where_the_rule_of_spelling_puts_it() -> None:
    assert [tone_position("oa", ""), tone_position("oa", "n"), tone_position("ia", ""), tone_position("ươ", "ng")] == [
        1,
        1,
        0,
        1,
    ]
