"""Files of every kind that is read, made for tests; the text in them is invented."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parent / "pages"
TITLE = "Kiểm tra cơ sở lưu trú giả định"
BODY = "Đoàn kiểm tra giả định đã lập biên bản, nhắc nhở chủ cơ sở và yêu cầu cam kết không để xảy ra mại dâm."


def page(number: int = 1, *, body: str = BODY, host: str = "bao.example.vn", date: str = "17/02/2020 17:05") -> bytes:
    """A page as simple as one can be; its address ends in the number."""
    text = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>{TITLE} {number}</title><link rel="canonical" href="https://{host}/tin/{number}.html"></head>
<body><h1>{TITLE} {number}</h1><p>{date}</p>
<p class="sapo">Đoạn dẫn của bài viết giả định số {number}, do người viết phần mềm đặt ra.</p><div>
<p>{body}</p><p>Bài viết này là giả định, mọi tên người và sự việc trong bài đều không có thật.</p></div></body>"""
    return text.encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(members: dict[str, bytes], *more: tarfile.TarInfo) -> bytes:
    """A TAR of these members, and of links and the like."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in more:
            archive.addfile(member)
    return file.getvalue()


def warc(*records: tuple[str, str, bytes, str], date: str = "2020-02-18T00:00:00Z", packed: bool = True) -> bytes:
    """A WARC of responses (address, status, content, content type), each compressed by itself as crawlers do it."""
    out = bytearray()
    for number, (url, status, content, content_type) in enumerate(records):
        response = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n\r\n".encode() + content
        head = f"""WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n\
WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\nContent-Type: application/http; msgtype=response\r\n\
Content-Length: {len(response)}\r\n\r\n"""
        record = head.encode() + response + b"\r\n\r\n"
        out += gzip.compress(record) if packed else record
    return bytes(out)


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    """An Excel workbook of named sheets of rows."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def document(*lines: str, head: tuple[tuple[str, str], ...] = ()) -> bytes:
    """A Word document: a table of two columns above, then the lines."""
    import docx

    made = docx.Document()
    if head:
        table = made.add_table(len(head), 2)
        for row, cells in zip(table.rows, head, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    for line in lines:
        made.add_paragraph(line)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def pdf(*pages: list[str]) -> bytes:
    """A PDF with a text layer: for each page its lines, set as Word sets them (each letter by its own code)."""
    objects: list[bytes] = [b""] * 5
    letters = sorted({letter.encode("utf-16-be").hex().encode() for lines in pages for letter in "".join(lines)})
    to_unicode = b"\n".join(b"1 beginbfchar <%s> <%s> endbfchar" % (code, code) for code in letters)

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    def stream(content: bytes) -> bytes:
        return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)

    kids = []
    for lines in pages:
        shown = b" ".join(b"<%s> Tj 0 -16 Td" % line.encode("utf-16-be").hex().encode() for line in lines)
        content = add(stream(b"BT /F1 12 Tf 60 780 Td " + shown + b" ET"))
        kids.append(
            add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                b"/Resources << /Font << /F1 3 0 R >> >> >>" % content
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed)
    objects[2] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Times /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    objects[3] = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Times /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    objects[4] = stream(
        b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n" + to_unicode + b"\nendcmap"
    )
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(out),
    )
    return bytes(out)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(*targets: tuple[str, str, str]) -> bytes:
    """The part that says what a part refers to: key, the last word of the type, and the target of each."""
    relations = "".join(f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{to}"/>' for key, kind, to in targets)
    return f"<Relationships>{relations}</Relationships>".encode()


def word(
    body: str, *, namespace: str = W, main: str = "word/document.xml", more: dict[str, bytes] | None = None
) -> bytes:
    """A Word document with this XML as its body."""
    names = 'xmlns:mc="urn:mc" xmlns:wps="urn:wps" xmlns:v="urn:v" xmlns:r="urn:r" xmlns:m="urn:m"'
    text = f'<w:document xmlns:w="{namespace}" {names}><w:body>{body}</w:body></w:document>'
    parts = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": related(("a", "officeDocument", main))}
    return zipped({**parts, main: text.encode(), **(more or {})})


def run(text: str, properties: str = "") -> str:
    """A run of text in a Word document."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def excel(rows: str, *, book: str = "", after: str = "", styles: str = "", texts: str = "") -> bytes:
    """A workbook of one sheet with this XML as its rows."""
    kinds = (("s", "worksheet", "worksheets/s.xml"), ("y", "styles", "styles.xml"), ("t", "sharedStrings", "t.xml"))
    sheets = '<sheets><sheet name="Tin" r:id="s"/></sheets>'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}">{book}{sheets}</workbook>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        "xl/styles.xml": f'<styleSheet xmlns="{S}">{styles}</styleSheet>',
        "xl/t.xml": f'<sst xmlns="{S}">{texts}</sst>',
    }
    all_parts = {name: part.encode() for name, part in parts.items()}
    return zipped({**all_parts, "xl/_rels/workbook.xml.rels": related(*kinds)})


def row(*cells: str, number: int | None = None) -> str:
    """A row of a sheet; a cell that is no XML is text."""
    inner = "".join(cell if cell.startswith("<c") else f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f"<row r='{number}'>{inner}</row>" if number else f"<row>{inner}</row>"


def opendocument(kind: str, body: str, *, styles: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """An OpenDocument file of a kind ("text", "spreadsheet") with this XML as its body."""
    names = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "text", "table", "style", "draw", "fo"))
    text = f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
    text += f"<office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    media_type = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"mimetype": media_type, "content.xml": text.encode(), "meta.xml": b"<x/>", **(more or {})})
