"""Known-item searches: for random articles of the corpus, is the article found by words that its reader remembers?

Judged queries are few, and whoever tunes a formula sees them. These need no judge: the query is the title of an
article, or two to four words of its title and lead; the measure is 1 / rank of that article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

import searcher
from benchmarks.common import records
from searcher.analysis import canonical, segment
from searcher.language.vocabulary import ReaderVocabulary

DEPTH: Final = 50
_SEED: Final = 20
_COMMON: Final = 2500
"""Words in more articles than so many say little of any; nobody searches by them."""
_LEAST_WORDS: Final = 6


class KnownItem(NamedTuple):
    """A query, and the article that it is to find."""

    text: str
    article_id: str


def titles(count: int) -> list[KnownItem]:
    """Return the titles of random articles."""
    return [KnownItem(one["title"], one["id"]) for one in _sample(count)]


def remembered(count: int, index: searcher.EmbeddedIndex) -> list[KnownItem]:
    """Return two to four words each of title and lead of random articles, in lower case and in their order."""
    chance = random.Random(_SEED)
    vocabulary = ReaderVocabulary(index.whoosh.reader())
    found = (
        KnownItem(" ".join(chosen), one["id"])
        for one in _sample(20 * count)
        if (chosen := _words(f"{one['title']}. {one['lead']}", chance, vocabulary))
    )
    return list(islice(found, count))


def reciprocal_rank(index: searcher.EmbeddedIndex, item: KnownItem) -> float:
    """Return 1 / rank of the article among all copies; 0 beyond the first fifty."""
    hits = index.search(item.text, limit=DEPTH, snippets=False, all_copies=True).hits
    return next((1 / hit.rank for hit in hits if hit.article.id == item.article_id), 0.0)


def _sample(count: int) -> Sequence[dict[str, str]]:
    everything = [one for one in records() if one["title"]]
    return random.Random(_SEED).sample(everything, min(count, len(everything)))


def _words(text: str, chance: random.Random, vocabulary: ReaderVocabulary) -> list[str]:
    words = dict.fromkeys(word.lower() for word in segment(text).split() if re.search(r"\w\w", word))
    rare = [word for word in words if 0 < vocabulary.frequency(canonical(word)) <= _COMMON]
    if len(rare) < _LEAST_WORDS:
        return []
    kept = set(chance.sample(rare, chance.choice((2, 3, 3, 4))))
    return [word.replace("_", " ") for word in words if word in kept]
