"""The executor finds what stock Whoosh finds in an index of its own codec: documents, scores, order, counts."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh import sorting

from searcher.execution import Executor
from tests.codec.samples import documents, fill, our_index, stock_index
from tests.execution.sound import sound
from tests.execution.trees import TREES

pytestmark = pytest.mark.slow

CLOSE = 1e-6
NO_YEAR = 2**31 - 1
"""What Whoosh's column has where there is none."""


class Both:
    """The same documents in an index of Whoosh's own codec and in one of ours, open for searching."""

    def __init__(self, folder: Path, batches: list[list[dict[str, Any]]], deleted: list[str]) -> None:
        folder.mkdir()
        self._indexes = [stock_index(), our_index(folder)]
        for index in self._indexes:
            fill(index, *batches)
            if deleted:
                writer = index.writer()
                for one in deleted:
                    writer.delete_by_term("id", one)
                writer.commit(merge=False)
        self.stock: Any = self._indexes[0].searcher()
        self.executor = Executor(self._indexes[1].reader())


def expected(both: Both, query: wq.Query) -> list[tuple[int, float]]:
    """Documents and scores as Whoosh has them, best first."""
    return [(docnum, score) for score, docnum in both.stock.search(sound(query), limit=None).top_n]


def assert_same(both: Both, query: wq.Query) -> None:
    wanted = expected(both, query)
    scores = dict(wanted)
    matches = both.executor.match(query)
    top = both.executor.top(query, len(wanted) + 1)
    assert matches.ids.tolist() == top.matches.ids.tolist() == sorted(scores)
    assert top.docnums.tolist() == [docnum for docnum, _score in in_order(top)]
    found = top.docnums.tolist()
    assert dict(zip(found, top.scores.tolist(), strict=True)) == pytest.approx(scores, rel=CLOSE)
    # Additions in another order make another last digit, so that nearly equal scores may change places.
    assert [scores[docnum] for docnum in found] == pytest.approx([score for _docnum, score in wanted], rel=CLOSE)
    first = both.executor.top(query, 10)
    assert first.docnums.tolist() == found[:10]


def in_order(top: Any) -> list[tuple[int, float]]:
    pairs = zip(top.docnums.tolist(), top.scores.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def split(whole: list[dict[str, Any]], count: int) -> list[list[dict[str, Any]]]:
    size = -(-len(whole) // count)
    return [whole[start : start + size] for start in range(0, len(whole), size)]


@pytest.fixture(
    scope="module", params=[(1, 0), (1, 60), (3, 40)], ids=["one segment", "with deletions", "three with deletions"]
)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    segments, deletions = request.param
    whole = documents(300, seed=segments)
    deleted = Random(2).sample([one["id"] for one in whole], deletions)
    return Both(tmp_path_factory.mktemp("both") / "index", split(whole, segments), deleted)


@settings(max_examples=80, deadline=None)
@given(query=TREES)
def test_documents_scores_and_order_are_whooshs(both: Both, query: wq.Query) -> None:
    assert_same(both, query)


RUNS = st.lists(st.sampled_from(["công", "an", "ma", "tuý"]), min_size=1, max_size=4)


@settings(max_examples=100, deadline=None)
@given(runs=st.lists(st.tuples(st.sampled_from(["title", "body"]), RUNS), min_size=1, max_size=6))
def test_phrases_that_hold_others_change_nothing(both: Both, runs: list[tuple[str, list[str]]]) -> None:
    assert_same(both, wq.Or([wq.Phrase(field, words) for field, words in runs]))


@settings(max_examples=60, deadline=None)
@given(query=TREES, narrowing=TREES)
def test_a_filter_narrows_and_leaves_scores_as_they_are(both: Both, query: wq.Query, narrowing: wq.Query) -> None:
    let_through = {docnum for docnum, _score in expected(both, narrowing)}
    wanted = {docnum: score for docnum, score in expected(both, query) if docnum in let_through}
    top = both.executor.top(query, 500, within=both.executor.match(narrowing))
    assert dict(zip(top.docnums.tolist(), top.scores.tolist(), strict=True)) == pytest.approx(wanted, rel=CLOSE)


@settings(max_examples=60, deadline=None)
@given(query=TREES)
def test_counts_are_whooshs(both: Both, query: wq.Query) -> None:
    matches = both.executor.match(query)
    for field in ("province", "topic", "year"):
        facet = sorting.FieldFacet(field, allow_overlap=field != "year", maptype=sorting.Count)
        groups = both.stock.search(sound(query), limit=None, groupedby=facet).groups(field)
        wanted = {value: count for value, count in groups.items() if value not in (None, NO_YEAR)}
        assert both.executor.count(matches, field) == wanted


@settings(max_examples=60, deadline=None)
@given(query=TREES, descending=st.booleans(), limit=st.integers(0, 320))
def test_order_by_a_column_is_stable_with_missing_last(
    both: Both, query: wq.Query, descending: bool, limit: int
) -> None:
    matches = both.executor.match(query)
    stored = both.stock.stored_fields
    published = {docnum: stored(docnum).get("published") for docnum in matches.ids.tolist()}
    known = [docnum for docnum, moment in published.items() if moment is not None]
    known.sort(key=lambda docnum: published[docnum].timestamp() * (-1 if descending else 1))
    wanted = known + [docnum for docnum, moment in published.items() if moment is None]
    found = both.executor.ordered(matches, "published", descending=descending, limit=limit)
    assert found.tolist() == wanted[:limit]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=TREES,
    seed=st.integers(0, 1000),
    count=st.integers(1, 40),
    segments=st.integers(1, 4),
    share=st.sampled_from((0.0, 0.3, 1.0)),
)
def test_any_few_documents_are_found_as_whoosh_finds_them(
    tmp_path_factory: pytest.TempPathFactory, query: wq.Query, seed: int, count: int, segments: int, share: float
) -> None:
    whole = documents(count, seed=seed)
    batches = split(whole, segments)
    # The first of each batch stays: ours drops segments that have no document left.
    random = Random(seed)
    deleted = [one["id"] for batch in batches for one in batch[1:] if random.random() < share]
    assert_same(Both(tmp_path_factory.mktemp("few") / "index", batches, deleted), query)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """More documents than those up to which Whoosh joins several terms in an array."""
    whole = [one | {"body": one["body"][:40]} for one in documents(5100, seed=5)]
    return Both(tmp_path_factory.mktemp("large") / "index", [whole], [])


@settings(max_examples=40, deadline=None)
@given(query=TREES)
def test_large_segments_are_searched_as_whoosh_does(large: Both, query: wq.Query) -> None:
    assert_same(large, query)
