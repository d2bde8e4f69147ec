"""Generated query trees over the fields of the sample documents."""

from datetime import datetime

from hypothesis import strategies as st
from whoosh import query as wq

from tests.codec.samples import PROVINCES, TOPICS, WORDS

TEXT_FIELDS = st.sampled_from(["title", "body"])
TERMS = st.sampled_from([*sorted(set(WORDS)), "công_an", "mại_dâm", "sơn_la", "địa_bàn", "biên_giới", "không_có"])
BOOSTS = st.sampled_from([1.0, 1.0, 1.0, 0.5, 2.5])
DAYS = st.integers(0, 1700).map(lambda days: datetime.fromtimestamp(1451606400 + days * 86400))

TERM_BY_TERM = st.one_of(
    st.builds(wq.Term, TEXT_FIELDS, TERMS, boost=BOOSTS),
    st.builds(wq.Term, st.just("province"), st.sampled_from(PROVINCES)),
    st.builds(wq.Term, st.just("topic"), st.sampled_from(TOPICS)),
    st.builds(wq.NumericRange, st.just("year"), st.integers(2015, 2018), st.integers(2017, 2021)),
    st.builds(wq.DateRange, st.just("published"), DAYS, DAYS),
    st.builds(wq.Phrase, TEXT_FIELDS, st.lists(TERMS, min_size=2, max_size=3), slop=st.integers(1, 4), boost=BOOSTS),
    st.just(wq.Every()),
    st.just(wq.Every("published")),
)
EXPANDED = st.one_of(
    st.builds(wq.Prefix, TEXT_FIELDS, st.sampled_from(["m", "ma", "b", "x", "công_"])),
    st.builds(wq.Wildcard, TEXT_FIELDS, st.sampled_from(["m*i*", "?a", "*n", "s?n_*"])),
    st.builds(wq.FuzzyTerm, TEXT_FIELDS, st.sampled_from(["ban", "mai", "cong"]), maxdist=st.just(1)),
    st.builds(wq.TermRange, TEXT_FIELDS, st.sampled_from(["a", "la"]), st.sampled_from(["m", "ng", "x"])),
)


def _positive(children: st.SearchStrategy[wq.Query]) -> st.SearchStrategy[wq.Query]:
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        st.builds(wq.And, several),
        st.builds(wq.Or, several, boost=BOOSTS),
        st.builds(wq.DisjunctionMax, several),
        st.builds(wq.ConstantScoreQuery, children, st.sampled_from([1.0, 3.0])),
    )


def _any(children: st.SearchStrategy[wq.Query]) -> st.SearchStrategy[wq.Query]:
    return st.one_of(
        _positive(children),
        st.builds(wq.Not, children),
        st.builds(wq.AndNot, children, children),
        st.builds(wq.AndMaybe, children, children),
    )


QUERIES = st.recursive(st.one_of(TERM_BY_TERM, EXPANDED), _any, max_leaves=5)
PLAIN = st.recursive(TERM_BY_TERM, _positive, max_leaves=5)
"""What Whoosh answers alike however documents are spread over segments.

What it expands to terms is scored by how many there are in a segment, and AndNot has a mistake at a segment's end.
"""
