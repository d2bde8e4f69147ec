"""Rich Text Format: documents as old Word, WordPad and many programs of offices save them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from searcher.messages import _
from searcher.sources.document import Document, Found, Source
from searcher.sources.extras import extra
from searcher.sources.items import Unreadable
from searcher.sources.notices import parse
from searcher.sources.streams import read_whole

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_TEXT_BYTES: Final = 8 * 1024 * 1024
"""The same without pictures: what is parsed."""
MAX_DEPTH: Final = 1000
MAX_FONTS: Final = 1000
MAX_FONT_BYTES: Final = 128 * 1024
_FONTS: Final = b"\\fonttbl"
_BEGINS: Final = b"{\\rtf"
_CODEPAGE: Final = re.compile(rb"\\ansicpg(\d{3,5})")
# Long runs of hexadecimal digits are pictures and other objects.
_HEXADECIMAL: Final = re.compile(rb"(?:[0-9A-Fa-f]{64,}+\s*+)+")
_BINARY: Final = re.compile(rb"\\bin(\d{1,9}) ?")
_HIDDEN: Final = re.compile(
    rb"\\(?:v|deleted)(?![a-z0-9-])"
    rb"(?:[^{}\\]|\\'..|\\(?!v0|deleted0|plain|pard?\b|line\b|tab\b)[a-z]{1,32}-?\d{0,10} ?)*+"
)
_NO_CHARACTER: Final = re.compile(rb"\\u-?\d{6,}")
_HALVES: Final = re.compile("[\ud800-\udfff]")


def _read(document: Document) -> Iterator[Found]:
    striprtf = extra("striprtf.striprtf")
    raw = _without_unseen(read_whole(document.stream, MAX_BYTES))
    if len(raw) > MAX_TEXT_BYTES or raw.count(b"{") > MAX_TEXT_BYTES // 16:
        raise Unreadable("too_large", _("The document has more markup than any article."))
    _bound_fonts(raw)
    said = _CODEPAGE.search(raw, 0, 4096)
    codepage = f"cp{said[1].decode('ascii')}" if said else "cp1252"
    try:
        text = striprtf.rtf_to_text(raw.decode("latin-1"), encoding=codepage, errors="replace")
    except (LookupError, ValueError, TypeError, OverflowError, RecursionError):
        raise Unreadable("rtf", _("The document is damaged.")) from None
    if _HALVES.search(text):  # RTF writes characters beyond the first 65,536 as two halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    yield document.item(parse(map(_row, text.replace("\x00", "").splitlines())))


def _row(line: str) -> str:
    """Return a line, with the cells of a table's row parted as in other documents."""
    return " | ".join(cell.strip() for cell in line[:-1].split("|") if cell.strip()) if line.endswith("|") else line


def _bound_fonts(raw: bytes) -> None:
    """Raise Unreadable where the table of fonts is larger than any document's: it takes the square of the time."""
    start = raw.find(_FONTS)
    if start < 0:
        return
    depth, end = 1, len(raw)
    for brace in re.finditer(rb"[{}]", raw[start : start + MAX_FONT_BYTES + 1]):
        depth += 1 if brace[0] == b"{" else -1
        if not depth:
            end = start + brace.end()
            break
    if end - start > MAX_FONT_BYTES or len(re.findall(rb"\\f\d", raw[start:end])) > MAX_FONTS:
        raise Unreadable("too_large", _("The document has more markup than any article."))


def _without_unseen(raw: bytes) -> bytes:
    """Return the document without pictures and other objects, and without what is hidden or deleted."""
    pieces: list[bytes] = []
    at = 0
    while found := _BINARY.search(raw, at):
        pieces.append(raw[at : found.start()])
        at = found.end() + int(found[1])
    pieces.append(raw[at:])
    # What a field is made of, such as the address of a link, is no text.
    plain = _HEXADECIMAL.sub(b"", b"".join(pieces)).replace(b"\\fldinst", b"\\*\\unseen")
    return _HIDDEN.sub(b"", _NO_CHARACTER.sub(b"\\\\u-3", plain))


SOURCE: Final = Source("rtf", (".rtf",), lambda document: document.head.lstrip().startswith(_BEGINS), _read)
