"""Whoosh's queries with the defects of its matchers mended, so that it can be the oracle of what the queries mean."""

from typing import Any

from whoosh import query as wq
from whoosh.matching import AndMaybeMatcher, DisjunctionMaxMatcher
from whoosh.matching.wrappers import InverseMatcher


class _InverseMatcher(InverseMatcher):
    """Whoosh's gives a deleted document where that comes right after the last one excluded."""

    def _find_next(self) -> None:
        super()._find_next()
        while self._id < self.limit and self.missing(self._id):
            self._id += 1


class Not(wq.Not):
    def matcher(self, searcher: Any, context: Any = None) -> Any:
        reader = searcher.reader()
        excluded = self.query.matcher(searcher, searcher.boolean_context())
        return _InverseMatcher(excluded, reader.doc_count_all(), missing=reader.is_deleted)


class _AndMaybeMatcher(AndMaybeMatcher):
    """Whoosh's leaves the optional part behind when it skips, and its score out."""

    def skip_to(self, id: int) -> None:  # noqa: A002 (Whoosh names it)
        self.a.skip_to(id)
        self._first_b()


class AndMaybe(wq.AndMaybe):
    matcherclass = _AndMaybeMatcher


class _HighestMatcher(DisjunctionMaxMatcher):
    """Whoosh's takes the score of the next document of a subquery that doesn't match the current one."""

    def score(self) -> float:
        found = [one for one in (self.a, self.b) if one.is_active() and one.id() == self.id()]
        return max(one.score() for one in found)


class DisjunctionMax(wq.DisjunctionMax):
    def _matcher(self, subs: Any, searcher: Any, context: Any) -> Any:
        return self._tree_matcher(subs, _HighestMatcher, searcher, context, None)


def sound(query: wq.Query) -> wq.Query:
    """Return the query with these in place of Whoosh's."""
    if isinstance(query, wq.Not):
        return Not(sound(query.query))
    if isinstance(query, wq.AndNot):
        # Whoosh's matcher may give the first document although it is excluded, and read past the end where it is
        # nested in another.
        return wq.Require(sound(query.a), Not(sound(query.b)))
    if isinstance(query, wq.AndMaybe):
        return AndMaybe(sound(query.a), sound(query.b))
    if isinstance(query, wq.DisjunctionMax):
        return DisjunctionMax([sound(one) for one in query.subqueries], boost=query.boost)
    return query if query.is_leaf() else query.apply(sound)
