"""Pages of invented text in the layouts of news sites and portals: what is read is what the writer wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searcher.sources import Item, Rejected, read
from searcher.sources.html import read_page

PAGES = Path(__file__).parent / "pages"
EXPECTED: dict[str, dict[str, Any]] = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))


def what_is_read(page: Path) -> dict[str, Any]:
    (found,) = read([page])
    assert isinstance(found, Item), found.reason
    article = found.article
    return {
        **{field: getattr(article, field) for field in ("title", "lead", "url", "source", "author")},
        "body": article.body.split("\n"),
        "published": article.published and article.published.isoformat(),
        "captions": list(article.captions),
    }


def test_each_page_has_its_expectation() -> None:
    assert len(EXPECTED) >= 40
    assert sorted(EXPECTED) == sorted(page.name for page in PAGES.glob("*.html"))


@pytest.mark.parametrize("name", EXPECTED)
def test_title_date_lead_body_and_captions_of_a_page_are_right(name: str) -> None:
    found = what_is_read(PAGES / name)
    assert {field: found[field] for field in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_that_breaks_off_anywhere_gives_an_article_or_one_sentence(name: str, tmp_path: Path) -> None:
    raw = (PAGES / name).read_bytes()
    for share in range(1, 10):
        (tmp_path / name).write_bytes(raw[: len(raw) * share // 10])
        (found,) = read([tmp_path / name])
        assert isinstance(found, Item) or found.reason.endswith(".")


def test_a_page_is_read_the_same_whatever_charset_its_server_claims() -> None:
    raw = (PAGES / "21-yoast.html").read_bytes()
    plain = read_page(raw)
    assert read_page(raw, charset="iso-8859-1") == read_page(raw, charset="windows-1258") == plain
    for charset in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
        assert read_page(raw.decode().encode(charset)) == plain


LINKS = "".join(
    f'<div class="a"><a href="/{n}">Một bài khác số {n} có tiêu đề khá dài</a><p>Tóm tắt.</p></div>' for n in range(9)
)


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Báo giả định</h1>{LINKS}",
        "<h1>Lỗi 404</h1><p>Trang bạn tìm không có.</p>",
        "<script>var text = 'Đoạn văn dài nằm trong một đoạn mã, không phải là nội dung của bài viết nào.'</script>",
    ],
    ids=["front page", "not found", "script only"],
)
def test_a_page_without_an_article_is_refused(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<html><head><title>Báo giả định</title></head><body>{body}</body></html>", encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Rejected)
    assert found.code == "no_text"
