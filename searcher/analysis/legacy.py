"""Text of the years before Unicode: TCVN3 (ABC), VNI and VIQR, recognised and converted.

Such a text holds none of the letters that only Unicode has, its marked words are no Vietnamese syllables as they
stand, and are when they are converted. All three must hold, so that other languages and formulas are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final
from unicodedata import normalize

from searcher.analysis.syllable import split
from searcher.data import read_table

# Letters of Vietnamese beyond Latin-1, composed or not: one of them, and the text is in Unicode.
_UNICODE: Final = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9\u0300-\u0323]")
_BEYOND_ASCII_LETTERS: Final = "[\u00a1-\u00ff]"
_VIQR_SIGNS: Final = r"[aeoAEO]\^|[ouOU][+*]|[aA]\(|[dD][dD]|[aeiouyAEIOUY][`~]"
_VIQR_VOWEL: Final = r"(?m)([aA][\^(]?|[eE]\^?|[oO][\^+*]?|[uU][+*]?|[iIyY])(?:(['`~])|([.?])(?!\s*$|['\"`)]))?"
_VIQR_BARRED: Final = r"[dD][dD]"
_EDGES: Final = " \"'“”‘’.,;:!?()[]{}<>…-–/"
_SAMPLE_CHARS: Final = 20_000
_MIN_CONVERTED, _MAX_AS_IT_STANDS, _MIN_VIETNAMESE = 0.75, 0.5, 0.6


def decode_legacy(text: str) -> str:
    """Return the text in Unicode letters if it is written in TCVN3, VNI or VIQR, else as it is.

    Spaces and line breaks stay where they are, in number and in kind.

    >>> decode_legacy("C«ng an tØnh S¬n La"), decode_legacy("Coâng an tænh Sôn La"), decode_legacy("Co^ng an So+n La")
    ('Công an tỉnh Sơn La', 'Công an tỉnh Sơn La', 'Công an Sơn La')
    """
    if text.isascii():
        return _best(text, (_from_viqr,), _VIQR_SIGNS) if re.search(_VIQR_SIGNS, text) else text
    if _UNICODE.search(text) or not re.search(_BEYOND_ASCII_LETTERS, text):
        return text
    return _best(text, (_from_tcvn3, _from_vni), _BEYOND_ASCII_LETTERS)


def _best(text: str, decoders: tuple[Callable[[str], str], ...], signs: str) -> str:
    sample = text[:_SAMPLE_CHARS]
    if len(sample.split(maxsplit=1)) < 2:
        return text  # one word is no evidence
    scores = [_evidence(sample, decode(sample), signs) for decode in decoders]
    best = max(scores)
    return decoders[scores.index(best)](text) if best else text


def _evidence(text: str, decoded: str, signs: str) -> int:
    """How many marked words the decoding turned into Vietnamese; 0 if the whole is not convincing."""
    marked = converted = standing = words = vietnamese = 0
    for before, after in zip(text.split(), decoded.split(), strict=False):
        word = after.strip(_EDGES)
        if not any(letter.isalpha() for letter in before):
            continue
        good = split(word.lower()) is not None
        words += 1
        vietnamese += good
        if before != after and re.search(signs, before):
            marked += 1
            converted += good and len(word) > 1 and not word.isascii()
            standing += split(before.strip(_EDGES).lower()) is not None
    convincing = (
        converted >= _MIN_CONVERTED * marked
        and standing <= _MAX_AS_IT_STANDS * marked
        and vietnamese >= _MIN_VIETNAMESE * words
        and words > 1
    )
    return converted if convincing else 0


@cache
def _tables() -> dict[str, Any]:
    return read_table(__file__, "legacy")


def _pairs(letters: str) -> dict[str, str]:
    parts = letters.replace("\u00ad", " \u00ad ").split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


@cache
def _tcvn3() -> dict[int, str]:
    return str.maketrans(_pairs(_tables()["tcvn3"]["letters"]))


def _from_tcvn3(text: str) -> str:
    return text.translate(_tcvn3())


@cache
def _vni() -> tuple[dict[str, str], re.Pattern[str]]:
    table = _tables()["vni"]
    single = _pairs(table["letters"])
    found = dict(single)
    for marks, shape, vowels in (
        (table["tones"], "", "aeouyôö"),
        (table["circumflexes"], "\u0302", "aeo"),
        (table["breves"], "\u0306", "a"),
    ):
        for vowel in vowels:
            for letter, tone in marks.items():
                found[vowel + letter] = normalize("NFC", single.get(vowel, vowel) + shape + tone)
    for source, target in list(found.items()):
        found[source.upper()] = target.upper()
        found[source[0].upper() + source[1:]] = target.upper()
    longest_first = sorted(found, key=len, reverse=True)
    return found, re.compile("|".join(map(re.escape, longest_first)))


def _from_vni(text: str) -> str:
    found, pattern = _vni()
    return pattern.sub(lambda match: found[match[0]], text)


def _from_viqr(text: str) -> str:
    table = _tables()["viqr"]

    def vowel(match: re.Match[str]) -> str:
        letter, sure, doubtful = match.groups()
        shape = table["shapes"][letter[1]] if len(letter) > 1 else ""
        return normalize("NFC", letter[0] + shape + table["tones"].get(sure or doubtful, ""))

    barred = re.sub(_VIQR_BARRED, lambda match: "Đ" if match[0][0] == "D" else "đ", text)
    return re.sub(_VIQR_VOWEL, vowel, barred)
