"""Queries in English: the field's expressions in them as Vietnamese has them, by the table of synonyms."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from searcher.analysis import fold, is_marked
from searcher.analysis.synonyms import Synonyms, load_synonyms
from searcher.language import syntax
from searcher.language.words import words_of_the_language

_WORDS: Final = re.compile(r"[\w\s'’.,?!/-]+")
_BETWEEN: Final = re.compile(r"[\s.,?!/]+")
_LONGEST: Final = 6
"""Words of the longest expression."""


def translate(text: str, synonyms: Synonyms | None = None) -> str:
    """Return a query of plain words with its English expressions in Vietnamese, "" where it has none.

    Words that are in no expression stay as they are, but for English ones that say nothing. In a query with marks only
    expressions of several words count: Vietnamese uses single English words too.

    >>> translate("drug trafficking from Laos"), translate("drug trafficking Son La"), translate("ma túy")
    ('buôn bán vận chuyển ma túy Lào', 'buôn bán vận chuyển ma túy Son La', '')
    """
    if not _WORDS.fullmatch(text) or syntax.has_operator(text):
        return ""
    english = (synonyms or load_synonyms()).english
    words = [word for word in _BETWEEN.split(text) if word]
    least = 2 if any(map(is_marked, words)) else 1
    found: list[str] = []
    is_english = False
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), least - 1, -1):
            typed = " ".join(words[at : at + length]).lower()
            if (meant := english.get(typed)) is not None:
                found.append(meant)
                is_english = is_english or fold(meant.lower()) != typed  # 'viet nam' is Vietnamese as well
                at += length
                break
        else:
            found.append(words[at])
            at += 1
    if not is_english:
        return ""
    return " ".join(word for word in found if word.lower() not in _glue())


@cache
def _glue() -> frozenset[str]:
    return frozenset(words_of_the_language()["english"]["glue"].split())
