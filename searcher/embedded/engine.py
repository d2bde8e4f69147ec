"""The embedded engine: an index in a folder on this machine, searched in this process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property, reduce
from operator import and_
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict, Unpack

import msgspec
import numpy as np
from msgspec import field
from msgspec.structs import replace
from whoosh import query as wq
from whoosh.index import FileIndex
from whoosh.reading import IndexReader

from searcher.article import Article
from searcher.codec.index import INDEX_NAME
from searcher.codec.toc import toc_path
from searcher.embedded.facets import month_facet, narrow
from searcher.embedded.questions import Questions
from searcher.embedded.undated import left_out
from searcher.errors import ArticleNotFound, BadFilter, IndexClosed, IndexUnusable
from searcher.execution import Docs, Executor, union
from searcher.execution.docs import Ids
from searcher.execution.facets import NumberFacet
from searcher.execution.segmentvocabulary import SegmentVocabulary
from searcher.execution.termcounts import TermCounts, segments_of
from searcher.facts.fields import read_facts
from searcher.language.moments import first_moment, last_moment
from searcher.language.parser import MAX_CHARS
from searcher.language.tree import ParsedQuery, published_between, without_days
from searcher.language.understanding import Understanding
from searcher.lastrun import last_run
from searcher.messages import _
from searcher.query.contract import Index
from searcher.query.correcting import as_meant, read_as
from searcher.query.matches import Finder
from searcher.query.narrowing import MAX_NAME_CHARS
from searcher.query.offers import offers
from searcher.query.request import FACTS, Filters, SearchRequest, days_of, make_request
from searcher.query.results import Export, FacetCount, Hit, Results, Stats
from searcher.query.snippets import make_snippet, mark_matches
from searcher.ranking.copies import draw_together, leading
from searcher.ranking.formula import Weights
from searcher.ranking.parts import CANDIDATES, FEW
from searcher.ranking.ranker import RankedDocuments, Ranker
from searcher.schema import FACT_FIELDS, TEXT_FIELDS, has_facts, to_article
from searcher.storage import open_storage, size_bytes

if TYPE_CHECKING:  # imported by the methods that need them: a command pays for what it does
    from collections.abc import Iterator, Sequence

    from searcher.query.similar import Similar
    from searcher.query.trends import Trends
    from searcher.ranking.meaning import Meaning
    from searcher.suggesting.completion import Completer
    from searcher.suggesting.suggestion import Suggestion

NO_DOCUMENT: Final = -1


def _by_the_34(facet: str) -> str:
    return "province_2025" if facet == "province" else facet


class EmbeddedIndex(Index):
    """An index in a folder.

    - It shows the state of the index at the moment it was opened.
    - `whoosh` is the Whoosh index below it, usable with everything that Whoosh has.
    - Several threads may use it at once; close it when none does any more.
    """

    def __init__(self, folder: Path) -> None:
        """Open it; raises IndexNotFound where there is none, IndexUnusable where it is damaged."""
        self.folder = folder
        self.whoosh: FileIndex = open_storage(folder)
        self._commit = self._latest_commit()  # before the reader: what is committed in between is newer than this
        self._opened: IndexReader | None = self.whoosh.reader()

    def run(self, request: SearchRequest) -> Results:
        started = time.perf_counter()
        answer, corrected, suggestion = self._meant(request)
        parsed, named, matches, facets = answer.parsed, answer.named, answer.matches, answer.facets
        if request.all_copies:  # which hit is a copy depends on those of the pages before
            page = self._page(answer, replace(request, offset=0, limit=request.offset + request.limit))
            found = self._with_copies(page.found)[request.offset :]
        else:
            page = self._page(answer, request)
            found = page.found
        lacking = len(matches) > answer.complete
        hits = tuple(self._hits(found, request, parsed, relaxed=lacking))
        return Results(
            request.text,
            len(matches),
            (time.perf_counter() - started) * 1000,
            hits,
            facets,
            relaxed=len(matches) - len(answer.near) > answer.complete,
            complete=answer.complete,
            by_meaning=len(answer.near),
            notes=(*request.notes, *parsed.notes),
            suggestion=suggestion,
            corrected=corrected,
            understood=named,
            chosen=dict(request.chosen),
            distinct=page.distinct,
            complete_end=page.complete_end if lacking else None,
            offers=offers(named, facets, len(matches), request),
            explanation=self._ranker.explain(parsed, _weights(request)) if request.explain else None,
            **self._undated(parsed, request, matches, facets),
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
        answer, corrected, _suggestion = self._meant(request)
        matches, parsed, complete = answer.matches, answer.parsed, answer.complete
        found = self._page(answer, replace(request, limit=len(matches))).found
        hits = self._hits(self._with_copies(found), request, parsed, relaxed=len(matches) > complete)
        undated = self._undated(parsed, request, matches, answer.facets)
        return Export(hits, len(matches), complete, (*request.notes, *read_as(corrected), *parsed.notes), **undated)

    def trends(
        self,
        text: str = "",
        *,
        by: str = "year",
        unit: str | None = None,
        stories: bool = False,
        **filters: Unpack[Filters],
    ) -> Trends:
        from searcher.embedded.trends import count_trends, first_of_each
        from searcher.query.trends import asked

        request = make_request(text, filters, sort="newest", limit=0)
        wanted = asked(request.text, by, unit, request.field_of, *days_of(filters))
        answer, corrected, _suggestion = self._meant(request)
        parsed, matches, facets, complete = answer.parsed, answer.matches, answer.facets, answer.complete
        counted = first_of_each(self._stories, matches.ids) if stories else matches.ids
        found = count_trends(segments_of(self._reader), counted, wanted, self._stories if stories else None)
        left = self._undated(parsed, request, matches, facets)
        return msgspec.structs.replace(
            found,
            relaxed=len(matches) > complete,
            notes=(*request.notes, *read_as(corrected), *parsed.notes),
            stories=stories,
            by_days=left["by_days"],
            undated=left["undated"] if left["by_days"] else found.undated,
        )

    def similar(self, article_id: str, limit: int = 10, *, snippets: bool = True) -> Similar:
        from searcher.embedded.similar import find_similar

        docnum = self._docnum(article_id)
        article = to_article(self._reader.stored_fields(docnum))
        ranker = self._ranker
        return find_similar(
            article, docnum, self._executor.whole, ranker.statistics, ranker.articles, limit, snippets=snippets
        )

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        if prefix.strip() and not any(map(str.isalnum, prefix[:MAX_CHARS])):
            return ()
        # The first call for an index makes the array that phrases and titles are found in, and keeps it beside it.
        self._executor.whole.check_sizes()
        return self._completer.complete(prefix, limit)

    def get(self, article_id: str) -> Article:
        return to_article(self._reader.stored_fields(self._docnum(article_id)))

    def stats(self) -> Stats:
        everything = self._executor.everything()
        _hits, counts = narrow(self._executor, everything, {})
        _hits, counts_2025 = narrow(self._executor, everything, {}, _by_the_34)
        return Stats(
            articles=len(everything),
            terms=sum(1 for field in TEXT_FIELDS for _term in self._reader.lexicon(field)),
            bytes=self._size(),
            topics={count.value: count.count for count in counts["topic"]},
            provinces={count.value: count.count for count in counts["province"]},
            provinces_2025={count.value: count.count for count in counts_2025["province"]},
            newest=self._published(everything, descending=True),
            oldest=self._published(everything, descending=False),
            last_run=last_run(self.folder),
        )

    def _size(self) -> int:
        try:
            return size_bytes(self.folder)
        except OSError as error:
            text = _("The index in '{folder}' can't be read any more: {error}.")
            raise IndexUnusable(text.format(folder=self.folder, error=error.strerror or error)) from error

    def mark(self, text: str, passages: Sequence[str]) -> tuple[str, ...]:
        finder = Finder(self._questions.read(text).parsed.marks)
        return tuple(mark_matches(passage, finder) for passage in passages)

    @property
    def version(self) -> str:
        return self._commit

    @property
    def has_facts(self) -> bool:
        return has_facts(self.whoosh.schema)

    def is_current(self) -> bool:
        return self._latest_commit() == self._commit

    def close(self) -> None:
        reader, self._opened = self._opened, None
        for kept in (
            "_questions",
            "_vocabulary",
            "_term_counts",
            "_completer",
            "_ranker",
            "_executor",
            "_months",
            "_stories",
        ):
            self.__dict__.pop(kept, None)
        if reader is not None:
            reader.close()
            self.whoosh.close()

    @property
    def _reader(self) -> IndexReader:
        if self._opened is None:
            raise IndexClosed(_("This index was closed; open it again."))
        return self._opened

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self._vocabulary, lambda: self._term_counts)

    @cached_property
    def _vocabulary(self) -> SegmentVocabulary:
        return SegmentVocabulary(self._reader)

    @cached_property
    def _term_counts(self) -> TermCounts:
        return TermCounts([arrays for _first, arrays in segments_of(self._reader)])

    @cached_property
    def _completer(self) -> Completer:
        from searcher.suggesting.completion import Completer, segment_parts

        return Completer(segment_parts(self._reader, self.folder), self._term_counts)

    @cached_property
    def _ranker(self) -> Ranker:
        return Ranker(self._executor.whole)

    @cached_property
    def _executor(self) -> Executor:
        return Executor(self._reader)

    @cached_property
    def _stories(self) -> Ids:
        """Of each document the first one by date that it is a copy of, or itself: intp[documents]."""
        from searcher.embedded.trends import stories

        return stories(self._executor.whole)

    @cached_property
    def _months(self) -> NumberFacet:
        return month_facet(self._executor)

    def _latest_commit(self) -> str:
        """Return what tells the last commit from others, also from one of an index that was here before."""
        generation = self.whoosh.latest_generation()
        with suppress(OSError):
            return f"{generation}-{toc_path(self.folder, INDEX_NAME, generation).stat().st_mtime_ns:x}"
        return f"{generation}"

    def _docnum(self, article_id: str) -> int:
        for docnum in self._executor.match(wq.Term("id", article_id)).ids.tolist():
            return int(docnum)
        said = article_id[:MAX_NAME_CHARS]
        raise ArticleNotFound(_("The index has no article with the id '{id}'.").format(id=said))

    def _meant(self, request: SearchRequest) -> tuple[_Answer, str, str]:
        """Return what is found, for what text where not for the one typed, and what it may mean besides."""
        return as_meant(
            request, self._answer, lambda text, _parsed: self._questions.read(text, request.today).correction
        )

    def _answer(self, request: SearchRequest) -> _Answer:
        """Return what a request finds: articles with all words; where these are too few, with some as well.

        In the order of relevance then also those that are about the same, unless the text insists on words.
        """
        self._executor.whole.check_sizes()
        question = self._questions.read(request.text, request.today)
        parsed, named = question.parsed, question.named
        allowed, chosen = self._narrowing(parsed, request)
        found = self._executor.match(parsed.strict or wq.Every(), allowed)
        all_words = reduce(and_, chosen.values(), found)
        complete = len(all_words)
        by_relevance = request.sort == "relevance"
        if parsed.relaxed is not parsed.strict and complete < (FEW if by_relevance else 1):
            assert parsed.relaxed is not None
            some = self._executor.match(parsed.relaxed, allowed)
            found = some & Docs.of_ids(some.doc_count, self._ranker.having_enough(some.ids, parsed))
        meaning = self._ranker.meaning(parsed) if request.meaning and by_relevance and parsed.units else None
        near = Docs.none(found.doc_count)
        if meaning is not None and complete < FEW and not parsed.insists:
            possible = self._executor.everything() if allowed is None else allowed
            if named.provinces:  # of another place an article is no answer, however near
                possible &= self._tagged("province", named.provinces)
            near = Docs.of_ids(found.doc_count, meaning.nearest(reduce(and_, chosen.values(), possible) - found))
        months = self._months if request.months else None
        everything = union(found.doc_count, [found, near])
        with_facts = has_facts(self.whoosh.schema)
        matches, facets = narrow(
            self._executor, everything, chosen, request.field_of, months=months, with_facts=with_facts
        )
        return _Answer(parsed, named, matches, facets, complete, meaning, near, all_words)

    def _published(self, matches: Docs, *, descending: bool) -> datetime | None:
        """Return when the newest or oldest of these articles was published."""
        for docnum in self._executor.ordered(matches, "published", descending=descending, limit=1).tolist():
            return to_article(self._reader.stored_fields(docnum)).published
        return None

    def _narrowing(self, parsed: ParsedQuery, request: SearchRequest) -> tuple[Docs | None, dict[str, Docs]]:
        """Return the documents that days and the text's own filters allow, None for all, and those of chosen facets."""
        if request.sure and "sure_topic" not in self.whoosh.schema:
            raise IndexUnusable(_("This index does not say how sure tags are; make it anew with index --rebuild."))
        if not has_facts(self.whoosh.schema) and _asks_for_facts(parsed, request):
            raise BadFilter(_("This index has no facts of cases; make it anew with: searcher index --rebuild"))
        narrowing = [] if parsed.filter is None else [parsed.filter]
        chosen = {facet: self._tagged(request.field_of(facet), values) for facet, values in request.chosen.items()}
        if request.since is not None or request.until is not None:
            days = published_between(request.since, request.until)
            if request.months:  # these look past the days, as a facet past its own chosen values
                chosen["month"] = self._executor.match(days)
            else:
                narrowing.append(days)
        return self._executor.match(wq.And(narrowing)) if narrowing else None, chosen

    def _undated(
        self,
        parsed: ParsedQuery,
        request: SearchRequest,
        matches: Docs,
        facets: dict[str, tuple[FacetCount, ...]],
    ) -> _Undated:
        """Return how many articles match but for having no date, and whether that keeps them out of the hits."""
        given = request.since is not None or request.until is not None or "year" in request.chosen
        if not given and without_days(parsed.filter) is parsed.filter:
            return {"undated": len(matches) - sum(one.count for one in facets["year"]), "by_days": False}
        chosen = [
            self._executor.match(wq.Or([_having(request.field_of(facet), value) for value in values]))
            for facet, values in request.chosen.items()
            if facet != "year"
        ]
        found = left_out(self._executor, parsed.strict, parsed.filter, chosen)
        if parsed.relaxed is not parsed.strict and not len(found):
            found = left_out(self._executor, parsed.relaxed, parsed.filter, chosen)
            found &= Docs.of_ids(found.doc_count, self._ranker.having_enough(found.ids, parsed))
        return {"undated": len(found - matches), "by_days": True}

    def _tagged(self, field: str, values: Iterable[str]) -> Docs:
        """Return the documents that have any of the values in a field."""
        return self._executor.match(wq.Or([_having(field, value) for value in values]))

    def _page(self, answer: _Answer, request: SearchRequest) -> _Page:
        """Return the page of hits, in the order asked for."""
        end = request.offset + request.limit
        matches = answer.matches
        if request.sort == "relevance":
            ranked = self._ranker.rank(
                matches.ids,
                answer.parsed,
                answer.named,
                weights=_weights(request),
                meaning=answer.meaning,
                near=answer.near.ids,
                complete=answer.all_words.ids if len(matches) > answer.complete else None,
                all_copies=request.all_copies,
                limit=end,
            )
            hits = _ranked_page(ranked, request.offset, end, answer.near, explain=request.explain)
            return _Page(hits, ranked.distinct, ranked.complete_end)
        docnums, copies, distinct = self._by_date(matches, request)
        found = zip(docnums[request.offset : end].tolist(), copies[request.offset : end].tolist(), strict=True)
        return _Page([_Found(docnum, copies=copied) for docnum, copied in found], distinct)

    def _by_date(self, matches: Docs, request: SearchRequest) -> tuple[Ids, Ids, int]:
        """Return the first documents by date with how many copies each has, and how many there are to page through.

        Copies are drawn together among the first `CANDIDATES`, as they are by relevance.
        """
        end, newest_first = request.offset + request.limit, request.sort == "newest"
        more = 0 if request.all_copies else CANDIDATES
        docnums = self._executor.ordered(matches, "published", descending=newest_first, limit=end + more)
        first = docnums[:more]
        kept, copies = draw_together(self._executor.whole, first)
        rest = docnums[more:]
        return (
            np.concatenate((first[kept], rest)),
            np.concatenate((copies, np.zeros(len(rest), dtype=np.int64))),
            len(matches) - len(first) + len(kept),
        )

    def _with_copies(self, page: list[_Found]) -> list[_Found]:
        """Return documents in order with which of them are copies of one before, and how many of it there are."""
        leads = leading(self._executor.whole, np.array([one.docnum for one in page], dtype=np.int64)).tolist()
        copies = Counter(lead for place, lead in enumerate(leads) if lead != place)
        return [
            replace(one, copies=copies[place], copy_of=NO_DOCUMENT if lead == place else page[lead].docnum)
            if lead != place or place in copies
            else one
            for place, (one, lead) in enumerate(zip(page, leads, strict=True))
        ]

    def _shares(self, page: list[_Found], parsed: ParsedQuery, *, relaxed: bool) -> list[float]:
        """Return how much of the query each of these documents has, by rarity of its words: 1 is all."""
        if not relaxed or not page:
            return [1.0] * len(page)
        docnums = np.array([one.docnum for one in page], dtype=np.intp)
        order = np.argsort(docnums)
        shares = np.empty(len(page))
        shares[order] = self._ranker.shares(docnums[order], parsed)
        return [float(share) for share in shares.tolist()]

    def _hits(self, page: list[_Found], request: SearchRequest, parsed: ParsedQuery, *, relaxed: bool) -> Iterator[Hit]:
        """Yield the documents of a page as hits; each is read when it is asked for."""
        finder = Finder(parsed.marks)
        shares = self._shares(page, parsed, relaxed=relaxed)
        first_of: dict[int, str] = {}
        for rank, (found, share) in enumerate(zip(page, shares, strict=True), request.offset + 1):
            stored = self._reader.stored_fields(found.docnum)
            article = to_article(stored)
            if found.copies:
                first_of[found.docnum] = article.id
            copy_of = ""
            if found.copy_of != NO_DOCUMENT:
                copy_of = first_of.get(found.copy_of) or self._reader.stored_fields(found.copy_of)["id"]
            snippet = make_snippet(article, finder) if request.snippets else ""
            yield Hit(
                rank,
                article,
                found.score,
                snippet,
                found.copies,
                found.parts,
                copy_of=copy_of,
                share=share,
                by_meaning=found.by_meaning,
                facts=read_facts(stored.get("facts")),
            )


class _Undated(TypedDict):
    undated: int
    by_days: bool


class _Answer(NamedTuple):
    parsed: ParsedQuery
    named: Understanding
    matches: Docs
    facets: dict[str, tuple[FacetCount, ...]]
    complete: int
    meaning: Meaning | None
    near: Docs
    all_words: Docs


class _Found(msgspec.Struct, frozen=True):
    docnum: int
    score: float = 0.0
    copies: int = 0
    copy_of: int = NO_DOCUMENT
    parts: dict[str, float] = field(default_factory=dict)
    by_meaning: bool = False


class _Page(NamedTuple):
    """Documents of a page, how many there are to page through, and the rank of the last that has all words."""

    found: list[_Found]
    distinct: int
    complete_end: int = 0


def _having(field: str, value: str) -> wq.Query:
    """Return the tree of the articles with a value of a facet."""
    if field != "year":
        return wq.Term(field, value)
    year = int(value)
    return published_between(first_moment(date(year, 1, 1)), last_moment(date(year, 12, 31)))


def _asks_for_facts(parsed: ParsedQuery, request: SearchRequest) -> bool:
    trees = [tree for tree in (parsed.filter, parsed.strict) if tree is not None]
    fields = {leaf.field() for tree in trees for leaf in tree.leaves()}
    return not fields.isdisjoint(FACT_FIELDS) or any(facet in request.chosen for facet in FACTS)


def _weights(request: SearchRequest) -> Weights:
    return Weights() if request.recent else Weights().without("recent")


def _ranked_page(ranked: RankedDocuments, start: int, end: int, near: Docs, *, explain: bool) -> list[_Found]:
    explained = len(next(iter(ranked.parts.values()), ())) if explain else 0
    near_ids = set(near.ids.tolist())
    return [
        _Found(
            int(ranked.docnums[place]),
            float(ranked.scores[place]),
            int(ranked.copies[place]),
            parts={name: float(points[place]) for name, points in ranked.parts.items()} if place < explained else {},
            by_meaning=int(ranked.docnums[place]) in near_ids,
        )
        for place in range(start, min(end, len(ranked.docnums)))
    ]
