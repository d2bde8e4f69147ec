"""ZIP: every member is read as if it were a file; Office documents, which are ZIPs, are read as what they are."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final
from zipfile import ZipFile, ZipInfo

from searcher.article import VIETNAM
from searcher.messages import _, number
from searcher.sources import docx, opendocument, xlsx
from searcher.sources.archives import is_wanted, no_articles, passed_over, read_member
from searcher.sources.document import MAX_MEMBERS, Document, Exhausted, Found, Source
from searcher.sources.items import PassedOver, Unreadable
from searcher.sources.ooxml import BROKEN, Package, Parts, damaged, encrypted

MAX_DIRECTORY_BYTES: Final = 32 * 1024 * 1024
"""What a ZIP's directory may take: zipfile holds all of it, and ten times as much to look things up."""
_BOMB_BYTES: Final = 256 * 1024 * 1024
_BOMB_RATIO: Final = 150

_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22 + 65_535  # with the longest comment
_END_64: Final = b"PK\x06\x06"
_MEMBER: Final = b"PK\x01\x02"
_MEDIA_TYPE: Final = "mimetype"
"""The part in which OpenDocument files, and electronic books, say what they are."""
_MEDIA_TYPE_BYTES: Final = 200
_PROGRAMS: Final = frozenset({"META-INF/MANIFEST.MF", "AndroidManifest.xml", "Index/Document.iwa"})


def _read(document: Document) -> Iterator[Found]:
    document.budget.spend(archives=1)
    with document.seekable() as file:
        _bound_directory(file)
        try:
            archive = ZipFile(file)
        except BROKEN:
            raise damaged() from None
        with archive:
            _refuse_bomb(archive)
            yield from _read_kind(document, archive)


def _read_kind(document: Document, archive: ZipFile) -> Iterator[Found]:
    names = archive.NameToInfo
    if "[Content_Types].xml" in names:
        try:
            package = Package(document, archive)
            kind, main = package.main()
        except BROKEN:
            raise damaged() from None
        if kind not in ("document", "workbook"):
            raise Unreadable("kind", _("Of Office documents only .docx and .xlsx are read."))
        yield from (docx if kind == "document" else xlsx).read(document, package, main)
    elif _MEDIA_TYPE in names and not names[_MEDIA_TYPE].is_dir():
        parts = Parts(document, archive)
        yield from opendocument.read(document, parts, parts.open(_MEDIA_TYPE).read(_MEDIA_TYPE_BYTES))
    elif not _PROGRAMS.isdisjoint(names):
        raise Unreadable("kind", _("This is a program, or a document of a kind that is not read."))
    else:
        yield from _members(document, archive)


def _bound_directory(file: BinaryIO) -> None:
    """Raise Exhausted where the directory is larger than that of any archive that is read; zipfile asks nothing."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - 76))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise damaged()
    count = struct.unpack_from("<L", tail, at + 12)[0]
    at_64 = tail.rfind(_END_64, 0, at)
    if at_64 >= 0 and len(tail) >= at_64 + 48:
        count = max(count if count != 0xFFFFFFFF else 0, struct.unpack_from("<Q", tail, at_64 + 40)[0])
    directory = min(count, size)
    members = 0
    if directory <= MAX_DIRECTORY_BYTES:
        file.seek(max(0, size - directory - len(tail)))
        members = file.read().count(_MEMBER)
    if directory > MAX_DIRECTORY_BYTES or members > MAX_MEMBERS:
        reason = _("The archive has more than {members} files in it.")
        raise Exhausted("unpacked", reason.format(members=number(MAX_MEMBERS)))
    file.seek(0)


def _refuse_bomb(archive: ZipFile) -> None:
    """Raise Exhausted where the directory names more than text can be packed to; no member gives more than it says."""
    members = archive.infolist()
    packed = sum({member.header_offset: member.compress_size for member in members}.values())
    unpacked = sum(member.file_size for member in members)
    if unpacked > _BOMB_BYTES and unpacked > _BOMB_RATIO * packed:
        reason = _("The archive unpacks to {count} times its size, as no text does: it is made to fill a computer.")
        raise Exhausted("unpacked", reason.format(count=number(unpacked // max(packed, 1))))


def _members(document: Document, archive: ZipFile) -> Iterator[Found]:
    empty = True
    for member in archive.infolist():
        if member.filename.endswith("/"):
            continue
        for one in _member(document, archive, member):
            empty &= isinstance(one, PassedOver)
            yield one
    if empty:
        raise no_articles()


def _member(document: Document, archive: ZipFile, member: ZipInfo) -> Iterator[Found]:
    try:
        if not is_wanted(document, member.filename):
            return
        if (left := passed_over(document, member.filename)) is not None:
            yield left
            return
        if member.flag_bits & 1:
            raise encrypted()
        with archive.open(member) as stream:
            yield from read_member(document, member.filename, stream, _changed(member))
    except Exhausted:
        raise
    except Unreadable as unreadable:
        yield unreadable.at(document.place if unreadable.code == "path" else document.member(member.filename))
    except BROKEN:
        yield damaged().at(document.member(member.filename))


def _changed(member: ZipInfo) -> datetime | None:
    try:
        return datetime(*member.date_time, tzinfo=VIETNAM) if member.date_time[0] > 1980 else None
    except ValueError:
        return None


SUFFIXES: Final = (".zip", ".docx", ".xlsx", ".docm", ".xlsm", ".odt", ".ods", ".ott")
SOURCE: Final = Source("zip", SUFFIXES, lambda document: document.head.startswith(_MARKS), _read)
