"""Small files that swell: what they unpack to, hold, or make of a record is bounded, whatever kind they are of."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import zstandard

from searcher.sources import Item, Rejected, document, docx, read
from tests.sources import made
from tests.sources.test_bad_input import one_sentence

pytestmark = pytest.mark.slow

MB = 1024 * 1024
GOOD = "Bài tốt\n\n17/02/2020\n\nĐoạn dẫn.\n\nThân bài.\n".encode()
LIMIT_MB = 700
READ = """
import resource, sys
from pathlib import Path
from searcher.sources import Item, read
found = list(read([Path(sys.argv[1])]))
items = [one for one in found if isinstance(one, Item)]
assert any(one.article.title == "Bài tốt" for one in items), found[:9]
print(len(found), "|", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def zst(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as raw, zstandard.ZstdCompressor(level=1).stream_writer(raw) as file:
        for piece in pieces:
            file.write(piece)


def office(path: Path, parts: dict[str, Iterable[bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece)


def word(path: Path, pieces: Iterable[bytes]) -> None:
    head = f'<w:document xmlns:w="{made.W}"><w:body>'.encode()
    parts = {"[Content_Types].xml": [b"<Types/>"], "word/document.xml": [head, *pieces, b"</w:body></w:document>"]}
    office(path, parts)


def long_name(path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 400 * MB
    zst(path, [header.tobuf(tarfile.GNU_FORMAT), *[b"a" * MB] * 400])


def far_size(path: Path) -> None:
    header = tarfile.TarInfo("a.txt")
    header.pax_headers = {"size": str(1 << 88)}
    path.write_bytes(header.tobuf(tarfile.PAX_FORMAT) + GOOD + bytes(2048))


def directory(path: Path) -> None:
    entry = b"PK\x01\x02" + bytes(42) + b"a"
    count = 400_000
    end = b"PK\x05\x06" + bytes(8) + (len(entry) * count).to_bytes(4, "little") + bytes(6)
    zst(path, [b"PK\x03\x04", entry * count, end])


WIDE = b"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2000000000'/></w:tcPr></w:tc>"

HEADINGS_16 = "title,body\n".encode("utf-16-le")

# What is bounded by what it holds: each is read with the limits that users have, and its memory is measured.
HELD: dict[str, Callable[[Path], None]] = {
    "commas.csv.zst": lambda path: zst(path, [b"title,body\n", *[b"," * MB] * 400]),
    "utf-16.csv.zst": lambda path: zst(path, [HEADINGS_16, *[b"a\x00" * (MB // 2)] * 400, "ế".encode("utf-16-le")]),
    "spooled.zip.zst": lambda path: zst(path, [b"PK\x03\x04", *[bytes(MB)] * 400]),
    "directory.zip.zst": directory,
    "name.tar.zst": long_name,
    "paragraph.docx": lambda path: word(path, [b"<w:p>", *[b"<w:r/>" * (MB // 6)] * 100, b"</w:p>"]),
}
# What is bounded by how many things it has: the limits are lower here.
MANY: dict[str, Callable[[Path], None]] = {
    "quotes.csv.zst": lambda path: zst(path, [b"title,body\n", b'"a\n' * MB]),
    "objects.json.zst": lambda path: zst(path, [b"[", b"{}," * MB]),
    "brackets.json.zst": lambda path: zst(path, [b'[{"body":', b"[" * MB]),
    "lists.json.zst": lambda path: zst(path, [b'{"title":"a","body":', b"[[]," * MB]),
    "lines.jsonl.zst": lambda path: zst(path, [b'{"title":"a"}\n', b"\n" * MB]),
    "headers.warc.zst": lambda path: zst(path, [b"WARC/1.0\r\n\r\n" * (MB // 12)]),
    "size.tar": far_size,
    "cells.docx": lambda path: word(path, [b"<w:tbl><w:tr>", b"<w:tc><w:p/></w:tc>" * (MB // 19)]),
    "width.docx": lambda path: word(path, [WIDE]),
}


@pytest.mark.parametrize("name", HELD)
def test_a_file_that_swells_takes_bounded_memory_and_the_one_beside_it_is_read(tmp_path: Path, name: str) -> None:
    HELD[name](tmp_path / name)
    assert (tmp_path / name).stat().st_size < MB
    (tmp_path / "zz.txt").write_bytes(GOOD)
    done = subprocess.run([sys.executable, "-c", READ, tmp_path], capture_output=True, text=True, check=True)
    count, peak_mb = map(int, done.stdout.split("|"))
    assert count == 2
    assert peak_mb < LIMIT_MB
    assert done.stderr == ""


@pytest.mark.parametrize("name", MANY)
def test_a_file_of_endless_things_ends_and_the_one_beside_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(document, "MAX_RECORDS", 2000)
    monkeypatch.setattr(document, "MAX_MEMBERS", 2000)
    monkeypatch.setattr(docx, "MAX_PARAGRAPHS", 2000)
    MANY[name](tmp_path / name)
    (tmp_path / "zz.txt").write_bytes(GOOD)
    found = list(read([tmp_path]))
    assert [one.article.title for one in found if isinstance(one, Item)][-1] == "Bài tốt"
    rejected = [one for one in found if isinstance(one, Rejected)]
    assert rejected
    assert all(one_sentence(one.reason) for one in rejected)
    assert len(found) < 10_000


def test_records_have_an_end_in_a_small_file_and_not_in_a_large_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "MAX_RECORDS", 500)
    line = b'{"title":"a","body":"b"}\n'
    zst(tmp_path / "a.jsonl.zst", [line * 2000])
    *found, last = read([tmp_path / "a.jsonl.zst"])
    assert 500 <= len(found) < 700
    assert isinstance(last, Rejected)
    assert (last.code, one_sentence(last.reason)) == ("unpacked", True)
    (tmp_path / "a.jsonl").write_bytes(line * 2000)
    assert sum(isinstance(one, Item) for one in read([tmp_path / "a.jsonl"])) == 2000


def test_the_fonts_and_links_of_rich_text_are_bounded(tmp_path: Path) -> None:
    contents = {
        "fonts": b"{\\fonttbl" + b"{\\f1\\fcharset163 " * 100_000,
        "links": b'{\\field{\\*\\fldinst HYPERLINK "' * 20_000,
        "numbers": b"Mot\\par \\u99999999? hai\\par",
    }
    for name, content in contents.items():
        (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 " + content + b"}")
        (found,) = read([tmp_path / "a.rtf"])
        assert isinstance(found, Item if name == "numbers" else Rejected), name


def test_a_text_that_stands_in_every_cell_counts_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_UNPACKED_BYTES", 100 * MB)
    cell = '<c t="s"><v>0</v></c>'
    rows = made.row("Tiêu đề", "Nội dung") + made.row(cell, cell) * 500
    texts = f"<si><t>{'a' * 100_000}</t></si>"
    (tmp_path / "a.xlsx").write_bytes(made.excel(rows, texts=texts))
    found = list(read([tmp_path / "a.xlsx"]))
    assert sum(isinstance(one, Item) for one in found) < 100
    assert [one.code for one in found if isinstance(one, Rejected)] == ["unpacked"]
