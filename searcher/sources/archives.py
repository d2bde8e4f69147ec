"""ZIP and TAR: every member that may hold an article is read as if it were a file; nothing is written to disk."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, Final, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from searcher.article import VIETNAM
from searcher.messages import _, number
from searcher.sources.document import Document, Exhausted, Found, Source
from searcher.sources.items import Rejected, Unreadable
from searcher.sources.ooxml import damaged, encrypted
from searcher.sources.streams import blocks, from_pieces, spooled

MAX_ZIP_BYTES: Final = 8 * 1024 * 1024 * 1024
_BOMB_BYTES: Final = 256 * 1024 * 1024
_BOMB_RATIO: Final = 150

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BROKEN: Final = (
    BadZipFile,
    EOFError,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    tarfile.TarError,
)


def metered(document: Document, stream: IO[bytes]) -> io.BufferedReader:
    """Return a stream of which each block is taken from the document's budget."""

    def pieces() -> Iterator[bytes]:
        for block in blocks(cast(BinaryIO, stream)):
            document.budget.spend(unpacked_bytes=len(block))
            yield block

    return from_pieces(pieces())


def read_member(document: Document, name: str, stream: IO[bytes], saved: datetime | None) -> Iterator[Found]:
    """Yield what a member of an archive holds; what can't be read of it is a rejection with its place."""
    from searcher.sources.formats import read_document

    place = document.member(name)
    try:
        yield from read_document(document.within(metered(document, stream), place, saved=saved or document.saved))
    except Exhausted:
        raise
    except Unreadable as unreadable:
        yield unreadable.at(place)
    except _BROKEN:
        yield damaged().at(place)


def _wanted(document: Document, name: str) -> bool:
    """Whether a member, now taken from the budget, may hold an article; raises Unreadable for a path that leads out."""
    from searcher.sources.discovery import may_hold_articles

    document.budget.spend(members=1)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts[:1] and ":" in path.parts[0]):
        raise Unreadable("path", _("The archive names a file outside of itself, which is left out."))
    return all(may_hold_articles(folder, folder=True) for folder in path.parts[:-1]) and may_hold_articles(path.name)


# --- ZIP -------------------------------------------------------------------------------------------------------------


def _read_zip(document: Document) -> Iterator[Found]:
    from searcher.sources import docx, xlsx

    document.budget.spend(archives=1)
    with spooled(document.stream, MAX_ZIP_BYTES) as file:
        try:
            archive = ZipFile(file)
            names = set(archive.namelist())
        except _BROKEN:
            raise damaged() from None
        with archive:
            _refuse_bomb(archive)
            if "[Content_Types].xml" in names:
                office = docx if "word/document.xml" in names else xlsx if "xl/workbook.xml" in names else None
                if office is None:
                    raise Unreadable("kind", _("Of Office documents only .docx and .xlsx are read."))
                yield from office.read(document, file, archive)
            else:
                yield from _members(document, archive)


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
        if member.is_dir():
            continue
        try:
            if not _wanted(document, member.filename):
                continue
            empty = False
            if member.flag_bits & 1:
                raise encrypted()
            with archive.open(member) as stream:
                yield from read_member(document, member.filename, stream, _changed(member))
        except Exhausted:
            raise
        except Unreadable as unreadable:
            empty = False
            yield unreadable.at(document.place if unreadable.code == "path" else document.member(member.filename))
        except _BROKEN:
            yield damaged().at(document.member(member.filename))
    if empty:
        raise Unreadable("no_articles", _("The archive has no file that could hold an article."))


def _changed(member: ZipInfo) -> datetime | None:
    try:
        return datetime(*member.date_time, tzinfo=VIETNAM) if member.date_time[0] > 1980 else None
    except ValueError:
        return None


# --- TAR -------------------------------------------------------------------------------------------------------------


def _read_tar(document: Document) -> Iterator[Found]:
    document.budget.spend(archives=1)
    empty, said = True, False
    try:
        # As a stream: one pass, and nothing of it is kept.
        with tarfile.open(fileobj=metered(document, document.stream), mode="r|", errorlevel=1) as archive:
            for member in archive:
                cast(Any, archive).members.clear()  # tarfile would keep them all
                if member.isdir():
                    continue
                try:
                    if not _wanted(document, member.name):
                        continue
                    empty = False
                    stream = archive.extractfile(member) if member.isreg() else None
                    if stream is None:
                        raise Unreadable("not_a_file", _("This is a link or a device in an archive, not a file."))
                    saved = datetime.fromtimestamp(member.mtime, VIETNAM) if member.mtime > 0 else None
                    for one in read_member(document, member.name, stream, saved):
                        said = isinstance(one, Rejected) and one.code == damaged().code
                        yield one
                except Exhausted:
                    raise
                except Unreadable as unreadable:
                    empty = False
                    yield unreadable.at(document.place if unreadable.code == "path" else document.member(member.name))
    except _BROKEN:
        if not said:  # of the member in which it breaks off
            raise damaged() from None
    if empty:
        raise Unreadable("no_articles", _("The archive has no file that could hold an article."))


def _is_tar(document: Document) -> bool:
    return document.head[257:262] == b"ustar"


ZIP: Final = Source(
    "zip", (".zip", ".docx", ".xlsx", ".docm", ".xlsm"), lambda document: document.head.startswith(_ZIP), _read_zip
)
TAR: Final = Source("tar", (".tar", ".tgz"), _is_tar, _read_tar)
