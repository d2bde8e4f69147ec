"""What of a page is its text: captions by markup, hidden text, fields of HTML; all that readers see can be found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searcher
from searcher.article import Article
from searcher.sources import Item, read
from searcher.sources.html import read_page

TITLE = "Báo cáo nhanh vụ việc tại xã giả định"
FIRST = "Công an huyện bắt quả tang một đối tượng tại tiểu khu giả định, khai mua của một người lạ mặt ở biên giới."
LAST = "Cơ quan điều tra đang củng cố hồ sơ để xử lý theo quy định của pháp luật hiện hành."


def page(*lines: str, head: str = "") -> Article:
    body = f"<p>{FIRST}</p>{''.join(lines)}<p>{LAST}</p>"
    text = f'<!doctype html><html><head><meta charset="utf-8"><title>{TITLE}</title>{head}</head>'
    return read_page(f"{text}<body><h1>{TITLE}</h1><div class='noidung'>{body}</div></body></html>".encode())


GOODS = [
    "Tang vật thu giữ: 05 bánh heroin, 01 khẩu súng K59",
    "Số tang vật gồm 200 viên hồng phiến",
    "Hiện trường vụ việc ở gần trạm thu phí có ketamine",
    "Ảnh: theo lời khai, nghi phạm gửi cho nhau ảnh của ma túy",
]


@pytest.mark.parametrize("tag", ["p", "li", "div", "td"])
@pytest.mark.parametrize("line", GOODS)
def test_a_line_without_a_picture_beside_it_is_text(line: str, tag: str) -> None:
    inner = f"<{tag}>{line}</{tag}>"
    article = page({"li": f"<ul>{inner}</ul>", "td": f"<table><tr>{inner}</tr></table>"}.get(tag, inner))
    assert line in article.body
    assert article.captions == ()


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src='a.jpg'><figcaption>{}</figcaption></figure>",
        "<figure><img src='a.jpg'><p>{}</p></figure>",
        "<p><img src='a.jpg'></p><p class='chuthich'>{}</p>",
        "<p><img src='a.jpg'></p><p>{}</p>",
        "<table><tr><td><img src='a.jpg'></td></tr><tr><td>{}</td></tr></table>",
        "<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>{}</p></div>",
    ],
)
def test_a_caption_is_what_markup_or_a_picture_makes_one_and_can_be_found(tmp_path: Path, markup: str) -> None:
    caption = "Tang vật vụ án gồm bảy gói hàng kỳ lạ. Ảnh: CTV"
    article = page(markup.format(caption))
    assert article.captions == (caption,)
    assert caption not in article.body
    text = f"<!doctype html><html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{FIRST}</p>"
    (tmp_path / "a.html").write_text(f"{text}{markup.format(caption)}<p>{LAST}</p></body></html>", encoding="utf-8")
    searcher.index_paths(tmp_path / "index", [tmp_path / "a.html"], jobs=1)
    with searcher.open_index(tmp_path / "index") as index:
        assert index.search('"bảy gói hàng kỳ lạ"').total == 1


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>{}</p>",
        "<p style='DISPLAY : none !important'>{}</p>",
        "<div hidden><p>{}</p></div>",
        "<p style='position:absolute; left:-9999px'>{}</p>",
        "<p style='text-indent: -5000px'>{}</p>",
        "<p style='visibility:hidden'>{}</p>",
        "<p style='font-size:0'>{}</p>",
        "<p style='height:0;overflow:hidden'>{}</p>",
        "<p style='overflow:hidden; max-height: 1px'>{}</p>",
        "<span style='opacity:0'>{}</span>",
        "<p class='sr-only'>{}</p>",
        "<p class='qxz'>{}</p>",
        "<p id='qxz2'>{}</p>",
    ],
)
def test_text_that_no_reader_sees_stays_out(hidden: str) -> None:
    spam = "Đánh lô đề trực tuyến, tỷ lệ cao nhất, nạp rút nhanh, hỗ trợ mọi khách hàng."
    head = "<style>.a{color:red} .qxz, #qxz2 { display:none } @media print { .noidung { display: none } }</style>"
    article = page(hidden.format(spam), head=head)
    assert "lô đề" not in article.body + article.lead + "".join(article.captions)
    assert (article.lead, article.body) == (FIRST, LAST)


@pytest.mark.parametrize("style", ["display:none", "opacity:0", "visibility:hidden"])
def test_a_text_that_a_script_shows_later_is_read(style: str) -> None:
    text = f'<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div style="{style}"><p>{FIRST}</p>'
    assert read_page(f"{text}<p>{LAST}</p></div></body></html>".encode()).body == LAST


@pytest.mark.parametrize("window", [TITLE, f"{TITLE} | Báo giả định", ""])
@pytest.mark.parametrize("around", ["{}", "<div class='w'>{}</div>", "<div><div>{}</div><div>Trang chủ</div></div>"])
def test_a_page_of_divs_keeps_its_paragraphs_and_its_title_apart(window: str, around: str) -> None:
    text = f"<div>{TITLE}</div><div>17/02/2020</div><div>{FIRST}</div><div>{LAST}</div><div>{FIRST} {LAST}</div>"
    head = f"<title>{window}</title>" if window else ""
    article = read_page(f"<html><head>{head}</head><body>{around.format(text)}</body></html>".encode())
    assert (article.title, article.lead, article.body) == (TITLE, FIRST, f"{LAST}\n{FIRST} {LAST}")
    assert article.published is not None
    assert article.published.date().isoformat() == "2020-02-17"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>Bắt ở L&oacute;ng Lu&ocirc;ng.</p><p>Hai.</p>", "Bắt ở Lóng Luông.\nHai."),
        ("Bắt ở L&oacute;ng Lu&ocirc;ng.", "Bắt ở Lóng Luông."),
        ("&lt;p&gt;Một.&lt;/p&gt;&lt;p&gt;Hai.&lt;/p&gt;", "Một.\nHai."),
        ("Một.<br>Hai.<br/>Ba.", "Một.\nHai.\nBa."),
        ("<p>Một <a href='x'>đường dẫn dài đến bài khác</a></p><script>x()</script>", "Một đường dẫn dài đến bài khác"),
        ("<figure><img><figcaption>Chú thích.</figcaption></figure><p>Hai.</p>", "Chú thích.\nHai."),
        ("giá < 5 triệu & > 3 triệu; R&D; a<b", "giá < 5 triệu & > 3 triệu; R&D; a<b"),
        ("AT&T; <3; x<y>z", "AT&T; <3; x<y>z"),
        ("Một.\n\n  Hai.", "Một.\n\n  Hai."),
    ],
)
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_field_that_is_html_is_unwrapped_and_no_other(tmp_path: Path, form: str, given: str, kept: str) -> None:
    path = tmp_path / f"a.{form}"
    quoted = given.replace('"', '""')
    line = json.dumps({"title": "Tựa", "body": given}, ensure_ascii=False)
    path.write_text(line if form == "jsonl" else f'title,body\nTựa,"{quoted}"\n', encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Item)
    assert found.article.body == kept


def test_half_a_character_in_what_a_page_says_of_itself_is_replaced() -> None:
    said = '{"@type": "NewsArticle", "headline": "Báo cáo nhanh vụ việc \\ud83d", "author": "A \\udc00"}'
    article = page(head=f'<script type="application/ld+json">{said}</script>')
    (article.title + article.author + article.body).encode()


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "unicode_escape", "utf-7", "hex", "raw_unicode_escape", "mbcs"]
)
@pytest.mark.parametrize("name", ["a.html", "a.csv"])
def test_only_charsets_of_the_web_are_believed(tmp_path: Path, charset: str, name: str) -> None:
    page_ = f"<html><head><meta charset={charset}><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{FIRST}</p>"
    table = f"title,body\n<meta charset={charset}>,Tin giả định\n"
    (tmp_path / name).write_bytes((page_ if name == "a.html" else table).encode() + b"\xe1\xe2\xff\\u00zz" * 300)
    found = list(read([tmp_path / name]))
    assert found
    assert isinstance(found[0], Item)


def test_a_charset_goes_by_all_its_names_on_the_web() -> None:
    text = f"<html><head><title>{TITLE}</title></head><body><p>Привет, это новости о борьбе с наркотиками.</p></body>"
    raw = text.encode("windows-1251", "replace")
    for label in ("windows-1251", "cp1251", "x-cp1251", "CP1251"):
        assert "Привет" in read_page(raw, charset=label).body
