"""Articles are found by their addresses: whole, by the site, by the words in them; the texts are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import searcher

ADDRESSES = {
    "a": "https://baosonla.example.vn/phap-luat/bat-doi-tuong-mua-ban-ma-tuy-12345.html",
    "b": "http://www.tinmoi.example.com/tin/kiem-tra-co-so-luu-tru.htm?id=7",
    "c": "https://m.tinmoi.example.com/xa-hoi/tin-2.html",
    "d": "",
}
BODIES = {"d": "Kẻ xấu đưa lên trang baosonla.example.vn tin giả định."}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[searcher.Index]:
    folder = tmp_path_factory.mktemp("addresses")
    records = [
        {"id": one, "title": f"Tin giả định {one}", "body": BODIES.get(one, "Lập biên bản giả định."), "url": address}
        for one, address in ADDRESSES.items()
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    searcher.index_paths(folder / "index", [folder / "a.jsonl"], jobs=1)
    with searcher.open_index(folder / "index") as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ADDRESSES["a"], "a"),
        ("HTTP://m.BaoSonLa.example.vn/phap-luat/bat-doi-tuong-mua-ban-ma-tuy-12345.html?utm_source=zalo#top", "a"),
        ("https://tinmoi.example.com/tin/kiem-tra-co-so-luu-tru.htm?id=7", "b"),
        ("https://tinmoi.example.com/tin/", "b"),
        ("https://khac.example.vn/tin.html", ""),
        ("tinmoi.example.com", "bc"),
        ("www.tinmoi.example.com/xa-hoi", "c"),
        ("baosonla.example.vn", "ad"),
        ("biên bản baosonla.example.vn", "a"),
        ("(tinmoi.example.com OR baosonla.example.vn)", "abcd"),
        ("tin -tinmoi.example.com", "ad"),
        ("bat-doi-tuong-mua-ban-ma-tuy", "a"),
        ("kiem-tra-co-so-luu-tru.htm", "b"),
    ],
)
def test_an_address_finds_its_articles(index: searcher.Index, text: str, found: str) -> None:
    results = index.search(text, meaning=False)
    assert sorted(hit.article.id for hit in results.hits) == sorted(found)
    assert not results.relaxed


@pytest.mark.parametrize("text", ["TP.HCM", "17.2.2018", "v.v.", "a@tinmoi.example.com", "3.5", "http://", "https://["])
def test_what_is_no_address_is_words(index: searcher.Index, text: str) -> None:
    assert not index.search(text, meaning=False).complete


def test_of_many_addresses_some_are_words(index: searcher.Index) -> None:
    results = index.search(" OR ".join(f"trang{number}.example.vn" for number in range(60)))
    assert results.total == 0
