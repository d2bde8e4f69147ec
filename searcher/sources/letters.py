"""Letters, cleaned once at the door: what is shown of a text, and what its structure is read from.

What is shown stays as the source has it, but for what no reader sees: it is valid Unicode, composed (NFC), without byte
order marks and zero-width spaces. (A soft hyphen stays: in TCVN3 it is 'ư'.) What is read besides has one code point
for what looks the same, and is out of TCVN3, VNI or VIQR (`searcher.analysis.normalization`): so the date line of a
text in old letters is one too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from searcher.analysis.legacy import decode_legacy
from searcher.analysis.normalization import clean, normalize
from searcher.analysis.syllable import split

_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
# A zero-width space may be the only space between two words.
_PARTED: Final = re.compile("([^\\W\\d_]{1,16})\u200b{1,9}(?=([^\\W\\d_]{1,16}))")
_NO_UNICODE: Final = re.compile("[\ud800-\udfff]")


class Line(NamedTuple):
    """A line of a text as it is shown, and as its structure is read from it."""

    shown: str
    read: str


def valid(text: str) -> str:
    r"""Return the text with U+FFFD for halves of characters, which no encoding has.

    >>> valid("Tin n\ud83d")
    'Tin n\ufffd'
    """
    if text.isascii():
        return text
    try:
        text.encode("utf-16-le")  # which is quicker to make than UTF-8
    except UnicodeEncodeError:
        return _NO_UNICODE.sub("\ufffd", text)
    return text


def composed(text: str) -> str:
    r"""Return the text as it is shown.

    >>> composed("\ufeffma\u200btu\u0301y")
    'ma túy'
    """
    return composed_unicode(valid(text))


def composed_unicode(text: str) -> str:
    """Return the same of a text that is valid Unicode already, as what was decoded is."""
    return text if text.isascii() else without_unseen(unicodedata.normalize("NFC", text))


def without_unseen(text: str) -> str:
    """Return the text without the characters that no reader sees; a zero-width space that parts words is a space."""
    if "\u200b" in text or "\u2060" in text or "\ufeff" in text:
        return unicodedata.normalize("NFC", _PARTED.sub(_spaced, text).translate(_UNSEEN))
    return text


def _spaced(match: re.Match[str]) -> str:
    left, right = match[1].lower(), match[2].lower()
    words = split(left) is not None and split(right) is not None and split(left + right) is None
    return match[1] + (" " if words else "")


def readable(text: str) -> str:
    """Return the text as structure is read from it.

    >>> readable("Ngaøy 17 thaùng 02 naêm 2020")
    'Ngày 17 tháng 02 năm 2020'
    """
    return normalize(composed(text))


def lines(text: str) -> list[Line]:
    """Return the lines of a text that are not blank, without the blanks around them."""
    shown = composed(text).splitlines()
    # Old letters are known by a whole text, not by a line.
    read = decode_legacy("\n".join(shown)).split("\n") if shown else []
    return [
        Line(" ".join(line.split()) if "\t" in line else line.strip(), clean(plain).strip())
        for line, plain in zip(shown, read, strict=True)
        if line.strip()
    ]
