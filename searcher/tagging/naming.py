"""Places and topics named in a short text that a person typed: a query, with or without capitals and marks.

In articles context decides what a name means (`mentions`); here there is hardly any, so every reading is given with
how sure it is, and the caller decides. The names lie ready in names.json (tools/names.py), as every query needs them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from searcher.analysis.normalization import clean
from searcher.analysis.syllable import canonical, fold
from searcher.tagging.kinds import GATE, PROVINCE, WARD, Reading

_WORD: Final = re.compile(r"[^\W_]+")
_SURE: Final = {PROVINCE: 1.0, "city": 0.9, "town": 0.7, "district": 0.6, "urban-district": 0.7, GATE: 0.7}
_LEAST_SURE: Final = 0.5
_SHORT: Final = 0.7
_LONGEST: Final = 9
"""Words of the longest name that is looked for."""
_WITHOUT_MARKS: Final = 0.8
_AMBIGUOUS: Final = 0.7
_PREFIXES: Final = {
    ("tinh",): (PROVINCE,),
    ("thanh", "pho"): (PROVINCE, "city"),
    ("tp",): (PROVINCE, "city"),
    ("thi", "xa"): ("town",),
    ("tx",): ("town",),
    ("quan",): ("urban-district", "former-district"),
    ("huyen",): ("district", "former-district"),
    ("phuong",): (WARD, "city", "town", "urban-district"),
    ("xa",): (WARD, "district"),
    ("thi", "tran"): (WARD, "town", "district"),
    ("cua", "khau"): (GATE,),
}


class PlaceSpan(NamedTuple):
    """A place named at `text[start:end]`.

    - `kind` is that of the first reading (province, city, town, district, ..., see `gazetteer.Reading`).
    - `provinces` are the ones of the 63 that it can mean: one, or several for a name like Châu Thành.
    - `exact` says that it was typed with its marks; `certainty` in 0..1 is 1 for a province typed with its marks or
      any place with its kind before it ('huyện Long Hồ'), less for short, ambiguous or unmarked names.
    """

    start: int
    end: int
    name: str
    kind: str
    provinces: tuple[str, ...]
    exact: bool
    certainty: float


class TopicSpan(NamedTuple):
    """A word of a topic at `text[start:end]`: `weight` is 1 where it names the topic, 0.7 for a thing or deed of it."""

    start: int
    end: int
    term: str
    topic: str
    weight: float
    exact: bool


class _Words(NamedTuple):
    typed: list[str]
    folded: list[str]
    spans: list[tuple[int, int]]


def _words(text: str) -> _Words:
    text = unicodedata.normalize("NFC", text)
    found = list(_WORD.finditer(text))
    typed = [canonical(clean(match[0]).lower()) for match in found]
    return _Words(typed, [fold(word) for word in typed], [match.span() for match in found])


class _Place(NamedTuple):
    spelled: str
    name: str
    readings: tuple[Reading, ...]


class _Term(NamedTuple):
    spelled: str
    text: str
    topic: str
    weight: float


class _Names(msgspec.Struct):
    """What may be named, by its words without marks; what is found is decoded then, as a query names one or two."""

    places: dict[str, msgspec.Raw]
    topics: dict[str, msgspec.Raw]


_decode_places: Final = msgspec.json.Decoder(list[_Place]).decode
_decode_terms: Final = msgspec.json.Decoder(list[_Term]).decode


@cache
def _names() -> _Names:
    return msgspec.json.decode(Path(__file__).with_name("names.json").read_bytes(), type=_Names)


def _find(folded: Sequence[str], known: dict[str, msgspec.Raw]) -> Iterator[tuple[int, int, msgspec.Raw]]:
    """Yield start, end and entries of all names, the leftmost first and of one start the longest first."""
    for start in range(len(folded)):
        for end in range(min(len(folded), start + _LONGEST), start, -1):
            entries = known.get(" ".join(folded[start:end]))
            if entries is not None:
                yield start, end, entries


def _compatible(typed: Sequence[str], words: Sequence[str]) -> bool:
    """Return whether what was typed can mean the words: marks that were typed must be theirs."""
    return all(one == word or one == fold(word) for one, word in zip(typed, words, strict=True))


def _prefix(folded: list[str], start: int) -> tuple[str, ...]:
    for length in (2, 1):
        if start >= length and (kinds := _PREFIXES.get(tuple(folded[start - length : start]))):
            return kinds
    return ()


def _place(words: _Words, start: int, end: int, entries: Sequence[_Place]) -> PlaceSpan | None:
    typed = words.typed[start:end]
    kinds = _prefix(words.folded, start)
    best: PlaceSpan | None = None
    for place in entries:
        spelled = place.spelled.split()
        if not _compatible(typed, spelled):
            continue
        readings: Sequence[Reading] = [one for one in place.readings if one.kind in kinds]
        prefixed = bool(readings)
        if not prefixed:
            readings = [one for one in place.readings if one.kind != WARD]
        if not readings:
            continue
        if readings[0].kind == PROVINCE:
            readings = readings[:1]
        among = tuple(dict.fromkeys(one.province for one in readings))
        exact = typed == spelled
        certainty = 1.0 if prefixed else _SURE.get(readings[0].kind, _LEAST_SURE)
        if not prefixed and len(spelled) == 1 and len(spelled[0]) < 5 and readings[0].kind != PROVINCE:
            certainty *= _SHORT
        certainty *= (1.0 if exact else _WITHOUT_MARKS) * (1.0 if len(among) == 1 else _AMBIGUOUS)
        span = (words.spans[start][0], words.spans[end - 1][1])
        found = PlaceSpan(*span, place.name, readings[0].kind, among, exact, round(certainty, 3))
        if best is None or found.certainty > best.certainty:
            best = found
    return best


def find_places(text: str) -> list[PlaceSpan]:
    """Return the places that a query names, in reading order and without overlap.

    Marks may be missing, altogether or in part; those that are typed must be right. Offsets are into the text in NFC.

    >>> [(span.name, span.kind, span.provinces) for span in find_places("cong an Vinh bat ma tuy o ha giang 2019")]
    [('Vinh', 'city', ('Nghệ An',)), ('Hà Giang', 'province', ('Hà Giang',))]
    """
    words = _words(text)
    found = _find(words.folded, _names().places)
    spans = [_place(words, start, end, _decode_places(entries)) for start, end, entries in found]
    named = [span for span in spans if span is not None]
    # 'Tuy Hòa' is no place in 'ma tuy hoa binh': of names that share words the longer, or else the surer, is meant.
    whole = [one for one in named if not any(_inside(one, other) for other in named)]
    chosen: list[PlaceSpan] = []
    for span in sorted(whole, key=lambda one: -one.certainty):
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda one: one.start)


def _inside(one: PlaceSpan, other: PlaceSpan) -> bool:
    return other.start <= one.start and one.end <= other.end and one.end - one.start < other.end - other.start


def find_topics_named(text: str) -> list[TopicSpan]:
    """Return the topic words of a query, in reading order and without overlap; marks are treated as for places.

    >>> [(span.term, span.topic) for span in find_topics_named("công an Vinh bắt ma tuy")]
    [('ma túy', 'ma-tuy')]
    """
    words = _words(text)
    found: list[TopicSpan] = []
    free = 0
    for start, end, entries in _find(words.folded, _names().topics):
        if start < free:
            continue
        typed = words.typed[start:end]
        for term in _decode_terms(entries):
            spelled = term.spelled.split()
            if _compatible(typed, spelled):
                span = (words.spans[start][0], words.spans[end - 1][1])
                found.append(TopicSpan(*span, term.text, term.topic, term.weight, typed == spelled))
                free = end
                break
    return found
