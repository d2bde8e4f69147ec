"""Words that mean a topic in one article and something else in another; titles without a text. All invented."""

import pytest

from searcher.article import Article
from searcher.tagging import explain, infer
from searcher.tagging.sections import sections
from searcher.tagging.tagger import scored_topics

NOT_A_TOPIC = [
    ("Người bán hoa ngày cuối năm ế ẩm", "Nhiều tiểu thương bán hoa đào hạ giá một nửa mà vẫn vắng khách.", "mai-dam"),
    ("Căn cứ không quân mở rộng nhà chứa", "Các nhà chứa mới đủ chỗ cho mười hai tiêm kích.", "mai-dam"),
    ("Cô gái nhảy xuống sông cứu hai em nhỏ", "Cô gái nhảy xuống dòng nước xiết.", "mai-dam"),
    ("Đêm trên chuyến bay của một nữ tiếp viên", "Tiếp viên chăm sóc khách, ai cũng vui vẻ.", "mai-dam"),
    ("Cò cá dắt mối cho thương lái tại bến", "Ngư dân trúng mẻ cá bớp, có người dắt mối bán ngay.", "mai-dam"),
    ("Xóm nhỏ lo phơi nhiễm chì từ lò đúc", "Trẻ em được lấy mẫu xét nghiệm vì nguy cơ phơi nhiễm chì.", "hiv-aids"),
    ("Hùng 'sida' nhận án vì bảo kê bến xe", "Hùng sida cùng đàn em đánh người.", "hiv-aids"),
    ("Thanh long bán sang Trung Quốc được giá", "Thương lái gom thanh long bán sang Trung Quốc.", "mua-ban-nguoi"),
    ("Cô giáo trẻ về làm vợ anh nông dân", "Họ quen nhau ba năm, nay cô về làm vợ anh.", "mua-ban-nguoi"),
    ("Công ty bị lừa bán lô máy cũ", "Đối tác dỏm khiến công ty bị lừa bán lô máy cũ.", "mua-ban-nguoi"),
    ("Thợ đập đá dưới nắng", "Họ đập đá từ sáng sớm, mỗi ngày được hai trăm nghìn.", "ma-tuy"),
    ("Tép rang khế, món quê", "Tép đồng rửa sạch, mỗi bát tép giá ba mươi nghìn.", "ma-tuy"),
    ("Con nghiện mua sắm ngày giảm giá", "Nhiều người tự nhận là con nghiện mua sắm.", "ma-tuy"),
    ("Trung Quốc bán trinh sát cơ cho láng giềng", "Hợp đồng gồm sáu máy bay trinh sát.", "mai-dam"),
    ("Báo bị chê vì ví nữ cổ động viên như gái điếm", "Bài báo viết họ cư xử như gái điếm.", "mai-dam"),
    ("Phá đường dây đẻ thuê", "Ba người môi giới đẻ thuê bị bắt, nhiều phụ nữ mang thai hộ.", "mua-ban-nguoi"),
    ("Phát hiện chất cấm trong măng tươi", "Măng được ngâm chất cấm để có màu vàng.", "ma-tuy"),
]


@pytest.mark.parametrize(("title", "body", "topic"), NOT_A_TOPIC)
def test_a_word_with_another_meaning_alone_is_no_topic(title: str, body: str, topic: str) -> None:
    assert topic not in infer(Article(title=title, body=body)).topic_slugs


@pytest.mark.parametrize(
    ("title", "body", "topic"),
    [
        ("Triệt phá ổ chứa núp bóng quán massage", "Nhân viên kích dục cho khách ngay tại quán massage.", "mai-dam"),
        ("Bắt nhóm bán hoa giá nghìn đô", "Tú bà điều các cô bán hoa tới khách sạn.", "mai-dam"),
        ("Lừa nữ sinh bán sang Trung Quốc", "Hai nữ sinh bị lừa rồi bán sang Trung Quốc.", "mua-ban-nguoi"),
        ("Nhóm đập đá bị bắt quả tang", "Nhóm này đập đá, trên bàn còn ma túy đá.", "ma-tuy"),
        ("Chiến sĩ phơi nhiễm khi bắt trộm", "Kẻ trộm nhiễm HIV, ba chiến sĩ phơi nhiễm.", "hiv-aids"),
    ],
)
def test_the_same_word_counts_with_support(title: str, body: str, topic: str) -> None:
    assert topic in infer(Article(title=title, body=body)).topic_slugs


TITLES = [
    ("Bắt quả tang ổ nhóm mua bán dâm trong nhà nghỉ", "mai-dam"),
    ("Khởi tố hai đối tượng tàng trữ ma túy ở Vinh", "ma-tuy"),
    ("Tuyên truyền phòng, chống HIV/AIDS cho học sinh", "hiv-aids"),
    ("Giải cứu ba thiếu nữ bị lừa bán sang Campuchia", "mua-ban-nguoi"),
    ("Trồng cần sa trong nhà, chủ nhà trọ bị bắt", "ma-tuy"),
]


@pytest.mark.parametrize(("title", "topic"), TITLES)
@pytest.mark.parametrize("body", ["", "Công an huyện đang điều tra, làm rõ vụ việc để xử lý theo quy định."])
def test_a_title_alone_is_enough(title: str, body: str, topic: str) -> None:
    assert topic in infer(Article(title=title, body=body)).topic_slugs


def test_a_word_of_a_criminal_record_is_a_passing_mention() -> None:
    story = "Đối tượng trộm ba xe máy trong đêm, bán được mười triệu đồng và bị camera ghi lại. " * 6
    record = "Người này từng có tiền án về tội mua bán trái phép chất ma túy."
    found = infer(Article(title="Bắt kẻ trộm xe máy", body=story + record))
    assert "ma-tuy" not in found.topic_slugs


TOLD = "Ngôi làng nhỏ bên sông vẫn giữ nếp cũ, sáng ra chợ, chiều về đồng, tối quây quần bên bếp lửa. "


def scores(body: str) -> dict[str, float]:
    read = sections(Article(title="Chuyện bên sông", body=TOLD * 4 + body + TOLD * 4))
    return dict(scored_topics(read))


@pytest.mark.parametrize(
    ("charged", "told", "topic"),
    [
        ("Ông chủ quán bị khởi tố tội chứa mại dâm.", "Ông chủ quán nói chuyện chứa mại dâm.", "mai-dam"),
        ("Hai thanh niên bị bắt giữ vì mua bán ma túy.", "Hai thanh niên nhắc chuyện mua bán ma túy.", "ma-tuy"),
    ],
)
def test_a_charge_counts_more_than_a_mention(charged: str, told: str, topic: str) -> None:
    assert scores(charged)[topic] > scores(told)[topic]


def test_one_name_in_two_parts_is_counted_once() -> None:
    assert scores("Chị nhiễm HIV/AIDS.")["hiv-aids"] == pytest.approx(scores("Chị nhiễm HIV.")["hiv-aids"], abs=0.02)


def test_hints_are_bounded_by_what_they_go_with() -> None:
    hints = "Bao cao su, kim tiêm, bơm kim tiêm, bạn tình, kỳ thị. "
    assert scores(f"{hints * 4}Chị nhắc tới HIV.")["hiv-aids"] < scores("HIV, chị lo HIV, sợ HIV.")["hiv-aids"]


def test_who_smuggles_migrants_is_no_trafficker_by_a_word() -> None:
    sea = "Thuyền chở người di cư bị lật, những kẻ buôn người bỏ mặc người di cư giữa biển."
    assert "mua-ban-nguoi" not in infer(Article(title="Chìm thuyền, năm mươi người chết", body=sea + TOLD)).topic_slugs


@pytest.mark.parametrize(
    "text",
    [
        "Kẻ gọi điện xưng là công an, dọa bắt vì dính đường dây ma túy.",
        "Cơ quan chức năng không phát hiện tài xế dùng ma túy.",
        "Nữ diễn viên vào vai một người buôn ma túy.",
        "Công an kiểm tra ma túy với tài xế, kết quả là âm tính.",
        "Xem thêm: Bắt ổ ma túy ở bến xe.",
    ],
)
def test_a_pretext_a_negative_test_a_part_in_a_film_and_a_link_are_passing_mentions(text: str) -> None:
    (found,) = explain(Article(body=text)).topics
    assert [quote.kind for quote in (*found.evidence, *found.counter)] == ["listed"]


def test_risk_groups_and_diseases_are_items_of_a_list() -> None:
    listed = scores("Nhóm nguy cơ gồm nam quan hệ tình dục đồng giới và phụ nữ bán dâm.")["mai-dam"]
    assert listed < scores("Ở đó có phụ nữ bán dâm.")["mai-dam"]
    assert scores("Bệnh do virus như Ebola, HIV, viêm gan B.")["hiv-aids"] < scores("Bệnh do HIV.")["hiv-aids"]
