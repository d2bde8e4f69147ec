"""The gazetteer: every name of a place that tagging knows, and what it can stand for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from searcher.tagging.kinds import PROVINCE, WARD, Reading
from searcher.tagging.provinces import provinces
from searcher.tagging.symbols import symbols
from searcher.tagging.trie import Trie

NATION: Final = "nation"


class Place(NamedTuple):
    """A name with all that it can stand for, a province first, then as divisions.tsv and places.toml list them.

    `bare` are those that it can stand for without the word for its kind: no wards.

    Without readings it is a name that holds that of a place and is none, as "Thái Bình Dương" holds Thái Bình, or what
    an article on the whole country speaks of; that is called NATION.
    """

    name: str
    readings: tuple[Reading, ...]
    bare: tuple[Reading, ...]


def _named() -> Iterator[tuple[str, str, Reading | None]]:
    """Yield spelling, name and reading of every place; the reading is None for what is none."""
    for province, spellings in provinces().spellings.items():
        for spelling in spellings:
            yield spelling, province, Reading(PROVINCE, province)
    folder = resources.files(__package__)
    for line in folder.joinpath("divisions.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, kind, province = line.split("\t")
            yield from _spelled(name, Reading(kind, province))
    for kind, names in tomllib.loads(folder.joinpath("places.toml").read_text("utf-8")).items():
        for name, province in names.items():
            if kind == NATION:
                yield name, NATION, None
            else:
                yield from _spelled(name, Reading(kind, province) if province else None)


def _spelled(name: str, reading: Reading | None) -> Iterator[tuple[str, str, Reading | None]]:
    number = name.removeprefix("Quận ")
    if number.isdecimal():
        # Only with the word before it is a number a place: "quận 5", "Q.5", "Q5".
        for spelling in (f"Quận {number}", f"quận {number}", f"Q.{number}", f"Q{number}", f"quận {int(number):02}"):
            yield spelling, f"Quận {number}", reading
        return
    yield name, name, reading
    for group in _alike():
        first = next((form for form in group if name.startswith(form + " ")), None)
        for form in group if first else ():
            if form != first:
                yield form + name[len(first or "") :], name, reading


@cache
def _alike() -> tuple[tuple[str, ...], ...]:
    """Return the beginnings of names of the highlands that are written in several ways."""
    data = tomllib.loads(resources.files(__package__).joinpath("cues.toml").read_text("utf-8"))
    return tuple(map(tuple, data["names"]["alike"]))


@cache
def places() -> dict[tuple[str, ...], Place]:
    """Return the places by the symbols of each spelling."""
    found: dict[tuple[str, ...], tuple[str, dict[Reading, None]]] = {}
    for spelling, name, reading in _named():
        readings = found.setdefault(tuple(symbols(spelling)), (name, {}))[1]
        if reading is not None:
            readings[reading] = None
    return {
        key: Place(name, tuple(readings), tuple(one for one in readings if one.kind != WARD))
        for key, (name, readings) in found.items()
    }


@cache
def place_trie() -> Trie[Place]:
    """Return the trie of all places."""
    return Trie(places().items())
