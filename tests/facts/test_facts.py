"""Facts of a case, read from invented articles: each test is one kind of thing that texts do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.article import Article
from searcher.facts import Drug, Facts, drug_names, explain_facts, extract, facts_of, offences
from searcher.facts.numbers import numbers
from searcher.facts.records import KINDS, STAGES
from searcher.tagging.sections import sections
from searcher.tagging.symbols import lower_case, symbols
from tests.commands import run
from tests.tagging.test_explanation import article as seed
from tests.test_seeds import FILES, REAL, SEEDS
from tools import tagging_examples


def read(title: str, lead: str = "", body: str = "") -> Facts:
    return extract(Article(title=title, lead=lead, body=body))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.680,71 gam", [1680.71]),
        ("1,2 tấn", [1.2]),
        ("2kg", [2.0]),
        ("26.6 kg", [26.6]),
        ("hai mươi ba viên", [23.0]),
        ("mười lăm bánh", [15.0]),
        ("600.000 viên", [600_000.0]),
        ("1 tỷ 200 triệu đồng", [1_200_000_000.0]),
        ("3,5 triệu đồng", [3_500_000.0]),
        ("tại quận 5", []),
        ("năm 2019", []),
        ("7 năm 6 tháng", [7.0, 6.0]),
        ("hai tỷ rưỡi", [2_000_000_000.0]),
        ("hơn nửa tấn", [0.5]),
        ("nửa triệu đồng", [500_000.0]),
        ("đi nửa đường", []),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, values: list[float]) -> None:
    assert [one.value for one in numbers(lower_case(symbols(text)))][: len(values) or None] == values


@pytest.mark.parametrize(
    ("title", "lead", "drugs"),
    [
        ("Bắt hai đối tượng vận chuyển 30 bánh heroin", "", [Drug("heroin", cakes=30.0)]),
        ("Bắt đối tượng mang gần 2kg ma tuý đá", "", [Drug("ma-tuy-da", grams=2000.0)]),
        ("Thu giữ 1,2 tấn ketamine, bắt ba nghi phạm", "", [Drug("ketamine", grams=1_200_000.0)]),
        (
            "Bắt đối tượng tàng trữ ma tuý",
            "Công an bắt quả tang Trần Văn A tàng trữ 20 viên thuốc lắc và 5 gam ketamine.",
            [Drug("thuoc-lac", pills=20.0), Drug("ketamine", grams=5.0)],
        ),
        (
            "Bắt đối tượng vận chuyển hơn 1 kg heroin",
            "Công an bắt giữ đối tượng, thu giữ 1.050,5 gam heroin.",
            [Drug("heroin", grams=1050.5)],
        ),
        (
            "Bắt xe chở 26 kg ma tuý",
            "Công an bắt giữ hai đối tượng, thu giữ 8 kg ketamine và 18 kg ma tuý đá.",
            [Drug("ketamine", grams=8000.0), Drug("ma-tuy-da", grams=18_000.0)],
        ),
        (
            "Bắt kẻ bán ma tuý",
            "Công an thu giữ 35 gói ma tuý; 1kg ma tuý đá; 580 viên ma tuý tổng hợp.",
            [Drug("ma-tuy-da", grams=1000.0), Drug("ma-tuy-tong-hop", pills=580.0)],
        ),
        (
            "Bắt thêm ba người chở ma tuý",
            "Công an đã thu tổng cộng hơn 30kg ma tuý tổng hợp, gồm: 31.850 viên thuốc lắc, 1kg ketamine. "
            "Lần đầu có 900 viên ma tuý tổng hợp.",
            [Drug("thuoc-lac", pills=31_850.0), Drug("ketamine", grams=1000.0), Drug("ma-tuy-tong-hop")],
        ),
        ("Bắt người chở nửa tấn ketamine", "", [Drug("ketamine", grams=500_000.0)]),
        (
            "Bắt người chở heroin",
            "Công an thu giữ 20 bánh heroin, mỗi bánh nặng 350 gam heroin.",
            [Drug("heroin", cakes=20.0)],
        ),
    ],
)
def test_amounts_go_to_their_drugs(title: str, lead: str, drugs: list[Drug]) -> None:
    article = Article(title=title, lead=lead)
    assert list(facts_of(sections(article), "case").drugs) == drugs


def test_batches_that_leave_the_whole_open_give_no_amount() -> None:
    body = (
        "Công an tạm giữ hình sự Lò Văn B (30 tuổi) về hành vi mua bán trái phép chất ma tuý. "
        "Lần đầu B bán 340 gam heroin cho người lạ. Lần sau B bán 700 gam heroin và bị bắt quả tang."
    )
    assert read("Bắt kẻ bán heroin", "", body).drugs == (Drug("heroin"),)


def test_parts_of_the_first_amount_leave_it_the_whole() -> None:
    body = (
        "Công an tạm giữ hình sự Lò Văn B (30 tuổi), thu giữ 10 kg heroin. "
        "Trong xe có 4 kg heroin. Trong nhà B còn giấu 6 kg heroin."
    )
    assert read("Bắt kẻ bán heroin", "", body).drugs == (Drug("heroin", grams=10_000.0),)


def test_a_sum_of_years_in_a_title_is_nobodys_sentence() -> None:
    body = "TAND tỉnh tuyên phạt bị cáo A 18 năm tù, B 16 năm tù về tội Mua bán trái phép chất ma tuý."
    assert read("Gần 40 năm tù cho 3 đối tượng mua bán ma tuý", "", body).sentence == 18.0


def test_a_trial_told_at_the_end_is_one() -> None:
    story = "Công an bắt quả tang Lò Văn B (30 tuổi) mang heroin. " + "B khai mua của người lạ ở bến xe. " * 9
    end = "TAND tỉnh mở phiên toà. HĐXX tuyên phạt Lò Văn B 17 năm tù về tội Mua bán trái phép chất ma tuý."
    found = read("Mang heroin lấy một triệu đồng", "", story + end)
    assert (found.stage, found.sentence) == ("tried", 17.0)


def test_a_house_of_custody_and_a_term_being_served_are_no_steps_of_the_case() -> None:
    body = "A và B trốn khỏi trại tạm giam rồi bị bắt ở bến xe. A đang thụ án 12 năm tù về tội Giết người."
    found = read("Bắt 2 phạm nhân trốn trại", "", body)
    assert (found.stage, found.sentence, "giet-nguoi" in found.offences) == ("caught", None, False)


def test_statistics_of_a_year_are_no_seizure_of_the_case() -> None:
    body = (
        "Công an huyện tạm giữ hình sự Lò Văn B (30 tuổi) về hành vi vận chuyển trái phép chất ma tuý. "
        "Từ đầu năm đến nay, công an tỉnh đã bắt giữ 54 vụ, 90 đối tượng, thu giữ 120 kg heroin."
    )
    found = read("Bắt đối tượng vận chuyển heroin", "", body)
    assert found.suspects == 1
    assert found.drugs == (Drug("heroin"),)


def test_a_drug_that_only_names_an_office_or_a_habit_is_none_of_the_case() -> None:
    found = read("Khống chế kẻ ngáo đá cầm dao chém người", "Công an bắt giữ đối tượng nghi ngáo đá.")
    assert found.kind == "case"
    assert found.drugs == ()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("TAND tỉnh tuyên phạt bị cáo Lò Văn C 7 năm 6 tháng tù về tội Mua bán người.", 7.5),
        ("TAND tỉnh tuyên phạt bị cáo Lò Văn C mười hai năm tù về tội Mua bán người.", 12.0),
        ("TAND tỉnh tuyên phạt A án tử hình, B 20 năm tù về tội Mua bán trái phép chất ma tuý.", "death"),
        ("TAND tỉnh tuyên phạt bị cáo C án chung thân về tội Giết người.", "life"),
        ("TAND huyện tuyên phạt bị cáo C 18 tháng tù nhưng cho hưởng án treo về tội Đánh bạc.", 1.5),
        ("Tại phiên toà xét xử sơ thẩm, đại diện Viện kiểm sát đề nghị mức án tử hình với bị cáo C.", None),
    ],
)
def test_the_heaviest_sentence_given_counts_and_none_that_is_only_asked_for(body: str, sentence: Any) -> None:
    assert read("Phiên toà xét xử nhóm bị cáo", "", body).sentence == sentence


@pytest.mark.parametrize(
    ("title", "body", "suspects"),
    [
        ("Bắt 14 đối tượng đánh bạc", "", 14),
        ("Công an bắt giữ hai người vận chuyển ma tuý", "", 2),
        ("Bắt quả tang bốn cặp nam nữ mua bán dâm", "", 8),
        ("Phá ổ đánh bạc", "Công an tạm giữ Nguyễn Văn A cùng 9 người khác để điều tra hành vi đánh bạc.", 10),
        (
            "Phá ổ đánh bạc",
            "Công an khởi tố Nguyễn Văn A (30 tuổi), Trần Thị B (25 tuổi) và Lê Văn C (41 tuổi) về tội Đánh bạc.",
            3,
        ),
    ],
)
def test_suspects_are_counted(title: str, body: str, suspects: int) -> None:
    assert read(title, "", body).suspects == suspects


def test_people_who_were_rescued_are_victims_and_no_suspects() -> None:
    found = read(
        "Giải cứu 3 cô gái bị lừa bán sang Trung Quốc",
        "Công an vừa bắt giữ một đối tượng, giải cứu 3 cô gái bị lừa bán sang Trung Quốc.",
    )
    assert (found.suspects, found.victims) == (1, 3)
    assert found.offences == ("mua-ban-nguoi",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Công an tỉnh khởi tố Lò Văn A về tội Mua bán, vận chuyển trái phép chất ma tuý.",
            {"mua-ban-ma-tuy", "van-chuyen-ma-tuy"},
        ),
        ("Công an tỉnh khởi tố Lò Văn A về tội Gây rối trật tự công cộng.", {"gay-roi"}),
        ("Công an tỉnh khởi tố bị can Lò Văn A về tội Đưa hối lộ.", {"khac"}),
        ("Công an tạm giữ Lò Văn A về hành vi môi giới mại dâm và Trần B về hành vi chứa mại dâm.", None),
    ],
)
def test_charges_are_named_by_the_law(body: str, expected: set[str] | None) -> None:
    found = set(read("Bắt đối tượng phạm tội", "", body).offences)
    assert found == (expected or {"moi-gioi-mai-dam", "chua-mai-dam"})


@pytest.mark.parametrize(
    ("body", "stage"),
    [
        ("Công an huyện bắt quả tang Lò Văn A vận chuyển 2 bánh heroin.", "caught"),
        ("Cơ quan CSĐT đã khởi tố bị can, bắt tạm giam Lò Văn A về tội Vận chuyển trái phép chất ma tuý.", "charged"),
        ("TAND tỉnh mở phiên toà xét xử sơ thẩm, tuyên phạt bị cáo Lò Văn A 20 năm tù.", "tried"),
        ("TAND tỉnh cho biết sẽ đưa ra xét xử vụ án, các bị cáo bị truy tố về tội Đánh bạc.", "charged"),
    ],
)
def test_the_furthest_step_counts_and_a_trial_ahead_is_none(body: str, stage: str) -> None:
    assert read("Bắt đối tượng vận chuyển heroin", "", body).stage == stage


def test_a_plan_is_policy_and_has_no_facts() -> None:
    facts = extract(seed(REAL))
    assert facts.kind == "policy"
    assert facts == Facts("policy")


@pytest.mark.parametrize("name", FILES)
def test_facts_of_a_seed_have_places_in_its_text(name: str) -> None:
    article = seed(name)
    facts, found = explain_facts(article)
    assert facts == extract(article)
    assert facts.kind in KINDS
    assert facts.stage is None or facts.stage in STAGES
    assert set(facts.offences) <= set(offences())
    for one in found:
        assert one.words in getattr(article, one.section)
        if one.fact == "suspects" and one.words:
            assert facts.suspects is not None


def test_every_offence_has_its_article_and_wording() -> None:
    assert all(law.article and law.wording for one in offences().values() for law in one.laws)
    assert [law.article for law in offences()["van-chuyen-ma-tuy"].laws] == ["250"]


PIECES = (
    "bắt 2 đối tượng", "kg heroin", "tử hình", ",", ".", "(", ")", "tuyên phạt", "năm tù", "1.680,71", "đồng", "triệu",
    "tổng cộng", "giết hai người", "24 h", "SN 1990", "cùng 9 người khác", "khởi tố về tội mua bán người", "đề nghị",
)  # fmt: skip
WORDS = st.sampled_from(PIECES)


@given(st.lists(WORDS, max_size=60), st.lists(WORDS, max_size=60))
def test_any_text_is_read(title: list[str], body: list[str]) -> None:
    _facts, found = explain_facts(Article(title=" ".join(title), body=" ".join(body)))
    assert all(isinstance(one.words, str) for one in found)


def test_tag_prints_the_facts() -> None:
    name = str(SEEDS / "028-quang-tri-bien-phong-chan-xe-ma-tuy.txt")
    facts = json.loads(run("tag", "--json", name).stdout)["facts"]
    assert facts["kind"] == "case"
    assert facts["drugs"] == [{"kind": "ma-tuy-tong-hop", "grams": None, "pills": 30000.0, "cakes": None}]
    assert {"offences", "stage", "suspects", "victims", "sentence", "money", "ages", "weapons", "vehicles"} <= set(
        facts
    )
    explained = json.loads(run("tag", "--json", "--explain", name).stdout)
    assert explained["facts"] == facts
    assert any(one["fact"] == "drug" and "30.000 viên" in one["words"] for one in explained["explanation"]["facts"])
    assert "2 suspects" in run("tag", name).stdout


def test_the_documentation_shows_what_the_program_shows() -> None:
    text = tagging_examples.FACTS_DOC.read_text("utf-8")
    assert len(tagging_examples.examples(text)) == 3
    assert tagging_examples.written(text, facts=True) == text, "run python -m tools.tagging_examples"


def test_the_documentation_names_every_offence_and_drug() -> None:
    text = tagging_examples.FACTS_DOC.read_text("utf-8")
    assert all(f"`{slug}`" in text for slug in (*offences(), *drug_names()))
