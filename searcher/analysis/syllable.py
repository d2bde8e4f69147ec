"""The Vietnamese syllable: its parts, and one spelling for the ways of writing it that mean the same.

Two questions of spelling have more than one answer in print, and readers do not tell them apart:
- where the tone mark stands in an open oa, oe, uy (hòa or hoà, khỏe or khoẻ, thúy or thuý);
- i or y as the only vowel at the end (kĩ or kỹ, lí or lý, quí or quý).
`canonical` gives one of them: the tone mark on the second vowel, as pyvi's words.txt has it, and y. A tone mark put
on a wrong vowel (hòan, tuýên) is put right by the same rule. What is no Vietnamese syllable is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

TONE_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"
"""Combining grave, acute, tilde, hook above, dot below: huyền, sắc, ngã, hỏi, nặng."""

_TONES: Final = frozenset(TONE_MARKS)

_ONSET_LIST: Final = "ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p r s t v x"
ONSETS: Final = tuple(_ONSET_LIST.split())

# After the rules of spelling in Hoàng Phê (ed.), Từ điển tiếng Việt, and the syllables attested in pyvi's words.txt.
_RHYME_LIST: Final = """
a ac ach ai am an ang anh ao ap at au ay
ă ăc ăm ăn ăng ăp ăt
â âc âm ân âng âp ât âu ây
e ec em en eng eo ep et
ê êch êm ên êng ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oong ooc
oa oac oach oai oam oan oang oanh oao oap oat oay oe oen oem oeo oet oăc oăm oăn oăng oăt
ô ôc ôi ôm ôn ông ôp ôt
ơ ơi ơm ơn ơp ơt
u uc ui um un ung up ut
ua uê uêch uên uênh uơ uôc uôi uôm uôn uông uôt uân uâng uât uây
uy uya uych uyn uynh uyp uyt uyu uyên uyêt
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yn yp yt yu ych ynh yêm yên yêng yêt yêu
"""
RHYMES: Final = frozenset(_RHYME_LIST.split())

JOINER: Final = "_"
"""Parts the syllables of a word in its term; no syllable's term holds it."""

_SYLLABLE: Final = re.compile(rf"({'|'.join(ONSETS)})?([aăâeêioôơuưy]+)(ch|nh|ng|[cmnpt])?")
_I_OR_Y: Final = frozenset(("h", "k", "l", "m", "s", "t", "qu"))
_OPEN_GLIDES: Final = frozenset(("oa", "oe", "uy"))


def split(syllable: str) -> tuple[str, str, str, str] | None:
    """Return onset, vowels, coda and combining tone mark ("" for none) of a syllable, or None if it is not one.

    The syllable is lower case, in any normal form; wherever its tone mark stands, the answer is the same.

    >>> split("nghiện")
    ('ngh', 'iê', 'n', '\\u0323')
    """
    if len(syllable) > 16:
        return None
    bare, tones = syllable, []
    if not syllable.isascii():
        bare = unicodedata.normalize("NFD", syllable)
        tones = [mark for mark in bare if mark in _TONES]
        if len(tones) > 1:
            return None
        bare = unicodedata.normalize("NFC", bare.replace(tones[0], "") if tones else bare)
    match = _SYLLABLE.fullmatch(bare)
    if match is None:
        return None
    onset, vowels, coda = (part or "" for part in match.groups())
    if vowels + coda not in RHYMES:
        if onset != "gi" or "i" + vowels + coda not in RHYMES:
            return None
        onset, vowels = "g", "i" + vowels
    return onset, vowels, coda, tones[0] if tones else ""


def tone_position(vowels: str, coda: str) -> int:
    """Return which of the vowels bears the tone mark, by the rule of Quy định về chính tả (1984), new style."""
    for marked in "âăêôơ":
        if marked in vowels:
            return vowels.index(marked)
    if len(vowels) == 3 or (len(vowels) == 2 and (coda or vowels in _OPEN_GLIDES)):
        return 1
    return 0


@lru_cache(maxsize=16384)
def canonical(word: str) -> str:
    """Return the one spelling of a lower-case word in NFC; anything but a Vietnamese syllable comes back as it is.

    >>> [canonical(word) for word in ("hòa", "thúy", "qúy", "kĩ", "hòan", "chìa", "karaoke")]
    ['hoà', 'thuý', 'quý', 'kỹ', 'hoàn', 'chìa', 'karaoke']
    """
    parts = split(word)
    if parts is None:
        return word
    onset, vowels, coda, tone = parts
    if vowels == "i" and not coda and onset in _I_OR_Y:
        vowels = "y"
    at = tone_position(vowels, coda) + 1
    return unicodedata.normalize("NFC", onset + vowels[:at] + tone + vowels[at:] + coda)


def spellings(term: str) -> list[str]:
    """Return the words that `canonical` makes this term of, but for those with the tone mark on a consonant.

    >>> spellings("tuý"), spellings("lý"), spellings("dâm")
    (['túy', 'tuý'], ['lý', 'lí'], ['dâm'])
    """
    parts = split(term)
    if parts is None:
        return [term]
    onset, vowels, coda, tone = parts
    bare = [onset + vowels]
    if vowels == "y" and not coda and onset in _I_OR_Y:
        bare.append(onset + "i")
    first = len(onset) + (onset not in ("qu", "gi"))  # their second letter may bear the mark as well
    toned = (one[:at] + tone + one[at:] for one in bare for at in range(first, len(one) + 1))
    return list(dict.fromkeys(unicodedata.normalize("NFC", one + coda) for one in toned))


def is_marked(text: str) -> bool:
    """Return whether any letter bears a Vietnamese mark: a tone, a circumflex, breve or horn, or the bar of đ."""
    return not text.isascii() and fold(text) != text


class _Folds(dict[int, str]):
    """Letters, by code point, to what is left of them without marks; each is worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(code))
        folded = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
        if code < _MOST_KEPT:
            self[code] = folded
        return folded


_MOST_KEPT: Final = 0x2000
_FOLDS: Final = _Folds({ord("đ"): "d", ord("Đ"): "D"})


def fold(term: str) -> str:
    """Return the term without marks, as it is typed on a plain keyboard; case and other letters stay.

    >>> fold("mại_dâm"), fold("Đường")
    ('mai_dam', 'Duong')
    """
    if term.isascii():
        return term
    folded = term.translate(_FOLDS)
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)
