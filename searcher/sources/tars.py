"""TAR: every member is read as if it were a file, in one pass, of which nothing is kept."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import Any, Final, cast

from searcher.messages import _
from searcher.sources.archives import is_wanted, no_articles, passed_over, read_member
from searcher.sources.document import Document, Exhausted, Found, Source, moment
from searcher.sources.items import PassedOver, Rejected, Unreadable
from searcher.sources.ooxml import damaged

MAX_HEADER_BYTES: Final = 16 * 1024
"""What one member's long name, and what else is said of it, may take: tarfile holds it, and searches it slowly."""
_EXTENDED: Final = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
_BROKEN: Final = (EOFError, OSError, ValueError, ArithmeticError, LookupError, RecursionError, tarfile.TarError)


class _Header(tarfile.TarInfo):
    """A header of which the size is bounded before tarfile reads, or seeks to, what it says that there is."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        header = super().frombuf(buf, encoding, errors)
        if header.size < 0 or (header.type in _EXTENDED and header.size > MAX_HEADER_BYTES):
            raise damaged()
        return header


def _read(document: Document) -> Iterator[Found]:
    document.budget.spend(archives=1)
    empty, said = True, False
    try:
        unpacked = document.unpacked(document.stream, damaged)
        with tarfile.open(fileobj=unpacked, mode="r|", errorlevel=1, tarinfo=_Header) as archive:
            for member in archive:
                cast(Any, archive).members.clear()  # tarfile would keep them all
                for one in _member(document, archive, member):
                    empty &= isinstance(one, PassedOver)
                    said = isinstance(one, Rejected) and one.code == damaged().code
                    yield one
                if said:
                    return
                if member.size > document.budget.unpacked_bytes:
                    document.budget.spend(unpacked_bytes=member.size)  # before tarfile goes there
    except Unreadable:
        raise
    except _BROKEN:
        if not said:  # of the member in which it breaks off
            raise damaged() from None
    if empty:
        raise no_articles()


def _member(document: Document, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[Found]:
    if member.isdir():
        return
    try:
        if not is_wanted(document, member.name):
            return
        if (left := passed_over(document, member.name)) is not None:
            yield left
            return
        stream = archive.extractfile(member) if member.isreg() else None
        if stream is None:
            raise Unreadable("not_a_file", _("This is a link or a device in an archive, not a file."))
        yield from read_member(document, member.name, stream, moment(member.mtime))
    except Exhausted:
        raise
    except Unreadable as unreadable:
        yield unreadable.at(document.place if unreadable.code == "path" else document.member(member.name))


SOURCE: Final = Source("tar", (".tar", ".tgz"), lambda document: document.head[257:262] == b"ustar", _read)
