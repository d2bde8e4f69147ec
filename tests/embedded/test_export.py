"""Export gives every hit of a search, once, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest

import searcher
from tests.invented import indexed, invented


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    folder = tmp_path_factory.mktemp("export") / "index"
    indexed(folder, invented(40))
    indexed(folder, invented(30, start=40), name="more")
    with searcher.open_index(folder) as opened:
        yield opened


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("text", ["", "ma túy", "mai dam karaoke", '"heroin" -methadone'])
def test_it_is_all_pages_one_after_the_other(index: searcher.EmbeddedIndex, text: str, sort: str) -> None:
    paged = []
    while page := index.search(text, sort=sort, limit=7, offset=len(paged), all_copies=True).hits:
        paged += page
    exported = list(index.export(text, sort=sort, snippets=True))
    assert [(hit.rank, hit.article.id, hit.score) for hit in exported] == [
        (hit.rank, hit.article.id, hit.score) for hit in paged
    ]
    assert [hit.snippet for hit in exported] == [hit.snippet for hit in paged]
    assert len(exported) == index.search(text, limit=0).total > 0


def test_filters_narrow(index: searcher.EmbeddedIndex) -> None:
    found = [hit.article for hit in index.export("", topics=["mai-dam"])]
    assert found
    assert all("mai-dam" in (article.topics or ()) for article in found)


def test_hits_are_read_one_by_one(index: searcher.EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    stored = index._reader.stored_fields
    monkeypatch.setattr(index._reader, "stored_fields", lambda docnum: read.append(docnum) or stored(docnum))
    assert len(list(islice(index.export(""), 3))) == 3
    assert len(read) == 3


@pytest.mark.parametrize(
    "text", ["", "ma túy", "heroin methadone sơn la", "mại dâm ở biển xanh", 'ma túy tỉnh:"nơi nào"']
)
def test_it_says_before_the_first_hit_what_a_page_says(index: searcher.EmbeddedIndex, text: str) -> None:
    page, found = index.search(text, limit=0), index.export(text)
    assert (found.total, found.complete, found.relaxed, found.notes) == (
        page.total,
        page.complete,
        page.relaxed,
        page.notes,
    )
    assert len(list(found)) == page.total


def test_a_filter_that_is_none_is_refused(index: searcher.EmbeddedIndex) -> None:
    with pytest.raises(searcher.BadFilter):
        index.export("", topics=["golf"])
