"""Keystrokes that no keyboard program turned into letters: Telex ('maij daam') and VNI ('ma5i da6m')."""

from __future__ import annotations

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
_HORNED: Final = (("uơ", "ươ"), ("ưo", "ươ"))
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
    """The letters without the last key of a tone that stands behind the first letter, and its mark."""
    for at in range(len(typed) - 1, 0, -1):
        if typed[at] in tones:
            return typed[:at] + typed[at + 1 :], _TONES[typed[at]]
    return typed, ""


def _shaped(letters: str, shapes: dict[str, str]) -> str:
    """The letters with what follows one at a distance ('nguoiw', 'dieen', 'mai6') drawn to it."""
    found = letters
    for keys, letter in shapes.items():
        first = found.find(keys[0])
        second = found.find(keys[1], first + 1) if first >= 0 else -1
        if second > first:
            found = found[:first] + letter + found[first + 1 : second] + found[second + 1 :]
    for half, whole in _HORNED:
        found = found.replace(half, whole)
    return found
