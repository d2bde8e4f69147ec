"""Mails: the text is an article, and what is attached is read too; the texts are invented."""

from __future__ import annotations

import email.message
import email.policy
from pathlib import Path

from searcher.sources import Item, PassedOver, Rejected, read
from tests.sources import made
from tests.sources.test_formats import day


def mail(text: str = "", *, html: str = "", attached: dict[str, bytes] | None = None) -> email.message.EmailMessage:
    message = email.message.EmailMessage()
    message["From"] = "Phòng Cảnh sát giả định <a@example.vn>"
    message["To"] = "b@example.vn"
    message["Date"] = "Mon, 17 Feb 2020 20:05:00 +0000"
    message["Subject"] = "Thông báo giả định về phòng, chống ma túy"
    if text:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in (attached or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def items(path: Path, message: email.message.EmailMessage) -> list[Item]:
    path.write_bytes(message.as_bytes(policy=email.policy.SMTP))
    found = list(read([path]))
    assert [one for one in found if isinstance(one, Rejected)] == []
    return [one for one in found if isinstance(one, Item)]


def test_a_mail_is_an_article_with_subject_sender_and_date(tmp_path: Path) -> None:
    for name, message in {
        "plain.eml": mail("Đoạn một của thư.\n\nĐoạn hai.\n"),
        "both.eml": mail("Đoạn một của thư.\n\nĐoạn hai.\n", html="<p>khác</p>"),
        "html.eml": mail(html="<html><body><p>Đoạn một của thư.</p><p>Đoạn hai.</p></body></html>"),
        "thu": mail("Đoạn một của thư.\n\nĐoạn hai.\n"),
    }.items():
        (item,) = items(tmp_path / name, message)
        assert item.article.title == "Thông báo giả định về phòng, chống ma túy"
        assert (item.article.lead, item.article.body) == ("Đoạn một của thư.", "Đoạn hai."), name
        assert (item.article.author, day(item.article)) == ("Phòng Cảnh sát giả định", "18/02/2020 03:05")


def test_what_is_attached_is_read_as_a_file(tmp_path: Path) -> None:
    attached = {"ke-hoach.docx": made.word(f"<w:p>{made.run('Kế hoạch')}</w:p><w:p>{made.run('Thân bài.')}</w:p>")}
    attached |= {"trang.zip": made.zipped({"1.html": made.page(1)}), "anh.xyz": b"\x89PNG"}
    found = items(tmp_path / "a.eml", mail("Xem tệp kèm.\n", attached=attached))
    assert [one.article.title for one in found] == [
        "Thông báo giả định về phòng, chống ma túy",
        "Kế hoạch",
        f"{made.TITLE} 1",
    ]
    assert found[1].file == str(tmp_path / "a.eml" / "ke-hoach.docx")
    assert [one.kind for one in read([tmp_path / "a.eml"]) if isinstance(one, PassedOver)] == [".xyz"]


def test_a_hostile_mail_ends(tmp_path: Path) -> None:
    head = b"From: a@b.vn\r\nDate: x\r\nSubject: =?utf-8?b?####?= x\r\nTo: b\r\n"
    nested = b"".join(b'--%d\r\nContent-Type: multipart/mixed; boundary="%d"\r\n\r\n' % (n, n + 1) for n in range(300))
    for content in (
        head + b"Content-Type: text/plain; " + b";" * 400_000 + b"\r\n\r\nabc def",
        head + b'Content-Type: multipart/mixed; boundary="0"\r\n\r\n' + nested + b"a" * 1_000_000,
        head + b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n' + b"--a\r\n\r\nx\r\n" * 50_000,
        head + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 1000,
    ):
        (tmp_path / "a.eml").write_bytes(content)
        assert list(read([tmp_path / "a.eml"]))
