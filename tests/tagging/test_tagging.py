"""Tags of articles, through the public door: the provinces a story concerns and the topics it is about."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article
from searcher.tagging import infer, tag, topics
from searcher.tagging.trie import Trie
from tests.test_seeds import SEEDS, table


def provinces(body: str, *, title: str = "", lead: str = "") -> tuple[str, ...]:
    return tag(Article(title=title, lead=lead, body=body)).provinces or ()


def topics_of(body: str, *, title: str = "", lead: str = "") -> tuple[str, ...]:
    return tag(Article(title=title, lead=lead, body=body)).topics or ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Công an tỉnh Khánh Hoà vừa bắt hai đối tượng tại TP Nha Trang.", ("Khánh Hòa",)),
        ("Công an tỉnh Khánh Hòa vừa bắt hai đối tượng tại TP Nha Trang.", ("Khánh Hòa",)),
        ("CÔNG AN TỈNH THANH HOÁ bắt nhóm trộm xe ở thị xã Bỉm Sơn.", ("Thanh Hóa",)),
        ("Ngày 5/3, Công an TP.HCM khám xét quán bar ở Q.1.", ("TP. Hồ Chí Minh",)),
        ("Tối qua, tại Sài Gòn, một vụ cháy xảy ra ở quận 5.", ("TP. Hồ Chí Minh",)),
        ("TAND tỉnh Đắc Lắc xử vụ án xảy ra trên địa bàn TP Buôn Ma Thuột.", ("Đắk Lắk",)),
        ("Bộ đội Biên phòng cửa khẩu Lao Bảo bắt giữ xe tải tại huyện Hướng Hóa.", ("Quảng Trị",)),
        ("Công an huyện Châu Thành, tỉnh Tiền Giang bắt nghi phạm ở Châu Thành.", ("Tiền Giang",)),
        ("Mưa lớn tại Lệ Thủy, Quảng Ninh, người dân được công an đưa đi tránh lũ ở Lệ Thủy.", ("Quảng Bình",)),
        ("Công an huyện Quảng Ninh bắt hai người tại xã Hiền Ninh.", ("Quảng Bình",)),
        ("Công an TP Vinh bắt nhóm cướp giật tại TP Vinh.", ("Nghệ An",)),
    ],
)
def test_a_story_is_tagged_with_the_province_where_it_happens(text: str, found: tuple[str, ...]) -> None:
    assert provinces(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Giữ an ninh bình yên cho khu phố là việc của mọi người.",
        "Ca sĩ Nguyễn An Giang ra mắt đĩa nhạc mới cùng nhạc sĩ Trần Hà Nam.",
        "Phó Thủ tướng Trương Hòa Bình phát biểu khai mạc.",
        "Đối tượng Vinh bỏ chạy, Vinh bị bắt sau đó.",
        "Các nước châu Á - Thái Bình Dương họp bàn về khí hậu.",
        "Nhà ở 353 Điện Biên Phủ, trên đường Điện Biên Phủ kẹt xe.",
        "Chủ tịch Hồ Chí Minh sinh thời rất yêu trẻ em.",
        "Theo báo Người Lao Động và báo Nghệ An đưa tin, giá vàng tăng.",
    ],
)
def test_a_name_that_is_no_place_of_the_story_gives_no_tag(text: str) -> None:
    assert provinces(text) == ()


def test_a_home_town_counts_less_than_the_place_of_the_story() -> None:
    body = "Công an tỉnh Lào Cai bắt Lò V.A. (25 tuổi, quê Nam Định) tại huyện Bảo Thắng, tỉnh Lào Cai. " * 2
    found = infer(Article(title="Bắt nghi phạm ở Lào Cai", body=body)).provinces
    assert found[0].value == "Lào Cai"
    assert all(one.score < found[0].score for one in found[1:])


def test_a_topic_mentioned_in_passing_is_no_tag() -> None:
    passing = "Giao thông ùn tắc nhiều giờ. " * 60 + "Tài xế âm tính với ma túy. " + "Xe được kéo đi. " * 60
    assert topics_of(passing, title="Tai nạn trên cao tốc") == ()


@pytest.mark.parametrize(
    ("title", "body", "first"),
    [
        ("Bắt hai người vận chuyển ma tuý đá", "Công an thu giữ 2 kg ma tuý đá và 500 viên thuốc lắc.", "ma-tuy"),
        ("Triệt phá đường dây gái gọi", "Các tiếp viên bán dâm cho khách với giá 3 triệu đồng.", "mai-dam"),
        ("Điều trị ARV cho người nhiễm HIV", "Người nhiễm HIV uống thuốc ARV mỗi ngày.", "hiv-aids"),
        ("Lừa bán phụ nữ sang Trung Quốc", "Nạn nhân bị lừa bán sang Trung Quốc làm vợ.", "mua-ban-nguoi"),
    ],
)
def test_the_topic_of_an_article_comes_first(title: str, body: str, first: str) -> None:
    assert topics_of(body, title=title)[0] == first


@pytest.mark.parametrize(
    "text",
    [
        "Cục Phòng, chống ma túy và Phòng Cảnh sát điều tra tội phạm về ma túy phối hợp truy bắt kẻ trộm. "
        + "Kẻ trộm xe máy bị bắt. " * 40,
        "Nghi phạm lừa bán xe máy, lừa bán đất của người khác. " * 3,
        "Con trai tôi nghiện game, phải cai nghiện game nhiều tháng. " * 3,
    ],
)
def test_what_only_looks_like_a_topic_is_no_tag(text: str) -> None:
    assert topics_of(text) == ()


def test_tags_that_an_article_came_with_are_kept() -> None:
    article = Article(title="Ma túy ở Sơn La", body="Ma túy ở Sơn La.", provinces=("Hà Nội",), topics=())
    assert (tag(article).provinces, tag(article).topics) == (("Hà Nội",), ())
    assert tag(Article(title="Bắt ma túy ở Sơn La", body="x", provinces=("Hà Nội",))).provinces == ("Hà Nội",)


def test_scores_lie_between_0_and_1_and_fall() -> None:
    for name in table():
        tags = infer(Article(title="", body=(SEEDS / name).read_text("utf-8")))
        for found in (tags.provinces, tags.topics):
            scores = [one.score for one in found]
            assert scores == sorted(scores, reverse=True)
            assert all(0 < score <= 1 for score in scores)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=600))
def test_any_text_can_be_tagged_and_decomposed_letters_change_nothing(title: str, lead: str, body: str) -> None:
    article = Article(title=title, lead=lead, body=body)
    found = tag(article)
    assert found.provinces is not None
    assert set(found.topics or ()) <= set(topics().names)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_normal_forms_are_tagged_alike(form: str) -> None:
    text = unicodedata.normalize(form, "Công an tỉnh Thừa Thiên - Huế bắt đối tượng buôn ma túy tại TP Huế")
    assert provinces(text) == ("Thừa Thiên Huế",)
    assert topics_of(text) == ("ma-tuy",)


WORDS = st.sampled_from(["a", "b", "c", "d"])
ENTRIES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(tuple), max_size=12)


@given(ENTRIES, st.lists(WORDS, max_size=30))
def test_a_trie_finds_the_leftmost_longest_entries(entries: list[tuple[str, ...]], text: list[str]) -> None:
    trie = Trie((entry, entry) for entry in entries)
    expected, at = [], 0
    while at < len(text):
        fitting = [entry for entry in entries if tuple(text[at : at + len(entry)]) == entry]
        longest = max(fitting, key=len, default=())
        if longest:
            expected.append((at, at + len(longest), longest))
        at += len(longest) or 1
    assert [tuple(match) for match in trie.find(text)] == expected
