"""Mentions: where an article names places, which provinces they mean, and what part they play there."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Final, NamedTuple

from searcher.tagging.gazetteer import Place, place_trie
from searcher.tagging.kinds import GATE, PROVINCE, WARD, Reading
from searcher.tagging.provinces import provinces
from searcher.tagging.symbols import PARTING, SENTENCE_ENDS
from searcher.tagging.symbols import symbols as to_symbols
from searcher.tagging.trie import Match

ROLES: Final = ("authority", "scene", "route", "home", "plain")
"""Roles that count; "aside", "street" and "person" say that no place of the story is meant."""

_CITY: Final = frozenset({PROVINCE, "city"})
_KIND_WORDS: Final[dict[str | tuple[str, str], frozenset[str]]] = {
    "tỉnh": frozenset({PROVINCE}),
    "tp": _CITY,
    "thủ đô": _CITY,
    ("thành", "phố"): _CITY,
    ("thị", "xã"): frozenset({"town", "city", "former-district"}),
    "tx": frozenset({"town", "city", "former-district"}),
    "quận": frozenset({"urban-district", "former-district", "city"}),
    "q": frozenset({"urban-district", "former-district"}),
    "huyện": frozenset({"district", "former-district", "town", "city"}),
    "h": frozenset({"district", "former-district"}),
    ("thị", "trấn"): frozenset({WARD}),
    "tt": frozenset({WARD}),
    "xã": frozenset({WARD}),
    "phường": frozenset({WARD}),
    ("đặc", "khu"): frozenset({WARD}),
    "thôn": frozenset({WARD}),
    "ấp": frozenset({WARD}),
    "bản": frozenset({WARD}),
    ("cửa", "khẩu"): frozenset({GATE}),
    ("quốc", "tế"): frozenset({GATE}),
}
_CALLED: Final[dict[frozenset[str], frozenset[str]]] = {
    frozenset({PROVINCE}): frozenset({PROVINCE}),
    _CITY: frozenset({PROVINCE, "city", "town", "urban-district"}),
}
"""What may be called a province or a city at all, by those who know that towns become cities."""
_WARD_ONLY: Final = frozenset({WARD})
_LINKS: Final = frozenset({",", "(", ")", "và", "cùng", "với", "hay", "hoặc"})
_MOST_LINKS: Final = 5
_OPENING_RUN: Final = 4
_HOME_BEFORE: Final = 4


class Mention(NamedTuple):
    """Places named in one breath, as in "TP Vinh, tỉnh Nghệ An", at `symbols[start:end]`.

    - `names` are the places as the gazetteer has them and `provinces` the ones of the 63 they mean, each once.
    - `new_map` says that it can be read by the map of the 34 alone: "phường Phan Thiết, tỉnh Lâm Đồng".
    """

    start: int
    end: int
    role: str
    names: tuple[str, ...]
    provinces: tuple[str, ...]
    new_map: bool = False


class _Cues(NamedTuple):
    roles: dict[str, dict[str, Any]]
    words: dict[str | tuple[str, str], str]
    seconds: frozenset[str]
    surnames: frozenset[str]
    titles: frozenset[str]
    not_papers: frozenset[str]
    cautious: frozenset[str]
    farthest: int


@cache
def _cues() -> _Cues:
    data = tomllib.loads(resources.files(__package__).joinpath("cues.toml").read_text("utf-8"))
    names = data.pop("names")
    words: dict[str | tuple[str, str], str] = {}
    for role, cue in data.items():
        for word in cue["words"]:
            first, _space, second = word.partition(" ")
            words[(first, second) if second else first] = role
    return _Cues(
        data,
        words,
        frozenset(word[1] for word in words if isinstance(word, tuple)),
        frozenset(names["surnames"]),
        frozenset(names["titles"]),
        frozenset(names["not_papers"]),
        frozenset(names["cautious"]),
        max(cue["within"] for cue in data.values()),
    )


def _kind_before(low: Sequence[str], start: int) -> tuple[int, frozenset[str] | None]:
    """Return where the kind of place before a name begins, and the kinds it allows; `start` and None for none."""
    at, kinds = start, None
    while at > 0:
        one = _KIND_WORDS.get(low[at - 1])
        two = _KIND_WORDS.get((low[at - 2], low[at - 1])) if at > 1 else None
        if one is None and two is None:
            break
        at -= 1 if two is None else 2
        kinds = kinds or two or one
    return at, kinds


def _role(low: Sequence[str], start: int, *, kind_given: bool) -> str:
    """Return the role that the nearest cue before `start` gives; no street is called "tỉnh" or "cửa khẩu"."""
    cues = _cues()
    words, seconds, roles = cues.words, cues.seconds, cues.roles
    for distance in range(1, min(cues.farthest, start) + 1):
        at = start - distance
        word = low[at]
        if word in SENTENCE_ENDS:
            break
        role = (words.get((low[at - 1], word)) if word in seconds and at else None) or words.get(word)
        if role is None or distance > roles[role]["within"]:
            continue
        if role == "street" and kind_given:
            continue
        if word == "báo" and at and low[at - 1] in cues.not_papers:
            continue
        if role == "authority" and at > 2 and low[at - 2] == "báo" and low[at - 3] not in cues.not_papers:
            return "aside"  # "báo Công an Đà Nẵng"
        if role in ("scene", "route") and (_describes_person(low, at) or _follows_home(low, at)):
            return "home"
        return role
    return "plain"


def _follows_home(low: Sequence[str], at: int) -> bool:
    """Return whether the cue at this place goes on one for a home: "ngụ tại", "sinh ra ở một vùng quê thuộc"."""
    words = _cues().words
    for before in range(at - 1, max(-1, at - _HOME_BEFORE - 1), -1):
        word = low[before]
        if word in PARTING:
            return False
        if words.get(word) == "home" or (before and words.get((low[before - 1], word)) == "home"):
            return True
    return False


def _describes_person(low: Sequence[str], at: int) -> bool:
    """Return whether "ở" or "tại" at this place follows somebody's age: "(32 tuổi, ở Hà Nội)"."""
    return any(
        low[one] in ("tuổi", "sn") or (low[one] == "sinh" and low[one + 1] in ("năm", "ngày", "tháng"))
        for one in range(max(0, at - 4), at)
    )


def _is_person(symbols: Sequence[str], low: Sequence[str], start: int) -> bool:
    """Return whether the capitalised name at `start` goes on a person's: after a surname or a form of address."""
    cues = _cues()
    if not start:
        return False
    before = low[start - 1]
    if before in cues.titles or (start > 1 and f"{low[start - 2]} {before}" in cues.titles):
        return True
    run = start
    while run > 0 and start - run < _OPENING_RUN and symbols[run - 1][0].isupper():
        run -= 1
    return any(low[at] in cues.surnames for at in range(run, min(run + 2, start)))


def _goes_on(symbols: Sequence[str], one: _Named, starts: set[int]) -> bool:
    """Return whether a name is the beginning of another: "Trường Đông Hoà B", "Tân Hiệp Phát"."""
    return (
        bool(one.readings)
        and one.readings[0].kind != PROVINCE
        and one.end < len(symbols)
        and one.end not in starts
        and symbols[one.end][0].isupper()
        and symbols[one.end] != "Ảnh"
        and not symbols[one.end - 1].isdecimal()
    )


class _Named(NamedTuple):
    start: int
    end: int
    place: Place
    readings: tuple[Reading, ...]
    ward: bool
    kind_given: bool


def _read(low: Sequence[str], match: Match[Place]) -> _Named:
    place = match.value
    start, kinds = _kind_before(low, match.start)
    readings = place.readings
    fitting = tuple(one for one in readings if kinds and one.kind in kinds)
    if kinds == _WARD_ONLY:
        # A ward called like a province is none: "thị trấn Hòa Bình".
        below = tuple(one for one in readings if one.kind != PROVINCE)
        return _Named(start, match.end, place, fitting or below, not fitting, True)
    if not fitting and kinds and not any(one.kind in _CALLED.get(kinds, kinds | {one.kind}) for one in readings):
        return _Named(start, match.end, place, (), False, True)  # another country's: "tỉnh Sơn Tây", "TP Trùng Khánh"
    readings = fitting or tuple(one for one in readings if one.kind != WARD)
    return _Named(start, match.end, place, readings, False, bool(kinds))


def _chains(low: Sequence[str], found: Sequence[_Named]) -> list[list[_Named]]:
    """Return the names grouped: those with nothing but commas, brackets and "và" between them belong together."""
    chains: list[list[_Named]] = []
    for named in found:
        if chains:
            last = chains[-1][-1].end
            gap = low[last : named.start]
            if len(gap) <= _MOST_LINKS and all(symbol in _LINKS for symbol in gap):
                chains[-1].append(named)
                continue
        chains.append([named])
    return chains


class _Resolved(NamedTuple):
    names: tuple[str, ...]
    provinces: tuple[str, ...]
    new_map: bool


def _resolve(chain: Sequence[_Named], elsewhere: frozenset[str], new_map: bool | None) -> _Resolved:
    """Return the names that count and the provinces of a chain.

    A district that says which province it lies in is held to it; a name of several places is decided by the
    province in the chain or else by those named elsewhere in the article; a ward needs its province beside it.
    On the new map the province after a place is the one of the 34, and the place says which of the 63 it was.
    """
    if len(chain) == 1 and not chain[0].ward and (sole := _sole(chain[0].readings)):
        return _Resolved((chain[0].place.name,), (sole,), False)
    merged = provinces().since_2025
    lower = {one.readings[0].province for one in chain if len(one.readings) == 1 and one.readings[0].kind != PROVINCE}
    chain = [_held_to(one, lower) for one in chain]
    stated = {one.readings[0].province for one in chain if one.readings[0].kind == PROVINCE}
    stated_new = {merged[name] for name in stated}
    known_new = {merged[name] for name in elsewhere} if new_map else set()
    names: list[str] = []
    among: dict[str, None] = {}
    taken_in: set[str] = set()
    # A place that stands right before one of the stated province lies in it, whatever else has its name: "Trường tiểu
    # học Hương Trà, huyện Hương Khê, Hà Tĩnh".
    inside = {
        number
        for number, one in enumerate(chain)
        if one.readings[0].kind != PROVINCE and any(reading.province in stated for reading in one.readings)
    }
    for number, one in enumerate(chain):
        candidates = dict.fromkeys(reading.province for reading in one.readings)
        if one.readings[0].kind != PROVINCE:
            fitting = [name for name in candidates if name in stated]
            if not fitting and not one.ward:
                # "các huyện Tân Phú, Bình Chánh (TP.HCM)": the province decides, whatever kind stands before.
                fitting = list(dict.fromkeys(read.province for read in one.place.readings if read.province in stated))
            if not fitting and new_map is not False:
                fitting = [name for name in candidates if merged[name] in stated_new]
                if len(fitting) == 1 and (new_map or one.ward) and merged[fitting[0]] in stated:
                    taken_in.add(merged[fitting[0]])
            fitting = fitting or [name for name in candidates if merged[name] in known_new]
            if not fitting and number + 1 in inside and not one.kind_given and one.readings[0].kind != "city":
                continue
            if not fitting:
                if one.ward:
                    continue
                fitting = [name for name in candidates if name in elsewhere]
                if len(fitting) != 1:
                    fitting = list(candidates) if len(candidates) == 1 else []
            if len(fitting) != 1:
                continue
            candidates = dict.fromkeys(fitting)
        names.append(one.place.name)
        among |= candidates
    for name in taken_in:
        among.pop(name, None)
    return _Resolved(tuple(names), tuple(among), bool(taken_in))


def _sole(readings: Sequence[Reading]) -> str:
    """Return the province that a name alone stands for, or "" where it may stand for several."""
    first = readings[0].province
    known = readings[0].kind == PROVINCE or all(reading.province == first for reading in readings)
    return first if known else ""


def _held_to(one: _Named, lower: set[str]) -> _Named:
    """Return a province's name as the province, or as the district so called beside districts of its own province."""
    if one.readings[0].kind != PROVINCE:
        return one
    beside = () if one.kind_given else tuple(reading for reading in one.readings[1:] if reading.province in lower)
    return one._replace(readings=beside or one.readings[:1])


def find_mentions(
    symbols: Sequence[str],
    low: Sequence[str],
    elsewhere: frozenset[str] = frozenset(),
    new_map: bool | None = None,
) -> list[Mention]:
    """Return the mentions in a text, in reading order, also those whose role says that they do not count.

    `low` are the symbols in lower case; `elsewhere` the provinces named in other parts of the article; `new_map` says
    whether it was written when the 34 were in force, None where that is not known.
    """
    read: list[_Named] = []
    mentions: list[Mention] = []
    matches = place_trie().find(symbols)
    starts = {match.start for match in matches}
    for match in matches:
        if not match.value.readings:
            continue
        one = _read(low, match)
        loose = not one.kind_given or (bool(one.readings) and one.readings[0].kind == WARD)
        if loose and (_is_person(symbols, low, match.start) or _goes_on(symbols, one, starts)):
            mentions.append(Mention(match.start, match.end, "person", (match.value.name,), ()))
        elif one.readings:
            read.append(one)
    known = elsewhere | {one.readings[0].province for one in read if one.readings[0].kind == PROVINCE}
    for chain in _chains(low, read):
        start, end = chain[0].start, chain[-1].end
        role = _role(low, start, kind_given=chain[0].kind_given)
        if role == "plain" and any(one.end == other.start for one, other in pairwise(chain)):
            role = "route"  # with a dash between them: "xe khách Nghệ An - TP.HCM"
        if len(chain) == 1 and not chain[0].kind_given:
            if start and low[start - 1][0].isdigit() and not low[start - 1].endswith("h"):
                role = "street"  # "tại 353A Điện Biên Phủ"
            elif " ".join(symbols[start:end]) in _cautious() and not _cue_right_before(low, start):
                continue
        resolved = _resolve(chain, known, new_map)
        if resolved.names:
            mentions.append(Mention(start, end, role, *resolved))
    mentions.sort()
    return mentions


def _cue_right_before(low: Sequence[str], start: int) -> bool:
    words = _cues().words
    return start > 0 and (low[start - 1] in words or (start > 1 and (low[start - 2], low[start - 1]) in words))


@cache
def _cautious() -> frozenset[str]:
    """Return the cautious names of cues.toml as their symbols, joined by spaces."""
    return frozenset(" ".join(to_symbols(name)) for name in _cues().cautious)
