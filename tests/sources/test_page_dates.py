"""The date of a page is its article's or none: pages of invented text, each with what dates do on real ones."""

from __future__ import annotations

import pytest

from searcher.sources.html import read_page

T = "Bắt hai đối tượng mua bán ma túy ở Mường Lát"
P1 = "<p>Công an huyện bắt quả tang hai người đang mua bán trái phép chất ma túy, thu ba gói heroin.</p>"
P2 = "<p>Cơ quan điều tra đang củng cố hồ sơ để xử lý theo quy định của pháp luật hiện hành.</p>"
OTHER = "Triệt phá đường dây ma túy xuyên quốc gia"
META = '<meta property="article:published_time" content="2020-02-17T17:05:00+07:00">'
FIRST = 'datetime="2020-02-17T17:05:00+07:00"'
LATER = 'datetime="2020-02-18T09:00:00+07:00"'
B = f'<div class="noidung">{P1}{P2}</div>'


def page(before: str = "", after: str = "", body: str = B, tail: str = "", head: str = "") -> str:
    """A page with something before its title, between that and its text, or below the text."""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{T}</title>{head}</head>'
        f"<body>{before}<h1>{T}</h1>{after}{body}{tail}</body></html>"
    )


# What is on a page, and the date of its article, if that can be known.
PAGES = {
    "clock span": (page(before='<span id="clock">Thứ hai, 30/11/2026 08:00</span>'), None),
    "clock in header class date": (page(before='<header><div class="date">Chủ nhật, 29/11/2026</div></header>'), None),
    "clock top-date + meta": (
        page(
            before='<div class="top-date">Hôm nay 29/11/2026</div>',
            head=f"{META}",
        ),
        "2020-02-17T17:05",
    ),
    "clock time element": (
        page(before='<header><time datetime="2026-11-29T10:00:00+07:00">29/11/2026</time></header>'),
        None,
    ),
    "clock after title in nav": (page(after="<nav>29/11/2026 10:00</nav>"), None),
    "clock same wrapper": (
        page()
        .replace("<h1>", '<div id="page"><div class="ngay-gio">Thứ 2, 30/11/2026</div><h1>')
        .replace("</body>", "</div></body>"),
        None,
    ),
    "comment": (
        page(tail='<div class="comments"><b>Nguyễn A</b> <span class="time">18/02/2020 10:00</span></div>'),
        None,
    ),
    "comment unknown": (
        page(tail='<div class="ykien"><b>Nguyễn A</b> <span>18/02/2020 10:00</span><p>Tin hay quá.</p></div>'),
        None,
    ),
    "comment time el": (
        page(tail='<div class="comment-list"><time datetime="2020-02-19T10:00:00+07:00">x</time></div>'),
        None,
    ),
    "related above": (
        page(after=f'<div class="box"><ul><li><a href="/3">{OTHER}</a> (05/01/2019)</li></ul></div>'),
        None,
    ),
    "related a": (
        page(after=f'<p><a href="/3">{OTHER}</a> <em>05/01/2019</em></p>'),
        None,
    ),
    "related times": (
        page(
            tail=f'<div class="card"><h3><a href="/4">{OTHER}</a></h3>'
            '<time class="entry-date published" datetime="2019-01-05T00:00:00+07:00">5</time></div>'
        ),
        None,
    ),
    "caption": (
        page(after='<figure><img src="a.jpg"><figcaption>Ảnh chụp ngày 05/01/2019</figcaption></figure>'),
        None,
    ),
    "caption p": (page(after='<p><img src="a.jpg"></p><p class="chuthich">Hiện trường ngày 05/01/2019</p>'), None),
    "caption plain": (page(after='<p><img src="a.jpg"></p><p>Ảnh: CTV, 05/01/2019</p>'), None),
    "birthday2": (page(after="<p>Nguyễn Văn A (SN 17/02/1990)</p>"), None),
    "birthday3": (page(after="<p>Sinh ngày: 17/02/1990</p>"), None),
    "birthday4": (page(after="<div>Họ tên: Trần B</div><div>Ngày sinh: 01/01/1985</div>"), None),
    "law": (page(after="<p>Hiệu lực: 01/01/2022</p>"), None),
    "law2": (page(after="<p>Nghị định có hiệu lực từ ngày 01/01/2022</p>"), None),
    "law3": (page(after="<p>Có hiệu lực thi hành kể từ 01/01/2022</p>"), None),
    "law4": (page(after="<p>Ngày có hiệu lực: 01/01/2022</p>"), None),
    "updated first": (page(after="<p>Cập nhật: 18/02/2020 09:00</p><p>Đăng: 17/02/2020 17:05</p>"), "2020-02-17T17:05"),
    "updated first one line": (
        page(after="<p>Cập nhật lần cuối 18/02/2020 09:00 | Đăng ngày 17/02/2020 17:05</p>"),
        "2020-02-17T17:05",
    ),
    "updated time first": (
        page(after=f'<time class="updated" {LATER}>18</time><time class="published" {FIRST}>17</time>'),
        "2020-02-17T17:05",
    ),
    "updated time only + meta": (
        page(
            after=f'<time class="updated" {LATER}>18/02/2020 09:00</time>',
            head=f"{META}",
        ),
        "2020-02-17T17:05",
    ),
    "both meta": (
        page(head=f'<meta property="article:modified_time" content="2020-02-18T17:05:00+07:00">{META}'),
        "2020-02-17T17:05",
    ),
    "jsonld utc": (
        page(
            head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bắt hai đối tượng mua bán", '
            '"datePublished": "2020-02-16T20:05:00Z"}</script>'
        ),
        "2020-02-17T03:05",
    ),
    "meta +0000": (
        page(head='<meta property="article:published_time" content="2020-02-16T20:05:00+0000">'),
        "2020-02-17T03:05",
    ),
    "meta gmt rfc": (page(head='<meta name="pubdate" content="Sun, 16 Feb 2020 20:05:00 GMT">'), "2020-02-17T03:05"),
    "line utc": (page(after="<div>16/02/2020 20:05 UTC</div>"), "2020-02-17T03:05"),
    "line": (page(after="<div>Thứ Hai, 17/02/2020, 17:05 (GMT+7)</div>"), "2020-02-17T17:05"),
    "line section": (page(after="<div>Pháp luật - Thứ Hai, 17/02/2020 | 17:05</div>"), "2020-02-17T17:05"),
    "line author": (page(after="<div>Nguyễn Văn A - 17/02/2020 17:05</div>"), "2020-02-17T17:05"),
    "line source": (page(after="<div>(Báo Thanh Hóa) 17:05 17/02/2020</div>"), "2020-02-17T17:05"),
    "line post": (page(after="<div>Posted on 17/02/2020 by admin</div>"), "2020-02-17"),
    "line views": (page(after="<div>17/02/2020 17:05 | Lượt xem: 1.234 | 0 bình luận</div>"), "2020-02-17T17:05"),
    "after sapo": (
        page(
            after='<p class="sapo">Hai người bị bắt quả tang trong đêm qua.</p><div class="date">17/02/2020 17:05</div>'
        ),
        "2020-02-17T17:05",
    ),
    "above labelled": (page(before="<div>Ngày đăng: 17/02/2020</div>"), "2020-02-17"),
    "above in header": (
        page()
        .replace("<h1>", '<div class="post-header"><span class="post-date">17/02/2020</span><h1>')
        .replace("</h1>", "</h1></div>"),
        "2020-02-17",
    ),
    "fb og": (
        page(after='<span class="posted-on">Đăng lúc 5:05 chiều, 17/02/2020 bởi <a href="/u">admin</a></span>'),
        "2020-02-17T17:05",
    ),
    "12h": (page(after="<div>17/02/2020 5:05:00 CH</div>"), "2020-02-17T17:05"),
    "wp posted": (
        page(
            after='<div class="entry-meta">Posted on <a href="/x">'
            f'<time class="entry-date published updated" {FIRST}>17 Tháng Hai, 2020</time></a></div>'
        ),
        "2020-02-17T17:05",
    ),
    "sentence date": (
        page(
            body="<div><p>Ngày 17/02/2020, công an huyện bắt quả tang hai người đang mua bán trái phép chất ma túy.</p>"
            + P2
            + "</div>"
        ),
        None,
    ),
    "foot": (page(tail="<footer>© 2026. Cập nhật 29/11/2026</footer>"), None),
    "event line": (page(after="<p>Thời gian: từ 17/02/2020 đến 20/02/2020</p>"), None),
    "deadline": (page(after="<p>Hạn nộp hồ sơ: 30/03/2020</p>"), None),
    "doc issued": (page(after="<p>Ban hành: 30/03/2020</p>"), None),
    "epoch meta": (page(head='<meta property="article:published_time" content="1970-01-01T00:00:00+00:00">'), None),
    "zero meta": (
        page(
            head='<meta property="article:published_time" content="0000-00-00T00:00:00+07:00">',
            after="<div>17/02/2020</div>",
        ),
        "2020-02-17",
    ),
    "future meta": (page(head='<meta property="article:published_time" content="2199-01-01T00:00:00+07:00">'), None),
    "itemprop": (
        page(after='<span itemprop="datePublished" content="2020-02-17T17:05:00+07:00">hôm qua</span>'),
        "2020-02-17T17:05",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_date_of_a_page_is_the_articles_or_none(name: str) -> None:
    html, right = PAGES[name]
    article = read_page(html.encode())
    found = article.published and article.published.isoformat()
    assert (found and found[: len(right or "")]) == right
    assert (article.title, "mua bán trái phép" in article.lead + article.body) == (T, True)
