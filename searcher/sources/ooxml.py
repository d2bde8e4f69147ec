"""What Word's and Excel's files have in common: a ZIP of XML parts, of which some should not be opened."""

from __future__ import annotations

import re
import zlib
from typing import Final
from zipfile import BadZipFile, ZipFile

from searcher.messages import _
from searcher.sources.items import Unreadable

BROKEN: Final = (
    BadZipFile,
    zlib.error,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What zipfile, XML parsers, openpyxl and python-docx raise for damaged files."""

_DECLARATIONS: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEAD_BYTES: Final = 4096
_MAX_PARTS: Final = 10_000


def refuse(archive: ZipFile, most: int, *, streamed: str = "") -> None:
    """Raise Unreadable for a document with macros, with entities, with a password or of parts over `most` bytes.

    Parts in the folder `streamed` count for nothing: they are read as they come.
    """
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros", _("The document has macros in it; save it without them (.docx, .xlsx)."))
    if any(part.flag_bits & 1 for part in parts) or "encryptedpackage" in names:
        raise encrypted()
    if (
        len(parts) > _MAX_PARTS
        or sum(part.file_size for part in parts if not (streamed and part.filename.startswith(streamed))) > most
    ):
        reason = _("The document unpacks to more than {limit} MB.")
        raise Unreadable("unpacked", reason.format(limit=most // 1024**2))
    try:
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as opened:
                    if _DECLARATIONS.search(opened.read(_HEAD_BYTES).replace(b"\x00", b"")):
                        raise Unreadable("entities", _("The XML declares entities of its own, which are not expanded."))
    except BROKEN:
        raise damaged() from None


def encrypted() -> Unreadable:
    """Return the rejection of a file that asks for a password."""
    return Unreadable("encrypted", _("The file is protected by a password; save it without one."))


def damaged() -> Unreadable:
    """Return the rejection of a damaged archive or Office document."""
    return Unreadable("zip", _("The archive or document is damaged or breaks off before its end."))
