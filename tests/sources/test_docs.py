"""docs/sources.md: each command in it runs on files of the kind it is about, and the Python example as it stands."""

from __future__ import annotations

import gzip
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from searcher.cli import index  # noqa: F401  # it puts the command into the app
from searcher.cli.app import app
from tests.sources import made

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (searcher index .*)$", DOC, re.MULTILINE)

CSV = "Tiêu đề;Nội dung;Ngày đăng\nBài giả định;Nội dung giả định.;17/02/2020\n"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Báo giả định</title><item>
<title>Bài giả định</title><link>https://bao.example.vn/tin/9.html</link>
<description>Đoạn dẫn của bài viết giả định.</description></item>
</channel></rss>"""
NOTICE = [
    "Số: 12/KH-UBND",
    "Sơn La, ngày 17 tháng 02 năm 2020",
    "KẾ HOẠCH",
    "Phòng, chống mại dâm giả định",
    "I. MỤC ĐÍCH",
]


def ods() -> bytes:
    """A spreadsheet of OpenDocument."""
    rows = (("Title", "Body"), ("Bảng", made.BODY))
    cells = ["".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row) for row in rows]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    return made.opendocument("spreadsheet", f'<table:table table:name="Tin">{body}</table:table>')


def make_files(folder: Path) -> None:
    """Make every file that the document names."""
    (folder / "trang-da-luu").mkdir()
    mail = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
    rows = [["Tên vụ việc", "Diễn biến"], ["Vụ giả định", made.BODY]]
    contents = {
        "bai.html": made.page(1),
        "trang-da-luu/mot.html": made.page(2),
        "trang-da-luu/hai.html": made.page(3),
        "bai.mhtml": mail + made.page(4) + b"\n--b--\n",
        "tin.rss": FEED.encode(),
        "tin.csv": CSV.encode(),
        "tin.xlsx": made.workbook(("Tin", [["Title", "Body"], ["Bài", made.BODY]])),
        "so-theo-doi.xlsx": made.workbook(("Sổ", rows)),
        "thu.eml": b"From: a@example.vn\nDate: x\nSubject: Thu\nTo: b\n\nNoi dung thu.\n\nHet.\n",
        "tin.ods": ods(),
        "tin.json": b'[{"title": "T", "content": "B"}]',
        "tin.jsonl": b'{"title": "U", "body": "B"}\n',
        "cong-van.odt": made.opendocument("text", "".join(f"<text:p>{line}</text:p>" for line in (*NOTICE, made.BODY))),
        "bao-cao.rtf": b"{\\rtf1 Bao cao\\par Noi dung bao cao.\\par}",
        "ghi-chu.md": b"# Ghi chu\n\nNoi dung ghi chu.\n",
        "ke-hoach.docx": made.document(*NOTICE, made.BODY),
        "thong-bao.pdf": made.pdf([*NOTICE, made.BODY]),
        "tin.zip": made.zipped({"a/5.html": made.page(5), "a/6.csv": CSV.encode()}),
        "tin.tar.gz": gzip.compress(made.tarred({"7.html": made.page(7)})),
        "trang.warc.gz": made.warc(("https://bao.example.vn/tin/8.html", "200 OK", made.page(8), "text/html")),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def test_every_section_on_files_has_a_command() -> None:
    sections = DOC.split("\n## ")[1:8]
    assert [section.splitlines()[0] for section in sections if "    searcher index " not in section] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_in_the_document_indexes_what_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, shlex.split(command)[1:], env={"SEARCHER_LANG": "en"})
    assert done.exit_code == 0, done.output
    assert " 0 rejected" in done.output
    assert re.match(r"[1-9]\d* added", done.output)


def test_the_python_example_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    section = DOC.partition("## From Python")[2].partition("\n## ")[0]
    code = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    ") or not line)
    exec(compile(code, "sources.md", "exec"), {})
    assert f"{made.TITLE} 2 2020-02-17 17:05:00+07:00" in capsys.readouterr().out
