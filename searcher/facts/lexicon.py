"""The words from which facts are read, as one trie: what each does, by words.toml, offences.toml and offences.tsv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from searcher.data import read_table
from searcher.tagging.topics import term_symbols
from searcher.tagging.trie import Trie

OTHER: Final = "khac"
"""The slug of an offence that is recognised and not told apart."""


_SAID_PASSIVELY: Final = frozenset(("deed", "offence", "steps", "proceed", "catch"))


class Term(NamedTuple):
    """What a word does: its role, and by role which offence, drug, unit or step it stands for.

    `scale` is of units only: how many of the base unit (gram, pill, đồng, year) one is.
    """

    role: str
    value: str
    scale: float = 1.0


class Law(NamedTuple):
    """An offence as the law has it; `article` is of the Criminal Code 2015, or a decree's and its article's number."""

    article: str
    wording: str


class Offence(NamedTuple):
    """An offence: its slug, its Vietnamese name, what the law says of it, and whether somebody suffers from it."""

    slug: str
    name: str
    laws: tuple[Law, ...]
    victims: bool


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


@cache
def _table(name: str) -> dict[str, Any]:
    return read_table(__file__, name)


@cache
def _laws() -> dict[str, tuple[Law, ...]]:
    lines = (line for line in _text("offences.tsv").splitlines() if not line.startswith("#"))
    found: dict[str, list[Law]] = {}
    for row in csv.DictReader(lines, delimiter="\t"):
        found.setdefault(row["slug"], []).append(Law(row["article"], row["wording"]))
    return {slug: tuple(laws) for slug, laws in found.items()}


@cache
def offences() -> dict[str, Offence]:
    """Return the offences by slug, in the order of offences.toml."""
    return {
        entry["slug"]: Offence(entry["slug"], entry["name"], _laws()[entry["slug"]], entry.get("victims", False))
        for entry in _table("offences")["offence"]
    }


def _offence_words() -> Iterator[tuple[str, Term]]:
    for entry in _table("offences")["offence"]:
        slug = entry["slug"]
        yield from ((text, Term("deed", slug)) for text in entry["deeds"])
        yield from ((law.wording, Term("offence", slug)) for law in _laws()[slug])
        yield from ((text, Term("offence", slug)) for text in entry["charges"])


def _words() -> Iterator[tuple[str, Term]]:
    for role, group in _table("words").items():
        if role == "units":
            for base, units in group.items():
                yield from ((text, Term("unit", base, float(scale))) for text, scale in units.items())
        elif role in ("drugs", "verbs", "moves"):
            for value, words in group.items():
                yield from ((text, Term(role[:-1], value)) for text in words)
        elif role == "signal":
            continue
        elif "words" in group:
            yield from ((text, Term(role, text)) for text in group["words"])
        else:
            for value, words in group.items():
                yield from ((text, Term(role, value)) for text in words["words"])


@cache
def lexicon() -> Trie[tuple[Term, ...]]:
    """Return the trie of all words over lower-case symbols, each with everything that it does."""
    found: dict[tuple[str, ...], list[Term]] = {}
    for text, term in (*_words(), *_offence_words()):
        for key in term_symbols(text):
            terms = found.setdefault(key, [])
            if term.role != "ignore" and all(known.role != term.role for known in terms):
                terms.append(term)
    for key, terms in found.items():
        if key[0] == "bị":  # "bị lừa bán" is a longer entry, and tells of the same deed as "lừa bán"
            terms += [term for term in found.get(key[1:], ()) if term.role in _SAID_PASSIVELY and term not in terms]
    return Trie((key, tuple(terms)) for key, terms in found.items())


@cache
def signals() -> frozenset[str]:
    """Return the syllables, as symbols in lower case, of which an article that is a case or policy has some."""
    return frozenset(symbol for text in _table("words")["signal"]["syllables"] for (symbol,) in term_symbols(text))


@cache
def units() -> dict[str, Term]:
    """Return the units that may be written together with their number, by their spelling."""
    return {text: term for text, term in _words() if term.role == "unit" and " " not in text}
