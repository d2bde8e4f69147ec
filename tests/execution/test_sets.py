"""Sets of documents, the best of many keys, and counts of labels are those of the plain Python for it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searcher.execution.docs import Docs, union
from searcher.execution.top import best
from searcher.execution.whole import Postings

DOC_COUNT = 300


@st.composite
def sets(draw: st.DrawFn) -> tuple[Docs, set[int]]:
    """A set as Docs, by number or as a mask, few or many documents."""
    most = draw(st.sampled_from((3, 30, 300)))
    members = draw(st.sets(st.integers(0, DOC_COUNT - 1), max_size=most))
    ids = np.array(sorted(members), dtype=np.uint16)
    if draw(st.booleans()):
        return Docs.of_ids(DOC_COUNT, ids), members
    mask = np.zeros(DOC_COUNT, dtype=np.bool_)
    mask[ids] = True
    return Docs.of_mask(mask), members


@given(one=sets(), other=sets())
def test_sets_are_those_of_python(one: tuple[Docs, set[int]], other: tuple[Docs, set[int]]) -> None:
    (left, few), (right, many) = one, other
    for found, wanted in ((left & right, few & many), (left - right, few - many)):
        assert (found.ids.tolist(), len(found)) == (sorted(wanted), len(wanted))
        assert np.flatnonzero(found.mask).tolist() == sorted(wanted)
    joined = union(DOC_COUNT, [left, right, right.ids[::-1]])
    assert joined.ids.tolist() == sorted(few | many)
    assert left.has(right.ids).tolist() == [number in few for number in right.ids.tolist()]
    assert left.ids.tolist() == sorted(few)


@given(having=sets(), asked=sets())
def test_postings_tell_how_often_each_document_has_a_term(
    having: tuple[Docs, set[int]], asked: tuple[Docs, set[int]]
) -> None:
    docs, members = having
    freqs = (docs.ids % 7 + 1).astype(np.uint8)
    found = Postings(docs, freqs).at(asked[0].ids)
    assert found.tolist() == [number % 7 + 1 if number in members else 0 for number in sorted(asked[1])]


@given(
    keys=st.lists(st.sampled_from((0.0, 0.5, 1.0, 2.5, 1e9, -3.0)), max_size=40),
    times=st.sampled_from((1, 40)),
    count=st.integers(0, 50),
    whole_numbers=st.booleans(),
)
def test_the_best_come_first_and_of_equal_ones_the_first(
    keys: list[float], times: int, count: int, whole_numbers: bool
) -> None:
    given_keys = np.array(keys * times, dtype=np.int64 if whole_numbers else np.float64)
    given_keys[::7] = np.iinfo(np.int64).min if whole_numbers else 7.0
    wanted = sorted(
        range(len(given_keys)),
        key=lambda place: (-int(given_keys[place]) if whole_numbers else -given_keys[place], place),
    )
    assert best(given_keys, count).tolist() == wanted[:count]
