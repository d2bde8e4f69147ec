"""Cleans text up without changing its words: one code point for what looks the same to a reader.

- Unicode normal form C, also where a tone mark was typed before the circumflex, breve or horn;
- letters and digits of the compatibility blocks (full width, mathematical bold, ligatures) as plain ones;
- look-alikes: Ð (eth) and Ɖ (African D) as Đ, ǎ (caron) as ă, Cyrillic and Greek letters inside Latin words;
- invisible characters (zero width, soft hyphen, direction marks) dropped, every kind of space as a space.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from searcher.analysis.legacy import decode_legacy

_HORIZONTAL_SPACES: Final = (
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_RARE: Final = str.maketrans(
    {
        **dict.fromkeys(_INVISIBLE),
        **dict.fromkeys(_HORIZONTAL_SPACES, " "),
        **dict.fromkeys("ÐƉ", "Đ"),
        **dict.fromkeys("ðɖ", "đ"),
        "Ǎ": "Ă",
        "ǎ": "ă",
        "\u2010": "-",
        "\u2011": "-",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x85": "\n",
    }
)
# Cyrillic and Greek letters that a reader takes for Latin ones (Unicode confusables, letters only).
_LOOKALIKES: Final = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXIJSaeopcyxijshABEZHIKMNOPTYXo"
)
UNUSUAL: Final = re.compile("[^\n -~À-ÏÑ-ïñ-įı-ƈƊ-ưẠ-ỹ“”‘’–—…•]")
"""Characters that clean-up may have something to say to; in NFC, the others come out of it as they are."""
# Compiled when first used: what is written as most texts are has nothing of these.
_COMPATIBLE: Final = "[\ufb00-\ufb06\uff01-\uffee\U0001d400-\U0001d7ff]+"
_FOREIGN_LETTERS: Final = "[\u0370-\u052f]"
_MIXED_WORD: Final = "(?=[^\\W\\d_]*[a-zA-ZđĐ\u00c0-\u024f\u1e00-\u1eff])[^\\W\\d_]*[\u0370-\u052f][^\\W\\d_]*"
_LEFTOVER_MARKS: Final = "[a-zA-Z\u00c0-\u024f\u1e00-\u1eff][\u0300-\u036f]+"
_SHAPES: Final = "\u0302\u0306\u031b"  # circumflex, breve, horn


def normalize(text: str) -> str:
    """Return the text cleaned up as the module says, out of TCVN3, VNI or VIQR if it is written so; case stays.

    Cleaning twice is cleaning once.

    >>> normalize("ma tu\\u0301y \\u00d0\\u1ed3ng Nai\\u200b")
    'ma túy Đồng Nai'
    """
    return clean(decode_legacy(text))


def clean(text: str) -> str:
    """Return the text cleaned up, without looking for legacy encodings."""
    if text.isascii():
        return text.replace("\t", " ")
    text = unicodedata.normalize("NFC", text)
    if not UNUSUAL.search(text):
        return text
    text = text.translate(_RARE)
    text = re.sub(_COMPATIBLE, lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if re.search(_FOREIGN_LETTERS, text):
        text = re.sub(_MIXED_WORD, lambda match: match[0].translate(_LOOKALIKES), text)
    text = re.sub(_LEFTOVER_MARKS, lambda match: _reordered(match[0]), text)
    return unicodedata.normalize("NFC", text)


def _reordered(cluster: str) -> str:
    # Marks of one combining class keep the order they were typed in; only shape before tone composes.
    decomposed = unicodedata.normalize("NFD", cluster)
    shapes = "".join(mark for mark in decomposed if mark in _SHAPES)
    rest = "".join(mark for mark in decomposed[1:] if mark not in _SHAPES)
    return unicodedata.normalize("NFC", decomposed[0] + shapes + rest)
