"""What sets an article apart: its key terms.

These are words of several syllables, and names and foreign words, of which it has more than chance would give it. A
term's weight is Bo1's, the Bose-Einstein model of divergence from randomness (Amati 2003, as used for expansion from
one document):

    w(t) = f(t) * log2((1 + p) / p) + log2(1 + p),    p = occurrences of t in the index / articles of the index

with f(t) the occurrences in the article, a title's counting 3 and a lead's 2.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

from searcher.analysis.offsets import term_spans
from searcher.analysis.stream import analyze
from searcher.analysis.syllable import JOINER
from searcher.article import Article
from searcher.language.functionwords import function_words
from searcher.query.similar import KeyTerm
from searcher.ranking.rarity import Rarities

TERMS: Final = 25
_TITLE, _LEAD, _BODY = 3, 2, 1
_LEAST_LETTERS: Final = 3
_MOST_COMMON: Final = 4
"""A term that more than one article in so many has sets nothing apart."""
_MOST_COMMON_SYLLABLE: Final = 20
_SMALL: Final = 1000
"""Of fewer articles a common term may be all that they share."""
_MAX_BODY: Final = 100_000


def key_terms(article: Article, rarities: Rarities, count: int = TERMS) -> tuple[KeyTerm, ...]:
    """Return the terms that set an article apart, heaviest first."""
    found: Counter[str] = Counter()
    for text, times in ((article.title, _TITLE), (article.lead, _LEAD), (article.body[:_MAX_BODY], _BODY)):
        for term in _terms(text):
            found[term] += times
    n_articles = max(rarities.doc_count, 1)
    weighed = []
    for term, frequency in found.items():
        articles = rarities.documents_with((term,))
        most = _MOST_COMMON if JOINER in term else _MOST_COMMON_SYLLABLE
        if articles < 2 or (articles * most > n_articles >= _SMALL):
            continue
        chance = rarities.occurrences(term) / n_articles
        weighed.append((frequency * math.log2((1 + chance) / chance) + math.log2(1 + chance), term, articles))
    weighed = sorted(weighed, key=lambda one: (-one[0], one[1]))[:count]
    total = sum(weight for weight, _term, _articles in weighed) or 1.0
    return tuple(KeyTerm(term, weight / total, articles) for weight, term, articles in weighed)


def _terms(text: str) -> list[str]:
    """The words of a text: those of several syllables, and syllables that are in none of them, nor in a name.

    A name is a run of capitalised syllables: of 'Bùi Văn Tịnh' none says anything alone.
    """
    stream = analyze(text)
    in_name = _in_names(text)
    inside: set[int] = set()
    for term, at in stream:
        inside.update(range(at, at + term.count(JOINER) + 1) if JOINER in term else ())
    return [
        term
        for term, at in stream
        if JOINER in term
        or (
            at not in inside
            and at not in in_name
            and len(term) >= _LEAST_LETTERS
            and term.isalpha()
            and term not in function_words()
        )
    ]


def _in_names(text: str) -> set[int]:
    """Return the places of capitalised syllables that are beside another; none in a text all in capitals."""
    if text.isupper():
        return set()
    spans = list(term_spans(text))
    capital = [text[start].isupper() for start, _end in spans]
    found: set[int] = set()
    for at in range(len(spans) - 1):
        if capital[at] and capital[at + 1] and not text[spans[at][1] : spans[at + 1][0]].strip():
            found.update((at, at + 1))
    return found
