"""The histogram and the map: what they draw, told by plain counting."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.query.results import FacetCount
from searcher.tagging import provinces
from searcher.web.addresses import Asked
from searcher.web.histogram import HEIGHT, MOST_PERIODS, histogram
from searcher.web.languages import chosen_language
from searcher.web.pages import level
from searcher.web.tilemap import shaded, tiles

MONTHS = st.builds(lambda year, month: f"{year:04}-{month:02}", st.integers(1900, 2100), st.integers(1, 12))


def bars(path: str) -> dict[int, float]:
    """Return the bars of a path: their places and heights."""
    found = re.findall(r"M([\d.]+) [\d.]+v-([\d.]+)h", path)
    return {int(float(place)): float(height) for place, height in found}


@given(st.dictionaries(MONTHS, st.integers(1, 10_000), min_size=1, max_size=60))
def test_each_period_with_articles_has_a_bar_as_high_as_its_count(counts: dict[str, int]) -> None:
    drawn = histogram([FacetCount(month, count) for month, count in sorted(counts.items())], "", "")
    assert drawn is not None
    assert sum(drawn.counts) == sum(counts.values())
    assert drawn.periods <= MOST_PERIODS or drawn.unit == "year"
    most = max(drawn.counts)
    expected = {place: count for place, count in enumerate(drawn.counts) if count}
    assert bars(drawn.inside).keys() == expected.keys()
    for place, height in bars(drawn.inside).items():
        assert height == pytest.approx(max(HEIGHT * expected[place] / most, 1), abs=0.06)


def test_chosen_days_part_the_bars() -> None:
    months = [FacetCount(f"2019-{month:02}", month) for month in range(1, 13)]
    drawn = histogram(months, "2019-03", "2019-05")
    assert drawn is not None
    assert bars(drawn.inside).keys() == {2, 3, 4}
    assert len(bars(drawn.outside)) == 9
    assert (drawn.labels[0], drawn.labels[-1]) == ("2019-01", "2019-12")
    assert histogram([], "", "") is None


@pytest.mark.parametrize("new_map", [False, True])
def test_the_map_has_each_province_once_and_its_islands(new_map: bool) -> None:
    known = provinces()
    grid = tiles(new_map)
    drawn = [tile.province for row in grid for tile in row if tile and not tile.is_islands]
    assert sorted(drawn) == sorted(set(known.since_2025.values()) if new_map else known.names)
    assert len({len(row) for row in grid}) == 1
    islands = {tile.islands: tile.province for row in grid for tile in row if tile and tile.islands}
    assert islands == {"Hoàng Sa": "Đà Nẵng", "Trường Sa": "Khánh Hòa"}
    labels = [tile.label for row in grid for tile in row if tile and not tile.is_islands]
    assert len(labels) == len(set(labels))


def test_tiles_are_coloured_by_count_or_by_share() -> None:
    counts, articles = {"Hà Nội": 10, "Sơn La": 5}, {"Hà Nội": 100, "Sơn La": 5}
    for shade, expected in (("count", {"Hà Nội": 8, "Sơn La": 5}), ("share", {"Hà Nội": 1, "Sơn La": 8})):
        drawn = shaded(Asked(shade=shade, provinces=("Sơn La",)), counts, articles)  # type: ignore[arg-type]
        found = re.findall(r'class="s(\d)( on)?(?: isle)?" href="[^"]*" title="([^":(]*?):', drawn)
        assert {province: int(step) for step, _on, province in found if step != "0"} == expected
        assert [province for _step, on, province in found if on] == ["Sơn La"]
    assert [level(value, 8) for value in (0, 0.5, 4, 8)] == [0, 1, 5, 8]
    assert level(0, 0) == 0


@pytest.mark.parametrize(
    ("cookie", "accept", "language"),
    [
        ("en", "vi", "en"),
        (None, "vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        (None, "fr,en;q=0.3,vi;q=0.2", "en"),
        (None, "vi;q=0,en", "en"),
        ("fr", "vi", "vi"),
        (None, ";;;,,q=", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(
    cookie: str | None, accept: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCHER_LANG", "en")
    assert chosen_language(cookie, accept) == language
