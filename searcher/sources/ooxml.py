"""What Word's and Excel's files have in common: a ZIP of XML parts that refer to each other."""

from __future__ import annotations

import io
import posixpath
import re
import zlib
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from searcher.messages import _
from searcher.sources.document import Document
from searcher.sources.items import Unreadable
from searcher.sources.xmlparts import attribute, events

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
"""What zipfile and XML parsers raise for damaged files."""

_MAX_PARTS: Final = 10_000
_MAX_RELATED: Final = 10_000
_ROOT_WITHIN: Final = 16 * 1024
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?(document|workbook)[\s>]", re.ASCII)


class Related(NamedTuple):
    """A part that another one refers to: the last word of the relation's type, and the part's name."""

    kind: str
    part: str


class Parts:
    """The parts of a document that is a ZIP, by name.

    Raises Unreadable for one with a password, or of more parts than any document has.
    """

    def __init__(self, document: Document, archive: ZipFile) -> None:
        self._document, self._archive = document, archive
        parts = archive.infolist()
        self._parts: dict[str, ZipInfo] = {_part(part.filename): part for part in parts}
        if any(part.flag_bits & 1 for part in parts) or "encryptedpackage" in self._parts:
            raise encrypted()
        if len(parts) > _MAX_PARTS:
            raise Unreadable("unpacked", _("The document has more parts than any document needs."))

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return _part(part) in self._parts

    def open(self, part: str, *, most: int = 0) -> io.BufferedReader:
        """Return the stream of a part.

        Raises KeyError where there is none, and Unreadable for one that is damaged or over `most` bytes.
        """
        info = self._parts[_part(part)]
        if most and info.file_size > most:
            reason = _("The document unpacks to more than {limit} MB.")
            raise Unreadable("unpacked", reason.format(limit=most // 1024**2))
        try:
            stream = self._archive.open(info)
        except BROKEN:
            raise damaged() from None
        return self._document.unpacked(stream, damaged)


class Package(Parts):
    """An Office document, in either of the two namespaces that the standard has.

    Raises Unreadable for one with macros too.
    """

    def __init__(self, document: Document, archive: ZipFile) -> None:
        super().__init__(document, archive)
        if any(name.endswith("vbaproject.bin") for name in self._parts):
            raise Unreadable("macros", _("The document has macros in it; save it without them (.docx, .xlsx)."))

    def main(self) -> tuple[str, str]:
        """Return what the package is, "document" or "workbook" or "" for another kind, and the part that says so."""
        usual = ("word/document.xml", "xl/workbook.xml")
        said = [related.part for related in self.related("").values() if related.kind == "officeDocument"]
        part = next((name for name in (*said, *usual) if name in self._parts), "")
        if not part:
            return "", ""
        found = _ROOT.search(self.open(part).peek(_ROOT_WITHIN)[:_ROOT_WITHIN].replace(b"\x00", b""))
        kinds = {"word/document.xml": "document", "xl/workbook.xml": "workbook"}
        return (found[1].decode("ascii") if found else kinds.get(part, "")), part

    def related(self, part: str) -> dict[str, Related]:
        """Return the parts that a part refers to by the names that it gives them; of "", those of the package."""
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        found: dict[str, Related] = {}
        if self.has(relations):
            for event, element in events(self.open(relations), "Relationship"):
                if event == "end" and len(found) < _MAX_RELATED and element.get("TargetMode") != "External":
                    target = posixpath.join("/", folder, element.get("Target") or "")
                    kind = (element.get("Type") or "").rpartition("/")[2]
                    found[attribute(element, "Id")] = Related(kind, _part(posixpath.normpath(target)))
        return found


def _part(name: str) -> str:
    """Return a part's name in the form in which names are compared: Windows' programs do not mind case and slashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def encrypted() -> Unreadable:
    """Return the rejection of a file that asks for a password."""
    return Unreadable("encrypted", _("The file is protected by a password; save it without one."))


def damaged() -> Unreadable:
    """Return the rejection of a damaged archive or Office document."""
    return Unreadable("zip", _("The archive or document is damaged or breaks off before its end."))
