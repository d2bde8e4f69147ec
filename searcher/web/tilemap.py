"""The map of provinces: a tile for each, coloured by how many of the hits, or of all its articles, are found there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from searcher.tagging import NEW_MAP, provinces
from searcher.web.addresses import Shade

_TILES: Final = Path(__file__).with_name("tiles.toml")
_NO_TILE: Final = "."
_ISLANDS: Final = "*"


class Tile(msgspec.Struct, frozen=True):
    """A province on the map: `label` stands on it, `islands` are those that belong to it or that the tile is for."""

    label: str
    province: str
    islands: str = ""
    is_islands: bool = False


class ShadedTile(msgspec.Struct, frozen=True):
    """A tile with its count, its share of the province's articles, and `weight`, which is what it is coloured by."""

    tile: Tile
    count: int
    share: float
    weight: float


Grid = tuple[tuple[Tile | None, ...], ...]


@cache
def tiles(new_map: bool) -> Grid:
    """Return the rows of the map of the 63, or of the 34, from north to south, None where there is no tile."""
    table: dict[str, Any] = tomllib.loads(_TILES.read_text("utf-8"))
    known = provinces()
    names = set(known.since_2025.values()) if new_map else set(known.names)
    of_label = {label: next((one for one in both if one in names), "") for label, both in table["provinces"].items()}

    def tile(mark: str) -> Tile | None:
        if mark == _NO_TILE:
            return None
        label = mark.removeprefix(_ISLANDS)
        islands = table["islands"].get(label, "")
        if label != mark:
            return Tile("".join(word[0] for word in islands.split()), of_label[label], islands, is_islands=True)
        return Tile(label, of_label[label], islands)

    lines = table["map-34" if new_map else "map-63"].strip().splitlines()
    return tuple(tuple(map(tile, line.split())) for line in lines)


def is_new_map(provinces_of: int | None) -> bool:
    """Return whether a year's map of the provinces is that of the 34."""
    return provinces_of is not None and provinces_of >= NEW_MAP


def shaded(
    counts: Mapping[str, int], articles: Mapping[str, int], shade: Shade, *, new_map: bool
) -> tuple[tuple[ShadedTile | None, ...], ...]:
    """Return the map with the counts of a search, `articles` being how many each province has in the whole index."""

    def of(tile: Tile | None) -> ShadedTile | None:
        if tile is None:
            return None
        count = counts.get(tile.province, 0)
        whole = articles.get(tile.province, 0)
        share = count / whole if whole else 0.0
        return ShadedTile(tile, count, share, share if shade == "share" else float(count))

    return tuple(tuple(map(of, row)) for row in tiles(new_map))
