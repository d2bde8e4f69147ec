"""The provinces, their variants, and where in a text they are named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from searcher.analysis.normalization import normalize


class Gazetteer(NamedTuple):
    """`names` are the 63 in file order; `since_2025` maps each to its one of the 34; `aliases` any spelling to it."""

    names: tuple[str, ...]
    since_2025: dict[str, str]
    aliases: dict[str, str]
    pattern: re.Pattern[str]


class Mention(NamedTuple):
    """A province named at `text[start:end]`."""

    province: str
    start: int
    end: int


_NOT_A_WORD: Final = r"(?<!\w)(?:{})(?!\w)"


@cache
def gazetteer() -> Gazetteer:
    """Return the provinces as provinces.toml has them."""
    entries = tomllib.loads(resources.files(__package__).joinpath("provinces.toml").read_text("utf-8"))["province"]
    aliases: dict[str, str] = {}
    for entry in entries:
        for alias in (entry["name"], *entry.get("variants", ())):
            aliases[normalize(alias)] = entry["name"]
    longest_first = sorted(aliases, key=len, reverse=True)
    return Gazetteer(
        tuple(entry["name"] for entry in entries),
        {entry["name"]: entry["since_2025"] for entry in entries},
        aliases,
        re.compile(_NOT_A_WORD.format("|".join(map(re.escape, longest_first)))),
    )


def find_provinces(text: str) -> Iterator[Mention]:
    """Yield the provinces that a normalised text names, in reading order; a name counts only with its capitals."""
    places = gazetteer()
    for match in places.pattern.finditer(text):
        yield Mention(places.aliases[match[0]], match.start(), match.end())
