"""Mentions: where an article names places, which provinces they mean, and what part they play there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from searcher.tagging.gazetteer import NATION, Place, place_trie
from searcher.tagging.kinds import GATE, PROVINCE, WARD, Reading
from searcher.tagging.provinces import provinces
from searcher.tagging.roles import (
    cue_right_before,
    is_date_line,
    is_house_number,
    is_landmark,
    is_listed_street,
    is_person,
    needs_cue,
    role_of,
)
from searcher.tagging.sections import Section
from searcher.tagging.trie import Match

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
_KIND_ENDS: Final = frozenset(word.split()[-1] if isinstance(word, str) else word[1] for word in _KIND_WORDS)
_CALLED: Final[dict[frozenset[str], frozenset[str]]] = {
    frozenset({PROVINCE}): frozenset({PROVINCE}),
    _CITY: frozenset({PROVINCE, "city", "town", "urban-district"}),
}
"""What may be called a province or a city at all, by those who know that towns become cities."""
_WARD_ONLY: Final = frozenset({WARD})
_LINKS: Final = frozenset({",", "(", ")", "và", "cùng", "với", "hay", "hoặc"})
_MOST_LINKS: Final = 5


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


def _kind_before(low: Sequence[str], start: int) -> tuple[int, frozenset[str] | None]:
    """Return where the kind of place before a name begins, and the kinds it allows; `start` and None for none."""
    at, kinds = start, None
    while at > 0 and low[at - 1] in _KIND_ENDS:
        one = _KIND_WORDS.get(low[at - 1])
        two = _KIND_WORDS.get((low[at - 2], low[at - 1])) if at > 1 else None
        if one is None and two is None:
            break
        at -= 1 if two is None else 2
        kinds = kinds or two or one
    return at, kinds


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
    if kinds is None:
        return _Named(start, match.end, place, place.bare, False, False)
    readings = place.readings
    fitting = tuple(one for one in readings if one.kind in kinds)
    if kinds == _WARD_ONLY:
        # A ward called like a province is none: "thị trấn Hòa Bình".
        below = tuple(one for one in readings if one.kind != PROVINCE)
        return _Named(start, match.end, place, fitting or below, not fitting, True)
    if not fitting and not any(one.kind in _CALLED.get(kinds, kinds | {one.kind}) for one in readings):
        return _Named(start, match.end, place, (), False, True)  # another country's: "tỉnh Sơn Tây", "TP Trùng Khánh"
    return _Named(start, match.end, place, fitting or place.bare, False, True)


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
    if one.readings[0].kind != PROVINCE or len(one.readings) == 1:
        return one
    beside = () if one.kind_given else tuple(reading for reading in one.readings[1:] if reading.province in lower)
    return one._replace(readings=beside or one.readings[:1])


def find_mentions(
    section: Section,
    elsewhere: frozenset[str] = frozenset(),
    new_map: bool | None = None,
) -> list[Mention]:
    """Return the mentions in a section, in reading order, also those whose role says that they do not count.

    `elsewhere` are the provinces named in other parts of the article; `new_map` says
    whether it was written when the 34 were in force, None where that is not known.
    """
    read: list[_Named] = []
    mentions: list[Mention] = []
    symbols, low = section.symbols, section.low
    matches = section.find(place_trie(), capitals=True)
    if not matches:
        return mentions
    starts = {match.start for match in matches}
    for match in matches:
        if not match.value.readings:
            if match.value.name == NATION:
                mentions.append(Mention(match.start, match.end, NATION, (), ()))
            continue
        one = _read(low, match)
        role = _nowhere(symbols, low, one, match.start, starts)
        if role:
            mentions.append(Mention(match.start, match.end, role, (match.value.name,), ()))
        elif one.readings:
            read.append(one)
    known = elsewhere | {one.readings[0].province for one in read if one.readings[0].kind == PROVINCE}
    for whole in _chains(low, read):
        chain = _settled(whole, low)
        start, end = chain[0].start, chain[-1].end
        role = role_of(symbols, low, start, kind_given=chain[0].kind_given)
        if len(chain) > 1:
            if role == "plain" and any(one.end == other.start for one, other in pairwise(chain)):
                role = "route"  # with a dash between them: "xe khách Nghệ An - TP.HCM"
        elif not chain[0].kind_given:
            if is_house_number(low, start):
                role = "street"
            elif needs_cue(" ".join(symbols[start:end])) and not cue_right_before(low, start):
                continue
        if role in ("plain", "home") and is_date_line(low, end):
            role = "authority"
        resolved = _resolve(chain, known, new_map)
        if resolved.names:
            mentions.append(Mention(start, end, role, *resolved))
    mentions.sort()
    return mentions


def _nowhere(symbols: Sequence[str], low: Sequence[str], one: _Named, start: int, starts: set[int]) -> str:
    """Return the role of a name that is no place of the story, whatever it is called after; "" for a place."""
    if one.kind_given and not (one.readings and one.readings[0].kind == WARD):
        return ""
    if is_person(symbols, low, start) or _goes_on(symbols, one, starts):
        return "person"
    if one.kind_given:
        return ""
    if is_landmark(low, start):
        return "landmark"
    below = bool(one.readings) and one.readings[0].kind != PROVINCE
    return "street" if below and is_listed_street(symbols, low, start) else ""


def _settled(chain: Sequence[_Named], low: Sequence[str]) -> Sequence[_Named]:
    """Return a chain without the names that the place beside them makes something else's.

    What stands before a bracket or a comma and a district of another province is a street, park or ward there:
    "Hai Bà Trưng (quận 3)", "Hòa Bình, quận Bắc Từ Liêm", "Ngọc Hồi (Thanh Trì)", "xã Thượng Cốc, huyện Phúc Thọ".
    """
    if len(chain) == 1:
        return chain
    kept = [
        one
        for one, other in pairwise(chain)
        if low[one.end : other.start] not in (["("], [","])
        or not _lies_in_another(one, other, bracketed=low[one.end] == "(")
    ]
    return [*kept, chain[-1]] if len(kept) < len(chain) - 1 else chain


def _lies_in_another(one: _Named, other: _Named, *, bracketed: bool) -> bool:
    first = other.readings[0].kind
    if one.kind_given and one.readings[0].kind != WARD:
        return False
    if first == WARD or not (bracketed or (other.kind_given and first != PROVINCE)):
        return False
    if first == PROVINCE and one.readings[0].kind == PROVINCE:
        return False
    return {reading.province for reading in one.place.readings}.isdisjoint(
        reading.province for reading in other.readings
    )
