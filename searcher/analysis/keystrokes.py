"""Keystrokes that no keyboard program turned into letters: Telex ('maij daam') and VNI ('ma5i da6m')."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from searcher.analysis.syllable import canonical, is_marked, split

_TONES: Final = {
    "f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323",
    "2": "\u0300", "1": "\u0301", "4": "\u0303", "3": "\u0309", "5": "\u0323",
}  # fmt: skip
_TELEX: Final = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ"}
_VNI: Final = {
    "a6": "â", "e6": "ê", "o6": "ô", "a8": "ă", "o7": "ơ", "u7": "ư", "d9": "đ", "a7": "ă", "o8": "ơ", "u8": "ư",
}  # fmt: skip
_HALF_HORNED: Final = re.compile("ưo|(?<!q)uơ(?=.)")
"""One w stands for both horns, but in 'thuở' and 'quở'."""
_VOWELS: Final = "aeiouy"
_LONGEST: Final = 12


def from_keystrokes(typed: str) -> str:
    """Return the syllable that lower-case keystrokes of Telex or VNI stand for, "" where they stand for none.

    Marks may follow their letter or the whole syllable, as keyboard programs allow.

    >>> [from_keystrokes(word) for word in ("maij", "dda6m", "nguwowif", "nguoiwf", "d9ie65n", "karaoke")]
    ['mại', '', 'người', 'người', 'điện', '']
    """
    if not typed.isascii() or not typed.isalnum() or not 2 < len(typed) <= _LONGEST:
        return ""
    for shapes, tones in ((_TELEX, "fsxrj"), (_VNI, "12345")):
        letters, tone = _without_tone(typed, tones)
        shaped = _shaped(letters, shapes)
        if (shaped != letters or tone) and shaped.isalpha():
            syllable = unicodedata.normalize("NFC", shaped + tone)
            parts = split(syllable)
            if parts is not None and is_marked(syllable):
                return canonical(syllable)
    return ""


def _without_tone(typed: str, tones: str) -> tuple[str, str]:
    """The letters without the last key of a tone that stands behind a vowel, and its mark."""
    first = next((at for at, letter in enumerate(typed) if letter in _VOWELS), len(typed))
    for at in range(len(typed) - 1, first, -1):
        if typed[at] in tones:
            return typed[:at] + typed[at + 1 :], _TONES[typed[at]]
    return typed, ""


def _shaped(letters: str, shapes: dict[str, str]) -> str:
    """The letters with each mark's key drawn to its letter: right behind it, or later ('nguoiw', 'diene', 'mai6')."""
    found = letters
    for keys, letter in shapes.items():
        first = found.find(keys[0])
        second = found.find(keys[1], first + 1) if first >= 0 else -1
        if second < 0:
            continue
        between = found[first + 1 : second]
        if keys[1] in _VOWELS and between and (between[-1] in _VOWELS or second < len(found) - 1):
            continue  # another vowel of the syllable: the second o of 'ngoao'
        found = found[:first] + letter + between + found[second + 1 :]
    return _HALF_HORNED.sub("ươ", found)
