"""The articles in seeds/ have the form, the variety and the honesty that seeds/README.md claims for them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"
GAZETTEER = SEEDS.parent.parent / "shared" / "gazetteer" / "provinces-2025.tsv"
REAL = "seed-000_d268d91ff7c71edf.txt"
REAL_SHA256 = "4b2879408724b7e1dc7cbd213346cf7da6c0c71a86e6f5f9d4c802485ba8345e"
SOURCE_LINE = "Nguồn: bài viết giả định, soạn cho dữ liệu mẫu của searcher."
FILES = sorted(path.name for path in SEEDS.glob("*.txt"))
INVENTED = [name for name in FILES if name != REAL]

TOPIC_WORDS = {"mai-dam": "mại dâm", "ma-tuy": "ma túy", "hiv-aids": "HIV", "mua-ban-nguoi": "mua bán người"}
OTHER_NAMES = {"TP. Hồ Chí Minh": ("TP.HCM", "TPHCM"), "Đắk Lắk": ("Đắc Lắc",)}

DATE_LINE = re.compile(
    r"(?:\d{2}/\d{2}/\d{4} \d{2}:\d{2}|Thứ (?P<weekday>\w+), ngày \d{1,2}/\d{1,2}/\d{4}, \d{2}:\d{2} \(GMT\+7\)"
    r"|\d{2}-\d{2}-\d{4}|\d{1,2} tháng \d{1,2} năm \d{4})"
)
WEEKDAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")
# An open syllable in oa, oe or uy: the tone mark stands on the first vowel ('hòa', 'túy') or the second ('hoà', 'tuý').
# After q the u is no vowel, so 'quý' is written alike in both.
MARK_ON_FIRST = re.compile(r"(?:[òóỏõọ][ae]|(?<!q)[ùúủũụ]y)(?!\w)", re.IGNORECASE)
MARK_ON_SECOND = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


@dataclass(frozen=True)
class Row:
    """One line of the table in seeds/README.md."""

    published: date
    provinces: tuple[str, ...]
    topics: tuple[str, ...]
    kind: str
    style: str


@cache
def read(name: str) -> str:
    return (SEEDS / name).read_bytes().decode("utf-8")


@cache
def table() -> dict[str, Row]:
    rows = {}
    for line in (SEEDS / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            name, published, provinces, topics, kind, style = (cell.strip() for cell in line.strip("|").split("|"))
            slugs = () if topics == "-" else tuple(topics.split(", "))
            name = name.strip("`")
            assert name not in rows
            rows[name] = Row(date.fromisoformat(published), tuple(provinces.split(", ")), slugs, kind, style)
    return rows


def parts(name: str) -> list[str]:
    """The blank-line-separated parts of an article, without a trailing 'Top'."""
    found = read(name).strip("\n").split("\n\n")
    return found[:-1] if found[-1] == "Top" else found


def toneless(text: str) -> str:
    """Lower case without the five tone marks, so that both styles read alike and đ, â, ơ and the like stay."""
    return unicodedata.normalize("NFC", TONE_MARKS.sub("", unicodedata.normalize("NFD", text))).lower()


def day_of(date_line: str) -> date:
    day, month, year = (int(number) for number in re.findall(r"\d+", date_line)[:3])
    return date(year, month, day)


def names(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(toneless(words))}(?!\w)", toneless(text)) is not None


def shingles(name: str) -> set[tuple[str, ...]]:
    words = toneless(" ".join(part for part in parts(name) if part != SOURCE_LINE)).split()
    return set(zip(*(words[i:] for i in range(4)), strict=False))


def test_the_real_article_is_kept_byte_for_byte() -> None:
    assert hashlib.sha256((SEEDS / REAL).read_bytes()).hexdigest() == REAL_SHA256


@pytest.mark.skipif(not (SEEDS.parent.parent / "shared" / REAL).exists(), reason="needs ../shared")
def test_the_real_article_is_the_one_the_user_gave() -> None:
    assert (SEEDS / REAL).read_bytes() == (SEEDS.parent.parent / "shared" / REAL).read_bytes()


def test_the_table_lists_every_file_once_and_no_other() -> None:
    assert sorted(table()) == FILES
    assert len(INVENTED) >= 40


def test_file_names_are_numbered_without_gaps_and_folded() -> None:
    assert [int(name[:3]) for name in INVENTED] == list(range(1, len(INVENTED) + 1))
    assert all(re.fullmatch(r"\d{3}(?:-[a-z0-9]+)+\.txt", name) for name in INVENTED)


@pytest.mark.parametrize("name", FILES)
def test_an_article_is_a_title_a_date_line_a_lead_and_paragraphs(name: str) -> None:
    title, date_line, lead, *body = parts(name)
    assert 5 <= len(title.split()) <= 20
    assert DATE_LINE.fullmatch(date_line)
    assert len(lead.split()) >= 15
    assert len(body) >= 4
    assert all("\n" not in part and part.strip() == part != "" for part in parts(name))
    assert unicodedata.is_normalized("NFC", read(name))


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_article_has_150_to_400_words_and_ends_with_the_source_line(name: str) -> None:
    assert 150 <= len(read(name).split()) <= 400
    assert parts(name)[-1] == SOURCE_LINE
    assert read(name).count(SOURCE_LINE) == 1
    assert read(name).endswith("\n")


def test_the_real_article_does_not_carry_the_source_line() -> None:
    assert SOURCE_LINE not in read(REAL)


@pytest.mark.parametrize("name", FILES)
def test_the_date_line_says_the_date_of_the_table(name: str) -> None:
    date_line = parts(name)[1]
    assert day_of(date_line) == table()[name].published
    form = DATE_LINE.fullmatch(date_line)
    if form and form["weekday"]:
        assert WEEKDAYS.index(form["weekday"]) == table()[name].published.weekday()


@pytest.mark.parametrize("name", FILES)
def test_an_article_keeps_to_the_tone_mark_style_of_the_table(name: str) -> None:
    on_first, on_second = MARK_ON_FIRST.search(read(name)), MARK_ON_SECOND.search(read(name))
    if table()[name].style == "hoà":
        assert on_second and not on_first
    else:
        assert table()[name].style == "hòa"
        assert not on_second


@pytest.mark.parametrize("name", FILES)
def test_every_province_of_the_table_is_named_in_the_article(name: str) -> None:
    for province in table()[name].provinces:
        assert any(names(read(name), form) for form in (province, *OTHER_NAMES.get(province, ())))


@pytest.mark.parametrize("name", FILES)
def test_every_topic_of_the_table_is_named_and_no_other_except_in_passing(name: str) -> None:
    row = table()[name]
    named = {slug for slug, words in TOPIC_WORDS.items() if names(read(name), words)}
    assert set(row.topics) <= named
    assert (named == set(row.topics)) or "in passing" in row.kind


@pytest.mark.skipif(not GAZETTEER.exists(), reason="needs ../shared")
def test_provinces_are_names_of_the_63() -> None:
    lines = GAZETTEER.read_text(encoding="utf-8").splitlines()[1:]
    known = {name for line in lines for name in line.split("\t")[1].split(", ")}
    assert {province for row in table().values() for province in row.provinces} <= known


def test_the_articles_cover_what_a_newcomer_may_ask_for() -> None:
    rows = table().values()
    assert len({province for row in rows for province in row.provinces}) >= 24
    assert {slug for row in rows for slug in row.topics} == set(TOPIC_WORDS)
    assert all(sum(slug in row.topics for row in rows) >= 7 for slug in TOPIC_WORDS)
    assert sum(len(row.topics) > 1 for row in rows) >= 7
    assert sum(not row.topics for row in rows) >= 5
    assert {row.published.year for row in rows} == set(range(2018, 2027))
    assert max(row.published for row in rows) <= date(2026, 11, 20)
    assert sum(row.published >= date(2025, 7, 1) and "34-province map" in row.kind for row in rows) >= 3
    assert sum(row.style == "hoà" for row in rows) >= 10


def test_all_four_forms_of_the_date_line_occur() -> None:
    assert len({re.sub(r"\d+|(?<=Thứ )\w+", "0", parts(name)[1]) for name in FILES}) == 4


def test_only_the_real_article_is_about_prostitution_in_son_la() -> None:
    about = [name for name, row in table().items() if "Sơn La" in row.provinces and "mai-dam" in row.topics]
    named = [name for name in INVENTED if names(read(name), "Sơn La") and names(read(name), "mại dâm")]
    assert about == [REAL]
    assert len(named) <= 1


def test_027_and_028_are_the_only_near_duplicates() -> None:
    shingled = {name: shingles(name) for name in FILES}
    pairs = [
        (one[:3], other[:3])
        for one, other in combinations(FILES, 2)
        if len(shingled[one] & shingled[other]) > 0.1 * len(shingled[one] | shingled[other])
    ]
    assert pairs == [("027", "028")]
    one, other = (name for name in FILES if name[:3] in ("027", "028"))
    assert len(shingled[one] & shingled[other]) > 0.7 * len(shingled[one] | shingled[other])
    assert parts(one)[0] != parts(other)[0]
