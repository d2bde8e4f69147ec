"""Addresses: which of them lead to the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article, identified
from searcher.urls import canonical_url, host_of, without_tracking

PAGE = "https://bao.example.vn/phap-luat/tin-12.html"


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "http://bao.example.vn/phap-luat/tin-12.html",
        "https://www.bao.example.vn/phap-luat/tin-12.html",
        "https://m.bao.example.vn/phap-luat/tin-12.html",
        "https://mobile.bao.example.vn/phap-luat/tin-12.html/",
        "https://BAO.example.vn:443/phap-luat//tin-12.html",
        "https://bao.example.vn/phap-luat/tin-12.html#binh-luan",
        "https://bao.example.vn/phap-luat/tin-12.html?utm_source=zalo&UTM_medium=x&fbclid=1",
        "https://bao.example.vn/phap-luat/tin-12.html/amp",
        "https://bao.example.vn/amp/phap-luat/tin-12.html",
        "https://amp.bao.example.vn/phap-luat/tin-12.amp.html?amp=1",
        " https://bao.example.vn/phap-luat/tin-12.html ",
    ],
)
def test_a_page_has_one_canonical_address_and_one_id(url: str) -> None:
    assert canonical_url(url) == PAGE
    assert identified(Article(url=url)).id == identified(Article(url=PAGE)).id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bao.example.vn/?id=1", "https://bao.example.vn/?id=2"),
        ("https://bao.example.vn/tin-1", "https://bao.example.vn/tin-2"),
        ("https://bao.example.vn/#!/tin/1", "https://bao.example.vn/#!/tin/2"),
        ("https://bao.example.vn/Tin", "https://bao.example.vn/tin"),
        ("https://bao.example.vn:8080/tin", "https://bao.example.vn/tin"),
        ("https://m.example/tin", "https://example/tin"),
    ],
)
def test_what_may_be_another_page_is_another(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_parameters_may_come_in_any_order_and_letters_may_be_encoded() -> None:
    assert canonical_url("https://a.example.vn/x?b=2&a=1") == canonical_url("https://a.example.vn/x?a=1&b=2")
    assert canonical_url("https://a.example.vn/m%e1%ba%a1i") == canonical_url("https://a.example.vn/mại")


@pytest.mark.parametrize(
    "text", ["", "x", "/tin/1", "file:///etc/passwd", "ftp://a/b", "http://[::1", "https://a:b/", "x" * 9999]
)
def test_what_is_no_address_of_a_page_has_none(text: str) -> None:
    assert (canonical_url(text), host_of(text), without_tracking(text)) == ("", "", "")


@given(st.text(max_size=60).map("https://bao.example.vn/".__add__) | st.text(max_size=60))
def test_a_canonical_address_is_its_own_and_nothing_raises(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert canonical_url(without_tracking(url)) == once
