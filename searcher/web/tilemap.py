"""The map of provinces: a tile for each, coloured by how many of the hits, or of all its articles, are found there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from markupsafe import Markup, escape

from searcher.messages import _, language, number
from searcher.tagging import NEW_MAP, provinces
from searcher.web.addresses import Asked, Toggles
from searcher.web.pages import level, percent

_TILES: Final = Path(__file__).with_name("tiles.toml")
_NO_TILE: Final = "."
_ISLANDS: Final = "*"


class Tile(msgspec.Struct, frozen=True):
    """A province on the map: `label` stands on it, `islands` are those that belong to it or that the tile is for."""

    label: str
    province: str
    islands: str = ""
    is_islands: bool = False


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


def shaded(asked: Asked, counts: Mapping[str, int], articles: Mapping[str, int]) -> Markup:
    """Return the map of a search as HTML, tile after tile; labels are data of our own, and letters only.

    `counts` are the hits of each province, `articles` what each has in the whole index.
    """
    by_share = asked.shade == "share"
    weights = {
        name: count / articles.get(name, count) if by_share else count for name, count in counts.items() if count
    }
    most = max(weights.values(), default=0)
    toggles = Toggles(asked, "province")

    def of(tile: Tile | None) -> str:
        if tile is None:
            return "<i></i>"
        name, weight = tile.province, weights.get(tile.province, 0)
        kinds = f"s{level(weight, most)}{' on' if name in asked.provinces else ''}{' isle' if tile.is_islands else ''}"
        title = f"{_tile_name(tile, language())}: {number(counts.get(name, 0))}"
        title += f", {percent(weight)}" if by_share else ""
        return f'<a tabindex="-1" class="{kinds}" href="{toggles.html(name)}" title="{title}">{tile.label}</a>'

    return Markup("\n".join(of(tile) for row in tiles(is_new_map(asked.provinces_of)) for tile in row))


@lru_cache(512)
def _tile_name(tile: Tile, _language: str) -> str:
    """Return what a tile is of, as an attribute of HTML has it."""
    if tile.is_islands:
        name = f"{tile.islands} ({tile.province})"
    elif tile.islands:
        name = f"{tile.province} ({_('with {islands}').format(islands=tile.islands)})"
    else:
        name = tile.province
    return str(escape(name))
