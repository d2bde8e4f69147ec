"""The kinds of places that tagging knows."""

from __future__ import annotations

from typing import Final, NamedTuple

PROVINCE: Final = "province"
WARD: Final = "ward"
GATE: Final = "border-gate"


class Reading(NamedTuple):
    """What a name can stand for: a place of this kind in this one of the 63 provinces.

    Kinds are province, city, town, district, urban-district, former-district, ward and border-gate.
    """

    kind: str
    province: str
