"""Which province a name that is none may mean: a former one's, a town's or district's, a misspelt one's."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from searcher.tagging.naming import find_places
from searcher.tagging.provinces import provinces, resolve_province, spelling_key

_LEAST_ALIKE: Final = 0.75
_LONGEST: Final = 60
_KINDS: Final = ("", "thixa", "tx", "thanhpho", "tp", "huyen", "quan", "thitran")


class FormerProvince(NamedTuple):
    """A province that ended in the year `until`, and those of the 63 that it lies in."""

    name: str
    until: int
    provinces: tuple[str, ...]


@cache
def _former() -> dict[str, FormerProvince]:
    lines = Path(__file__).with_name("formerprovinces.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return {spelling_key(name): FormerProvince(name, int(until), tuple(now.split(";"))) for name, until, now in rows}


def former_province(name: str) -> FormerProvince | None:
    """Return the province of before 2008 with this name, None for none.

    >>> former_province("ha tay")
    FormerProvince(name='Hà Tây', until=2008, provinces=('Hà Nội',))
    """
    return _former().get(spelling_key(name))


def provinces_of_place(name: str) -> tuple[str, ...]:
    """Return the provinces of the 63 in which a place with this name lies: a city, town or district; empty for none.

    >>> provinces_of_place("Vinh"), provinces_of_place("ở Vinh")
    (('Nghệ An',), ())
    """
    if len(name) > _LONGEST:
        return ()
    whole = spelling_key(name)
    for one in find_places(name):
        if whole.removeprefix(spelling_key(name[: one.start])) == spelling_key(name[one.start : one.end]):
            return one.provinces if one.start == 0 or spelling_key(name[: one.start]) in _KINDS else ()
    return ()


def nearest_province(name: str, year: int | None = None) -> str | None:
    """Return the province that is spelt most like a name, on the map of this year; None where none is alike.

    >>> nearest_province("Ngệ An"), nearest_province("Atlantis")
    ('Nghệ An', None)
    """
    keys = {spelling_key(spelling): one for one, spellings in provinces().spellings.items() for spelling in spellings}
    close = get_close_matches(spelling_key(name[:_LONGEST]), keys, n=1, cutoff=_LEAST_ALIKE)
    return resolve_province(keys[close[0]], year) if close else None
