"""Over 1,000 real articles the executor answers the benchmark's queries as stock Whoosh does."""

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.common import CORPUS, full_text, records
from benchmarks.peers import FACETS, Document, Ours, Whoosh, whoosh_filter, whoosh_query
from benchmarks.queries import QUERIES, Filter
from searcher.analysis import segment_many

ARTICLES = 1000
FILTERS = (
    Filter(),
    Filter(province="Hà Nội"),
    Filter(since=datetime(2017, 3, 1), until=datetime(2018, 2, 28, 23, 59, 59)),
)


def documents() -> Iterator[Document]:
    """The articles with tags and days drawn at random: what is compared does not depend on their being right."""
    chance = random.Random(3)
    provinces, topics = ("Hà Nội", "Sơn La", "Nghệ An"), ("ma-tuy", "mai-dam")
    for text in segment_many(map(full_text, records(limit=ARTICLES))):
        yield Document(
            " ".join(re.findall(r"\w+", text.lower())),
            tuple(chance.sample(provinces, chance.randint(0, 3))),
            tuple(chance.sample(topics, chance.randint(0, 2))),
            datetime(2016, 1, 1) + timedelta(minutes=chance.randrange(2_000_000)),
        )


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout")
def test_real_articles_are_found_scored_and_counted_as_by_whoosh(tmp_path: Path) -> None:
    given = list(documents())
    (tmp_path / "stock").mkdir()
    (tmp_path / "ours").mkdir()
    stock, ours = Whoosh(given, tmp_path / "stock"), Ours(given, tmp_path / "ours")
    for query in QUERIES:
        for narrowed in FILTERS:
            wanted, found = stock.prepare(query, narrowed)(), ours.prepare(query, narrowed)()
            assert (found.total, found.counts) == (wanted.total, wanted.counts), query
            let_through = whoosh_filter(narrowed)
            results = stock.searcher.search(whoosh_query(query), filter=let_through, limit=None)
            scores = {docnum: score for score, docnum in results.top_n}
            within = None if let_through is None else ours.executor.match(let_through)
            top = ours.executor.top(whoosh_query(query), 100, within)
            best = [score for score, _docnum in results.top_n[:100]]
            assert top.scores.tolist() == pytest.approx(best, rel=1e-6), query
            assert [scores[docnum] for docnum in top.docnums.tolist()] == pytest.approx(best, rel=1e-6), query
    assert set(found.counts) == set(FACETS)
