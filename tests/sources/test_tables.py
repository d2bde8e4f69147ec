"""Tables as others write them: nothing in one row spoils another; the texts are invented."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from searcher.article import Article
from searcher.sources import Item, Options, Rejected, Remark, read
from tests.sources.conftest import Run
from tests.sources.test_formats import day

HEADINGS = "Tiêu đề,Nội dung,Ngày đăng\n"


def read_table(path: Path, content: bytes | str) -> tuple[list[Article], list[Rejected]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read([path]))
    return [one.article for one in found if isinstance(one, Item)], [one for one in found if isinstance(one, Rejected)]


# What stands in the second row of three; its text and title, and whether something is to be said of it.
ROWS = {
    "a quote that is never closed": ('Hai,"Thân hai,18/02/2020\n', '"Thân hai', True),
    "one before quotes that are closed": (
        'Hai,"Thân hai,18/02/2020\nHai b,"Thân hai b",18/02/2020\n',
        '"Thân hai',
        True,
    ),
    "one before an empty cell in quotes": ('Hai,"Thân hai,18/02/2020\nHai b,"",18/02/2020\n', '"Thân hai', True),
    "one in the title": ('"Hai,Thân hai,18/02/2020\n', "Thân hai", True),
    "quotes in the midst of a cell": ('Hai,Thân "hai" đây,18/02/2020\n', 'Thân "hai" đây', False),
    "text behind a closing quote": ('Hai,"Thân" hai,18/02/2020\n', "Thân hai", False),
    "a cell of several lines": ('Hai,"Thân hai\n\nvà ""ba"", bốn",18/02/2020\n', 'Thân hai\n\nvà "ba", bốn', False),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_quote_swallows_no_other_row(tmp_path: Path, name: str) -> None:
    row, body, is_said = ROWS[name]
    content = f"{HEADINGS}Một,Thân một,17/02/2020\n{row}Ba,Thân ba,19/02/2020\n"
    found, rejected = read_table(tmp_path / "a.csv", content)
    assert [one.title.strip('"') for one in found if " b" not in one.title] == ["Một", "Hai", "Ba"]
    assert [one.body for one in found][1] == body
    assert [day(one) for one in (found[0], found[-1])] == ["17/02/2020 00:00", "19/02/2020 00:00"]
    assert [(one.code, one.line) for one in rejected if one.code == "csv"] == ([("csv", 3)] if is_said else [])


def test_the_lines_below_a_quote_that_is_not_closed_belong_to_its_cell_up_to_the_next_row(tmp_path: Path) -> None:
    content = 'Tiêu đề,Nội dung\nMột,"Đoạn một\nđoạn hai\n\nđoạn ba\nHai,Thân hai\n'
    found, rejected = read_table(tmp_path / "a.csv", content)
    assert [one.title for one in found] == ["Một", "Hai"]
    assert found[0].body.splitlines() == ["Đoạn một", "đoạn hai", "", "đoạn ba"]
    assert [one.line for one in rejected] == [2]


def test_one_quote_in_each_row_of_many_takes_no_more_than_linear_time(tmp_path: Path) -> None:
    content = HEADINGS + 'Một,"Thân ""một,17/02/2020\n' * 20_000
    found, rejected = read_table(tmp_path / "a.csv", content)
    assert len(found) == 20_000
    assert len(rejected) > 0


def test_each_line_is_decoded_by_itself(tmp_path: Path) -> None:
    filler = "".join(f"tin {n},khong dau o day,17/02/2020\n" for n in range(1000))
    assert len(filler) > 16 * 1024
    last = "Bắt ma túy,Công an huyện Mộc Châu bắt đối tượng.,17/02/2020\n"
    for charset in ("utf-8", "windows-1258"):
        end = last if charset == "utf-8" else decomposed(last)
        table = b"title,body,published\n" + filler.encode() + end.encode(charset)
        found, rejected = read_table(tmp_path / "a.csv", table)
        assert (found[-1].title, rejected) == ("Bắt ma túy", []), charset
    found, _rejected = read_table(tmp_path / "b.csv", HEADINGS.encode() + b"a,\xff,\n" + "Bài hai,Thân,\n".encode())
    assert [one.title for one in found] == ["a", "Bài hai"]


def decomposed(text: str) -> str:
    """The text as windows-1258 has it: the mark of the tone after its letter."""
    whole = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            letter.encode("windows-1258")
            whole.append(letter)
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
            whole.append(unicodedata.normalize("NFC", apart.replace(tone, "")) + tone)
    return "".join(whole)


@pytest.mark.parametrize("begin", ["\n\n", "  \n\r\n", "BẢNG TỔNG HỢP, NĂM 2020\n", "sep=;\n\n"])
def test_what_parts_the_cells_is_told_by_the_headings_wherever_they_stand(tmp_path: Path, begin: str) -> None:
    content = f"{begin}Tiêu đề;Nội dung, chi tiết;Ngày đăng;Nội dung\nMột, hai;x;17/02/2020;Thân\n"
    found, _rejected = read_table(tmp_path / "a.csv", content)
    assert [(one.title, one.body) for one in found] == [("Một, hai", "Thân")]


def test_a_column_of_dates_is_read_one_way(tmp_path: Path) -> None:
    rows = "Một,a,2/3/2020\nHai,b,2/17/2020\nBa,c,4/5/2020 5:05 PM\n"
    found, _rejected = read_table(tmp_path / "a.csv", HEADINGS + rows)
    assert [day(one) for one in found] == ["03/02/2020 00:00", "17/02/2020 00:00", "05/04/2020 17:05"]
    found, _rejected = read_table(tmp_path / "b.csv", HEADINGS + "Một,a,2/3/2020\nHai,b,17/2/2020\n")
    assert [day(one) for one in found] == ["02/03/2020 00:00", "17/02/2020 00:00"]


def test_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    found, _rejected = read_table(tmp_path / "a.csv", "Tiêu đề,Nội dung,Tác giả\nMột,Thân_x000D_,#N/A\nHai,#REF!,An\n")
    assert [(one.title, one.body, one.author) for one in found] == [("Một", "Thân", ""), ("Hai", "", "An")]


def test_columns_that_are_not_used_are_named_and_may_be_mapped(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_text("STT,Tiêu đề,Nội dung,Diễn biến,Lượt xem\n1,Một,Thân,Dài,7\n", encoding="utf-8")
    (remark,) = (one for one in read([path]) if isinstance(one, Remark))
    assert (remark.file, remark.line, remark.code) == (str(path), 1, "unused")
    assert remark.text == "Columns that were not used: Diễn biến, Lượt xem (--map 'column=field' says what one is)."
    done = run("index", path, "-i", tmp_path / "index", "--strict")
    assert (done.returncode, remark.text in done.stderr) == (0, True)
    (found,) = (one for one in read([path], options=Options(columns={"Diễn biến": "body"})) if isinstance(one, Item))
    assert found.article.body == "Dài"


def test_a_row_without_an_end_is_bounded(tmp_path: Path) -> None:
    found, rejected = read_table(tmp_path / "a.csv", HEADINGS + "," * (9 * 1024 * 1024) + "\nHai,Thân,\n")
    assert [one.title for one in found] == ["Hai"]
    assert [(one.code, one.line) for one in rejected] == [("line_too_long", 2)]
