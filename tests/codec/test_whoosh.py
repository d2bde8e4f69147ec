"""Stock Whoosh over our codec and over its own: the same hits in the same order with the same scores."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as wq
from whoosh import sorting
from whoosh.fields import TEXT
from whoosh.qparser import QueryParser
from whoosh.writing import AsyncWriter

from searcher.codec import ArrayIndex
from tests.codec.samples import documents, fill, our_index, stock_index

QUERIES = [
    wq.Term("body", "mại_dâm"),
    wq.Term("body", "an", boost=2.5),
    wq.And([wq.Term("body", "công_an"), wq.Term("body", "la")]),
    wq.Or([wq.Term("title", "bắt"), wq.Term("body", "bắt"), wq.Term("body", "châu")]),
    wq.Not(wq.Term("body", "an")),
    wq.And([wq.Term("body", "an"), wq.Not(wq.Term("title", "an"))]),
    wq.AndMaybe(wq.Term("body", "mua"), wq.Term("body", "bán")),
    wq.AndNot(wq.Term("body", "mua"), wq.Term("body", "bán")),
    wq.Phrase("body", ["công", "an"]),
    wq.Phrase("body", ["mua", "người"], slop=3),
    wq.Prefix("body", "m"),
    wq.Wildcard("body", "m*i*"),
    wq.Regex("body", "^b.n?$"),
    wq.FuzzyTerm("body", "ban", maxdist=1),
    wq.TermRange("body", "la", "ng"),
    wq.NumericRange("year", 2017, 2018),
    wq.DateRange("published", datetime(2017, 3, 1), datetime(2018, 6, 1)),
    wq.DisjunctionMax([wq.Term("title", "an"), wq.Term("body", "an")]),
    wq.ConstantScoreQuery(wq.Term("body", "an"), 3.0),
    wq.Every(),
    wq.Every("published"),
    wq.Term("province", "Sơn La"),
    wq.Term("body", "không_có"),
    wq.NullQuery,
]


@pytest.fixture(scope="module", params=[1, 3], ids=["one segment", "three segments"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ArrayIndex]:
    whole = documents(400)
    size = -(-len(whole) // request.param)
    batches = [whole[start : start + size] for start in range(0, len(whole), size)]
    stock, ours = stock_index(), our_index(tmp_path_factory.mktemp("index"))
    fill(stock, *batches)
    fill(ours, *batches)
    return stock, ours


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: type(query).__name__)
@pytest.mark.parametrize("limit", [5, None])
def test_every_kind_of_query_finds_the_same_with_the_same_scores(
    both: tuple[Any, ArrayIndex], query: wq.Query, limit: int | None
) -> None:
    found = []
    for index in both:
        with index.searcher() as searcher:
            results = searcher.search(query, limit=limit)
            found.append((len(results), results.top_n))
    assert found[1] == found[0]


def test_sorting_facets_and_filters_are_the_same(both: tuple[Any, ArrayIndex]) -> None:
    found = []
    for index in both:
        with index.searcher() as searcher:
            results = searcher.search(
                wq.Term("body", "an"),
                filter=wq.Term("topic", "ma-tuy"),
                sortedby=[sorting.FieldFacet("published", reverse=True), sorting.FieldFacet("year")],
                groupedby=sorting.FieldFacet("province", allow_overlap=True),
                limit=None,
            )
            found.append(([hit["id"] for hit in results], results.groups("province")))
    assert found[1] == found[0]
    assert len(found[0][1]) > 2


def test_parsed_queries_highlights_and_more_like_this_work(both: tuple[Any, ArrayIndex]) -> None:
    found = []
    for index in both:
        with index.searcher() as searcher:
            query = QueryParser("body", index.schema).parse("công_an published:[20170101 to 20180101] tỉnh^2")
            results = searcher.search(query, limit=3)
            similar = searcher.more_like(results[0].docnum, "body", numterms=3)
            terms = searcher.key_terms([0, 1, 2], "body", numterms=4)
            found.append(
                (
                    [(hit["id"], hit.score, hit.highlights("body")) for hit in results],
                    [hit["id"] for hit in similar],
                    terms,
                    searcher.suggest("title", "tinh", limit=3, maxdist=2) if index.reader().is_atomic() else None,
                )
            )
    assert found[1] == found[0]
    assert found[0][0]


def test_statistics_and_stored_fields_are_the_same(both: tuple[Any, ArrayIndex]) -> None:
    found = []
    for index in both:
        with index.reader() as reader:
            infos = [
                (term, info.weight(), info.doc_frequency(), info.max_weight(), info.min_id(), info.max_id())
                for term, info in reader
                if term[0] != "year" and term[0] != "published"
            ]
            found.append(
                (
                    reader.doc_count(),
                    reader.field_length("body"),
                    [dict(sorted(stored.items())) for stored in reader.all_stored_fields()],
                    sorted(reader.all_terms()),
                    infos,
                    [reader.doc_field_length(docnum, "title") for docnum in range(reader.doc_count_all())],
                )
            )
    assert found[1] == found[0]


def test_whooshs_own_ways_of_writing_work(tmp_path: Path) -> None:
    index = our_index(tmp_path)
    fill(index, documents(10), documents(20)[10:])
    holding = index.writer()
    waiting = AsyncWriter(index, delay=0.02)
    waiting.add_document(id="later", body="công an")
    waiting.commit()
    holding.commit(merge=False)
    waiting.join(10)
    assert index.doc_count() == 21
    index.optimize()
    assert len(index._segments()) == 1
    with index.writer() as writer:
        assert writer.delete_by_query(wq.Term("topic", "ma-tuy")) > 0
        writer.add_field("extra", TEXT(stored=True))
        writer.add_document(id="extra", extra="chuyện khác")
    with index.searcher() as searcher:
        assert [hit["id"] for hit in searcher.search(wq.Term("extra", "khác"))] == ["extra"]
        assert len(searcher.search(wq.Term("topic", "ma-tuy"))) == 0
