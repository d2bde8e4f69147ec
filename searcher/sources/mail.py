"""Mails as programs save them (.eml): the text is an article, and what is attached is read as if it were a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

import msgspec

from searcher.messages import _
from searcher.sources import text
from searcher.sources.blocks import lines_of
from searcher.sources.charset import charset_of, decode
from searcher.sources.dates import parse_published
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Unreadable
from searcher.sources.mimeparts import Part, parted
from searcher.sources.streams import from_pieces, read_whole
from searcher.sources.trees import parse

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_TEXT_BYTES: Final = 4 * 1024 * 1024
_FIELD: Final = re.compile(rb"^(from|date|subject|to|message-id|received|mime-version|return-path):", re.I | re.M)
_LEAST_FIELDS: Final = 3
_BEGINNING: Final = re.compile(rb"[\w-]+:[^\n]*\n", re.ASCII)


def _recognises(document: Document) -> bool:
    head = document.head.lstrip()
    if not _BEGINNING.match(head):
        return False
    headers = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = {field.lower() for field in _FIELD.findall(headers)}
    return b"from" in found and len(found) >= _LEAST_FIELDS


def _read(document: Document) -> Iterator[Found]:
    mail = parted(read_whole(document.stream, MAX_BYTES).lstrip())
    texts: dict[str, Part] = {}
    attached: list[Part] = []
    for part in mail.leaves():
        if part.name or part.content_type == "message/rfc822":
            attached.append(part)
        elif part.content_type in ("text/plain", "text/html"):
            texts.setdefault(part.content_type, part)
    subject = mail.value("Subject")
    lines = _lines(texts)
    if lines:
        article = text.parse("\n".join([subject, *lines] if subject else lines))
        name, address = parseaddr(mail.value("From"))
        published = article.published or _date(mail)
        yield document.item(msgspec.structs.replace(article, author=name or address, published=published))
    elif not attached:
        raise Unreadable("no_text", _("The mail has no text."))
    for count, part in enumerate(attached, 1):
        stream = from_pieces(iter((part.content(),)))
        place = document.member(part.name or f"{count}.eml")
        yield from document.inner(stream, place=place, named=False)


def _lines(texts: dict[str, Part]) -> list[str]:
    """Return the lines of a mail's text: the plain one where there is one, else those of the page."""
    for kind in ("text/plain", "text/html"):
        part = texts.get(kind)
        if part is None:
            continue
        raw = part.content()[:MAX_TEXT_BYTES]
        shown = decode(raw, charset_of(str(part.headers.get("Content-Type") or ""))).replace("\x00", "")
        if kind == "text/html":
            try:
                found = lines_of(parse(shown))
            except Unreadable:
                found = []
        else:
            found = shown.splitlines()
        if kept := [line for line in found if line.strip()]:
            return kept
    return []


def _date(mail: Part) -> datetime | None:
    try:
        return parse_published(parsedate_to_datetime(mail.value("Date")[:100]).isoformat())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


SOURCE: Final = Source("mail", (".eml",), _recognises, _read)
