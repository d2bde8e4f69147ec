"""The four topics and their vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from searcher.analysis.normalization import normalize
from searcher.analysis.syllable import fold
from searcher.data import read_table

if TYPE_CHECKING:
    from searcher.tagging.trie import Trie

LISTS: Final = ("names", "signs", "doubtful", "hints", "offices", "others")


class Term(NamedTuple):
    """An entry of a topic's vocabulary: the list of topics.toml that it is in, and what that list weighs."""

    topic: str
    text: str
    kind: str
    weight: float


COMPANY: Final = "company"
"""The kind of a term that is no topic's: another duty or offence that topics are listed beside."""


class Topics(NamedTuple):
    """`names` maps slug to Vietnamese name; `terms` are in the order of the file."""

    names: dict[str, str]
    terms: tuple[Term, ...]


@cache
def _data() -> dict[str, Any]:
    return read_table(__file__, "topics")


@cache
def topics() -> Topics:
    """Return the topics as topics.toml has them."""
    data = _data()
    terms = tuple(
        Term(entry["slug"], text, kind, float(data["weights"][kind]))
        for entry in data["topic"]
        for kind in LISTS
        for text in entry[kind]
    )
    return Topics({entry["slug"]: entry["name"] for entry in data["topic"]}, terms)


def term_symbols(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the symbols of a term, and where it has commas those of its form without."""
    from searcher.tagging.symbols import symbols  # queries know topics by name alone

    whole = tuple(symbol.lower() for symbol in symbols(text))
    yield whole
    if "," in whole:
        yield tuple(symbol for symbol in whole if symbol != ",")


@cache
def topic_trie() -> Trie[tuple[Term, ...]]:
    """Return the trie of the terms over lower-case symbols; a term of several topics has one Term for each."""
    from searcher.tagging.trie import Trie

    found: dict[tuple[str, ...], list[Term]] = {}
    for term in topics().terms:
        for key in term_symbols(term.text):
            entries = found.setdefault(key, [])
            if all(entry.topic != term.topic for entry in entries):
                entries.append(term)
    for word in _data()["company"]["words"]:
        for key in term_symbols(word):
            found.setdefault(key, [Term("", word, COMPANY, 0.0)])
    return Trie((key, tuple(terms)) for key, terms in found.items())


@cache
def contexts(which: str = "context") -> dict[str, tuple[str, ...]]:
    """Return by topic the words that say near a doubtful one that it is meant, their symbols between spaces.

    `which` may be "against" for those that say near any term that something else is.
    """
    return {
        entry["slug"]: tuple(f" {' '.join(key)} " for word in entry.get(which, ()) for key in term_symbols(word))
        for entry in _data()["topic"]
    }


@cache
def leads() -> tuple[dict[tuple[str, str], str], int]:
    """Return the pairs of words that say how a topic after them is meant, "passing" or "charged", and how near."""
    data = _data()
    pairs: dict[tuple[str, str], str] = {}
    for meaning in ("charged", "passing"):
        for phrase in data[meaning]["words"]:
            first, second = next(term_symbols(phrase))
            pairs[first, second] = meaning
    return pairs, int(data["passing"]["within"])


@cache
def denials() -> frozenset[tuple[str, str]]:
    """Return the pairs of words that, after a topic in its sentence, make it a passing mention."""
    return frozenset((key[0], key[1]) for phrase in _data()["passing"]["after"] for key in term_symbols(phrase))


@cache
def programme_trie() -> Trie[str]:
    """Return the trie of the words by which a programme of the authorities is known."""
    from searcher.tagging.trie import Trie

    return Trie((key, word) for word in _data()["programme"]["words"] for key in term_symbols(word))


def least_programme_words() -> int:
    """Return how many different ones of them make a text a programme."""
    return int(_data()["programme"]["least"])


@cache
def _slugs() -> dict[str, str]:
    return {
        _key(name): entry["slug"]
        for entry in _data()["topic"]
        for name in (entry["slug"], entry["name"], *entry["english"])
    }


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(normalize(name).lower()))


def resolve_topic(name: str) -> str | None:
    """Return the slug of a topic by slug, Vietnamese name with or without marks, or English name; None if unknown.

    >>> resolve_topic("ma tuy"), resolve_topic("HIV"), resolve_topic("football")
    ('ma-tuy', 'hiv-aids', None)
    """
    return _slugs().get(_key(name))
