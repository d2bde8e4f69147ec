"""The contract of an index: what whoever has one open may call, whichever engine answers.

Nothing in it is of an engine: no document numbers, arrays, readers or query trees. What every engine has to do alike
is what tests/conformance/ says of it.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Protocol, Self, Unpack

from searcher.query.request import Filters, SearchRequest, make_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from searcher.article import Article
    from searcher.query.results import Export, Results, Stats
    from searcher.query.similar import Similar
    from searcher.query.trends import Trends
    from searcher.suggesting.suggestion import Suggestion


class Index(Protocol):
    """An open index. Close it, or use it in a `with` statement; from then on every method raises IndexClosed."""

    def search(
        self,
        text: str,
        *,
        sort: str = "relevance",
        limit: int = 10,
        offset: int = 0,
        snippets: bool = True,
        all_copies: bool = False,
        recent: bool = True,
        explain: bool = False,
        months: bool = False,
        meaning: bool = True,
        literal: bool = False,
        **filters: Unpack[Filters],
    ) -> Results:
        """Return the page of hits that `limit` and `offset` name, with total and facets over all hits.

        Articles with all words of the text are found; where these are few, those with a good part of them as well
        (`Results.relaxed`). Near-identical articles are drawn together (`Hit.copies`), unless `all_copies`; by
        relevance, newer articles have a little more, unless `recent` is false. What articles are about counts too, and
        where few have all words, those about the same are found as well (`Hit.by_meaning`), unless `meaning` is false
        or the text insists on words. Where what was typed can't have been meant, the results are those for what was
        (`Results.corrected`), unless `literal`. `explain` says why each hit stands where it does
        (`Results.explanation`, `Hit.explanation`); `months` counts the facet "month" as well.
        The keywords of `Filters` narrow: `provinces`, `provinces_of`, `topics`, `since`, `until`, `years`. An empty
        text finds every article. Raises BadFilter for a province, topic, range or order that is none.
        """
        request = make_request(
            text,
            filters,
            sort=sort,
            limit=limit,
            offset=offset,
            snippets=snippets,
            all_copies=all_copies,
            recent=recent,
            explain=explain,
            months=months,
            meaning=meaning,
            literal=literal,
        )
        return self.run(request)

    @abstractmethod
    def run(self, request: SearchRequest) -> Results:
        """Return the results of a request."""

    @abstractmethod
    def export(
        self,
        text: str,
        *,
        sort: str = "relevance",
        snippets: bool = False,
        **filters: Unpack[Filters],
    ) -> Export:
        """Return an iterator over every hit of a search, in its order and read one by one: no copy is left out.

        As in `search`, articles with some of the words are among them where few have all (`Export.relaxed`). The
        arguments are those of `search`; raises BadFilter as it does.
        """

    @abstractmethod
    def trends(
        self,
        text: str = "",
        *,
        by: str = "year",
        unit: str | None = None,
        stories: bool = False,
        **filters: Unpack[Filters],
    ) -> Trends:
        """Return how many of the articles that a search finds were published when, and the share of all that is.

        Counted are the articles that have all the words; those that have some only where none has all
        (`Trends.relaxed`).

        - `by` is year or month for one row of counts, province or topic for a row for each.
        - `unit`, year or month, is what rows of provinces and topics are counted by; months where it is None and
          they span two years at most.
        - `stories` counts near-identical articles as one, by the first of them.

        Raises BadFilter for what is none of these, or no filter.
        """

    @abstractmethod
    def similar(self, article_id: str, limit: int = 10, *, snippets: bool = True) -> Similar:
        """Return the articles most like this one, and the terms that they were found by; raises ArticleNotFound.

        Snippets show these terms, unless `snippets` is false.
        """

    @abstractmethod
    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return what the text that is being typed may become: topics, places, words, phrases and titles."""

    @abstractmethod
    def get(self, article_id: str) -> Article:
        """Return the article with this id; raises ArticleNotFound."""

    @abstractmethod
    def mark(self, text: str, passages: Sequence[str]) -> tuple[str, ...]:
        """Return the passages with what the words of a query find in them between `query.snippets.MARKS`.

        Nothing else of them is changed, except that characters which are marks themselves are left out.
        """

    @property
    @abstractmethod
    def version(self) -> str:
        """What tells the state that is open from every other that the index has had: short, in letters that URLs have.

        Two that are open at the same time with the same version answer alike.
        """

    @property
    def has_facts(self) -> bool:
        """Whether it knows the facts of cases: hits have them, facets count them, and filters narrow by them."""
        return "kind" in self.search("", limit=0, snippets=False).facets

    @abstractmethod
    def is_current(self) -> bool:
        """Return whether nothing was committed since it was opened; costs next to nothing."""

    @abstractmethod
    def stats(self) -> Stats:
        """Return what the index holds."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what the index holds open; a second time does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
