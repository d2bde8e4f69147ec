"""Words that mean a topic in one article and something else in another; titles without a text. All invented."""

import pytest

from searcher.article import Article
from searcher.tagging import infer

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
