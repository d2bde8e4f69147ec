"""What people call the values of facts in queries and options: from a name to a slug."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from searcher.analysis.normalization import normalize
from searcher.analysis.syllable import fold
from searcher.data import read_table


@cache
def _names() -> dict[str, dict[str, Any]]:
    return read_table(__file__, "naming")


@cache
def offence_names(language: str = "vi") -> dict[str, str]:
    """Return the names of the offences by slug, in "vi" or "en", without what else the table of offences has."""
    name = "english" if language == "en" else "name"
    return {entry["slug"]: entry[name] for entry in read_table(__file__, "offences")["offence"]}


@cache
def drug_names(language: str = "vi") -> dict[str, str]:
    """Return the name of each kind of drug by its slug, in "vi" or "en"."""
    if language == "en":
        return dict(_names()["english"])
    return {slug: names[0] for slug, names in _names()["drug"].items()}


def values_of(field: str) -> tuple[str, ...]:
    """Return the values that a field of facts can have: offence, stage, drug, kind, punishment, number."""
    return tuple(offence_names() if field == "offence" else _names()[field])


def resolve(field: str, name: str) -> str | None:
    """Return the value of a field of facts that a name stands for; None where it is none.

    >>> resolve("offence", "vận chuyển ma túy"), resolve("stage", "xet xu"), resolve("drug", "ma tuy da")
    ('van-chuyen-ma-tuy', 'tried', 'ma-tuy-da')
    """
    return _keyed(field).get(_key(name))


@cache
def _keyed(field: str) -> dict[str, str]:
    if field == "offence":
        entries = read_table(__file__, "offences")["offence"]
        pairs = [
            (name, one["slug"])
            for one in entries
            for name in (one["slug"], one["name"], one["english"], *one["charges"])
        ]
    else:
        pairs = [(name, value) for value, names in _names()[field].items() for name in (value, *names)]
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(_key(name), value)
    return found


def measured() -> dict[str, str]:
    """Return what may stand before a comparison, "heroin>10kg", by its spelling: a drug's slug or a number's field."""
    return {name: value for field in ("drug", "number") for value, names in _names()[field].items() for name in names}


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(normalize(name).lower()))
