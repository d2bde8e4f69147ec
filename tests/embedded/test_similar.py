"""More like this: what shares an article's own words, with the reasons; copies apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from tests.invented import indexed, invented

BODY = (
    "Cơ quan chức năng vừa khởi tố vụ án làm giả sổ hưu trí tại một huyện miền núi. "
    "Nhóm đối tượng dùng con dấu giả để lập hồ sơ hưu trí khống cho hàng chục người. "
    "Việc làm giả sổ hưu trí bị phát hiện khi ngân hàng đối chiếu chữ ký trên hồ sơ. "
    "Nhiều người dân cho biết họ đã đóng tiền cho nhóm này từ năm ngoái mà không có biên nhận."
)
TALE = [
    {"id": "hưu", "title": "Làm giả sổ hưu trí, cả nhóm bị khởi tố", "body": BODY},
    {"id": "bản-sao", "title": "Làm giả sổ hưu trí: khởi tố cả nhóm", "body": BODY + " (Theo báo khác)"},
    {
        "id": "tương-tự",
        "title": "Thêm một vụ sổ hưu trí giả",
        "body": "Con dấu giả và hồ sơ hưu trí khống được tìm thấy tại nhà riêng của một cán bộ về hưu. " * 2,
    },
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.EmbeddedIndex]:
    folder = tmp_path_factory.mktemp("similar") / "index"
    indexed(folder, [*TALE, *invented(30)])
    indexed(folder, invented(30, start=30), name="more")
    with searcher.open_index(folder) as opened:
        yield opened


def test_what_shares_its_own_words_comes_first(index: searcher.EmbeddedIndex) -> None:
    found = index.similar("hưu")
    assert found.hits[0].article.id == "tương-tự"
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)


def test_the_terms_that_it_went_by_are_said_and_make_up_the_scores(index: searcher.EmbeddedIndex) -> None:
    found = index.similar("hưu")
    assert "hưu trí" in [term.text for term in found.terms[:3]]
    assert sum(term.weight for term in found.terms) == pytest.approx(1)
    assert [term.weight for term in found.terms] == sorted((term.weight for term in found.terms), reverse=True)
    for hit in found.hits:
        assert sum(hit.explanation.values()) == pytest.approx(hit.score)
        assert set(hit.explanation) <= {term.text for term in found.terms}
    for term in found.terms:
        assert term.articles == index.search(f'"{term.text}"', limit=0).total or term.articles > 1


def test_copies_of_it_are_apart_and_it_is_not_like_itself(index: searcher.EmbeddedIndex) -> None:
    found = index.similar("hưu", limit=50)
    assert [copy.id for copy in found.copies] == ["bản-sao"]
    ids = [hit.article.id for hit in found.hits]
    assert not {"hưu", "bản-sao"} & set(ids)
    assert len(set(ids)) == len(ids)


def test_near_identical_hits_are_drawn_together(index: searcher.EmbeddedIndex) -> None:
    found = index.similar("tương-tự")
    (hit,) = [hit for hit in found.hits if hit.article.id in ("hưu", "bản-sao")]
    assert hit.copies == 1


def test_it_may_be_in_any_segment(index: searcher.EmbeddedIndex) -> None:
    for article_id in ("bai-001", "bai-045"):
        found = index.similar(article_id, limit=3)
        assert found.article.id == article_id
        assert found.hits


def test_an_article_that_is_not_there_is_an_error_with_its_id(index: searcher.EmbeddedIndex) -> None:
    with pytest.raises(searcher.ArticleNotFound, match="'không-có'"):
        index.similar("không-có")


def test_what_was_deleted_is_not_found(tmp_path: Path) -> None:
    folder = indexed(tmp_path / "index", [*TALE, *invented(20)])
    with searcher.open_index(folder) as index:
        writer = index.whoosh.writer()
        writer.delete_by_term("id", "tương-tự")
        writer.commit()
    with searcher.open_index(folder) as index:
        assert "tương-tự" not in [hit.article.id for hit in index.similar("hưu", limit=50).hits]


def test_an_article_like_no_other_has_no_hits(tmp_path: Path) -> None:
    articles = [{"id": "1", "title": "Mưa", "body": "mưa rơi"}, {"id": "2", "title": "Nắng", "body": "nắng lên"}]
    with searcher.open_index(indexed(tmp_path / "index", articles)) as index:
        assert index.similar("1").hits == ()
