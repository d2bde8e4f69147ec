"""1,000 real articles, where they are at hand: found in our codec as in Whoosh's own, also after changes.

Common terms have several blocks of postings in each of two segments, rare ones are packed with others. More of
them only makes Whoosh's own index take longer."""

from pathlib import Path
from typing import Any

import pytest
from whoosh import query as wq

from benchmarks.common import CORPUS, records
from searcher.article import Article
from searcher.tagging import tag
from tests.codec.samples import our_index, stock_index
from tests.codec.test_oracle import assert_same

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not at hand")]

QUERIES: list[wq.Query] = [
    *(wq.Term("body", word) for word in ("công_an", "ma_tuý", "mại_dâm", "người", "của", "hiv", "biên_giới", "bán")),
    wq.And([wq.Term("body", "công_an"), wq.Term("body", "tỉnh")]),
    wq.Or([wq.Term("title", "bắt"), wq.Term("body", "ma_tuý"), wq.Term("body", "heroin")]),
    wq.And([wq.Term("body", "ma_tuý"), wq.Not(wq.Term("topic", "ma-tuy"))]),
    wq.AndMaybe(wq.Term("body", "mua"), wq.Term("title", "bán")),
    wq.Phrase("body", ["cơ", "quan", "điều", "tra"]),
    wq.Phrase("body", ["mua", "người"], slop=4),
    wq.Prefix("title", "ngh"),
    wq.Wildcard("body", "thu*c"),
    wq.NumericRange("year", 2, 4),
    wq.And([wq.Every(), wq.Term("province", "Hà Nội")]),
    wq.DisjunctionMax([wq.Term("title", "an"), wq.Term("body", "an")]),
    wq.Or([wq.Term("body", "thành_phố", boost=2.0), wq.ConstantScoreQuery(wq.Term("body", "hà_nội"), 1.5)]),
]


def to_document(number: int, record: dict[str, str]) -> dict[str, Any]:
    tagged = tag(Article(id=record["id"], title=record["title"], lead=record["lead"], body=record["body"]))
    return {
        "id": f"d{number}",
        "title": tagged.title,
        "body": f"{tagged.lead} {tagged.body}",
        "province": ",".join(tagged.provinces or ()),
        "topic": ",".join(tagged.topics or ()) or "none",
        "year": number % 7,
    }


def test_real_articles_are_found_as_in_whooshs_own_codec(tmp_path: Path) -> None:
    articles = [to_document(number, record) for number, record in enumerate(records(limit=1000))]
    ours, stock = our_index(tmp_path), stock_index()
    for batch in (articles[:600], articles[600:]):
        for index in (ours, stock):
            writer = index.writer()
            for article in batch:
                writer.add_document(**article)
            writer.commit(merge=False)
    assert_same(ours, stock, QUERIES)
    for index in (ours, stock):
        writer = index.writer()
        for number in range(0, 1000, 9):
            writer.delete_by_term("id", f"d{number}")
        for number in range(1, 1000, 90):
            writer.update_document(**articles[number] | {"title": articles[number - 1]["title"]})
        writer.commit(merge=False)
    assert_same(ours, stock, QUERIES)
    ours.writer().commit(optimize=True)
    fresh = stock_index()
    writer = fresh.writer()
    changed = {f"d{number}" for number in range(0, 1000, 9)} | {f"d{number}" for number in range(1, 1000, 90)}
    for article in articles:
        if article["id"] not in changed:
            writer.add_document(**article)
    for number in range(1, 1000, 90):
        writer.add_document(**articles[number] | {"title": articles[number - 1]["title"]})
    writer.commit()
    assert_same(ours, fresh, QUERIES)
