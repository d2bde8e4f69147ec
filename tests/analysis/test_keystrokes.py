"""Telex and VNI keystrokes become the syllables they were meant to be, and nothing else does."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest

from searcher.analysis import canonical, fold, is_marked
from searcher.analysis.keystrokes import from_keystrokes
from searcher.analysis.syllable import ONSETS, RHYMES, TONE_MARKS, split, tone_position

TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
TELEX_TONES = dict(zip(TONE_MARKS, "fsxrj", strict=True)) | {"": ""}
VNI_TONES = dict(zip(TONE_MARKS, "21435", strict=True)) | {"": ""}


def every_syllable() -> list[str]:
    """Return the marked syllables of six onsets with every rhyme and tone, in their one spelling."""
    found = set()
    for onset, rhyme, tone in product(("", "b", "đ", "ng", "th", "tr"), sorted(RHYMES), ("", *TONE_MARKS)):
        assert not onset or onset in ONSETS or onset == "đ"
        parts = split(onset + rhyme)
        if parts is None or parts[0] != onset:
            continue
        at = len(onset) + tone_position(parts[1], parts[2]) + 1
        whole = onset + rhyme
        found.add(canonical(unicodedata.normalize("NFC", whole[:at] + tone + whole[at:])))
    return sorted(syllable for syllable in found if is_marked(syllable))


def keys(syllable: str, letters: dict[str, str], tones: dict[str, str]) -> str:
    parts = split(syllable)
    assert parts is not None
    return "".join(letters.get(letter, letter) for letter in "".join(parts[:3])) + tones[parts[3]]


@pytest.mark.parametrize(("letters", "tones"), [(TELEX, TELEX_TONES), (VNI, VNI_TONES)], ids=["Telex", "VNI"])
def test_every_syllable_is_found_in_its_keystrokes(letters: dict[str, str], tones: dict[str, str]) -> None:
    syllables = every_syllable()
    assert len(syllables) > 3000
    # Of two keys a syllable is not told from a foreign word; and in Telex oo is ô, so that 'boong' takes a third o.
    typed = {one: keys(one, letters, tones) for one in syllables if letters is VNI or "oo" not in fold(one)}
    assert {one: from_keystrokes(all_keys) for one, all_keys in typed.items() if len(all_keys) > 2} == {
        one: one for one, all_keys in typed.items() if len(all_keys) > 2
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("maij", "mại"), ("nguoiwf", "người"), ("nguwowif", "người"), ("ddieenj", "điện"), ("d9ie65n", "điện")],
)
def test_marks_may_follow_their_letter_or_the_whole(typed: str, meant: str) -> None:
    assert from_keystrokes(typed) == meant


@pytest.mark.parametrize("typed", ["karaoke", "hanoi", "2019", "mại", "ca", "", "x" * 40, "heroin"])
def test_what_no_keyboard_makes_a_syllable_of_is_left_alone(typed: str) -> None:
    assert from_keystrokes(typed) == ""
