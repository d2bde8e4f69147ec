"""The vocabulary that looks things up says what the one says that reads every term."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher.analysis import fold
from searcher.execution.segmentvocabulary import SegmentVocabulary
from searcher.language.vocabulary import ReaderVocabulary
from searcher.schema import TEXT_FIELDS
from tests.conftest import SEEDS
from tests.invented import indexed, invented


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    folder = tmp_path_factory.mktemp("vocabulary") / "index"
    searcher.index_paths(folder, [SEEDS])
    for start in (0, 10, 20):
        indexed(folder, invented(10, start), name=str(start))
    with searcher.open_index(folder) as opened:
        yield opened


Both = tuple[SegmentVocabulary, ReaderVocabulary]


@pytest.fixture(scope="module")
def both(index: searcher.EmbeddedIndex) -> Both:
    reader = index.whoosh.reader()
    return SegmentVocabulary(reader), ReaderVocabulary(reader)


def test_every_term_is_known_folded_and_counted_alike(index: searcher.EmbeddedIndex, both: Both) -> None:
    quick, plain = both
    terms = {term.decode() for name in TEXT_FIELDS for term in index.whoosh.reader().lexicon(name)}
    assert len(terms) > 2000
    for term in terms:
        assert term in quick
        assert quick.frequency(term) == plain.frequency(term)
        assert list(quick.folding_to(fold(term))) == list(plain.folding_to(fold(term)))
    assert quick.size() == plain.size()
    assert list(quick.sources()) == list(plain.sources())


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("amđâtuýsơn_lh"), max_size=5))
def test_whatever_is_asked_for_the_answer_is_the_same(both: Both, text: str) -> None:
    quick, plain = both
    assert (text in quick) == (text in plain)
    assert quick.frequency(text) == plain.frequency(text)
    assert list(quick.folding_to(text)) == list(plain.folding_to(text))
    for folded in (False, True):
        prefix = fold(text) if folded else text
        wanted = plain.starting_with(prefix, 5000, folded=folded)
        assert list(quick.starting_with(prefix, 5000, folded=folded)) == list(wanted)
        assert list(quick.starting_with(prefix, 3, folded=folded)) == list(wanted[:3])
