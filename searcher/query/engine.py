"""The embedded index: a folder on this machine, searched in this process."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from whoosh import query as wq
from whoosh import sorting
from whoosh.index import FileIndex

from searcher.article import Article
from searcher.errors import ArticleNotFound
from searcher.messages import _
from searcher.query.language import parse_query
from searcher.query.matches import Finder
from searcher.query.offers import offers
from searcher.query.ranker import RankedDocuments, Ranker
from searcher.query.ranking import Weights
from searcher.query.request import SearchRequest, make_request
from searcher.query.results import FacetCount, Hit, Results, Stats
from searcher.query.snippets import make_snippet
from searcher.query.tree import ParsedQuery
from searcher.query.understanding import Understanding, plain_words, understand
from searcher.query.vocabulary import ReaderVocabulary
from searcher.schema import TEXT_FIELDS, to_article
from searcher.storage import open_storage, size_bytes
from searcher.tagging import NEW_MAP

_FACETS: Final = ("province", "topic", "year")
FEW: Final = 20
"""With fewer articles that have all the words, those that have a good part of them are found as well."""


def open_index(location: str | Path = "index") -> EmbeddedIndex:
    """Return the index in the folder; raises IndexNotFound where there is none, IndexUnusable where it is damaged."""
    return EmbeddedIndex(Path(location))


class EmbeddedIndex:
    """An index in a folder.

    - It shows the state of the index at the moment it was opened.
    - `whoosh` is the Whoosh index below it, usable with everything that Whoosh has.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whoosh: FileIndex = open_storage(folder)
        self._searcher: Any = self.whoosh.searcher()

    def search(
        self,
        text: str,
        *,
        provinces: Iterable[str] = (),
        provinces_of: int | None = None,
        topics: Iterable[str] = (),
        since: date | None = None,
        until: date | None = None,
        sort: str = "relevance",
        limit: int = 10,
        offset: int = 0,
        snippets: bool = True,
        all_copies: bool = False,
        recent: bool = True,
        explain: bool = False,
    ) -> Results:
        """Return the page of hits that `limit` and `offset` name, with total and facets over all hits.

        Articles with all words of the text are found; where these are few, those with a good part of them as well
        (`Results.relaxed`). By relevance, near-identical articles are drawn together (`Hit.copies`), unless
        `all_copies`, and newer articles have a little more, unless `recent` is false. `explain` says why each hit
        stands where it does (`Results.explanation`, `Hit.explanation`).
        `provinces_of` is the year whose map provinces are named and counted by: to 2024 the 63, from 2025 the 34.
        An empty text finds every article. Raises BadFilter for a province, topic, range or order that is none.
        """
        request = make_request(
            text,
            provinces=provinces,
            provinces_of=provinces_of,
            topics=topics,
            since=since,
            until=until,
            sort=sort,
            limit=limit,
            offset=offset,
            snippets=snippets,
            all_copies=all_copies,
            recent=recent,
            explain=explain,
        )
        return self.run(request)

    def run(self, request: SearchRequest) -> Results:
        """Return the results of a request."""
        started = time.perf_counter()
        parsed = parse_query(request.text, self._vocabulary, today=request.today)
        request = request.narrowed(parsed.filter)
        named = understand(plain_words(parsed))
        found = self._collect(parsed.strict or wq.Every(), request, parsed, named)
        complete = found.total
        if parsed.relaxed is not parsed.strict and complete < (FEW if request.sort == "relevance" else 1):
            found = self._collect(parsed.relaxed or wq.Every(), request, parsed, named, enough=True)
        finder = Finder(parsed.marks)
        hits = tuple(
            self._hit(one, request.offset + rank, finder, request.snippets) for rank, one in enumerate(found.page, 1)
        )
        return Results(
            request.text,
            found.total,
            (time.perf_counter() - started) * 1000,
            hits,
            found.facets,
            relaxed=found.total > complete,
            complete=complete,
            notes=parsed.notes,
            understood=named,
            distinct=found.distinct,
            offers=offers(named, found.facets, found.total, by_the_34=request.province_field != "province"),
            explanation=self._ranker.explain(parsed, _weights(request)) if request.explain else None,
        )

    def get(self, article_id: str) -> Article:
        """Return the article with this id; raises ArticleNotFound."""
        stored = self._searcher.document(id=article_id)
        if stored is None:
            raise ArticleNotFound(_("The index has no article with the id '{id}'.").format(id=article_id))
        return to_article(stored)

    def stats(self) -> Stats:
        """Return what the index holds."""
        reader = self._searcher.reader()
        nothing = ParsedQuery(None, None, {}), Understanding()
        everything = self._collect(wq.Every(), make_request("", limit=1, sort="newest"), *nothing)
        oldest = self._collect(wq.Every("published"), make_request("", limit=1, sort="oldest"), *nothing)
        of_2025 = self._collect(wq.Every(), make_request("", limit=1, sort="newest", provinces_of=NEW_MAP), *nothing)
        ends = [self._published(one.page) for one in (everything, oldest)]
        return Stats(
            articles=reader.doc_count(),
            terms=sum(1 for field in TEXT_FIELDS for _term in reader.lexicon(field)),
            bytes=size_bytes(self.folder),
            topics={count.value: count.count for count in everything.facets["topic"]},
            provinces={count.value: count.count for count in everything.facets["province"]},
            provinces_2025={count.value: count.count for count in of_2025.facets["province"]},
            newest=ends[0],
            oldest=ends[1],
        )

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self.whoosh.close()

    def __enter__(self) -> EmbeddedIndex:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @cached_property
    def _vocabulary(self) -> ReaderVocabulary:
        return ReaderVocabulary(self._searcher.reader())

    @cached_property
    def _ranker(self) -> Ranker:
        return Ranker(self._searcher.reader())

    def _published(self, page: list[_Found]) -> datetime | None:
        if not page:
            return None
        return to_article(self._searcher.stored_fields(page[0].docnum)).published

    def _collect(
        self,
        query: wq.Query,
        request: SearchRequest,
        parsed: ParsedQuery,
        named: Understanding,
        *,
        enough: bool = False,
    ) -> _Collected:
        groups = sorting.Facets()
        for name in _FACETS:
            field = request.province_field if name == "province" else name
            groups.add_facet(name, sorting.FieldFacet(field, allow_overlap=name != "year", maptype=sorting.Count))
        order = None
        if request.sort != "relevance":
            order = sorting.FieldFacet("published", reverse=request.sort == "newest")
        allowed: Any = request.filter
        if enough:
            some = self._searcher.search(query, filter=allowed, limit=1, optimize=False).docs()
            allowed = set(self._ranker.having_enough(np.array(sorted(some), dtype=np.int64), parsed).tolist())
        results = self._searcher.search(
            query,
            filter=allowed,
            limit=1 if order is None else max(request.offset + request.limit, 1),
            groupedby=groups,
            sortedby=order,
        )
        if order is None:
            docnums = np.array(sorted(results.docs()), dtype=np.int64)
            ranked = self._ranker.rank(docnums, parsed, named, weights=_weights(request), all_copies=request.all_copies)
            distinct = len(ranked.docnums)
            page = _page(ranked, request.offset, request.offset + request.limit, explain=request.explain)
        else:
            distinct = len(results)
            last = min(results.scored_length(), request.offset + request.limit)
            page = [_Found(results.docnum(number)) for number in range(request.offset, last)]
        return _Collected(len(results), distinct, page, {name: _counts(name, results.groups(name)) for name in _FACETS})

    def _hit(self, found: _Found, rank: int, finder: Finder, with_snippet: bool) -> Hit:
        article = to_article(self._searcher.stored_fields(found.docnum))
        snippet = make_snippet(article, finder) if with_snippet else ""
        return Hit(rank, article, found.score, snippet, found.copies, found.parts)


@dataclass(frozen=True, slots=True)
class _Found:
    docnum: int
    score: float = 0.0
    copies: int = 0
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Collected:
    total: int
    distinct: int
    page: list[_Found]
    facets: dict[str, tuple[FacetCount, ...]]


def _weights(request: SearchRequest) -> Weights:
    return Weights() if request.recent else Weights().without("recent")


def _page(ranked: RankedDocuments, start: int, end: int, *, explain: bool) -> list[_Found]:
    explained = len(next(iter(ranked.parts.values()), ())) if explain else 0
    return [
        _Found(
            int(ranked.docnums[place]),
            float(ranked.scores[place]),
            int(ranked.copies[place]),
            {name: float(points[place]) for name, points in ranked.parts.items()} if place < explained else {},
        )
        for place in range(start, min(end, len(ranked.docnums)))
    ]


def _counts(name: str, groups: dict[Any, int]) -> tuple[FacetCount, ...]:
    counts = [
        FacetCount(value.decode("utf-8") if isinstance(value, bytes) else str(value), count)
        for value, count in groups.items()
        if value not in (None, "", b"", 0) and (name != "year" or 0 < value < 10_000)
    ]
    if name == "year":
        return tuple(sorted(counts, key=lambda count: count.value, reverse=True))
    return tuple(sorted(counts, key=lambda count: (-count.count, count.value)))
