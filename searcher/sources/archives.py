"""ZIP and TAR: every member that may hold an article is read as if it were a file; nothing is written to disk."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any, Final, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from searcher.article import VIETNAM
from searcher.messages import _, number
from searcher.sources import docx, xlsx
from searcher.sources.document import Document, Exhausted, Found, Source, moment
from searcher.sources.items import PassedOver, Rejected, Unreadable
from searcher.sources.names import is_left_out, is_passed_over, kind
from searcher.sources.ooxml import damaged, encrypted
from searcher.sources.streams import spooled

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


def _is_wanted(document: Document, name: str) -> bool:
    """Whether a member, now taken from the budget, is to be read; raises Unreadable for a path that leads out."""
    document.budget.spend(members=1)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts[:1] and ":" in path.parts[0]):
        raise Unreadable("path", _("The archive names a file outside of itself, which is left out."))
    return not (is_left_out(path.name) or any(is_left_out(folder, folder=True) for folder in path.parts[:-1]))


def _passed_over(document: Document, name: str) -> PassedOver | None:
    """Return what is said of a member that is left alone for its name, None where it is to be read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return PassedOver(document.member(name), kind(last)) if is_passed_over(last) else None


def _inner(document: Document, name: str, stream: IO[bytes], saved: datetime | None) -> Iterator[Found]:
    place = document.member(name)
    unpacked = document.unpacked(stream, damaged)
    return document.inner(unpacked, place=place, saved=saved or document.saved, named=False)


# --- ZIP -------------------------------------------------------------------------------------------------------------


def _read_zip(document: Document) -> Iterator[Found]:
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
            if not _is_wanted(document, member.filename):
                continue
            if (passed_over := _passed_over(document, member.filename)) is not None:
                yield passed_over
                continue
            if member.flag_bits & 1:
                raise encrypted()
            with archive.open(member) as stream:
                for one in _inner(document, member.filename, stream, _changed(member)):
                    empty &= isinstance(one, PassedOver)
                    yield one
        except Exhausted:
            raise
        except Unreadable as unreadable:
            empty = False
            yield unreadable.at(document.place if unreadable.code == "path" else document.member(member.filename))
        except _BROKEN:
            empty = False
            yield damaged().at(document.member(member.filename))
    if empty:
        raise _no_articles()


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
        with tarfile.open(fileobj=document.unpacked(document.stream, damaged), mode="r|", errorlevel=1) as archive:
            for member in archive:
                cast(Any, archive).members.clear()  # tarfile would keep them all
                if member.isdir():
                    continue
                for one in _read_member(document, archive, member):
                    empty &= isinstance(one, PassedOver)
                    said = isinstance(one, Rejected) and one.code == damaged().code
                    yield one
    except Unreadable:
        raise
    except _BROKEN:
        if not said:  # of the member in which it breaks off
            raise damaged() from None
    if empty:
        raise _no_articles()


def _read_member(document: Document, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[Found]:
    try:
        if not _is_wanted(document, member.name):
            return
        if (passed_over := _passed_over(document, member.name)) is not None:
            yield passed_over
            return
        stream = archive.extractfile(member) if member.isreg() else None
        if stream is None:
            raise Unreadable("not_a_file", _("This is a link or a device in an archive, not a file."))
        yield from _inner(document, member.name, stream, moment(member.mtime))
    except Exhausted:
        raise
    except Unreadable as unreadable:
        yield unreadable.at(document.place if unreadable.code == "path" else document.member(member.name))


def _no_articles() -> Unreadable:
    return Unreadable("no_articles", _("The archive has no file that could hold an article."))


def _is_tar(document: Document) -> bool:
    return document.head[257:262] == b"ustar"


ZIP: Final = Source(
    "zip", (".zip", ".docx", ".xlsx", ".docm", ".xlsm"), lambda document: document.head.startswith(_ZIP), _read_zip
)
TAR: Final = Source("tar", (".tar", ".tgz"), _is_tar, _read_tar)
