"""The table that ranking works on has what one counts in the articles themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searcher
from searcher.analysis.stream import analyze
from searcher.execution import Executor
from searcher.ranking.frequencies import Frequencies
from searcher.ranking.parts import Sought
from searcher.ranking.rarity import FIELDS
from searcher.schema import to_article

pytestmark = pytest.mark.slow

SYLLABLES = "ma tuý công an tỉnh sơn la mại dâm bị cáo và của người hiv đối tượng xyz".split()  # noqa: SIM905
ANY = st.builds(
    Sought, st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(tuple), as_word=st.booleans()
) | st.sampled_from([Sought(("ma", "tuý")), Sought(("công", "an"), as_word=True), Sought(("mại", "dâm"), as_word=True)])


def counted(text: str, sought: Sought, words_known: bool) -> int:
    terms = analyze(text)
    if sought.as_word and words_known:
        return [term for term, _at in terms].count("_".join(sought.syllables))
    syllables = [term for term, _at in terms if "_" not in term]
    length = len(sought.syllables)
    return sum(tuple(syllables[at : at + length]) == sought.syllables for at in range(len(syllables)))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY, max_size=5), st.data())
def test_frequencies_are_those_of_the_texts(
    seeds_index: searcher.EmbeddedIndex, sought: list[Sought], data: st.DataObject
) -> None:
    with seeds_index.whoosh.searcher() as opened:
        whole = Executor(opened.reader()).whole
        articles = [to_article(opened.stored_fields(number)) for number in range(whole.doc_count)]
        for _again in range(2):  # what was found for some documents is of no harm for others
            chosen = data.draw(st.sets(st.integers(0, whole.doc_count - 1)).map(sorted))
            table = Frequencies(whole, np.array(chosen, dtype=np.intp)).table(sought)
            assert table.shape == (len(sought), len(FIELDS), len(chosen))
            for row, one in enumerate(sought):
                for column, name in enumerate(FIELDS):
                    field = whole.field(name)
                    assert field is not None
                    is_known = whole.postings(field, "_".join(one.syllables).encode()) is not None
                    texts = [getattr(articles[number], name) for number in chosen]
                    assert table[row, column].tolist() == [counted(text, one, is_known) for text in texts]
