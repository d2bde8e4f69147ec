"""Where in an article each of its facts was read, with the words around."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

import msgspec

from searcher.analysis.legacy import decode_legacy
from searcher.article import Article
from searcher.facts.extraction import extract
from searcher.facts.records import Facts
from searcher.tagging.symbols import symbol_spans

_AROUND: Final = 90
_EDGES: Final = ".,;:!?)(“”\"'"
_ENDS: Final = (". ", "! ", "? ", "… ", "\n")


class ReadFact(msgspec.Struct, frozen=True):
    """A fact and the words that it was read from, `before` and `after` them the rest of their sentence.

    `fact` is offence, stage, suspects, victims, drug, sentence, money, ages, weapons or vehicles. `start` and `end` are
    where the words stand in the text of the section, which is composed (NFC) and out of old fonts.
    """

    fact: str
    value: str
    section: str
    before: str
    words: str
    after: str
    start: int
    end: int


def explain_facts(article: Article) -> tuple[Facts, tuple[ReadFact, ...]]:
    """Return the facts of an article, and for each the words that say it, in the order of `Facts.places`.

    A fact that follows from there being no more than one of something has a place and no words.
    """
    facts = extract(article)
    return facts, tuple(_read(article, facts))


def _read(article: Article, facts: Facts) -> Iterator[ReadFact]:
    texts: dict[str, tuple[str, list[tuple[int, int]]]] = {}
    for place in facts.places:
        if place.section not in texts:
            text = unicodedata.normalize("NFC", decode_legacy(getattr(article, place.section)))
            texts[place.section] = text, symbol_spans(text)
        text, spans = texts[place.section]
        if place.end <= place.start:
            yield ReadFact(place.fact, place.value, place.section, "", "", _cut(text, 0), 0, 0)
            continue
        first, last = spans[place.start][0], spans[place.end - 1][1]
        while last > first and text[last - 1] in _EDGES:
            last -= 1
        while first < last and text[first] in _EDGES:
            first += 1
        before, after = _lead_in(text, first), _cut(text, last)
        yield ReadFact(place.fact, place.value, place.section, before, text[first:last], after, first, last)


def _lead_in(text: str, end: int) -> str:
    """Return what of the sentence stands before a place, cut where it is long."""
    window = max(0, end - _AROUND)
    start = max((place + len(mark) for mark in _ENDS if (place := text.rfind(mark, window, end)) >= 0), default=window)
    if start > window or not window:
        return text[start:end]
    cut = text.find(" ", window, end)
    return "…" + text[cut + 1 if cut >= 0 else window : end]


def _cut(text: str, start: int) -> str:
    """Return what of the sentence stands behind a place, cut where it is long."""
    window = min(len(text), start + _AROUND)
    ends = [place + 1 for mark in _ENDS if (place := text.find(mark, start, window)) >= 0]
    if ends or window == len(text):
        return text[start : min(ends, default=window)].rstrip("\n")
    cut = text.rfind(" ", start, window)
    return text[start : cut if cut > start else window] + "…"
