"""Which provinces an article concerns, one test for each kind of name. All sentences are invented."""

from __future__ import annotations

from datetime import datetime

import pytest

from searcher.article import VIETNAM, Article
from searcher.tagging import Tag, explain, infer, tag
from searcher.tagging.sections import sections
from searcher.tagging.tagger import placed, scored_provinces


def provinces(body: str, title: str = "") -> tuple[str, ...]:
    return tag(Article(title=title, body=body)).provinces or ()


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("TP.HCM", "TP. Hồ Chí Minh"),
        ("TPHCM", "TP. Hồ Chí Minh"),
        ("TP Hồ Chí Minh", "TP. Hồ Chí Minh"),
        ("Sài Gòn", "TP. Hồ Chí Minh"),
        ("xứ Nghệ", "Nghệ An"),
        ("xứ Thanh", "Thanh Hóa"),
        ("tỉnh Đắc Lắc", "Đắk Lắk"),
        ("tỉnh Đăk Lăk", "Đắk Lắk"),
        ("tỉnh Bắc Cạn", "Bắc Kạn"),
        ("BR-VT", "Bà Rịa - Vũng Tàu"),
        ("tỉnh Thanh Hoá", "Thanh Hóa"),
        ("tỉnh KHÁNH HOÀ", "Khánh Hòa"),
        ("tỉnh Thừa Thiên - Huế", "Thừa Thiên Huế"),
        ("tỉnh Kontum", "Kon Tum"),
    ],
)
def test_a_province_is_known_by_the_spellings_that_people_use(spelled: str, name: str) -> None:
    assert provinces(f"Công an {spelled} bắt hai người. Vụ việc xảy ra tại {spelled}.") == (name,)


@pytest.mark.parametrize(
    ("town", "province"),
    [
        ("Biên Hòa", "Đồng Nai"),
        ("Nha Trang", "Khánh Hòa"),
        ("Đà Lạt", "Lâm Đồng"),
        ("Móng Cái", "Quảng Ninh"),
        ("TP Vinh", "Nghệ An"),
        ("Sa Pa", "Lào Cai"),
        ("Buôn Mê Thuột", "Đắk Lắk"),
        ("Mũi Né", "Bình Thuận"),
        ("Hà Đông", "Hà Nội"),
        ("Cửa Lò", "Nghệ An"),
        ("huyện Đăk Hà", "Kon Tum"),
        ("huyện Tĩnh Gia", "Thanh Hóa"),
    ],
)
def test_a_town_stands_for_its_province(town: str, province: str) -> None:
    assert provinces(f"Công an kiểm tra nhiều quán karaoke ở {town}, lập biên bản ba cơ sở tại {town}.") == (province,)


@pytest.mark.parametrize(
    ("gate", "province"),
    [
        ("Lao Bảo", "Quảng Trị"),
        ("Cầu Treo", "Hà Tĩnh"),
        ("Tân Thanh", "Lạng Sơn"),
        ("Mộc Bài", "Tây Ninh"),
        ("Cha Lo", "Quảng Bình"),
        ("Nậm Cắn", "Nghệ An"),
        ("Tây Trang", "Điện Biên"),
        ("Hữu Nghị", "Lạng Sơn"),
        ("Bờ Y", "Kon Tum"),
    ],
)
def test_a_border_gate_stands_for_its_province(gate: str, province: str) -> None:
    text = f"Bộ đội Biên phòng cửa khẩu {gate} bắt giữ xe tải chở hàng lậu. Xe vừa qua cửa khẩu {gate}."
    assert provinces(text) == (province,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Công an huyện Châu Thành, tỉnh Tiền Giang bắt nghi phạm. Công an huyện Châu Thành khởi tố.", "Tiền Giang"),
        ("Công an huyện Châu Thành (An Giang) bắt nghi phạm ở huyện Châu Thành.", "An Giang"),
        ("Công an huyện Phú Tân, tỉnh Cà Mau kiểm tra nhà trọ ở huyện Phú Tân.", "Cà Mau"),
        ("Công an huyện Kỳ Sơn bắt xe tải. Kỳ Sơn là huyện biên giới của tỉnh Nghệ An.", "Nghệ An"),
        ("Công an huyện Long Hồ, tỉnh Vĩnh Long bắt nghi phạm tại huyện Long Hồ.", "Vĩnh Long"),
        ("UBND huyện Vân Hồ, tỉnh Sơn La ra quân tại huyện Vân Hồ.", "Sơn La"),
        ("Công an các huyện Tân Phú, Bình Chánh (TP.HCM) kiểm tra các quán ở huyện Bình Chánh.", "TP. Hồ Chí Minh"),
        ("Công an huyện đảo Phú Quý, tỉnh Bình Thuận kiểm tra tàu ở Phú Quý.", "Bình Thuận"),
    ],
)
def test_a_name_of_several_places_is_decided_by_the_province_beside_it_or_elsewhere(text: str, found: str) -> None:
    assert provinces(text) == (found,)


def test_a_name_of_several_places_alone_gives_no_tag() -> None:
    assert provinces("Công an huyện Châu Thành bắt nghi phạm tại huyện Châu Thành.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Giữ an ninh bình yên cho khu phố. An ninh bình ổn trên mọi địa bàn.",
        "Ca sĩ Nguyễn An Giang và nhạc sĩ Trần Hà Nam gặp ông Lê Thanh Hóa.",
        "Ông Vinh gặp bà Hà Giang. Chị Thái Bình vắng mặt.",
        "Nhóm trẻ học ở Trường tiểu học Đông Hòa B, do Công ty Tân Hiệp Phát tặng sách.",
        "Xe chạy trên đường Điện Biên Phủ rồi rẽ vào phố Huế, dừng ở 353 Điện Biên Phủ.",
        "Các nước châu Á - Thái Bình Dương họp bàn.",
        "Chủ tịch Hồ Chí Minh, tư tưởng Hồ Chí Minh và Đoàn TNCS Hồ Chí Minh.",
        "Cảnh sát tỉnh Sơn Đông và thành phố Trùng Khánh bắt chín người.",
        "Việt Nam khẳng định chủ quyền đối với hai quần đảo Hoàng Sa và Trường Sa.",
        "Lúc 3 giờ sáng theo giờ Hà Nội, theo báo Công an Đà Nẵng và Pháp luật TP.HCM, giá dầu tăng.",
        "Căn nhà ở 511A Chi Lăng được dọn trong ngày.",
        "Sau đó nhóm người đi bộ qua thị trấn Hòa Bình và xã Thái Bình.",
        "Báo Nghệ An và báo Đà Nẵng đưa tin. Vé số Tây Ninh mở thưởng. CLB Hải Phòng thắng Hoàng Anh Gia Lai.",
    ],
)
def test_what_is_no_place_of_the_story_gives_no_tag(text: str) -> None:
    assert provinces(text) == ()


@pytest.mark.parametrize(
    "aside",
    [
        "Nghi phạm là Lò V.A. (25 tuổi, quê Nam Định).",
        "Nghi phạm Lò V.A., trú tại huyện Ý Yên, tỉnh Nam Định, khai nhận hành vi.",
        "Bị cáo sinh năm 1990, hộ khẩu thường trú tại Nam Định.",
        "Bào chữa cho bị cáo là một luật sư thuộc Đoàn Luật sư tỉnh Nam Định.",
        "Theo báo Nam Định, vụ án gây bức xúc.",
    ],
)
def test_a_home_a_lawyer_and_a_paper_count_against_a_province(aside: str) -> None:
    story = "Công an tỉnh Lào Cai bắt giữ nghi phạm tại huyện Bảo Thắng. " * 3
    told = "Vụ án đang được làm rõ. " * 30
    scores = dict(infer(Article(title="Bắt nghi phạm ở Lào Cai", body=f"{story}{told}{aside}")).provinces)
    assert list(scores) == ["Lào Cai"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Chị Trần Thị Thuần ở Nam Định chuẩn bị lên thăm.", "home"),
        ("Ông Sơn có vợ con ở Nam Định từ lâu.", "home"),
        ("Kẻ gian xưng là cán bộ Công an Nam Định rồi dọa bắt.", "aside"),
        ("Nhóm này gồm các đối tượng người huyện Ý Yên, tỉnh Nam Định.", "home"),
        ("Dự án nhà máy nhiệt điện Nam Định chậm tiến độ.", "landmark"),
    ],
)
def test_a_home_a_pretext_and_a_plant_are_no_scene(text: str, part: str) -> None:
    found = explain(Article(body=f"Công an tỉnh Nam Định cho biết. {text}")).provinces[0]
    kinds = [quote.kind for quote in (*found.evidence, *found.counter) if not quote.before.startswith("Công an")]
    assert kinds == [part]


@pytest.mark.parametrize(
    "dateline",
    ["Công an tỉnh X", "TAND tỉnh X", "UBND tỉnh X", "Trên địa bàn tỉnh X", "Tại tỉnh X", "Chi cục Hải quan X"],
)
def test_authority_scene_and_court_count_for_a_province(dateline: str) -> None:
    text = dateline.replace("X", "Lạng Sơn") + " vừa diễn ra một vụ việc đáng chú ý, nhiều người liên quan. "
    assert provinces(text + "Vụ việc đang được làm rõ. " * 20) == ("Lạng Sơn",)


def test_a_line_between_two_cities_is_the_way_and_not_the_place() -> None:
    text = "Công an huyện Diễn Châu, tỉnh Nghệ An chặn xe khách chạy tuyến Hà Nội - TP.HCM. "
    found = infer(Article(body=text + "Công an tỉnh Nghệ An thu giữ tang vật tại Diễn Châu. " * 3)).provinces
    assert [one.value for one in found] == ["Nghệ An"]


def test_a_place_in_a_province_as_the_scene_counts_more_than_the_province() -> None:
    story = "Công an tỉnh Lào Cai bắt giữ nghi phạm tại huyện Bảo Thắng. " * 3 + "Vụ án đang được làm rõ. " * 20
    scene = [f"Nghi phạm còn gây án ở {place}. " for place in ("huyện Cần Đước, tỉnh Long An", "tỉnh Long An")]
    scores = [dict(placed_scores(Article(body=story + one + "Vụ án được làm rõ. " * 8)))["Long An"] for one in scene]
    assert scores[0] > scores[1] + 0.1


def test_what_stands_in_the_last_tenth_alone_counts_less() -> None:
    story = "Công an tỉnh Lào Cai bắt giữ nghi phạm tại huyện Bảo Thắng. " * 3
    long = "Vụ án đang được làm rõ. " * 60
    near, end = (
        dict(placed_scores(Article(body=text)))["Long An"]
        for text in (f"{story}{long}Vụ tương tự ở Long An. {long[:800]}", f"{story}{long}{long[:800]}Vụ ở Long An.")
    )
    assert end < near


def test_provinces_are_ordered_by_weight() -> None:
    text = "Công an tỉnh Sơn La bắt năm người tại Sơn La. " * 4 + "Nhóm này mua hàng tại Điện Biên."
    assert provinces(text)[0] == "Sơn La"


def test_the_seed_of_a_former_day_is_read_by_the_map_of_its_day() -> None:
    body = "Công an thị xã Dĩ An, tỉnh Bình Dương kiểm tra nhà trọ tại Dĩ An."
    old = tag(Article(body=body, published=datetime(2020, 1, 1, tzinfo=VIETNAM)))
    assert (old.provinces, old.provinces_2025) == (("Bình Dương",), ("TP. Hồ Chí Minh",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Công an quận 10, TP.HCM kiểm tra nhà hát Hòa Bình.", ("TP. Hồ Chí Minh",)),
        ("Ngôi nhà trên phố Hòa Bình, quận Đống Đa, Hà Nội bốc cháy.", ("Hà Nội",)),
        ("Xe tải lao khỏi cầu Hòa Bình tại huyện Cờ Đỏ, TP Cần Thơ.", ("Cần Thơ",)),
        ("Nhóm này tụ tập ở công viên Hòa Bình (quận Bắc Từ Liêm).", ("Hà Nội",)),
        ("Công an huyện Thanh Trì bắt ổ nhóm ở Ngọc Hồi (Thanh Trì, Hà Nội).", ("Hà Nội",)),
        ("Ổ nhóm ở đường Nguyễn Thông, Hai Bà Trưng (quận 3), Công an TP.HCM cho biết.", ("TP. Hồ Chí Minh",)),
        ("Xe tải biển số Nghệ An tông hai xe máy tại huyện Cẩm Xuyên, tỉnh Hà Tĩnh.", ("Hà Tĩnh",)),
        ("Học sinh trường tiểu học Quảng Trị ở huyện Long Điền, tỉnh Bà Rịa - Vũng Tàu.", ("Bà Rịa - Vũng Tàu",)),
        ("Công an huyện Bến Lức, Long An khởi tố vụ án. Ảnh: Đông Hà", ("Long An",)),
        ("Hai vợ chồng ở xã Thượng Cốc, huyện Phúc Thọ, được Công an Hà Nội tìm thấy.", ("Hà Nội",)),
        ("Tổng công ty thua lỗ tại dự án nhiệt điện Thái Bình 2, lãnh đạo tổng công ty cho biết.", ()),
    ],
)
def test_what_is_called_after_a_place_is_none(text: str, found: tuple[str, ...]) -> None:
    assert infer(Article(body=text)).province_names == found


def test_the_issuer_of_a_notice_is_its_province() -> None:
    notice = Article(
        title="Kế hoạch số 45/KH-UBND: Phòng, chống mại dâm",
        body="Ủy ban nhân dân tỉnh ban hành kế hoạch trên địa bàn tỉnh như sau.",
        source="ỦY BAN NHÂN DÂN TỈNH LAI CHÂU",
    )
    assert infer(notice).province_names == ("Lai Châu",)


def test_a_date_line_of_a_letter_names_its_province() -> None:
    letter = "Số: 12/KH\nSơn La, ngày 17 tháng 02 năm 2020\nỦy ban nhân dân tỉnh triển khai kế hoạch năm 2020."
    assert infer(Article(title="Kế hoạch phòng, chống mại dâm", body=letter)).province_names == ("Sơn La",)


def test_a_provinces_own_paper_is_weak_evidence_and_never_more() -> None:
    text = "Hội thi có các đội từ Sơn La, Hòa Bình, Lai Châu và Điện Biên tham gia."
    plain, own = (Article(body=text, source=source) for source in ("", "Báo Sơn La"))
    scores = [dict(placed_scores(article)) for article in (plain, own)]
    assert scores[0]["Sơn La"] < scores[1]["Sơn La"] < scores[0]["Sơn La"] + 0.15
    assert infer(Article(body="Hội thi diễn ra sôi nổi.", source="Báo Sơn La")).provinces == ()


def placed_scores(article: Article) -> list[Tag]:
    return scored_provinces(placed(article, sections(article)))


@pytest.mark.parametrize("source", ["BÁO SƠN LA", "CỔNG THÔNG TIN ĐIỆN TỬ TỈNH SƠN LA", "Công an tỉnh Sơn La"])
def test_a_paper_or_portal_issues_no_notice(source: str) -> None:
    assert infer(Article(title="Ra quân trồng cây", body="Hội thi diễn ra sôi nổi.", source=source)).provinces == ()
