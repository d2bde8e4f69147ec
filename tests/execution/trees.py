"""Generated query trees over the invented documents of tests/codec/samples.py."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.query import spans

from tests.codec.samples import PROVINCES, TOPICS, WORDS

TEXT = st.sampled_from(("title", "body"))
WORD = st.sampled_from((*sorted(set(WORDS)), "mại_dâm", "công_an", "không_có"))
BOOST = st.sampled_from((1.0, 1.0, 0.5, 2.5))
YEAR = st.integers(2015, 2021)
MOMENT = st.integers(0, 50_000).map(lambda hours: datetime(2016, 1, 1) + timedelta(hours=hours))
EITHER = st.booleans()


def _ends(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.tuples(st.none() | values, st.none() | values)


LEAVES = st.one_of(
    st.builds(wq.Term, TEXT, WORD, BOOST),
    st.builds(wq.Term, st.just("province"), st.sampled_from((*PROVINCES, "Huế"))),
    st.builds(wq.Term, st.just("topic"), st.sampled_from(TOPICS), BOOST),
    st.builds(wq.Term, st.just("year"), YEAR),
    st.builds(wq.Term, st.just("no_such_field"), WORD),
    st.builds(wq.Phrase, TEXT, st.lists(WORD, min_size=1, max_size=3), st.integers(1, 3), BOOST),
    st.builds(wq.Prefix, TEXT, st.sampled_from(("", "m", "ma", "bi", "qu", "zz")), BOOST, EITHER),
    st.builds(wq.Prefix, st.just("province"), st.sampled_from(("S", "Hà"))),
    st.builds(wq.Wildcard, TEXT, st.sampled_from(("*", "m*i*", "?a", "b*", "la", "[bm]a*")), BOOST, EITHER),
    st.builds(wq.Regex, TEXT, st.sampled_from((".*", "^b.n?$", "m[ạa]", "ng|tr", "zz")), BOOST, EITHER),
    st.builds(wq.FuzzyTerm, TEXT, st.sampled_from(("ban", "tinh", "ma", "người")), BOOST, st.integers(1, 2)),
    st.builds(wq.Variations, TEXT, WORD, BOOST),
    st.builds(
        lambda field, ends, *exclusive: wq.TermRange(field, *ends, *exclusive),
        TEXT,
        _ends(st.sampled_from(("a", "bắt", "la", "mua", "ng", "tỉnh", "z"))),
        EITHER,
        EITHER,
        BOOST,
        EITHER,
    ),
    st.builds(
        lambda ends, *exclusive: wq.NumericRange("year", *ends, *exclusive), _ends(YEAR), EITHER, EITHER, BOOST, EITHER
    ),
    st.builds(lambda ends, *exclusive: wq.DateRange("published", *ends, *exclusive), _ends(MOMENT), EITHER, EITHER),
    st.builds(wq.Every, st.sampled_from((None, "title", "body", "province", "published", "id")), BOOST),
    st.just(wq.NullQuery),
    # Whoosh runs these; what it finds goes on as arrays.
    st.builds(lambda one, other: spans.SpanNear2([wq.Term("body", one), wq.Term("body", other)], slop=2), WORD, WORD),
    st.builds(lambda one, other: wq.Ordered([wq.Term("title", one), wq.Term("title", other)]), WORD, WORD),
)
"""Queries without subqueries."""


def _joined(children: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(children, min_size=1, max_size=4)
    return st.one_of(
        st.builds(wq.And, several, BOOST),
        st.builds(wq.Or, several, BOOST),
        st.builds(wq.DisjunctionMax, several, BOOST),
        st.builds(wq.Not, children),
        st.builds(wq.AndNot, children, children),
        st.builds(wq.AndMaybe, children, children),
        st.builds(wq.Require, children, children),
        st.builds(wq.ConstantScoreQuery, children, BOOST),
        st.builds(wq.Otherwise, children, children),
    )


TREES = st.recursive(LEAVES, _joined, max_leaves=8)
"""Queries of all kinds."""
