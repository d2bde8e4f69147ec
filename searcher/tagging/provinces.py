"""The provinces: the 63 in force until 2025-06-30, and the 34 that have taken them in since."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from searcher.analysis.normalization import normalize
from searcher.analysis.syllable import fold
from searcher.data import read_table

FIRST_MAP: Final = 2008
"""The year from which the 63 were in force."""
NEW_MAP: Final = 2025
"""The year from which the 34 are in force."""
NEW_MAP_DAY: Final = date(2025, 7, 1)
_KIND: Final = re.compile(r"^(tinh|thanh pho|tp)\W+")


class Provinces(NamedTuple):
    """`names` are the 63 in file order; `since_2025` maps each to its one of the 34; `spellings` each to all of its."""

    names: tuple[str, ...]
    since_2025: dict[str, str]
    spellings: dict[str, tuple[str, ...]]


@cache
def provinces() -> Provinces:
    """Return the provinces as provinces.toml has them."""
    entries = read_table(__file__, "provinces")["province"]
    return Provinces(
        tuple(entry["name"] for entry in entries),
        {entry["name"]: entry["since_2025"] for entry in entries},
        {entry["name"]: (entry["name"], *entry["variants"]) for entry in entries},
    )


def spelling_key(name: str) -> str:
    """Return what all spellings of a province's name have in common: its letters without marks and without its kind."""
    return re.sub(r"[\W_]+", "", _KIND.sub("", fold(normalize(name).lower())))


@cache
def _by_key() -> dict[str, str]:
    return {spelling_key(spelling): name for name, spellings in provinces().spellings.items() for spelling in spellings}


@cache
def _merged_by_key() -> dict[str, str]:
    known = provinces()
    return {
        spelling_key(spelling): known.since_2025[name] for name in known.names for spelling in known.spellings[name]
    } | {spelling_key(name): name for name in known.since_2025.values()}


def resolve_province(name: str, year: int | None = None) -> str | None:
    """Return the name of a province however it is written ('tphcm', 'son la', 'BR-VT'), or None.

    It is one of the 63; with a `year` from 2025 on one of the 34, for a name of the 63 the one that took it in.

    >>> resolve_province("tinh son la"), resolve_province("Atlantis"), resolve_province("ha giang", 2025)
    ('Sơn La', None, 'Tuyên Quang')
    """
    known = _by_key() if year is None or year < NEW_MAP else _merged_by_key()
    return known.get(spelling_key(name))


def merged(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the 34 that the given ones of the 63 lie in, each once, in the order in which they come up.

    >>> merged(["Bình Thuận", "Hà Nội", "Lâm Đồng"])
    ('Lâm Đồng', 'Hà Nội')
    """
    known = provinces().since_2025
    return tuple(dict.fromkeys(known[name] for name in names if name in known))


@cache
def former(name: str) -> tuple[str, ...]:
    """Return those of the 63 that make up one of the 34; empty where it is none.

    >>> former("Lâm Đồng")
    ('Đắk Nông', 'Bình Thuận', 'Lâm Đồng')
    """
    return tuple(old for old, new in provinces().since_2025.items() if new == name)
