"""Search engines that are compared, each as its own documentation has it used, all over the same tokens.

A document's text is its tokens with a space between two, so that every engine's simplest tokenizer gives them back.
"""

from __future__ import annotations

import contextlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.queries import Filter, Query

TOP: Final = 10
FACETS: Final = ("province", "topic", "year")
_SEGMENT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of an article."""

    text: str
    provinces: tuple[str, ...]
    topics: tuple[str, ...]
    published: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gives: all that match, the best ten (their numbers), and counts by province, topic and year."""

    total: int
    best: tuple[int, ...]
    counts: dict[str, dict[str, int]]


Run = Callable[[], Answer]


class Peer(ABC):
    """An engine, with an index of documents numbered from 0."""

    name: str

    @abstractmethod
    def __init__(self, documents: Sequence[Document], folder: Path) -> None: ...

    def can(self, query: Query, narrowed: Filter) -> bool:
        """Return whether the engine has such a query."""
        return True

    @abstractmethod
    def prepare(self, query: Query, narrowed: Filter) -> Run:
        """Return what runs the query: query objects are made before the clock starts."""

    def close(self) -> None:  # noqa: B027 - most have nothing to let go of
        """Let go of files and memory."""


def whoosh_schema() -> Any:
    """Return the schema that stock Whoosh and this project's executor have."""
    from whoosh.analysis import SimpleAnalyzer
    from whoosh.fields import DATETIME, KEYWORD, NUMERIC, TEXT, Schema

    return Schema(
        number=NUMERIC(int, stored=True),
        text=TEXT(analyzer=SimpleAnalyzer()),
        province=KEYWORD(commas=True),
        topic=KEYWORD(commas=True),
        year=NUMERIC(int, sortable=True),
        published=DATETIME(sortable=True),
    )


def whoosh_document(number: int, document: Document) -> dict[str, Any]:
    """Return the fields of a document of that schema."""
    return {
        "number": number,
        "text": document.text,
        "province": ",".join(document.provinces),
        "topic": ",".join(document.topics),
        "year": document.published.year,
        "published": document.published,
    }


def whoosh_query(query: Query) -> Any:
    """Return the query as Whoosh has it."""
    from whoosh import query as wq

    terms = [wq.Term("text", word) for word in query.words]
    match query.kind:
        case "term":
            return terms[0]
        case "or":
            return wq.Or(terms)
        case "and":
            return wq.And(terms)
        case "phrase":
            return wq.Phrase("text", list(query.words))


def whoosh_filter(narrowed: Filter) -> Any:
    """Return the filter as Whoosh has it, None for none."""
    from whoosh import query as wq

    if narrowed.province:
        return wq.Term("province", narrowed.province)
    if narrowed.since is not None:
        return wq.DateRange("published", narrowed.since, narrowed.until)
    return None


class Whoosh(Peer):
    """Whoosh's own codec and collectors, with facets by `groupedby`."""

    name = "Whoosh"

    def __init__(self, documents: Sequence[Document], folder: Path) -> None:
        from whoosh.index import create_in

        index = create_in(str(folder), whoosh_schema())
        writer = index.writer(limitmb=512)
        for number, document in enumerate(documents):
            writer.add_document(**whoosh_document(number, document))
        writer.commit()
        self.searcher = index.searcher()

    def prepare(self, query: Query, narrowed: Filter) -> Run:
        from whoosh import sorting

        tree, let_through = whoosh_query(query), whoosh_filter(narrowed)

        def run() -> Answer:
            facets = sorting.Facets()
            for field in FACETS:
                facets.add_facet(field, sorting.FieldFacet(field, allow_overlap=field != "year", maptype=sorting.Count))
            results = self.searcher.search(tree, filter=let_through, limit=TOP, groupedby=facets)
            groups = {
                field: {str(value): count for value, count in results.groups(field).items() if value is not None}
                for field in FACETS
            }
            return Answer(len(results), tuple(results.docnum(place) for place in range(min(TOP, len(results)))), groups)

        return run

    def close(self) -> None:
        self.searcher.close()


class Ours(Peer):
    """This project's executor: plain BM25, without the ranking formula.

    Of documents that are given again, a segment is built once and written as often as they come: what a segment holds
    does not depend on the others.
    """

    name = "searcher"

    def __init__(self, documents: Sequence[Document], folder: Path) -> None:
        from searcher import codec
        from searcher.codec.build import SegmentBuilder
        from searcher.codec.segment import ArraySegment

        index = codec.create(folder, whoosh_schema())
        writer = index.writer()
        distinct = len(set(map(id, documents)))
        for start in range(0, distinct, _SEGMENT):
            builder = SegmentBuilder(whoosh_schema())
            for number, document in enumerate(documents[start : min(start + _SEGMENT, distinct)], start):
                builder.add(whoosh_document(number, document))
            data = builder.build()
            for _time in range(len(documents) // distinct):
                writer.add_segment(ArraySegment.write(data, folder, index.indexname, index.disk))
        writer.commit()
        self._open(folder)

    def _open(self, folder: Path) -> None:
        from searcher import codec
        from searcher.execution import Executor

        self.reader = codec.open_index(folder).reader()
        self.executor = Executor(self.reader)

    def prepare(self, query: Query, narrowed: Filter) -> Run:
        tree, let_through = whoosh_query(query), whoosh_filter(narrowed)
        executor = self.executor

        def run() -> Answer:
            within = None if let_through is None else executor.match(let_through)
            top = executor.top(tree, TOP, within)
            counts = {field: executor.count(top.matches, field) for field in FACETS}
            return Answer(
                len(top.matches),
                tuple(top.docnums.tolist()),
                {field: {str(value): count for value, count in counted.items()} for field, counted in counts.items()},
            )

        return run

    def close(self) -> None:
        self.reader.close()


class Tantivy(Peer):
    """tantivy through its Python package: search with count, and one aggregation of three terms facets."""

    name = "tantivy"

    def __init__(self, documents: Sequence[Document], folder: Path) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", fast=True)
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
        for field in ("province", "topic"):
            builder.add_text_field(field, tokenizer_name="raw", fast=True, index_option="basic")
        builder.add_integer_field("year", fast=True)
        builder.add_date_field("published", fast=True, indexed=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        writer = self._index.writer(heap_size=1_000_000_000, num_threads=1)
        for number, document in enumerate(documents):
            writer.add_document(
                tantivy.Document(
                    number=number,
                    text=document.text,
                    province=list(document.provinces),
                    topic=list(document.topics),
                    year=document.published.year,
                    published=document.published,
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def prepare(self, query: Query, narrowed: Filter) -> Run:
        import tantivy

        must, should = tantivy.Occur.Must, tantivy.Occur.Should
        terms = [tantivy.Query.term_query(self._schema, "text", word) for word in query.words]
        match query.kind:
            case "term":
                made = terms[0]
            case "or" | "and":
                made = tantivy.Query.boolean_query([(should if query.kind == "or" else must, term) for term in terms])
            case "phrase":
                made = tantivy.Query.phrase_query(self._schema, "text", list(query.words))
        if narrowed.province:
            let_through = tantivy.Query.term_query(self._schema, "province", narrowed.province)
            made = tantivy.Query.boolean_query(
                [(must, made), (must, tantivy.Query.const_score_query(let_through, 0.0))]
            )
        elif narrowed.since is not None:
            let_through = tantivy.Query.range_query(
                self._schema, "published", tantivy.FieldType.Date, narrowed.since, narrowed.until
            )
            made = tantivy.Query.boolean_query(
                [(must, made), (must, tantivy.Query.const_score_query(let_through, 0.0))]
            )
        searcher = self._searcher
        facets = {field: {"terms": {"field": field, "size": 1000}} for field in FACETS}

        def run() -> Answer:
            found = searcher.search(made, TOP, count=True)
            groups = searcher.aggregate(made, facets)
            return Answer(
                found.count,
                tuple(address.doc for _score, address in found.hits),
                {
                    field: {str(_year(bucket["key"])): bucket["doc_count"] for bucket in groups[field]["buckets"]}
                    for field in facets
                },
            )

        return run


def _year(key: Any) -> Any:
    return int(key) if isinstance(key, float) else key


class Fts5(Peer):
    """SQLite's FTS5, contentless; the total and the counts by joins with ordinary tables."""

    name = "SQLite FTS5"

    def __init__(self, documents: Sequence[Document], folder: Path) -> None:
        self._base = sqlite3.connect(folder / "fts.db")
        self._base.executescript("""
            create virtual table articles
                using fts5(text, content='', tokenize="unicode61 remove_diacritics 0 tokenchars '_'");
            create table years (number integer primary key, year integer, published text);
            create table labels (number integer, facet text, value text);
            create index by_value on labels (facet, value, number);
            create index by_number on labels (facet, number, value);
        """)
        rows = list(enumerate(documents))
        self._base.executemany("insert into articles (rowid, text) values (?, ?)", ((n, one.text) for n, one in rows))
        self._base.executemany(
            "insert into years values (?, ?, ?)",
            ((n, one.published.year, one.published.isoformat()) for n, one in rows),
        )
        self._base.executemany(
            "insert into labels values (?, ?, ?)",
            (
                (n, facet, value)
                for n, one in rows
                for facet, values in (("province", one.provinces), ("topic", one.topics))
                for value in values
            ),
        )
        self._base.execute("insert into articles (articles) values ('optimize')")
        self._base.execute("analyze")
        self._base.commit()

    def prepare(self, query: Query, narrowed: Filter) -> Run:
        quoted = [f'"{word}"' for word in query.words]
        joint = {"term": "", "or": " OR ", "and": " AND ", "phrase": " + "}[query.kind]
        match = joint.join(quoted)
        # The plus keeps SQLite from asking the full-text index about one article of the filter after the other.
        where, given = "articles match ?", [match]
        if narrowed.province:
            where += " and +articles.rowid in (select number from labels where facet = 'province' and value = ?)"
            given.append(narrowed.province)
        elif narrowed.since is not None and narrowed.until is not None:
            where += " and +articles.rowid in (select number from years where published between ? and ?)"
            given += [narrowed.since.isoformat(), narrowed.until.isoformat()]
        hits = f"select rowid from articles where {where} order by rank limit {TOP}"
        base = self._base

        def run() -> Answer:
            best = tuple(row[0] for row in base.execute(hits, given))
            base.execute(f"create temp table found as select rowid as number from articles where {where}", given)
            (total,) = base.execute("select count(*) from found").fetchone()
            counts = {
                facet: dict(
                    base.execute(
                        "select value, count(*) from found join labels using (number) where facet = ? group by value",
                        (facet,),
                    )
                )
                for facet in ("province", "topic")
            }
            years = base.execute("select year, count(*) from found join years using (number) group by year")
            counts["year"] = {str(year): count for year, count in years}
            base.execute("drop table found")
            return Answer(total, best, counts)

        return run

    def close(self) -> None:
        self._base.close()


class Bm25s(Peer):
    """bm25s: scores and the best ten of a bag of words; it has no total, no counts, no AND, phrases or facets."""

    name = "bm25s"

    def __init__(self, documents: Sequence[Document], folder: Path) -> None:
        import bm25s

        ids: dict[str, int] = {}
        tokens = [[ids.setdefault(word, len(ids)) for word in document.text.split()] for document in documents]
        self._index = bm25s.BM25(k1=1.2, b=0.75)
        with contextlib.redirect_stderr(None):
            self._index.index(bm25s.tokenization.Tokenized(ids=tokens, vocab=ids), show_progress=False)

    def can(self, query: Query, narrowed: Filter) -> bool:
        return query.kind in ("term", "or") and narrowed == Filter()

    def prepare(self, query: Query, narrowed: Filter) -> Run:
        words = [list(query.words)]

        def run() -> Answer:
            best, _scores = self._index.retrieve(words, k=TOP, show_progress=False, sorted=True)
            return Answer(-1, tuple(best[0].tolist()), {})

        return run
