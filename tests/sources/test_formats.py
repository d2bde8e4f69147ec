"""What each format gives: fields, dates, places, and what is left out."""

from __future__ import annotations

import base64
import gzip
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

import searcher
from searcher.article import Article
from searcher.sources import Item, Options, Rejected, read
from searcher.sources.html import read_page
from tests.sources import made
from tests.sources.conftest import Run


def items(path: Path, **columns: str) -> list[Item]:
    found = list(read([path], options=Options(columns=columns)))
    assert [one for one in found if isinstance(one, Rejected)] == []
    return [one for one in found if isinstance(one, Item)]


def article(path: Path, **columns: str) -> Article:
    (item,) = items(path, **columns)
    return item.article


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def day(found: Article) -> str:
    return found.published.strftime("%d/%m/%Y %H:%M") if found.published else ""


# --- tables ----------------------------------------------------------------------------------------------------------

ROWS = [
    ["STT", "Tiêu đề", "Tóm tắt", "Nội dung", "Ngày đăng", "Nguồn", "Liên kết", "Tác giả", "Tỉnh/Thành phố"],
    ["1", "Bài một", "Dẫn một", "Thân bài, có dấu phẩy", "17/02/2020 17:05", "Báo giả định", "https://a.example.vn/1",
     "An", "Sơn La; Huế"],
    ["2", "Bài hai", "", "Thân\nhai dòng", "2020-02-18", "", "", "", ""],
]  # fmt: skip


def check_rows(found: list[Item]) -> None:
    first, second = (item.article for item in found)
    assert (first.title, first.lead, first.body, day(first)) == (
        "Bài một",
        "Dẫn một",
        "Thân bài, có dấu phẩy",
        "17/02/2020 17:05",
    )
    assert (first.source, first.url, first.author) == ("Báo giả định", "https://a.example.vn/1", "An")
    assert first.provinces == ("Sơn La", "Huế")
    assert (second.body, day(second), second.provinces) == ("Thân\nhai dòng", "18/02/2020 00:00", None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_whatever_parts_its_cells_and_whatever_its_charset(
    tmp_path: Path, delimiter: str, charset: str
) -> None:
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS)
    check_rows(items(written(tmp_path / "a.csv", text.encode(charset))))
    check_rows(items(written(tmp_path / "a.dat", text.encode(charset))))  # known by its headings


def test_a_table_that_says_how_its_cells_are_parted_is_believed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "sep=;\r\nTitle;Body\r\nMột, hai;Ba, bốn\r\n")
    assert article(path).title == "Một, hai"


def test_a_workbook_has_its_headings_below_a_title_and_dates_as_numbers(tmp_path: Path) -> None:
    rows = [["BẢNG TỔNG HỢP TIN BÀI GIẢ ĐỊNH"], [], *ROWS]
    rows[4] = ["2", "Bài hai", None, "Thân\nhai dòng", datetime(2020, 2, 18), None, None, None, None]
    rows.append(["3", "Bài ba", None, "Thân ba", 43879.5, None, None, None, None])
    sheets = (("Tin", rows), ("Ghi chú", [["không có gì"]]), ("Trống", []))
    found = items(written(tmp_path / "a.xlsx", made.workbook(*sheets)))
    check_rows(found[:2])
    assert [(item.file, item.line) for item in found] == [
        (str(tmp_path / "a.xlsx" / "Tin"), line) for line in (4, 5, 6)
    ]
    assert day(found[2].article) == "18/02/2020 12:00"


def test_a_column_is_what_the_user_says(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Tên vụ;Nội dung;Diễn biến\nVụ A;không;có\n")
    mapped = article(path, **{"ten vu": "title", "Diễn biến": "body"})
    assert (mapped.title, mapped.body) == ("Vụ A", "có")


def test_a_mapping_to_no_field_is_a_usage_error(tmp_path: Path, run: Run) -> None:
    path = written(tmp_path / "a.csv", "x\n1\n")
    for pair in ("x=nothing", "title"):
        done = run("index", path, "-i", tmp_path / "index", "--map", pair)
        assert (done.returncode, "COLUMN=FIELD" in " ".join(done.stderr.split())) == (2, True)


def test_a_row_that_can_t_be_read_is_said_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"Id,Title,Body\n{'x' * 600},a,b\n,,\n,c,d\n")
    bad, good = read([path])
    assert isinstance(bad, Rejected)
    assert (bad.line, bad.code) == (2, "id")
    assert isinstance(good, Item)
    assert (good.line, good.article.title) == (4, "c")


def test_a_row_whose_date_can_t_be_used_is_kept_without_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Title,Body,Date\na,b,31/02/2020\nc,d,17/02/2020\n")
    without, dated = read([path])
    assert isinstance(without, Item)
    assert (without.article.title, without.article.published) == ("a", None)
    assert without.refused_date is not None
    assert (without.refused_date.line, without.refused_date.code) == (2, "date")
    assert isinstance(dated, Item)
    assert dated.article.published is not None
    assert dated.refused_date is None


# --- feeds -----------------------------------------------------------------------------------------------------------


def feed(entry: str, *, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f"{head}<rss version='2.0'><channel><title>Báo giả định</title><item>{entry}</item></channel></rss>"


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 17 Feb 2020 17:05:00 +0700",
        "Mon, 17 Feb 2020 10:05:00 GMT",
        "Mon, 17 Feb 2020 17:05:00 GMT+7",
        "2020-02-17T17:05:00",
        "17/02/2020 17:05",
        "2/17/2020 5:05:00 PM",
        "17/02/2020 5:05 PM",
        "17/02/2020 5:05:00 CH",
    ],
)
def test_the_date_of_an_entry_is_in_vietnam_s_time(tmp_path: Path, date: str) -> None:
    path = written(tmp_path / "a.rss", feed(f"<title>Bài</title><pubDate>{date}</pubDate>"))
    assert day(article(path)) == "17/02/2020 17:05"


def test_the_markup_of_an_entry_is_taken_out_and_its_address_cleaned(tmp_path: Path) -> None:
    description = '<![CDATA[<a href="x"><img src="y"></a></br>Đoạn dẫn &amp; mô tả.]]>'
    entry = f"<title>Bài &amp; tin</title><link>https://a.example.vn/1?utm_source=rss</link><description>{description}</description>"
    found = article(written(tmp_path / "tin.xml", feed(entry)))
    assert (found.title, found.lead, found.body) == ("Bài & tin", "Đoạn dẫn & mô tả.", "")
    assert (found.url, found.source) == ("https://a.example.vn/1", "Báo giả định")


def test_an_atom_entry_with_its_whole_text_has_lead_and_body(tmp_path: Path) -> None:
    picture = "&lt;p&gt;&lt;img src='a.jpg'&gt;&lt;/p&gt;&lt;p&gt;Ảnh minh họa&lt;/p&gt;"
    text = f"&lt;p&gt;Đoạn một.&lt;/p&gt;{picture}&lt;p&gt;Tang vật thu giữ&lt;/p&gt;"
    atom = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Báo giả định</title><entry>
<title>Bài</title><link href="https://a.example.vn/1"/><updated>2020-02-17T17:05:00+07:00</updated>
<content type="html">{text}</content></entry></feed>"""
    found = article(written(tmp_path / "a.atom", atom))
    assert (found.lead, found.body, found.captions) == ("Đoạn một.", "Tang vật thu giữ", ("Ảnh minh họa",))


def test_a_feed_with_broken_xml_gives_what_comes_before_and_says_so(tmp_path: Path) -> None:
    whole = feed("<title>Một</title></item><item><title>Hai</title><description>a < b & c</description>")
    *found, last = read([written(tmp_path / "a.rss", whole)])
    assert [one.article.title for one in found if isinstance(one, Item)] == ["Một", "Hai"]
    assert isinstance(last, Rejected)
    assert last.code == "feed"


# --- documents -------------------------------------------------------------------------------------------------------

HEAD = (
    ("ỦY BAN NHÂN DÂN\nTỈNH GIẢ ĐỊNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
    ("Số: 12/KH-UBND", "Giả Định, ngày 17 tháng 02 năm 2020"),
)
PLAN = (
    "KẾ HOẠCH",
    "Phòng, chống tệ nạn mại dâm",
    "trên địa bàn tỉnh năm 2020",
    "_______",
    "Thực hiện chương trình giả định, Ủy ban nhân dân tỉnh ban hành kế hoạch như sau:",
    "I. MỤC ĐÍCH, YÊU CẦU",
    "1. Nâng cao nhận thức của người dân.",
    "Nơi nhận:",
    "- Lưu: VT.",
)


def check_plan(found: Article) -> None:
    assert found.title == "Kế hoạch số 12/KH-UBND: Phòng, chống tệ nạn mại dâm trên địa bàn tỉnh năm 2020"
    assert day(found) == "17/02/2020 00:00"
    assert found.source == "ỦY BAN NHÂN DÂN TỈNH GIẢ ĐỊNH"
    assert found.body.splitlines() == [PLAN[4], PLAN[5], PLAN[6]]


def test_a_plan_in_word_has_kind_number_subject_and_day(tmp_path: Path) -> None:
    check_plan(article(written(tmp_path / "a.docx", made.document(*PLAN, head=HEAD))))


def test_a_plan_in_pdf_is_the_same_though_its_lines_are_broken(tmp_path: Path) -> None:
    head = ["ỦY BAN NHÂN DÂN", "TỈNH GIẢ ĐỊNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    lines = [*head, HEAD[1][0], HEAD[1][1], *PLAN[:4], "Thực hiện chương trình giả định, Ủy ban nhân dân tỉnh ban"]
    lines += ["hành kế hoạch như sau:", *PLAN[5:]]
    check_plan(article(written(tmp_path / "a.pdf", made.pdf(lines[:8], ["2", *lines[8:]]))))


def test_a_letter_has_its_subject_as_title(tmp_path: Path) -> None:
    lines = ("Số: 345/CAT-PC04", "V/v tăng cường kiểm tra", "cơ sở kinh doanh", "Giả Định, ngày 5 tháng 3 năm 2021")
    text = ("Kính gửi: Công an các huyện.", "Thời gian qua, tình hình giả định diễn biến phức tạp.")
    found = article(written(tmp_path / "a.docx", made.document(*lines, *text)))
    assert found.title == "Công văn số 345/CAT-PC04: Tăng cường kiểm tra cơ sở kinh doanh"
    assert day(found) == "05/03/2021 00:00"
    assert found.body.splitlines() == list(text)


def test_a_decision_about_something_and_a_table_of_figures(tmp_path: Path) -> None:
    lines = ("QUYẾT ĐỊNH", "Về việc ban hành quy chế giả định", "CHỦ TỊCH ỦY BAN NHÂN DÂN", "Căn cứ luật giả định;")
    head = (*HEAD[:1], ("Số: 7/QĐ-UBND", "Giả Định, ngày 1 tháng 1 năm 2022"))
    found = article(written(tmp_path / "a.docx", made.document(*lines, "Điều 1. Ban hành quy chế.", head=head)))
    assert found.title.startswith("Quyết định số 7/QĐ-UBND: Ban hành quy chế giả định")
    assert found.body.splitlines()[-1] == "Điều 1. Ban hành quy chế."


def test_a_document_that_is_no_notice_is_read_like_a_text_file(tmp_path: Path) -> None:
    lines = ("Bài viết giả định", "17/02/2020 17:05", "Đoạn dẫn của bài.", "Thân bài thứ nhất.", "Ảnh: CTV")
    found = article(written(tmp_path / "a.docx", made.document(*lines)))
    assert (found.title, found.lead, found.body, found.captions) == (lines[0], lines[2], lines[3], ("Ảnh: CTV",))
    assert day(found) == "17/02/2020 17:05"


# --- archives --------------------------------------------------------------------------------------------------------


def test_everything_lies_in_everything(tmp_path: Path) -> None:
    inner = made.zipped({"trang/1.html": made.page(1), "trang/1_files/quang-cao.html": made.page(9), "anh.png": b"x"})
    lines = json.dumps({"title": "Bài", "body": "Thân"}).encode() + b"\n"
    members = {
        "a.zip": inner,
        "b.jsonl.gz": gzip.compress(lines * 2),
        "c.docx": made.document(*PLAN),
        ".an.html": made.page(8),
    }
    path = written(tmp_path / "tat-ca.tar.gz", gzip.compress(made.tarred(members)))
    assert [(item.file.removeprefix(f"{path}/"), item.line) for item in items(path)] == [
        ("a.zip/trang/1.html", None),
        ("b.jsonl.gz", 1),
        ("b.jsonl.gz", 2),
        ("c.docx", None),
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_a_web_archive_gives_pages_with_their_addresses_and_times(tmp_path: Path, packed: bool) -> None:
    page = made.page(1).replace(b'rel="canonical"', b'rel="x"')
    raw = made.warc(
        ("http://m.bao.example.vn/tin/1.html?fbclid=x", "200 OK", page, "text/html; charset=iso-8859-1"),
        ("https://bao.example.vn/a.png", "200 OK", b"\x89PNG", "image/png"),
        ("https://bao.example.vn/robots.txt", "200 OK", b"User-agent: *", "application/octet-stream"),
        ("https://bao.example.vn/2", "404 Not Found", page, "text/html"),
        packed=packed,
    )
    path = written(tmp_path / f"a.warc{'.gz' * packed}", raw)
    (item,) = (one for one in read([path]) if isinstance(one, Item))
    assert item.article.url == "http://m.bao.example.vn/tin/1.html"
    assert item.article.title == f"{made.TITLE} 1"
    assert item.saved is not None
    assert item.saved.isoformat() == "2020-02-18T07:00:00+07:00"


def test_a_page_saved_as_mhtml_is_the_page(tmp_path: Path) -> None:
    head = b"""From: <Saved by Blink>\r
Snapshot-Content-Location: https://bao.example.vn/tin/1.html?utm_source=x\r
Date: Tue, 18 Feb 2020 10:00:00 +0700\r
MIME-Version: 1.0\r
Content-Type: multipart/related;\r
\ttype="text/html";\r
\tboundary="b"\r
\r
--b\r
Content-Type: text/html\r
Content-Transfer-Encoding: base64\r
\r
"""
    raw = head + base64.encodebytes(made.page(1)) + b"\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    (item,) = items(written(tmp_path / "a.mhtml", raw))
    assert item.article == read_page(made.page(1))
    assert item.saved is not None
    assert item.saved.timestamp() == datetime.fromisoformat("2020-02-18T10:00:00+07:00").timestamp()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", made.page(1)),
        ("b", made.zipped({"a.html": made.page(1)})),
        ("c.html", made.pdf([*HEAD[1], *PLAN])),
        ("d.json", feed("<title>Bài giả định</title>").encode()),
    ],
)
def test_the_content_says_what_a_file_is_not_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    assert article(written(tmp_path / name, content)).title


# --- one page, one article -------------------------------------------------------------------------------------------

OLD = made.page(1, body="Bản cũ của bài viết giả định, về sau được sửa lại.")
NEW = made.page(1, body="Bản mới của bài viết giả định, sau khi được sửa lại.")


def is_new(index: Path) -> bool:
    """Whether the only article of the index is the new one."""
    with searcher.open_index(index) as opened:
        (hit,) = opened.search("").hits
        return "Bản mới" in opened.get(hit.article.id).body


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_the_version_that_was_saved_last_stays_and_a_second_run_changes_nothing(
    tmp_path: Path, order: tuple[bytes, bytes]
) -> None:
    paths = [written(tmp_path / f"{number}.html", page) for number, page in enumerate(order)]
    for number, path in enumerate(paths):
        os.utime(path, (1_500_000_000 + number, 1_500_000_000 + number))
    for updated in (1, 0):
        summary = searcher.index_paths(tmp_path / "index", paths)
        assert (summary.updated, summary.rejected) == (updated, [])
        assert is_new(tmp_path / "index") == (order[1] is NEW)


def test_a_page_fetched_again_replaces_the_one_that_was_fetched_before(tmp_path: Path) -> None:
    for name, page, date in (("1", OLD, "2020-02-18T00:00:00Z"), ("2", NEW, "2020-03-18T00:00:00Z")):
        address = ("https://m.bao.example.vn/tin/1.html", "200 OK", page, "text/html")
        searcher.index_paths(tmp_path / "index", [written(tmp_path / f"{name}.warc.gz", made.warc(address, date=date))])
    assert is_new(tmp_path / "index")


def test_an_entry_of_a_feed_does_not_replace_the_page_itself(tmp_path: Path) -> None:
    link = "<link>https://bao.example.vn/tin/1.html?utm_source=rss</link>"
    rss = written(tmp_path / "a.rss", feed(f"<title>Bài</title>{link}<description>Đoạn dẫn.</description>"))
    page = written(tmp_path / "b.html", NEW)
    for paths in ((rss, page), (rss,), (page, rss)):
        searcher.index_paths(tmp_path / "index", paths)
        assert is_new(tmp_path / "index")


def test_prune_drops_what_an_archive_no_longer_has_and_keeps_what_one_that_is_not_read_has(tmp_path: Path) -> None:
    archive = written(tmp_path / "a.zip", made.zipped({"1.html": made.page(1), "2.html": made.page(2)}))
    other = written(tmp_path / "b.html", made.page(3))
    searcher.index_paths(tmp_path / "index", [archive])
    assert searcher.index_paths(tmp_path / "index", [other], prune=True).removed == 0
    archive.write_bytes(made.zipped({"1.html": made.page(1)}))
    assert searcher.index_paths(tmp_path / "index", [archive], prune=True).removed == 1
    archive.unlink()
    assert searcher.index_paths(tmp_path / "index", [tmp_path], prune=True).removed == 1
