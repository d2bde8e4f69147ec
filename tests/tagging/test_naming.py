"""What a query names: places and topics, typed with or without marks and capitals."""

import pytest

from searcher.tagging import find_places, find_topics_named


def named(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(text[span.start : span.end], span.kind, span.provinces) for span in find_places(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("công an Vinh bắt ma túy 2019", [("Vinh", "city", ("Nghệ An",))]),
        ("cong an vinh bat ma tuy", [("vinh", "city", ("Nghệ An",))]),
        ("mai dam son la", [("son la", "province", ("Sơn La",))]),
        ("mại dâm tp.hcm", [("tp.hcm", "province", ("TP. Hồ Chí Minh",))]),
        ("ma tuý Khánh Hoà", [("Khánh Hoà", "province", ("Khánh Hòa",))]),
        ("ma túy Khánh Hòa", [("Khánh Hòa", "province", ("Khánh Hòa",))]),
        ("vụ án quận 5", [("quận 5", "urban-district", ("TP. Hồ Chí Minh",))]),
        ("huyện Quảng Ninh", [("Quảng Ninh", "district", ("Quảng Bình",))]),
        ("Quảng Ninh", [("Quảng Ninh", "province", ("Quảng Ninh",))]),
        ("cửa khẩu lao bảo", [("lao bảo", "border-gate", ("Quảng Trị",))]),
        ("đắc lắc br-vt", [("đắc lắc", "province", ("Đắk Lắk",)), ("br-vt", "province", ("Bà Rịa - Vũng Tàu",))]),
        ("phòng chống ma túy", []),
        ("", []),
    ],
)
def test_a_query_names_places(text: str, found: list[tuple[str, str, tuple[str, ...]]]) -> None:
    assert named(text) == found


def test_an_ambiguous_name_gives_all_its_provinces_and_is_less_certain() -> None:
    (several,) = find_places("Châu Thành")
    (one,) = find_places("Cẩm Xuyên")
    assert len(several.provinces) == 10
    assert several.certainty < one.certainty


def test_marks_that_were_typed_are_meant() -> None:
    assert [span.name for span in find_places("hà tinh")] == ["Hà Tĩnh"]
    assert find_places("hả tĩnh") == []


def test_without_marks_a_place_is_less_certain() -> None:
    (marked,), (plain,) = find_places("Sơn La"), find_places("son la")
    assert (marked.exact, plain.exact) == (True, False)
    assert 1.0 == marked.certainty > plain.certainty > 0


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("công an Vinh bắt ma túy 2019", ["ma-tuy"]),
        ("ma tuý đá", ["ma-tuy"]),
        ("gai goi cao cap", ["mai-dam"]),
        ("hiv/aids", ["hiv-aids"]),
        ("buôn người", ["mua-ban-nguoi"]),
        ("bóng đá", []),
        ("mai đàm", []),
    ],
)
def test_a_query_names_topics(text: str, topics: list[str]) -> None:
    assert [span.topic for span in find_topics_named(text)] == topics


@pytest.mark.parametrize("query", ["ma túy Hòa Bình", "ma tuy hoa binh", "ma tuý hoà bình"])
def test_of_names_that_share_words_the_surer_is_meant(query: str) -> None:
    assert [span.name for span in find_places(query)] == ["Hòa Bình"]
