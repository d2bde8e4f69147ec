"""Text files: what is title, date, lead, body, caption and furniture."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

import searcher
from searcher.article import Article
from searcher.sources import Item, read


def in_windows_1258(text: str) -> bytes:
    """The text in the charset that has the tone marks apart."""
    out = bytearray()
    for letter in normalize("NFC", text):
        tones = "".join(mark for mark in normalize("NFD", letter) if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = normalize("NFC", "".join(mark for mark in normalize("NFD", letter) if mark not in tones))
        out += (base + tones).encode("windows-1258")
    return bytes(out)


BODY = "Lực lượng chức năng đã kiểm tra, lập biên bản và xử lý theo quy định."


def article_of(tmp_path: Path, *lines: str) -> Article:
    (tmp_path / "a.txt").write_text("\n\n".join(lines), encoding="utf-8")
    (found,) = read([tmp_path / "a.txt"])
    assert isinstance(found, Item)
    return found.article


@pytest.mark.parametrize(
    "line",
    [
        "Tang vật thu giữ: 05 bánh heroin, 01 khẩu súng K59",
        "Số tang vật gồm 200 viên hồng phiến",
        "Hiện trường vụ việc ở gần trạm thu phí",
        "Tang vật vụ án",
        "Ảnh hưởng của ma túy đến sức khỏe là rất lớn.",
    ],
)
def test_a_text_has_no_pictures_so_what_does_not_name_one_is_text(tmp_path: Path, line: str) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", "17/02/2020 17:05", "Đoạn dẫn của bài.", line, BODY, "Top")
    assert (article.lead, article.body, article.captions) == ("Đoạn dẫn của bài.", f"{line}\n{BODY}", ())


@pytest.mark.parametrize("line", ["Ảnh minh họa. Nguồn internet", "(Ảnh: CTV)", "Tang vật vụ án. Ảnh: CTV"])
def test_a_line_that_says_it_is_about_a_picture_is_no_lead_and_can_be_found(tmp_path: Path, line: str) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", line, "Đoạn dẫn của bài.", BODY)
    assert (article.lead, article.body, article.captions) == ("Đoạn dẫn của bài.", BODY, (line,))
    searcher.index_paths(tmp_path / "index", [tmp_path / "a.txt"], jobs=1)
    with searcher.open_index(tmp_path / "index") as index:
        assert index.search(f'"{line.strip("()").split(".")[0]}"').total == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_that_is_only_a_date_is_neither_title_nor_lead(tmp_path: Path, place: int) -> None:
    lines = ["Tựa đề bài viết", "Đoạn dẫn của bài.", BODY]
    lines.insert(place, "Thứ bẩy, ngày 15 tháng 02 năm 2020 - 17:05'")
    article = article_of(tmp_path, *lines)
    assert (article.title, article.lead, article.body) == ("Tựa đề bài viết", "Đoạn dẫn của bài.", BODY)
    assert article.published is not None
    assert article.published.isoformat() == "2020-02-15T17:05:00+07:00"


def test_of_two_date_lines_the_one_of_publication_counts(tmp_path: Path) -> None:
    article = article_of(
        tmp_path, "Tựa đề", "Cập nhật lần cuối: 18/02/2020 09:00", "Ngày đăng: 17/02/2020", "Đoạn dẫn.", BODY
    )
    assert article.published is not None
    assert (article.published.isoformat(), article.lead) == ("2020-02-17T00:00:00+07:00", "Đoạn dẫn.")


@pytest.mark.parametrize("line", ["Top", "Lên đầu trang", "Chia sẻ:", "Tin liên quan", "In bài viết", "Xem thêm »"])
def test_page_furniture_is_dropped(tmp_path: Path, line: str) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", "Đoạn dẫn của bài.", BODY, line)
    assert (article.body, article.captions) == (BODY, ())


def test_a_text_of_one_paragraph_has_it_as_body_and_the_source_line_names_the_source(tmp_path: Path) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", BODY, "Nguồn: bài viết giả định")
    assert (article.lead, article.body, article.source) == ("", BODY, "bài viết giả định")


OLD = ["Tựa đề bài viết giả định", "Ngày 17 tháng 02 năm 2020", "Đoạn dẫn của bài viết giả định.", BODY]


@pytest.mark.parametrize("form", ["NFD", "BOM in each line", "zero width", "eth", "windows-1258"])
def test_structure_is_read_from_letters_of_every_kind(tmp_path: Path, form: str) -> None:
    text = "\n".join(OLD)
    raw = {
        "NFD": lambda: normalize("NFD", text).encode(),
        "BOM in each line": lambda: "\ufeff".join(["", *text.splitlines(keepends=True)]).encode(),
        "zero width": lambda: text.replace("tháng", "th\u200báng").replace("Tựa", "Tựa\u2060").encode(),
        "eth": lambda: text.replace("Đ", "Ð").encode(),
        "windows-1258": lambda: in_windows_1258(text),
    }[form]()
    (tmp_path / "a.txt").write_bytes(raw)
    (found,) = read([tmp_path / "a.txt"])
    assert isinstance(found, Item)
    assert found.article.published is not None
    assert found.article.published.date().isoformat() == "2020-02-17"
    shown = "\n".join((found.article.title, found.article.lead, found.article.body)).replace("Ð", "Đ")
    assert shown == "\n".join([OLD[0], *OLD[2:]])


@pytest.mark.parametrize(
    "text",
    [
        "Ñieän Bieân: Baét ñoái töôïng\nNgaøy 17 thaùng 02 naêm 2020\nCoâng an tænh baét ñoái töôïng mua baùn ma tuùy.",
        "B¾t ®èi t­îng mua b¸n ma tuý\nNgµy 17 th¸ng 02 n¨m 2020\nC«ng an tØnh võa b¾t ®èi t­îng mua b¸n ma tuý.",
    ],
    ids=["VNI", "TCVN3"],
)
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_a_text_in_old_letters_keeps_its_date_and_is_shown_as_it_is(tmp_path: Path, text: str, charset: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(charset))
    (found,) = read([tmp_path / "a.txt"])
    assert isinstance(found, Item)
    assert found.article.published is not None
    assert found.article.published.date().isoformat() == "2020-02-17"
    assert found.article.title == text.partition("\n")[0]
