"""The part that a place plays where it is named, by the words before it: authority, scene, way, home, or none."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from searcher.tagging.symbols import PARTING, SENTENCE_ENDS
from searcher.tagging.symbols import symbols as to_symbols

ROLES: Final = ("authority", "scene", "route", "home", "plain")
"""Roles that count; "aside", "street", "landmark" and "person" say that no place of the story is meant."""
_OPENING_RUN: Final = 4
_HOME_BEFORE: Final = 4
_PRETEXT: Final = 6
"""Symbols before an authority in which a word may say that somebody but passes for it."""
_STREETS_BEFORE: Final = 16
"""Symbols of a list of streets that may stand between "đường" and a name in it."""


class _Cue(NamedTuple):
    """What a word means as the last of a cue: its role alone, and with each word before it; "" for none."""

    role: str
    after: dict[str, str]


class _Cues(NamedTuple):
    by_last: dict[str, _Cue]
    within: dict[str, int]
    farthest: int
    surnames: frozenset[str]
    titles: frozenset[str]
    not_papers: frozenset[str]
    cautious: frozenset[str]
    pretexts: frozenset[str]
    landmarks: dict[str, frozenset[str]]
    no_landmarks: frozenset[tuple[str, str]]


_END: Final = _Cue("end", {})


@cache
def _cues() -> _Cues:
    data = tomllib.loads(resources.files(__package__).joinpath("cues.toml").read_text("utf-8"))
    names = data.pop("names")
    landmarks = data.pop("landmark")
    by_last: dict[str, _Cue] = dict.fromkeys(SENTENCE_ENDS, _END)
    for role, cue in data.items():
        for phrase in cue["words"]:
            before, _space, last = phrase.rpartition(" ")
            known = by_last.get(last, _Cue("", {}))
            by_last[last] = _Cue(known.role, known.after | {before: role}) if before else _Cue(role, known.after)
    befores: dict[str, frozenset[str]] = {}
    for phrase in landmarks["words"]:
        before, _space, last = phrase.rpartition(" ")
        befores[last] = befores.get(last, frozenset()) | {before}
    return _Cues(
        by_last,
        {role: cue["within"] for role, cue in data.items()},
        max(cue["within"] for cue in data.values()),
        frozenset(names["surnames"]),
        frozenset(names["titles"]),
        frozenset(names["not_papers"]),
        frozenset(" ".join(to_symbols(name)) for name in names["cautious"]),
        frozenset(names["pretexts"]),
        befores,
        frozenset((first, second) for first, second in map(str.split, landmarks["not"])),
    )


def role_of(symbols: Sequence[str], low: Sequence[str], start: int, *, kind_given: bool) -> str:
    """Return the role that the nearest cue before `start` gives, else "plain".

    No street is called "tỉnh" or "cửa khẩu", so with the kind of place given there is none.
    """
    cues = _cues()
    by_last, within = cues.by_last, cues.within
    for at in range(start - 1, max(-1, start - 1 - cues.farthest), -1):
        cue = by_last.get(low[at])
        if cue is None:
            continue
        if cue is _END:
            break
        role = (cue.after.get(low[at - 1]) if at else None) or cue.role
        if not role or start - at > within[role] or (role == "street" and kind_given):
            continue
        if low[at] == "báo" and at and low[at - 1] in cues.not_papers:
            continue
        if role == "authority" and at > 2 and low[at - 2] == "báo" and low[at - 3] not in cues.not_papers:
            return "aside"  # "báo Công an Đà Nẵng"
        if role == "authority" and not cues.pretexts.isdisjoint(low[max(0, at - _PRETEXT) : at]):
            return "aside"  # "xưng là cán bộ Công an Hà Nội"
        if role in ("scene", "route") and (_describes_person(low, at) or _follows_home(low, at)):
            return "home"
        if low[at] == "ở" and is_someone(symbols, low, at):
            return "home"  # "chị Thuần ở Hải Dương"
        return role
    return "home" if start and low[start - 1] == "," and _describes_person(low, start - 1) else "plain"


def _role_at(low: Sequence[str], at: int) -> str:
    """Return the role of the cue that ends at this place, "" for none."""
    cue = _cues().by_last.get(low[at])
    if cue is None or cue is _END:
        return ""
    return (cue.after.get(low[at - 1]) if at else None) or cue.role


def _follows_home(low: Sequence[str], at: int) -> bool:
    """Return whether the cue at this place goes on one for a home: "ngụ tại", "sinh ra ở một vùng quê thuộc"."""
    for before in range(at - 1, max(-1, at - _HOME_BEFORE - 1), -1):
        if low[before] in PARTING:
            return False
        if _role_at(low, before) == "home":
            return True
    return False


def _describes_person(low: Sequence[str], at: int) -> bool:
    """Return whether what stands at this place follows somebody's age: "(32 tuổi, ở Hà Nội)", "(32 tuổi, Hà Nội)"."""
    return any(
        low[one] in ("tuổi", "sn") or (low[one] == "sinh" and low[one + 1] in ("năm", "ngày", "tháng"))
        for one in range(max(0, at - 4), at)
    )


def is_person(symbols: Sequence[str], low: Sequence[str], start: int) -> bool:
    """Return whether the capitalised name at `start` goes on a person's: after a surname or a form of address."""
    if not start:
        return False
    cues = _cues()
    before = low[start - 1]
    if before == ":" and start > 1 and low[start - 2] == "ảnh":
        return True  # who took the picture
    if before in cues.titles or (start > 1 and f"{low[start - 2]} {before}" in cues.titles):
        return True
    if not symbols[start - 1][0].isupper():
        return False
    run = start
    while run > 0 and start - run < _OPENING_RUN and symbols[run - 1][0].isupper():
        run -= 1
    return any(low[at] in cues.surnames for at in range(run, min(run + 2, start)))


def is_someone(symbols: Sequence[str], low: Sequence[str], end: int) -> bool:
    """Return whether a person's name ends before this place: "chị Thuần", "Nguyễn Thị Thuần"."""
    run = end
    while run > 0 and end - run < _OPENING_RUN and symbols[run - 1][0].isupper():
        run -= 1
    if run == end:
        return False
    cues = _cues()
    if low[run] in cues.titles or (run > 0 and low[run - 1] in cues.titles):
        return True
    return any(low[at] in cues.surnames for at in range(run, min(run + 2, end)))


def is_landmark(low: Sequence[str], start: int) -> bool:
    """Return whether the name at `start` is that of something called after a place: "công viên Hòa Bình"."""
    cues = _cues()
    befores = cues.landmarks.get(low[start - 1]) if start else None
    if befores is None:
        return False
    before = low[start - 2] if start > 1 else ""
    return before in befores or ("" in befores and (before, low[start - 1]) not in cues.no_landmarks)


def is_listed_street(symbols: Sequence[str], low: Sequence[str], start: int) -> bool:
    """Return whether the name at `start` stands in a list of streets: "các đường Lê Lợi, Võ Thị Sáu, Hai Bà Trưng"."""
    for at in range(start - 1, max(-1, start - 1 - _STREETS_BEFORE), -1):
        if not (symbols[at][0].isupper() or symbols[at][0].isdigit() or symbols[at] in (",", "và")):
            return _role_at(low, at) == "street"
    return False


def is_house_number(low: Sequence[str], start: int) -> bool:
    """Return whether the name at `start` follows a house's number: "tại 353A Điện Biên Phủ"."""
    return bool(start) and low[start - 1][0].isdigit() and not low[start - 1].endswith("h")


def needs_cue(name: str) -> bool:
    """Return whether a name, its symbols joined by spaces, counts only after a kind of place or a cue."""
    return name in _cues().cautious


def cue_right_before(low: Sequence[str], start: int) -> bool:
    """Return whether a cue stands right before `start`."""
    return start > 0 and _role_at(low, start - 1) != ""


def is_date_line(low: Sequence[str], end: int) -> bool:
    """Return whether a place that ends here begins a letter's date line: "Sơn La, ngày 17 tháng 02 năm 2020"."""
    after = low[end : end + 6]
    return len(after) == 6 and after[0] == "," and after[1:6:2] == ["ngày", "tháng", "năm"]
