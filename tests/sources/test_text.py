"""Text files: what is title, date, lead, body, caption and furniture."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.article import Article
from searcher.sources import Item, read

BODY = "Lực lượng chức năng đã kiểm tra, lập biên bản và xử lý theo quy định."


def article_of(tmp_path: Path, *lines: str) -> Article:
    (tmp_path / "a.txt").write_text("\n\n".join(lines), encoding="utf-8")
    (found,) = read([tmp_path / "a.txt"])
    assert isinstance(found, Item)
    return found.article


@pytest.mark.parametrize(
    "caption",
    [
        "Ảnh minh họa. Nguồn internet",
        "Ảnh minh hoạ",
        "Ảnh: CTV",
        "(Ảnh: CTV)",
        "Tang vật vụ án. Ảnh: CTV",
        "Tang vật vụ án",
        "Các đối tượng tại cơ quan công an - Ảnh: X.Y.",
        "Đối tượng N.V.A tại cơ quan điều tra (Ảnh: Công an cung cấp)",
        "Cán bộ tuyên truyền cho người dân. Nguồn ảnh: Công an tỉnh",
        "Ảnh cắt từ clip",
    ],
)
def test_a_caption_is_kept_apart_from_the_body(tmp_path: Path, caption: str) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", "17/02/2020 17:05", "Đoạn dẫn của bài.", caption, BODY, "Top")
    assert (article.lead, article.body) == ("Đoạn dẫn của bài.", BODY)
    assert article.captions == (caption,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Tang vật thu giữ gồm 2 bánh heroin và 3 điện thoại di động.",
        "Ảnh hưởng của ma túy đến sức khỏe là rất lớn.",
        "Hình phạt cao nhất đối với tội này là tử hình.",
        "Công an tỉnh công bố hình ảnh: đối tượng lên xe bỏ đi.",
        "Theo người dân, các bức ảnh: một do camera ghi lại, một do người đi đường chụp, đã được nộp cho công an xã.",
    ],
)
def test_a_sentence_that_only_looks_like_a_caption_is_body(tmp_path: Path, sentence: str) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", "Đoạn dẫn của bài.", BODY, sentence)
    assert article.body == f"{BODY}\n{sentence}"
    assert article.captions == ()


@pytest.mark.parametrize("line", ["Top", "Lên đầu trang", "Chia sẻ:", "Tin liên quan", "In bài viết", "Xem thêm »"])
def test_page_furniture_is_dropped(tmp_path: Path, line: str) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", "Đoạn dẫn của bài.", BODY, line)
    assert (article.body, article.captions) == (BODY, ())


def test_a_text_of_one_paragraph_has_it_as_body_and_the_source_line_names_the_source(tmp_path: Path) -> None:
    article = article_of(tmp_path, "Tựa đề bài viết", BODY, "Nguồn: bài viết giả định")
    assert (article.lead, article.body, article.source) == ("", BODY, "bài viết giả định")
