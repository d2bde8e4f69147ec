"""Office documents: all that a reader sees in them is read, and nothing else; the texts are invented."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from searcher.article import Article
from searcher.sources import Item, Rejected, read
from tests.sources import made
from tests.sources.made import run
from tests.sources.test_formats import day

HEROIN = "05 bánh heroin"
TITLE = f"<w:p>{run('Bài viết giả định')}</w:p>"
END = f"<w:p>{run('Đoạn cuối của bài.')}</w:p>"
CELL = "<w:tc><w:p>@</w:p></w:tc>"
BOX = "<w:txbxContent><w:p>@</w:p></w:txbxContent>"
DRAWN = f"<mc:Choice><wps:txbx>{BOX}</wps:txbx></mc:Choice>"
DRAWN_BEFORE = f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"

OTHER = "<mc:Fallback>@</mc:Fallback>"

# XML of a document's body; '@' stands for a run of text.
WRAPPED = {
    "a smart tag": "<w:p><w:smartTag>@</w:smartTag></w:p>",
    "smart tags in each other": "<w:p><w:smartTag><w:smartTag>@</w:smartTag></w:smartTag></w:p>",
    "a tracked insertion": "<w:p><w:ins>@</w:ins></w:p>",
    "moved text": "<w:p><w:moveTo>@</w:moveTo></w:p>",
    "a content control in a line": "<w:p><w:sdt><w:sdtPr/><w:sdtContent>@</w:sdtContent></w:sdt></w:p>",
    "a content control of paragraphs": "<w:sdt><w:sdtContent><w:p>@</w:p></w:sdtContent></w:sdt>",
    "a content control of rows": f"<w:tbl><w:sdt><w:sdtContent><w:tr>{CELL}</w:tr></w:sdtContent></w:sdt></w:tbl>",
    "a content control of a cell": f"<w:tbl><w:tr><w:sdt><w:sdtContent>{CELL}</w:sdtContent></w:sdt></w:tr></w:tbl>",
    "a simple field": "<w:p><w:fldSimple>@</w:fldSimple></w:p>",
    "a field": "<w:p><w:r><w:instrText>DATE</w:instrText></w:r>@</w:p>",
    "a link": "<w:p><w:hyperlink>@</w:hyperlink></w:p>",
    "custom XML": "<w:customXml><w:p><w:customXml>@</w:customXml></w:p></w:customXml>",
    "a direction": "<w:p><w:dir><w:bdo>@</w:bdo></w:dir></w:p>",
    "a text box": f"<w:p><w:r><mc:AlternateContent>{DRAWN}{DRAWN_BEFORE}</mc:AlternateContent></w:r></w:p>",
    "an old text box": f"<w:p><w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r></w:p>",
    "a choice without text": f"<w:p><mc:AlternateContent><mc:Choice/>{OTHER}</mc:AlternateContent></w:p>",
    "a table in a table": f"<w:tbl><w:tr><w:tc><w:tbl><w:tr>{CELL}</w:tr></w:tbl></w:tc></w:tr></w:tbl>",
    "letters below others": "<w:p><w:ruby><w:rt><w:t>x</w:t></w:rt><w:rubyBase>@</w:rubyBase></w:ruby></w:p>",
    "what is not hidden": "<w:p><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>05 bánh heroin</w:t></w:r></w:p>",
}
NOT_SHOWN = {
    "deleted text": "<w:p><w:del><w:r><w:delText>BÍ MẬT</w:delText></w:r></w:del></w:p>",
    "text moved away": "<w:p><w:moveFrom>@</w:moveFrom></w:p>",
    "a deleted row": f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{CELL}</w:tr></w:tbl>",
    "hidden text": "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>BÍ MẬT</w:t></w:r></w:p>",
    "text in a hidden style": "<w:p><w:r><w:rPr><w:rStyle w:val='An2'/></w:rPr><w:t>BÍ MẬT</w:t></w:r></w:p>",
    "a paragraph in a hidden style": "<w:p><w:pPr><w:pStyle w:val='An'/></w:pPr>@</w:p>",
    "what a field is made of": "<w:p><w:r><w:instrText>BÍ MẬT</w:instrText></w:r></w:p>",
}
STYLES = f"""<w:styles xmlns:w="{made.W}"><w:style w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="An2"><w:basedOn w:val="An"/></w:style></w:styles>""".encode()
MORE = {
    "word/_rels/document.xml.rels": made.related(("s", "styles", "styles.xml"), ("f", "footnotes", "footnotes.xml")),
    "word/styles.xml": STYLES,
}


def the_article(path: Path, content: bytes) -> Article:
    path.write_bytes(content)
    (found,) = read([path])
    assert isinstance(found, Item), found
    return found.article


@pytest.mark.parametrize("namespace", [made.W, made.STRICT])
@pytest.mark.parametrize("name", WRAPPED)
def test_text_in_word_counts_once_whatever_wraps_it(tmp_path: Path, name: str, namespace: str) -> None:
    found = the_article(
        tmp_path / "a.docx", made.word(TITLE + WRAPPED[name].replace("@", run(HEROIN)) + END, namespace=namespace)
    )
    assert (found.title, found.body) == ("Bài viết giả định", "Đoạn cuối của bài.")
    assert found.lead.count(HEROIN) == 1


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_what_word_does_not_show_is_not_read(tmp_path: Path, name: str) -> None:
    found = the_article(
        tmp_path / "a.docx", made.word(TITLE + NOT_SHOWN[name].replace("@", run("BÍ MẬT")) + END, more=MORE)
    )
    assert (found.title, found.lead, found.body) == ("Bài viết giả định", "", "Đoạn cuối của bài.")


def test_notes_stand_below_the_text(tmp_path: Path) -> None:
    note = f"<w:footnote><w:p>{run('Chú thích về ketamine.')}</w:p></w:footnote>"
    notes = f'<w:footnotes xmlns:w="{made.W}">{note}</w:footnotes>'
    found = the_article(tmp_path / "a.docx", made.word(TITLE + END, more=MORE | {"word/footnotes.xml": notes.encode()}))
    assert found.body.splitlines() == ["Đoạn cuối của bài.", "Chú thích về ketamine."]


def test_the_main_part_is_where_the_document_says_it_is(tmp_path: Path) -> None:
    found = the_article(tmp_path / "a.docx", made.word(TITLE + END, main="word/document2.xml"))
    assert found.body == "Đoạn cuối của bài."


def test_a_document_that_includes_a_page_gives_the_page(tmp_path: Path) -> None:
    relations = made.related(("c", "aFChunk", "chunk.html"))
    more = {"word/_rels/document.xml.rels": relations, "word/chunk.html": made.page(1)}
    found = the_article(tmp_path / "a.docx", made.word("<w:altChunk r:id='c'/>", more=more))
    assert found.title == f"{made.TITLE} 1"


def test_a_document_of_endless_paragraphs_is_read_as_far_as_the_limit(tmp_path: Path) -> None:
    content = made.word(TITLE + END + "<w:p/>" * 300_000)
    (tmp_path / "a.docx").write_bytes(content)
    found, more = read([tmp_path / "a.docx"])
    assert isinstance(found, Item)
    assert isinstance(more, Rejected)
    assert more.reason == "Only the first 200,000 paragraphs of the document are read."


# --- workbooks -------------------------------------------------------------------------------------------------------

HEADINGS = made.row("Tiêu đề", "Nội dung", "Ngày đăng", "Tỉnh")


def articles(path: Path, content: bytes) -> tuple[list[Article], list[Rejected]]:
    path.write_bytes(content)
    found = list(read([path]))
    return [one.article for one in found if isinstance(one, Item)], [one for one in found if isinstance(one, Rejected)]


def test_merged_cells_fill_the_rows_that_they_span(tmp_path: Path) -> None:
    rows = [
        HEADINGS,
        made.row("Một", "Thân một", "17/02/2020", "Sơn La"),
        made.row("Hai", "Thân hai"),
        made.row("Ba", "Thân ba"),
    ]
    after = '<mergeCells><mergeCell ref="C2:C3"/><mergeCell ref="D2:D4"/></mergeCells>'
    found, _rejected = articles(tmp_path / "a.xlsx", made.excel("".join(rows), after=after))
    assert [day(one) if one.published else None for one in found] == ["17/02/2020 00:00"] * 2 + [None]
    assert [one.provinces for one in found] == [("Sơn La",)] * 3


def test_a_date_is_a_number_since_1900_or_since_1904(tmp_path: Path) -> None:
    styles = '<numFmts><numFmt numFmtId="170" formatCode="[$-42A]dd/mm/yyyy hh:mm"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="14"/></cellXfs>'
    for serial, book in ((43878.5, ""), (42416.5, '<workbookPr date1904="1"/>')):
        cells = [f'<c s="{style}"><v>{serial}</v></c>' for style in (0, 1, 2)]
        rows = HEADINGS + "".join(made.row(f"Bài {at}", "Thân", cell) for at, cell in enumerate(cells))
        found, _rejected = articles(tmp_path / "a.xlsx", made.excel(rows, book=book, styles=styles))
        assert [day(one) for one in found] == ["17/02/2020 12:00"] * 3


def test_texts_are_unescaped_and_marks_of_errors_are_none(tmp_path: Path) -> None:
    texts = "<si><r><t>Bài </t></r><r><t>một</t></r><rPh><t>x</t></rPh></si><si><t>Dòng một_x000D_\nDòng hai</t></si>"
    cells = ('<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>', '<c t="e"><v>#N/A</v></c>', "#N/A")
    found, rejected = articles(tmp_path / "a.xlsx", made.excel(HEADINGS + made.row(*cells), texts=texts))
    assert (found[0].title, found[0].body.split()) == ("Bài một", ["Dòng", "một", "Dòng", "hai"])
    assert found[0].provinces is None
    assert found[0].published is None
    assert rejected == []


def test_formulas_that_were_never_calculated_are_said(tmp_path: Path) -> None:
    rows = HEADINGS + made.row("<c><f>A1</f></c>", "Thân") + made.row("<c><f>A1</f><v>3</v></c>", "Thân hai")
    found, (rejected,) = articles(tmp_path / "a.xlsx", made.excel(rows))
    assert [one.title for one in found] == ["", "3"]
    assert (rejected.code, "(1)" in rejected.reason) == ("formulas", True)


def test_headings_that_are_repeated_are_no_article(tmp_path: Path) -> None:
    rows = HEADINGS + made.row("Một", "Thân") + HEADINGS + made.row("Hai", "Thân")
    found, rejected = articles(tmp_path / "a.xlsx", made.excel(rows))
    assert ([one.title for one in found], rejected) == (["Một", "Hai"], [])


def test_a_cell_far_to_the_right_costs_nothing(tmp_path: Path) -> None:
    rows = HEADINGS + made.row("Một", "Thân", '<c r="XFD2"><v>1</v></c>', number=1_000_000)
    found, _rejected = articles(tmp_path / "a.xlsx", made.excel(rows))
    assert [one.title for one in found] == ["Một"]


def test_a_workbook_in_the_strict_namespace_is_one(tmp_path: Path) -> None:
    content = made.excel(HEADINGS + made.row("Một", "Thân"))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.infolist():
            text = old.read(part).replace(made.S.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            text = text.replace(made.R.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            new.writestr(part.filename, text)
    strict = file.getvalue()
    assert [one.title for one in articles(tmp_path / "a.xlsx", strict)[0]] == ["Một"]


# --- OpenDocument, Rich Text, Markdown -------------------------------------------------------------------------------

ODT = """<text:tracked-changes><text:p>BÍ MẬT</text:p></text:tracked-changes><text:h>Bài viết giả định</text:h>
<text:p>17/02/2020</text:p><text:p>Thu <text:span>05<text:s text:c="2"/>bánh</text:span> heroin<text:note>
<text:note-citation>1</text:note-citation><text:note-body><text:p>Chú thích.</text:p></text:note-body></text:note>
<office:annotation><text:p>BÍ MẬT</text:p></office:annotation>.</text:p>
<text:p><draw:frame><draw:text-box><text:p>Khung chữ.</text:p></draw:text-box></draw:frame></text:p>
<text:p text:style-name="An">BÍ MẬT</text:p><text:section text:display="none"><text:p>BÍ MẬT</text:p></text:section>
<table:table><table:table-row><table:table-cell><text:p>Một</text:p></table:table-cell><table:table-cell>
<text:p>Hai</text:p></table:table-cell></table:table-row></table:table>"""
AN = '<style:style style:name="An"><style:text-properties text:display="none"/></style:style>'


def test_an_opendocument_text_is_read_like_one_of_word(tmp_path: Path) -> None:
    found = the_article(tmp_path / "a.odt", made.opendocument("text", ODT, styles=AN))
    assert (found.title, day(found), found.lead) == ("Bài viết giả định", "17/02/2020 00:00", "Chú thích.")
    lines = [" ".join(line.split()) for line in found.body.splitlines()]
    assert lines == ["Thu 05 bánh heroin .", "Khung chữ.", "Một | Hai"]


def test_an_opendocument_sheet_is_a_table(tmp_path: Path) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    far = '<table:table-cell table:number-columns-repeated="16381"/>'
    date = 'office:value-type="date" office:date-value="2020-02-17" table:number-rows-spanned="2"'
    rows = [
        cell("Tiêu đề") + cell("Nội dung") + cell("Ngày đăng") + far,
        cell("Một") + cell("Thân") + cell("17/02/20", date),
        cell("Hai") + cell("Thân") + "<table:covered-table-cell/>",
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    body += '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/></table:table-row>'
    content = made.opendocument("spreadsheet", f'<table:table table:name="Tin">{body}</table:table>')
    found, rejected = articles(tmp_path / "a.ods", content)
    assert [(one.title, day(one)) for one in found] == [("Một", "17/02/2020 00:00"), ("Hai", "17/02/2020 00:00")]
    assert rejected == []


def test_other_kinds_of_opendocument_are_refused(tmp_path: Path) -> None:
    _found, (rejected,) = articles(tmp_path / "a.odp", made.opendocument("presentation", "<x/>"))
    assert rejected.code == "kind"


def rtf(text: str) -> str:
    return "".join(letter if ord(letter) < 128 else f"\\u{ord(letter)}?" for letter in text)


def test_rich_text_is_read_without_pictures_and_hidden_text(tmp_path: Path) -> None:
    lines = [
        "Bài viết giả định",
        "17/02/2020",
        "Thu 05 bánh heroin{\\v BÍ MẬT}.",
        "Đoạn cuối \\'e1.",
        "{\\pict 89504e47" + "00" * 99 + "}",
    ]
    content = "{\\rtf1\\ansi\\ansicpg1258\\uc1 " + "\\par ".join(map(rtf, lines)) + "}"
    found = the_article(tmp_path / "a.rtf", content.encode("ascii"))
    assert (found.title, day(found), found.lead) == (lines[0], "17/02/2020 00:00", "Thu 05 bánh heroin.")
    assert found.body == "Đoạn cuối á."


def test_markdown_is_read_without_its_marks(tmp_path: Path) -> None:
    text = """---
title: "Bài viết giả định"
date: 2020-02-17
author: An
---

# Bài viết giả định

Thu **05 bánh** _heroin_ tại tieu_khu_5, [xem thêm](https://a.example.vn/x).

> Lời dẫn có ![ảnh](a.png)
"""
    found = the_article(tmp_path / "a.md", text.encode())
    assert (found.title, day(found), found.author) == ("Bài viết giả định", "17/02/2020 00:00", "An")
    assert found.lead == "Thu 05 bánh heroin tại tieu_khu_5, xem thêm."
    assert found.body == "Lời dẫn có ảnh"


def test_a_pdf_that_does_not_say_its_letters_is_refused(tmp_path: Path) -> None:
    for text in (
        "\x03\x04\x05\x06 " * 20,
        "\ue000\ue001\ue002 " * 20,
        "/g12/g34/g56 " * 20,
        "QK DQJ WL QK VRQ OD PD WX " * 9,
    ):
        (tmp_path / "a.pdf").write_bytes(made.pdf([text]))
        (rejected,) = read([tmp_path / "a.pdf"])
        assert isinstance(rejected, Rejected)
        assert (rejected.code, "OCR" in rejected.reason) == ("letters", True), json.dumps(text)
