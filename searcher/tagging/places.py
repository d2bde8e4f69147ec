"""From the places an article names to what speaks for each province: counts by the part that the names play."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import log1p
from typing import Final, NamedTuple

from searcher.tagging.gazetteer import NATION
from searcher.tagging.mentions import Mention, find_mentions
from searcher.tagging.provinces import NEW_MAP_DAY, former
from searcher.tagging.roles import ROLES
from searcher.tagging.sections import ISSUER, Section

FEATURES: Final = (
    "title",
    "lead",
    "authority",
    "scene",
    "plain",
    "route",
    "home",
    "share",
    "only_home",
    "late",
    "density",
    "detail",
    "listed",
    "capital",
    "spot",
    "end",
    "ways",
    "nation",
    "national",
)
"""What a province is judged by; see `features`."""
_PER: Final = 300
_HUNDRED: Final = 100
_SHORT: Final = 200
_END: Final = 0.9
_FEW: Final = 2
"""So many provinces named together are no list."""
_CAPITALS: Final = frozenset({"Hà Nội", "TP. Hồ Chí Minh"})
_TELLING: Final = ("authority", "scene", "plain")
"""Roles in which a place tells which of the former provinces an article on the new map speaks of."""


class Located(NamedTuple):
    """A mention and the section it stands in."""

    section: Section
    mention: Mention


def locate(sections: Sequence[Section], published: datetime | None = None) -> list[Located]:
    """Return all mentions of an article, in reading order, by the map that was in force when it was published.

    Where the day is not known it is the map of the 63, unless a place named with its province is only on the other.
    """
    new_map = None if published is None else published.date() >= NEW_MAP_DAY
    located = _locate(sections, new_map)
    if new_map is None and any(one.mention.new_map for one in located):
        new_map, located = True, _locate(sections, True)
    return _by_former_provinces(located) if new_map else located


def _locate(sections: Sequence[Section], new_map: bool | None) -> list[Located]:
    found: list[Located] = []
    known: frozenset[str] = frozenset()
    # The body first: it names in full what a title cuts short.
    for section in reversed(sections):
        mentions = find_mentions(section, known, new_map)
        known |= {province for one in mentions for province in one.provinces}
        found[:0] = [Located(section, mention) for mention in mentions]
    return found


def _by_former_provinces(located: Sequence[Located]) -> list[Located]:
    """Return the mentions with each province of the 34 read as the one of the 63 that the article speaks of.

    "Công an tỉnh Lâm Đồng" in an article on Phan Thiết speaks for Bình Thuận: of the provinces that Lâm Đồng took in,
    that is the one in which most places are named. Where none is, the one of the same name is meant.
    """
    named: dict[str, float] = {}
    for one in located:
        if one.mention.role in _TELLING and not _is_bare(one.mention):
            for province in one.mention.provinces:
                named[province] = named.get(province, 0.0) + 1.0 / len(one.mention.provinces)
    found = []
    for one in located:
        if _is_bare(one.mention) and one.mention.role in ROLES:
            meant = dict.fromkeys(_former_one(province, named) for province in one.mention.provinces)
            one = one._replace(mention=one.mention._replace(provinces=tuple(meant)))
        found.append(one)
    return found


def _is_bare(mention: Mention) -> bool:
    """Return whether a mention is of nothing but provinces that may be meant as those of the 34."""
    return all(name in mention.provinces and len(former(name)) > 1 for name in mention.names)


def _former_one(province: str, named: dict[str, float]) -> str:
    best = max(former(province), key=lambda name: named.get(name, 0.0), default=province)
    return best if named.get(best) else province


class Whole(NamedTuple):
    """What an article as a whole says of its places: how many it names as on the way, and how national it is."""

    ways: float
    nation: float
    national: float


def whole(sections: Sequence[Section], located: Sequence[Located]) -> Whole:
    """Return log(1 + mentions on the way), log(1 + words for the whole country for every 100 symbols).

    And 1 where one of these words stands in title or lead, else 0.
    """
    length = sum(len(section.symbols) for section in sections)
    nations = [one.section.name for one in located if one.mention.role == NATION]
    nation, top = len(nations), float("title" in nations or "lead" in nations)
    ways = sum(len(one.mention.provinces) for one in located if one.mention.role == "route")
    return Whole(log1p(ways), log1p(nation * _HUNDRED / max(_HUNDRED, length)), top)


def candidates(located: Sequence[Located]) -> dict[str, list[Located]]:
    """Return the provinces that mentions which count mean, each with those mentions."""
    found: dict[str, list[Located]] = {}
    for one in located:
        if one.mention.role in ROLES:
            for province in one.mention.provinces:
                found.setdefault(province, []).append(one)
    return found


def features(among: dict[str, list[Located]], article: Whole) -> dict[str, list[float]]:
    """Return for each province the numbers that FEATURES names.

    A body of under 200 symbols is counted as 200.

    - title, lead: 1 where it is named there, other than as a home or on the way; the issuer of a notice is as a title.
    - authority, scene, plain, route, home: log(1 + mentions in lead and body in this role).
    - share: its part of all mentions that are no homes, in 0..1, those in long lists counting less.
    - only_home: 1 where it is never more than a home.
    - late: where it is first named other than as a home, 0 for the top and 1 for the end or never.
    - density: log(1 + mentions for every 300 symbols of the body).
    - detail: log(1 + mentions other than as a home that name a place in it).
    - listed: the part of its mentions that stand in a list of three provinces and more, 0..1.
    - capital: 1 for the two big cities, which articles name for the offices that they have.
    - spot: 1 where a place in it is the scene: "tại huyện Cần Đước, Long An".
    - end: 1 where it is named in the last tenth of the body alone, where other stories and pictures are.
    - ways, nation, national: what `whole` gives.
    """
    strong = {name: _strength(mentions) for name, mentions in among.items()}
    total = sum(strong.values()) or 1.0
    return {name: [*_numbers(name, mentions, strong[name] / total), *article] for name, mentions in among.items()}


def _strength(mentions: Sequence[Located]) -> float:
    return sum(1.0 / max(1, len(one.mention.provinces) - 2) for one in mentions if one.mention.role != "home")


def _numbers(name: str, mentions: Sequence[Located], share: float) -> list[float]:
    title = lead = 0.0
    late = 1.0
    counts = dict.fromkeys(ROLES, 0)
    detailed = listed = 0
    spot = 0.0
    end = 1.0
    for section, mention in mentions:
        if end and (section.name != "body" or mention.start <= _END * len(section.symbols)):
            end = 0.0
        if mention.role != "home" or section.name == "title":
            late = min(late, mention.start / max(_SHORT, len(section.symbols)) if section.name == "body" else 0.0)
            title = max(title, float(section.name in ("title", ISSUER) and mention.role != "route"))
            lead = max(lead, float(section.name == "lead" and mention.role != "route"))
        counts[mention.role] += section.name != "title"
        if mention.role != "home" and mention.names != mention.provinces:
            detailed += 1
            spot = max(spot, float(mention.role == "scene"))
        listed += len(mention.provinces) > _FEW
    named = sum(counts.values())
    length = max((len(one.section.symbols) for one in mentions if one.section.name == "body"), default=_PER)
    return [
        title,
        lead,
        *(log1p(counts[role]) for role in ("authority", "scene", "plain", "route", "home")),
        share,
        float(named > 0 and not title and named == counts["home"]),
        late,
        log1p(len(mentions) * _PER / max(_SHORT, length)),
        log1p(detailed),
        listed / len(mentions),
        float(name in _CAPITALS),
        spot,
        end,
    ]
