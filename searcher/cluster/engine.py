"""The engine of an index in a cluster: questions to OpenSearch, and what has to be worked out here of its answers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, Unpack

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from searcher.article import Article
from searcher.cluster import place
from searcher.cluster.address import read_address
from searcher.cluster.client import Client
from searcher.cluster.documents import article_of, key_of
from searcher.cluster.facets import aggregations, count_facets
from searcher.cluster.formula import Formula, named, parts_of
from searcher.cluster.found import COMPLETE, FIELDS, Answer, Found, Ordered, Signed, in_order, leads_of
from searcher.cluster.lexicon import Counts, Lexicon, Words
from searcher.cluster.trees import Clause, all_of, any_of, clause_of, none_of
from searcher.cluster.walking import PAGE, Row, point_in_time, search, search_in, walk
from searcher.errors import ArticleNotFound, IndexClosed, IndexUnusable
from searcher.facts.fields import read_facts
from searcher.language.parser import MAX_CHARS, parse_query
from searcher.language.tree import ParsedQuery, published_between, without_days
from searcher.language.understanding import Understanding, plain_words, understand
from searcher.messages import _
from searcher.query.contract import Index
from searcher.query.correcting import as_meant, read_as
from searcher.query.facets import MONTH
from searcher.query.matches import Finder
from searcher.query.narrowing import MAX_NAME_CHARS
from searcher.query.offers import offers
from searcher.query.request import Filters, SearchRequest, days_of, make_request
from searcher.query.results import Export, FacetCount, Hit, Results, Stats
from searcher.query.snippets import make_snippet, mark_matches
from searcher.ranking.asked import asked
from searcher.ranking.explanation import explain
from searcher.ranking.formula import PARTS, Weights
from searcher.ranking.meaning import MOST, NEAR, query_vector
from searcher.ranking.parts import CANDIDATES, ENOUGH, FEW, known_share, plan
from searcher.semantics.articlevectors import sketches
from searcher.semantics.termvectors import term_vectors
from searcher.suggesting.correction import correct

if TYPE_CHECKING:
    from searcher.query.similar import Similar
    from searcher.query.trends import Trends
    from searcher.suggesting.suggestion import Suggestion

_SOURCE: Final = (
    "id", "title", "lead", "body", "published", "url", "source", "author",
    "province", "province_2025", "topic", "facts",
)  # fmt: skip
_READ_AT_ONCE: Final = 200
_DEEPEST: Final = 10_000
"""Behind so many articles the cluster gives no page: they are gone through in order."""
_SPARE: Final = 50
_CERTAIN_POINTS: Final = 100.0
"""What has all the words, or is about the same, is among the first, where others are found as well."""
_MOST_TAGS: Final = 1_000
_LEAST_NEAR: Final = 1_500
_NEAR_SHARE: Final = 64
"""Vectors are read of one article in so many, and of `_LEAST_NEAR` at least: those whose sketches differ least."""
_ALL_OF_IT: Final = 1 - 1e-5

T = TypeVar("T")
_SKETCHED: Final = {
    "source": "return 128 - Long.bitCount(doc['sketch_0'].value ^ params.a)"
    " - Long.bitCount(doc['sketch_1'].value ^ params.b);"
}


class ClusterIndex(Index):
    """An index in a cluster, open.

    - It shows the last commit at the moment of each question. `version` is that of the moment it was opened.
    - Several threads may use it at once; close it when none does any more.
    """

    def __init__(self, location: str) -> None:
        """Open it; raises IndexNotFound where there is none, IndexUnusable where it can't be read or nobody answers."""
        self.address = read_address(location)
        self._client = Client(self.address)
        self._is_closed = False
        try:
            self._generation = place.find(self._client)
            self._names = self.address.name
            self._terms = f"{self.address.name}.terms"
            self._state = place.read_state(self._client, self._terms)
            body = {"size": 0, "track_total_hits": True, "aggs": {"newest": {"max": {"field": "published"}}}}
            answer = search(self._client, self._names, body)
        except BaseException:
            self._client.close()
            raise
        # Every shard works the formula out for its own best: of many shards' each has but a part of all.
        self._window = min(CANDIDATES, 2 * CANDIDATES // max(answer.shards.total, 1) + _SPARE)
        newest = answer.aggregations["newest"]
        self._newest: str | None = newest.get("value_as_string") if newest.get("value") is not None else None
        self._lexicon = Lexicon(self._client, self._names, self._terms, answer.total, self._state.size)

    @property
    def whoosh(self) -> Any:
        """An index in a cluster has no Whoosh index below it: raises IndexUnusable."""
        raise IndexUnusable(_("An index in a cluster has no Whoosh index below it; copy it into a folder for that."))

    def run(self, request: SearchRequest) -> Results:
        started = time.perf_counter()
        self._check()
        answer, corrected, suggestion = self._meant(request)
        parsed = answer.parsed
        page, distinct, complete_end = self._page(answer, request)
        hits = tuple(self._hits(page, request, answer))
        return Results(
            request.text,
            answer.total,
            (time.perf_counter() - started) * 1000,
            hits,
            answer.facets,
            relaxed=answer.total - len(answer.near) > answer.complete,
            complete=answer.complete,
            by_meaning=len(answer.near),
            notes=(*request.notes, *parsed.notes),
            suggestion=suggestion,
            corrected=corrected,
            understood=answer.named,
            chosen=dict(request.chosen),
            distinct=distinct,
            complete_end=complete_end if answer.is_relaxed else None,
            offers=offers(answer.named, answer.facets, answer.total, request),
            explanation=self._settled(lambda words: explain(parsed, words, _weights(request)))
            if request.explain
            else None,
            **answer.undated,
        )

    def export(
        self,
        text: str,
        *,
        sort: str = "relevance",
        snippets: bool = False,
        **filters: Unpack[Filters],
    ) -> Export:
        request = make_request(text, filters, sort=sort, snippets=snippets, all_copies=True)
        self._check()
        answer, corrected, _suggestion = self._meant(request)
        notes = (*request.notes, *read_as(corrected), *answer.parsed.notes)
        return Export(self._exported(answer, request), answer.total, answer.complete, notes, **answer.undated)

    def trends(
        self,
        text: str = "",
        *,
        by: str = "year",
        unit: str | None = None,
        stories: bool = False,
        **filters: Unpack[Filters],
    ) -> Trends:
        from searcher.cluster.trends import count_stories, count_trends
        from searcher.query.trends import asked as wanted_of

        request = make_request(text, filters, sort="newest", limit=0)
        wanted = wanted_of(request.text, by, unit, request.field_of, *days_of(filters))
        self._check()
        answer, corrected, _suggestion = self._meant(request)
        count = count_stories if stories else count_trends
        found = count(self._client, self._names, answer.narrowed, answer.total, wanted)
        return replace(
            found,
            relaxed=answer.is_relaxed,
            notes=(*request.notes, *read_as(corrected), *answer.parsed.notes),
            stories=stories,
            by_days=answer.undated["by_days"],
            undated=answer.undated["undated"] if answer.undated["by_days"] else found.undated,
        )

    def similar(self, article_id: str, limit: int = 10, *, snippets: bool = True) -> Similar:
        from searcher.cluster.similar import find_similar

        self._check()
        return find_similar(self._client, self._names, self._lexicon, self._row(article_id), limit, snippets=snippets)

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        self._check()
        if prefix.strip() and not any(map(str.isalnum, prefix[:MAX_CHARS])):
            return ()
        from searcher.cluster.titles import complete

        return complete(self._client, self._names, self._lexicon, prefix, limit)

    def get(self, article_id: str) -> Article:
        self._check()
        return article_of(self._row(article_id).source)

    def stats(self) -> Stats:
        self._check()
        tags = {name: {"terms": {"field": name, "size": _MOST_TAGS}} for name in ("topic", "province", "province_2025")}
        ends = {"newest": {"max": {"field": "published"}}, "oldest": {"min": {"field": "published"}}}
        answer = search(self._client, self._names, {"size": 0, "track_total_hits": True, "aggs": tags | ends})
        found = answer.aggregations
        counted = {
            name: {str(one["key"]): int(one["doc_count"]) for one in found[name]["buckets"] if one["key"]}
            for name in tags
        }
        terms = self._client.get(f"/{self._terms}/_count", {"query": {"exists": {"field": "f"}}})
        stored = self._client.get(f"/{self._names},{self._terms}/_stats/store")["_all"]["primaries"]["store"]
        return Stats(
            articles=answer.total,
            terms=int(terms["count"]),
            bytes=int(stored["size_in_bytes"]),
            topics=_by_count(counted["topic"]),
            provinces=_by_count(counted["province"]),
            provinces_2025=_by_count(counted["province_2025"]),
            newest=self._end("desc", answer.total),
            oldest=self._end("asc", answer.total),
            last_run=place.read_state(self._client, self._terms).last_run,
        )

    def mark(self, text: str, passages: Sequence[str]) -> tuple[str, ...]:
        self._check()
        finder = Finder(self._settled(lambda words: parse_query(text, words)).marks)
        return tuple(mark_matches(passage, finder) for passage in passages)

    @property
    def version(self) -> str:
        return self._state.commit or "0"

    @property
    def has_facts(self) -> bool:
        return True

    def is_current(self) -> bool:
        self._check()
        return place.read_state(self._client, self._terms).commit == self._state.commit

    def close(self) -> None:
        self._is_closed = True
        self._client.close()

    def _check(self) -> None:
        if self._is_closed:
            raise IndexClosed(_("This index was closed; open it again."))

    def _settled(self, ask: Callable[[Words], T]) -> T:
        return self._lexicon.settled(ask)

    def _row(self, article_id: str) -> Row:
        try:
            article_id.encode()
        except UnicodeEncodeError:
            rows = []
        else:
            body = {"size": 1, "query": {"term": {"id": article_id}}, "docvalue_fields": ["signed"], "_source": _SOURCE}
            rows = search(self._client, self._names, body).rows
        if not rows:
            said = article_id[:MAX_NAME_CHARS]
            raise ArticleNotFound(_("The index has no article with the id '{id}'.").format(id=said))
        return rows[0]

    def _end(self, order: str, total: int) -> datetime | None:
        """Return when the newest or oldest article was published."""
        if not total:
            return None
        by_date = {"published": {"order": order, "missing": "_last"}}
        rows = search(self._client, self._names, {"size": 1, "sort": [by_date], "_source": ["id", "published"]}).rows
        return article_of(rows[0].source).published if rows else None

    def _meant(self, request: SearchRequest) -> tuple[Answer, str, str]:
        """Return what is found, for what text where not for the one typed, and what it may mean besides."""
        return as_meant(
            request,
            self._answer,
            lambda text, parsed: self._settled(lambda words: correct(text, parsed, Counts(words))),
        )

    def _answer(self, request: SearchRequest) -> Answer:
        """Return what a request finds: articles with all words; where these are too few, with some as well.

        In the order of relevance then also those that are about the same, unless the text insists on words.
        """
        parsed = self._settled(lambda words: parse_query(request.text, words, today=request.today))
        named_in = understand(plain_words(parsed))
        wanted = asked(parsed)
        formula, share = self._settled(
            lambda words: (
                Formula(
                    plan(wanted, words),
                    named_in,
                    _weights(request),
                    words.has,
                    self._newest,
                ),
                known_share(wanted, words),
            )
        )
        asking = _Asking(request, parsed, named_in, formula, *_narrowing(parsed, request))
        query = strict = all_of(clause_of(parsed.strict), *asking.narrowing)
        by_relevance = request.sort == "relevance"
        may_relax = parsed.relaxed is not parsed.strict
        # Of several words few articles may have all: counting them is quick, and the formula is worked out once.
        found = None if may_relax and by_relevance else self._searched(asking, query, ())
        complete = self._count(all_of(query, *asking.chosen.values())) if found is None else found.total
        near = frozenset[str]()
        vector = None
        if request.meaning and by_relevance and parsed.units and self._generation.vectors == term_vectors().name:
            vector = query_vector(wanted, term_vectors())
        relaxes = may_relax and complete < (FEW if by_relevance else 1)
        wants_near = vector is not None and complete < FEW and not parsed.insists
        if relaxes:
            query = self._relaxed(asking)
        if wants_near and vector is not None:
            possible = [*asking.narrowing, *asking.chosen.values(), none_of(query)]
            if named_in.provinces:  # of another place an article is no answer, however near
                possible.append({"terms": {"province": list(named_in.provinces)}})
            near = frozenset(self._nearest(vector, all_of(*possible)))
        if near:
            query = any_of([query, _with_ids(near)])
        if found is None or relaxes or near:
            found = self._searched(asking, query, near, all_words=strict if relaxes or near else None)
        return Answer(
            parsed,
            named_in,
            formula,
            query,
            all_of(query, *asking.chosen.values()),
            found.total,
            complete,
            found.facets,
            found.window,
            self._undated(asking, found),
            near,
            vector,
            share,
        )

    def _relaxed(self, asking: _Asking) -> Clause:
        """Return the query for the articles with enough of the words; where none has, for those with any."""
        some = all_of(clause_of(asking.parsed.relaxed), *asking.narrowing)
        if asking.formula.is_empty:
            return some
        enough = all_of(some, asking.formula.having(ENOUGH))
        return enough if self._count(enough) else some

    def _count(self, query: Clause) -> int:
        return search(self._client, self._names, {"size": 0, "track_total_hits": True, "query": query}).total

    def _searched(
        self, asking: _Asking, query: Clause, near: Collection[str], all_words: Clause | None = None
    ) -> _Searched:
        """Return how many articles a query finds, the facets, and the first articles.

        With `all_words`, the query of those that have all, these match a clause of the name `COMPLETE`.
        """
        request = asking.request
        body: dict[str, Any] = {
            "size": CANDIDATES,
            "track_total_hits": True,
            "query": {"bool": {"filter": [query]}},
            "aggs": aggregations(request, asking.chosen),
            "docvalue_fields": list(FIELDS),
            "stored_fields": "_none_",
            "_source": False,
        }
        if asking.chosen:
            body["post_filter"] = all_of(*asking.chosen.values())
        if request.sort == "relevance":
            points = asking.formula.first_pass()
            if near:
                points.append({"constant_score": {"filter": _with_ids(near), "boost": _CERTAIN_POINTS}})
            if all_words is not None:
                certain = {"filter": all_words, "boost": _CERTAIN_POINTS, "_name": COMPLETE}
                points.append({"constant_score": certain})
            body["query"]["bool"]["should"] = points
            how = {"query_weight": 1, "rescore_query_weight": 1, "score_mode": "max"}
            whole = {"rescore_query": asking.formula.whole(), **how}
            body["rescore"] = {"window_size": self._window, "query": whole}
        else:
            body["sort"] = _by_date(request)
        answer = search(self._client, self._names, body)
        return _Searched(answer.total, count_facets(answer.aggregations), answer.rows)

    def _nearest(self, vector: Any, allowed: Clause) -> list[str]:
        """Return the ids of the articles that are about the same as a vector, nearest first."""
        size = min(max(_LEAST_NEAR, self._lexicon.doc_count // _NEAR_SHARE), _DEEPEST)
        first, second = sketches(vector[None, :]).view(np.int64)[0].tolist()
        by_sketch = {
            "query": {"bool": {"filter": [allowed, {"exists": {"field": "sketch_0"}}]}},
            "script": _SKETCHED | {"params": {"a": first, "b": second}},
        }
        body = {
            "size": size,
            "track_total_hits": False,
            "query": {"script_score": by_sketch},
            "docvalue_fields": list(FIELDS),
            "stored_fields": "_none_",
            "_source": False,
        }
        signed = Signed(search(self._client, self._names, body).rows)
        cosines = signed.cosines(vector)
        order = np.lexsort((np.array(signed.ids), -cosines))[:MOST] if signed.ids else ()
        return [signed.ids[one] for one in order if cosines[one] >= NEAR]

    def _undated(self, asking: _Asking, found: _Searched) -> dict[str, Any]:
        """Return how many articles match but for having no date, and whether that keeps them out of the hits."""
        request, parsed = asking.request, asking.parsed
        given = request.since is not None or request.until is not None or "year" in request.chosen
        rest = without_days(parsed.filter)
        if not given and rest is parsed.filter:
            return {"undated": found.total - sum(one.count for one in found.facets["year"]), "by_days": False}
        chosen = [clause for facet, clause in asking.chosen.items() if facet not in ("year", MONTH)]
        without = all_of(none_of({"exists": {"field": "published"}}), clause_of(rest), *chosen)
        count = self._count(all_of(clause_of(parsed.strict), without))
        if parsed.relaxed is not parsed.strict and not count:
            some = all_of(clause_of(parsed.relaxed), without)
            enough = some if asking.formula.is_empty else all_of(some, asking.formula.having(ENOUGH))
            count = self._count(enough) or self._count(some)
        return {"undated": count, "by_days": True}

    def _page(self, answer: Answer, request: SearchRequest) -> tuple[list[Found], int, int]:
        """Return the page of hits, in the order asked for.

        And how many hits there are to page through, and the rank of the last that has all words where others have not.
        """
        ordered = self._ordered(answer, request)
        first = ordered.page(answer.near)
        distinct = len(first) + answer.total - len(answer.window)
        start = 0 if request.all_copies else request.offset  # which hit is a copy depends on those of the pages before
        end = request.offset + request.limit
        rest: list[Row] = []
        if end > len(first) and answer.total > len(answer.window):
            skipped = max(0, start - len(first))
            rest = self._rest(answer, request, skipped, end - max(start, len(first)))
        if not request.all_copies:
            return [*first[start:end], *_as_found(rest, request)], distinct, ordered.complete_end
        page = _with_copies(
            first + _as_found(rest, request), np.concatenate((ordered.signatures, Signed(rest).signatures))
        )
        return page[request.offset : end], distinct, ordered.complete_end

    def _ordered(self, answer: Answer, request: SearchRequest) -> Ordered:
        by_relevance = request.sort == "relevance"
        return in_order(answer, _weights(request), by_relevance=by_relevance, all_copies=request.all_copies)

    def _rest(self, answer: Answer, request: SearchRequest, skipped: int, count: int) -> list[Row]:
        """Return so many of the articles that come after the first ones, which `Answer.window` has."""
        query, sort, skipped = self._behind(answer, request, skipped)
        if skipped + count > _DEEPEST:
            with point_in_time(self._client, self._names) as point:
                return list(
                    islice(walk(self._client, point, query, FIELDS, sort, page=_DEEPEST), skipped, skipped + count)
                )
        body: dict[str, Any] = {
            "from": skipped,
            "size": count,
            "query": query,
            "sort": sort,
            "track_total_hits": False,
            "docvalue_fields": list(FIELDS),
            "stored_fields": "_none_",
            "_source": False,
        }
        return search(self._client, self._names, body).rows

    def _behind(self, answer: Answer, request: SearchRequest, skipped: int) -> tuple[Clause, list[Clause], int]:
        """Return the query and order of the articles after the first ones, and how many of these to pass over."""
        if request.sort != "relevance":
            return answer.narrowed, _by_date(request), skipped + len(answer.window)
        window = _with_ids([row.first("id") for row in answer.window])
        bool_query = {"filter": [answer.narrowed], "must_not": [window], "should": answer.formula.first_pass()}
        return {"bool": bool_query}, [{"_score": "desc"}, {"id": "asc"}], skipped

    def _exported(self, answer: Answer, request: SearchRequest) -> Iterator[Hit]:
        """Yield all hits, as they are at one moment."""
        with point_in_time(self._client, self._names) as point:
            ordered = self._ordered(answer, request)
            rest: list[Row] = []
            if answer.total > len(answer.window):
                query, sort, skipped = self._behind(answer, request, 0)
                rest = list(islice(walk(self._client, point, query, FIELDS, sort, page=PAGE), skipped, None))
            found = ordered.page(answer.near) + _as_found(rest, request)
            page = _with_copies(found, np.concatenate((ordered.signatures, Signed(rest).signatures)))
            yield from self._hits(page, request, answer, point)

    def _hits(
        self, page: list[Found], request: SearchRequest, answer: Answer, point: str | None = None
    ) -> Iterator[Hit]:
        """Yield the articles of a page as hits; some are read at a time, when the first of them is asked for."""
        finder = Finder(answer.parsed.marks)
        relaxed = answer.is_relaxed
        for start in range(0, len(page), _READ_AT_ONCE):
            part = page[start : start + _READ_AT_ONCE]
            self._check()
            rows = self._read(part, answer, shares=relaxed, parts=request.explain, point=point)
            for rank, found in enumerate(part, request.offset + start + 1):
                row = rows.get(found.id)
                if row is None:  # deleted since
                    continue
                article = article_of(row.source)
                scores = parts_of(row.matched)
                share = scores.pop("share", 0.0) if relaxed else 1.0
                explained = {}
                if request.explain and found.is_ranked and request.sort == "relevance":
                    explained = {name: scores.get(name, found.parts.get(name, 0.0)) for name in PARTS}
                yield Hit(
                    rank,
                    article,
                    found.score,
                    make_snippet(article, finder) if request.snippets else "",
                    found.copies,
                    explained,
                    copy_of=found.copy_of,
                    share=(1.0 if share > _ALL_OF_IT else share) * (answer.share if relaxed else 1.0),
                    by_meaning=found.by_meaning,
                    facts=read_facts(row.source.get("facts")),
                )

    def _read(
        self, page: Sequence[Found], answer: Answer, *, shares: bool, parts: bool, point: str | None
    ) -> dict[str, Row]:
        """Return the articles of a part of a page by id, with the scores of clauses that are asked for by name."""
        if not page:
            return {}
        asked_for = [named(answer.formula.share(), "share")] if shares and not answer.formula.is_empty else []
        if parts:
            asked_for += [named(clauses, name) for name, clauses in answer.formula.parts().items() if clauses]
        body = {
            "size": len(page),
            "track_total_hits": False,
            "query": {"bool": {"filter": [_with_ids([one.id for one in page])], "should": asked_for}},
            "_source": _SOURCE,
        }
        if point is None:
            rows = search(self._client, self._names, body).rows
        else:
            rows = search_in(self._client, point, body).rows
        return {str(row.source.get("id")): row for row in rows}


class _Asking(NamedTuple):
    """A request, with what its text says; `chosen` has for each facet that narrows it the query for its values."""

    request: SearchRequest
    parsed: ParsedQuery
    named: Understanding
    formula: Formula
    narrowing: list[Clause]
    chosen: dict[str, Clause]


class _Searched(NamedTuple):
    total: int
    facets: dict[str, tuple[FacetCount, ...]]
    window: list[Row]


def _narrowing(parsed: ParsedQuery, request: SearchRequest) -> tuple[list[Clause], dict[str, Clause]]:
    """Return the queries for days and the text's own filters, and those for chosen facets."""
    narrowing = [] if parsed.filter is None else [clause_of(parsed.filter)]
    chosen: dict[str, Clause] = {
        facet: {"terms": {request.field_of(facet): [int(one) for one in values] if facet == "year" else list(values)}}
        for facet, values in request.chosen.items()
    }
    if request.since is not None or request.until is not None:
        days = clause_of(published_between(request.since, request.until))
        if request.months:  # these look past the days, as a facet past its own chosen values
            chosen[MONTH] = days
        else:
            narrowing.append(days)
    return narrowing, chosen


def _by_date(request: SearchRequest) -> list[Clause]:
    order = "desc" if request.sort == "newest" else "asc"
    return [{"published": {"order": order, "missing": "_last"}}, {"id": "asc"}]


def _with_ids(ids: Collection[str]) -> Clause:
    return {"ids": {"values": sorted(map(key_of, ids))}}


def _as_found(rows: Sequence[Row], request: SearchRequest) -> list[Found]:
    by_relevance = request.sort == "relevance"
    return [Found(str(row.first("id")), (row.score or 0.0) if by_relevance else 0.0) for row in rows]


def _with_copies(page: list[Found], signatures: NDArray[np.uint8]) -> list[Found]:
    """Return articles in order with which of them are copies of one before, and how many of it there are."""
    leads = leads_of(signatures).tolist()
    copies = Counter(lead for at, lead in enumerate(leads) if lead != at)
    return [
        replace(one, copies=copies[at], copy_of="" if lead == at else page[lead].id)
        if lead != at or at in copies
        else one
        for at, (one, lead) in enumerate(zip(page, leads, strict=True))
    ]


def _weights(request: SearchRequest) -> Weights:
    return Weights() if request.recent else Weights().without("recent")


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
