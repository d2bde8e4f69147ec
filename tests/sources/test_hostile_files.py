"""Files made to do harm: bounded in time and memory, and one sentence says what became of them."""

from __future__ import annotations

import base64
import gzip
import io
import os
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from searcher.sources import Item, PassedOver, Rejected, document, read
from tests.sources import made
from tests.sources.test_bad_input import one_sentence
from tests.sources.test_memory import read_and_measure

pytestmark = pytest.mark.slow

MB = 1024 * 1024
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
ITEM = "<item><title>&e11;</title></item>"
BOMB = f'<?xml version="1.0"?><!DOCTYPE rss [{ENTITIES}]><rss version="2.0"><channel>{ITEM}</channel></rss>'


def office(*, kind: str = "word/document.xml", more: dict[str, bytes] | None = None, xml: bytes = b"<x/>") -> bytes:
    return made.zipped({"[Content_Types].xml": b"<Types/>", kind: xml, **(more or {})})


def workbook_of(texts: bytes) -> bytes:
    """A workbook with these shared texts."""
    relation = b'<Relationships><Relationship Id="a" Type="x/sharedStrings" Target="t.xml"/></Relationships>'
    return office(kind="xl/workbook.xml", more={"xl/_rels/workbook.xml.rels": relation, "xl/t.xml": texts})


def encrypted_zip() -> bytes:
    raw = bytearray(made.zipped({"a.html": made.page()}))
    raw[6] |= 1  # the flag in the local header, and below in the directory
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def nested(depth: int) -> bytes:
    raw = made.zipped({"a.html": made.page()})
    for _depth in range(depth):
        raw = made.zipped({"inner.zip": raw})
    return raw


def link(name: str, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member


# A file: its name, what makes it, the rejection's code, and a part of its sentence.
FILES: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "an entity bomb as a feed": ("a.rss", BOMB.encode, "entities", "not expanded"),
    "an entity bomb in UTF-16": ("a.xml", lambda: BOMB.encode("utf-16"), "entities", "not expanded"),
    "an entity bomb in a Word document": ("a.docx", lambda: office(xml=BOMB.encode()), "entities", "not expanded"),
    "an entity bomb in a Word document behind a comment": (
        "a.docx",
        lambda: office(xml=b"<?xml version='1.0'?><!--" + b"<a " * 50_000 + b"-->" + BOMB[21:].encode()),
        "entities",
        "not expanded",
    ),
    "an entity bomb in a workbook": ("a.xlsx", lambda: workbook_of(BOMB.encode()), "entities", "not expanded"),
    "macros in Word": ("a.docm", lambda: office(more={"word/vbaProject.bin": b"x"}), "macros", "has macros"),
    "macros in Excel": (
        "a.xlsm",
        lambda: office(kind="xl/workbook.xml", more={"xl/vbaProject.bin": b"x"}),
        "macros",
        "has macros",
    ),
    "a Word document that unpacks to 200 MB": (
        "a.docx",
        lambda: office(xml=bytes(200 * MB)),
        "unpacked",
        "more than 128 MB",
    ),
    "a workbook whose texts unpack to 100 MB": (
        "a.xlsx",
        lambda: workbook_of(bytes(100 * MB)),
        "unpacked",
        "more than 64 MB",
    ),
    "a Word document of nothing": ("a.docx", office, "no_text", "no text"),
    "a Word document that is none": ("a.docx", lambda: office(xml=b"<document"), "zip", "damaged"),
    "a Word document whose relations are no XML": (
        "a.docx",
        lambda: office(more={"_rels/.rels": b"<Relationships I>"}),
        "zip",
        "damaged",
    ),
    "an OpenDocument text whose first part is not where it should be": (
        "a.odt",
        lambda: made.opendocument("text", "").replace(b"PK\x03\x04", b"PK\x03\x04PK", 1),
        "zip",
        "damaged",
    ),
    "a workbook of nothing": ("a.xlsx", lambda: office(kind="xl/workbook.xml"), "xlsx", "workbook is damaged"),
    "a presentation": ("a.zip", lambda: office(kind="ppt/presentation.xml"), "kind", "only .docx and .xlsx"),
    "a path out of a ZIP": ("a.zip", lambda: made.zipped({"../../a.html": made.page()}), "path", "outside of itself"),
    "an absolute path in a ZIP": ("a.zip", lambda: made.zipped({"/etc/a.html": made.page()}), "path", "outside"),
    "a drive in a ZIP": ("a.zip", lambda: made.zipped({"C:\\a.html": made.page()}), "path", "outside"),
    "a path out of a TAR": ("a.tar", lambda: made.tarred({"x/../../a.html": made.page()}), "path", "outside"),
    "a link in a TAR": (
        "a.tar",
        lambda: made.tarred({}, link("a.txt", "/etc/passwd")),
        "not_a_file",
        "link or a device",
    ),
    "a ZIP with a password": ("a.zip", encrypted_zip, "encrypted", "password"),
    "a ZIP without articles": ("a.zip", lambda: made.zipped({"a.png": b"x"}), "no_articles", "no file that could"),
    "half a ZIP": ("a.zip", lambda: made.zipped({"a.html": made.page() * 9})[:200], "zip", "damaged"),
    "half a TAR": ("a.tar", lambda: made.tarred({"a.html": made.page()})[:800], "zip", "damaged"),
    "archives six deep": ("a.zip", lambda: nested(6), "depth", "more than 4 deep"),
    "no Word document": ("a.docx", lambda: b"PK\x03\x04 and no more", "zip", "damaged"),
    "an old Word document": (
        "a.doc",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "old_office",
        "old Word",
    ),
    "a document with a password": (
        "a.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "encrypted",
        "password",
    ),
    "a PDF without a text layer": ("a.pdf", lambda: made.pdf([]), "scan", "no text layer"),
    "half a PDF": ("a.pdf", lambda: b"%PDF-1.7\n1 0 obj << /Type", "pdf", "PDF is damaged"),
    "a feed without entries": ("a.rss", lambda: b"<rss version='2.0'><channel></channel></rss>", "empty", "no entries"),
    "half a feed": ("a.rss", lambda: b"<?xml version='1.0'?><rss><channel><ti", "feed", "damaged"),
    "a table of unknown columns": ("a.csv", lambda: b"x,y\n1,2\n", "columns", "(columns: x, y)"),
    "a table of headings": ("a.csv", "Tiêu đề,Nội dung\n".encode, "empty", "no rows"),
    "a page of menus": (
        "a.html",
        lambda: b"<html><body><nav><a href='/'>Trang</a></nav></body></html>",
        "no_text",
        "no article",
    ),
    "an empty page": ("a.html", lambda: b"<html></html>", "no_text", "no article"),
    "a page of 40 MB": ("a.html", lambda: b"<html>" + b"a" * (40 * MB), "too_large", "larger than 32 MB"),
    "a page of 300,000 paragraphs": ("a.html", lambda: b"<html>" + b"<p>a" * 300_000, "too_large", "more markup"),
    "a page of 10 MB without pictures": ("a.html", lambda: b"<html>" + b"a" * (10 * MB), "too_large", "more markup"),
    "a page saved with nothing in it": (
        "a.mhtml",
        lambda: b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x--\n',
        "mhtml",
        "no HTML",
    ),
    "half a web archive": ("a.warc", lambda: b"WARC/1.0\r\nWARC-Type: response\r\n", "warc", "damaged"),
    "a web archive of errors": (
        "a.warc.gz",
        lambda: made.warc(("https://a.example.vn/", "404 Not Found", b"no", "text/html")),
        "no_articles",
        "no page",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gives_one_sentence(tmp_path: Path, name: str) -> None:
    file, make, code, part = FILES[name]
    (tmp_path / file).write_bytes(make())
    (rejected,) = (one for one in read([tmp_path / file]) if not isinstance(one, PassedOver))
    assert isinstance(rejected, Rejected)
    assert rejected.file.startswith(str(tmp_path / file))
    assert (rejected.code, rejected.line) == (code, None)
    assert part in rejected.reason
    assert one_sentence(rejected.reason)


def test_what_is_good_in_an_archive_with_hostile_members_is_read(tmp_path: Path) -> None:
    members = {"../a.html": made.page(1), "b.html": made.page(2), "c.docm": office(more={"x/vbaProject.bin": b""})}
    for file, raw in (("a.zip", made.zipped(members)), ("a.tar.gz", gzip.compress(made.tarred(members)))):
        (tmp_path / file).write_bytes(raw)
        found = list(read([tmp_path / file]))
        good = [one.file for one in found if isinstance(one, Item)]
        assert good == [str(tmp_path / file / "b.html")]
        assert {one.code for one in found if isinstance(one, Rejected)} == {"path", "macros"}


def test_an_archive_in_itself_ends(tmp_path: Path) -> None:
    """Archives within each other that multiply stop at the limit of the file they lie in."""
    raw = made.zipped({"a.html": made.page()})
    for _depth in range(3):
        raw = made.zipped({f"{number}.zip": raw for number in range(12)})
    (tmp_path / "a.zip").write_bytes(raw)
    found = list(read([tmp_path / "a.zip"]))
    (rejected,) = (one for one in found if isinstance(one, Rejected))
    assert (rejected.code, rejected.file) == ("unpacked", str(tmp_path / "a.zip"))
    assert one_sentence(rejected.reason)
    assert 0 < len(found) <= document.MAX_ARCHIVES


def overlapping_zip(copies: int, size: int) -> bytes:
    """A ZIP whose directory names the same compressed bytes again and again, each time under another name."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeezed.compress(bytes(size)) + squeezed.flush()
    crc = zlib.crc32(bytes(size))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), size, 5, 0) + b"a.txt" + packed
    central = (
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), size, 5, 0, 0, 0, 0, 0, 0)
        + b"a.txt"
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, copies, copies, len(central) * copies, len(local), 0)
    return local + central * copies + end


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(overlapping_zip(copies=60_000, size=15 * MB))  # 900 GB from 4 MB
    assert path.stat().st_size < 5 * MB
    (rejected,) = read([path])
    assert isinstance(rejected, Rejected)
    assert rejected.code == "unpacked"
    assert one_sentence(rejected.reason)


@pytest.mark.parametrize("kind", ["tar", "warc"])
def test_what_an_archive_unpacks_to_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(document, "MAX_UNPACKED_BYTES", 8 * MB)
    text = "Đoạn văn giả định.\n".encode() * 2000
    if kind == "tar":
        raw = made.tarred({f"{number}.txt": text for number in range(500)})
    else:
        pages = (made.page(number, body="Đoạn văn giả định. " * 2000) for number in range(500))
        raw = made.warc(*(("https://a.example.vn/", "200 OK", one, "text/html") for one in pages), packed=False)
    (tmp_path / f"a.{kind}.gz").write_bytes(gzip.compress(raw))
    *found, last = read([tmp_path / f"a.{kind}.gz"])
    assert 50 < sum(isinstance(one, Item) for one in found) < 500
    assert isinstance(last, Rejected)
    assert last.code == "unpacked"
    assert one_sentence(last.reason)


def test_a_pdf_of_5000_pages_is_read_as_far_as_its_limit(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(
        made.pdf(*([f"Trang giả định số {number} về phòng, chống ma túy."] for number in range(5000)))
    )
    found, rejected = read([tmp_path / "a.pdf"])
    assert isinstance(found, Item)
    assert isinstance(rejected, Rejected)
    assert "Trang giả định số 299 về" in found.article.body
    assert "số 300 về" not in found.article.body
    assert rejected.reason == "Only the first 300 of 5,000 pages are read."


def a_million_rows() -> bytes:
    """A workbook with a million rows, put together from one that openpyxl made."""
    small = made.workbook(("Tin", [["Tiêu đề", "Nội dung"], ["Bài giả định", made.BODY]]))
    file = io.BytesIO()
    new = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(io.BytesIO(small)) as old, new:
        for part in old.infolist():
            if not part.filename.startswith("xl/worksheets/"):
                new.writestr(part, old.read(part))
                continue
            head, row, tail = old.read(part).partition(b'<row r="2"')
            row, end, tail = (row + tail).partition(b"</row>")
            thousand = re.sub(rb' r="\w+"', b"", row + end) * 1000
            with new.open(part.filename, "w") as sheet:
                sheet.write(head)
                for _thousand in range(1000):
                    sheet.write(thousand)
                sheet.write(tail)
    return file.getvalue()


def test_a_workbook_of_a_million_rows_is_read_as_far_as_its_limit_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(a_million_rows())
    items, rejected, peak_mb = read_and_measure(tmp_path / "a.xlsx")
    assert 99_000 < items <= 100_000
    assert rejected == 1
    assert peak_mb < 300


def test_a_sheet_that_claims_to_be_huge_is_read_for_what_it_has(tmp_path: Path) -> None:
    small = made.workbook(("Tin", [["Tiêu đề", "Nội dung"], ["Bài giả định", made.BODY]]))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.infolist():
            new.writestr(part, old.read(part).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    (tmp_path / "a.xlsx").write_bytes(file.getvalue())
    assert [type(one) for one in read([tmp_path / "a.xlsx"])] == [Item]


def test_pictures_within_a_page_cost_nothing(tmp_path: Path) -> None:
    picture = base64.b64encode(os.urandom(15 * MB)).decode()
    raw = made.page().replace(b"<div>", f'<div><p><img src="data:image/png;base64,{picture}"></p>'.encode())
    (tmp_path / "a.html").write_bytes(raw)
    (found,) = read([tmp_path / "a.html"])
    assert isinstance(found, Item)
    assert made.BODY in found.article.body


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "ul><li", "b", "blockquote"])
def test_a_page_nested_beyond_reason_is_read_or_refused(tmp_path: Path, tag: str) -> None:
    raw = made.page().replace(b"<div>", f"<{tag}>".encode() * 50_000)
    (tmp_path / "a.html").write_bytes(raw)
    (found,) = read([tmp_path / "a.html"])
    assert isinstance(found, Item) or one_sentence(found.reason)


def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    (tmp_path / "a.pdf").write_bytes(made.pdf(["x"]))
    (rejected,) = read([tmp_path / "a.pdf"])
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "Reading this kind of file needs pypdf: pip install 'searcher-vietnews[files]' brings it."


PARAGRAPHS = "<p>Đoạn văn giả định về một vụ ma túy, đủ dài để là nội dung của bài viết.</p>" * 2


def hostile_page(inside: str, *, before: str = "") -> bytes:
    return f"{before}<html><head><title>Bài</title></head><body><h1>Bài</h1>{inside}{PARAGRAPHS}</body></html>".encode()


# Markup that a parser, or what reads the tree, takes the square of the time for, or for ever.
PAGES: dict[str, Callable[[], bytes]] = {
    "comments before the page": lambda: hostile_page("", before="<!---->" * 2000),
    "comments in the page": lambda: hostile_page("<!---->" * 95_000),
    "comments with text between": lambda: hostile_page("<!---->x" * 95_000),
    "attributes without values": lambda: hostile_page(f"<p {' '.join(f'a{n}' for n in range(150_000))}>"),
    "attributes with values": lambda: hostile_page("<p " + " ".join(f"a{n}='v'" for n in range(100_000)) + ">"),
    "attributes with brackets in them": lambda: hostile_page(
        "<p " + "".join(f"a{n}='<>'" for n in range(45_000)) + ">"
    ),
    "a date that never ends": lambda: hostile_page(f"<time datetime='{'2020-' * 100_000}'>x</time>"),
    "styles that nearly hide": lambda: hostile_page(f"<p style='{'overflow:hidden' * 60}'>x</p>" * 400),
    "pictures in one block": lambda: hostile_page(f"<p>{'<img>x' * 15_000}</p>"),
    "lists within lists": lambda: hostile_page("<div class='related'>" * 200),
    "zero-width spaces": lambda: hostile_page("a" * 500_000 + "\u200b"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_to_hang_is_read_or_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(PAGES[name]())
    (found,) = read([path])
    assert isinstance(found, Item) or one_sentence(found.reason)


def mail(content_type: str, body: str) -> bytes:
    return f"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    "raw",
    [
        mail(
            "multipart/related; boundary=B0",
            "".join(f"--B{n}\r\nContent-Type: multipart/related; boundary=B{n + 1}\r\n\r\n" for n in range(300))
            + "x\n" * 500_000,
        ),
        mail("multipart/related; boundary=B", f"--B\r\nContent-Type: text/html{';' * 400_000}\r\n\r\n<p>x"),
        mail(f"multipart/related{';' * 400_000} boundary=B", "--B\r\nContent-Type: text/html\r\n\r\n<p>x"),
        mail("multipart/related; boundary=B", "--B\r\nA: b\r\n\r\n" * 200_000),
    ],
    ids=["parts within parts", "parameters of a part", "parameters of the whole", "parts"],
)
def test_a_saved_page_made_to_hang_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.mhtml"
    path.write_bytes(raw)
    (found,) = read([path])
    assert isinstance(found, Rejected)
    assert one_sentence(found.reason)


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 20_000,
        "<a " + " ".join(f"b{n}='1'" for n in range(50_000)) + ">",
        "".join(f"<n{n}:a xmlns:n{n}='u'>" for n in range(20_000)),
    ],
    ids=["depth", "attributes", "namespaces"],
)
def test_a_feed_made_to_hang_is_read_or_refused(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "a.rss"
    path.write_text(f"<rss version='2.0'><channel><item><title>Bài</title>{inside}</item></channel></rss>")
    for found in read([path]):
        assert isinstance(found, Item) or one_sentence(found.reason)


def test_a_page_of_endless_elements_is_read_without_weighing_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trafilatura.bare_extraction", lambda *_given, **_more: pytest.fail("takes minutes"))
    (tmp_path / "a.html").write_bytes(made.page(body="</p><p><b>Đoạn giả định.</b>" * 12_000))
    (item,) = read([tmp_path / "a.html"])
    assert isinstance(item, Item)
    assert item.article.body.count("Đoạn giả định.") > 10_000
