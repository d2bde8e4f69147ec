"""Rarities are those of the reading that most articles have, without looking at readings that can't be it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher.execution import Executor
from searcher.ranking.asked import Ask
from searcher.ranking.statistics import Statistics

if TYPE_CHECKING:
    import searcher

SYLLABLES = "ma tuý công an sơn la mại dâm và của xyz".split()  # noqa: SIM905
READINGS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(tuple), st.sampled_from([0.02, 0.3, 0.5, 1.0])
    ),
    max_size=6,
).map(tuple)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings=READINGS)
def test_rarity_is_that_of_the_most_frequent_reading(
    seeds_index: searcher.EmbeddedIndex, readings: tuple[tuple[tuple[str, ...], float], ...]
) -> None:
    segments = [segment.arrays for segment in Executor(seeds_index.whoosh.reader()).whole.segments]
    one, other = Statistics(segments), Statistics(segments)
    most = max((weight * other.documents_with(syllables) for syllables, weight in readings), default=0.0)
    assert one.idf(Ask(readings)) == pytest.approx(other.rarity(most))
    for syllables, _weight in readings:
        assert one.documents_with(syllables) <= min(one.documents_with((each,)) for each in syllables)
