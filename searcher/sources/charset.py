"""From the bytes of a page to its text: what the bytes are comes before what they are said to be.

Pages of Vietnamese sites are UTF-8, whatever their headers say, except old ones: windows-1258, and UTF-16 where a
browser or Office saved them. Legacy fonts (TCVN3, VNI) are no charset and stay as they are; analysis knows them. Of
what a page names, only the charsets of the web count (charsets.tsv): Python's own, such as idna, are none of text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

from searcher.analysis.legacy import decode_legacy
from searcher.analysis.syllable import split

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=[\s\"']{0,9}([\w.:-]{2,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})", re.IGNORECASE)
_IN_HEADER: Final = re.compile(r"charset\s{0,9}=[\s\"']{0,9}([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN: Final = 8192
# Said of pages, and seldom true of Vietnamese ones: what can't hold Vietnamese is read as what can.
_MEANT: Final = {"cp1252": "windows-1258", "cp1258": "windows-1258"}
_UTF16_SHARE: Final = 0.2
_ASCII: Final = bytes(range(128))
_LETTERS_A_SLIP: Final = 20
_BYTES_A_LETTER: Final = 2
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SAMPLE_CHARS: Final = 20_000
_LEAST_WORDS, _VIETNAMESE = 2, 0.8


def charset_of(content_type: str) -> str:
    """Return the charset that a Content-Type header names, or nothing.

    >>> charset_of('text/html; charset="windows-1258"')
    'windows-1258'
    """
    found = _IN_HEADER.search(content_type)
    return found[1].lower() if found else ""


def _utf16_without_mark(raw: bytes) -> str:
    """Return the UTF-16 that text without a byte order mark is by where its zero bytes stand, or nothing."""
    head = raw[:2048]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) * _UTF16_SHARE / 2:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


@cache
def _charsets() -> dict[str, str]:
    table = resources.files(__package__).joinpath("charsets.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {label: name for name, labels in rows for label in labels.split()}


def _declared(raw: bytes, hint: str) -> str:
    head = raw[:_DECLARED_WITHIN]
    found = _META.search(head) or _XML.search(head)
    for label in (hint, found[1].decode("ascii", "replace") if found else ""):
        if name := _charsets().get(label.strip().lower()):
            return _MEANT.get(name, name)
    return "windows-1258"


def detect(raw: bytes, hint: str = "") -> str:
    """Return the name of the charset of a text, of which `raw` may be the beginning only.

    In this order: a byte order mark; UTF-16 by its zero bytes; UTF-8 where the bytes are (all but a few of them, as in
    a page cut off within a letter); the charset of `hint` (a header), of a meta element or the XML declaration;
    windows-1258.
    """
    for mark, charset in _BOMS:
        if raw.startswith(mark):
            return charset
    if charset := _utf16_without_mark(raw):
        return charset
    wrong = raw.decode("utf-8", "replace").count("\ufffd")
    if not wrong or wrong * _LETTERS_A_SLIP < len(raw.translate(None, _ASCII)) / _BYTES_A_LETTER:
        return "utf-8"
    return _declared(raw, hint)


def decode(raw: bytes, hint: str = "") -> str:
    """Return the text of a page or table, composed (NFC); bytes that the charset does not have become U+FFFD.

    >>> decode("phòng, chống ma túy".encode("utf-8"), hint="iso-8859-1")
    'phòng, chống ma túy'
    """
    return unicodedata.normalize("NFC", raw.decode(detect(raw, hint), "replace"))


def decode_single_bytes(raw: bytes) -> str:
    """Return the text of bytes that are no UTF-8, where it is Vietnamese beyond doubt, else nothing.

    It is in windows-1258, or in the letters of an old font, which stay as they are.
    """
    if _BINARY.search(raw):
        return ""
    text = unicodedata.normalize("NFC", raw.decode("windows-1258", "replace"))
    words = [word for word in _WORD.findall(text[:_SAMPLE_CHARS]) if not word.isascii()]
    if len(words) >= _LEAST_WORDS and sum(split(word.lower()) is not None for word in words) >= _VIETNAMESE * len(
        words
    ):
        return text
    old = raw.decode("cp1252", "replace")
    return old if decode_legacy(old) != old else ""
