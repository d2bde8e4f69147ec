"""Feeds: dates as content systems write them, and what no feed should do to the articles beside it. All is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.article import Article
from searcher.sources import Item, Rejected, read


def entry(number: int, date: str, title: str = "Bắt đối tượng mua bán ma túy") -> str:
    return (
        f"<item><title>{title} {number}</title><link>https://bao.example.vn/{number}.html</link>"
        f"<description>Công an huyện giả định bắt quả tang một đối tượng.</description><pubDate>{date}</pubDate></item>"
    )


def articles(tmp_path: Path, *entries: str) -> list[Article]:
    path = tmp_path / "a.rss"
    path.write_text(f'<rss version="2.0"><channel><title>T</title>{"".join(entries)}</channel></rss>', encoding="utf-8")
    return [found.article for found in read([path]) if isinstance(found, Item)]


def dates(tmp_path: Path, *written: str) -> list[str | None]:
    found = articles(tmp_path, *(entry(number, date) for number, date in enumerate(written)))
    return [article.published.isoformat()[:16] if article.published else None for article in found]


@pytest.mark.parametrize(
    ("date", "right"),
    [
        ("Mon, 17 Feb 2020 17:05:00 +7", "2020-02-17T17:05"),
        ("Mon, 17 Feb 2020 17:05:00 +07", "2020-02-17T17:05"),
        ("Mon, 17 Feb 2020 17:05:00 07", "2020-02-17T17:05"),
        ("Mon, 17 Feb 2020 17:05:00 GMT+7", "2020-02-17T17:05"),
        ("Mon, 17 Feb 2020 10:05:00 GMT", "2020-02-17T17:05"),
        ("Mon, 17 Feb 2020 5:05 PM", "2020-02-17T17:05"),
        ("Thứ hai, 17/02/2020 5:05 CH", "2020-02-17T17:05"),
        ("20200217170500", "2020-02-17T17:05"),
        ("2020-02-17T10:05:00Z", "2020-02-17T17:05"),
        ("17 Tháng Hai, 2020", "2020-02-17T00:00"),
        ("02-17-2020", "2020-02-17T00:00"),
        ("0000-00-00 00:00:00", None),
        ("-0001-11-30T00:00:00+00:00", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2020-02", None),
        ("hôm qua", None),
    ],
)
def test_a_date_is_read_as_it_is_meant_or_not_at_all(tmp_path: Path, date: str, right: str | None) -> None:
    assert dates(tmp_path, date) == [right]


def test_what_one_date_proves_holds_for_the_feed(tmp_path: Path) -> None:
    assert dates(tmp_path, "02/03/2020", "02/17/2020") == ["2020-02-03T00:00", "2020-02-17T00:00"]
    assert dates(tmp_path, "02/03/2020", "17/02/2020") == ["2020-03-02T00:00", "2020-02-17T00:00"]
    assert dates(tmp_path, "02/03/2020") == ["2020-03-02T00:00"]


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x110000;", "&#55296;", "&#0;", f"&#{'9' * 30};", "&#x;"])
def test_a_character_that_there_is_not_costs_no_article(tmp_path: Path, reference: str) -> None:
    found = articles(tmp_path, entry(1, "", f"Tin {reference}"), entry(2, "17/02/2020"))
    assert len(found) == 2
    for article in found:
        article.title.encode()


def test_other_xml_is_called_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "meta.xml"
    path.write_text('<?xml version="1.0"?><office:document-meta xmlns:office="u"/>', encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Rejected)
    assert (found.code, "document" in found.reason) == ("kind", True)


def test_characters_that_no_xml_has_are_taken_out_of_a_feed(tmp_path: Path) -> None:
    entry = "<item><title>Tin\x00 giả\x1b định</title><description>Thân bài\x08 giả định.</description></item>"
    (tmp_path / "a.rss").write_text(f"<rss version='2.0'><channel><title>Báo</title>{entry}</channel></rss>", "utf-8")
    (item,) = read([tmp_path / "a.rss"])
    assert isinstance(item, Item)
    assert (item.article.title, item.article.lead) == ("Tin giả định", "Thân bài giả định.")
