"""The contract between the formats: what a format is given, and what it must offer."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import IO, Any, BinaryIO, Final, NamedTuple

import msgspec

from searcher.article import VIETNAM, Article
from searcher.harmless import harmless
from searcher.messages import _, number
from searcher.sources.items import Item, PassedOver, Rejected, Remark, Unreadable
from searcher.sources.names import ending
from searcher.sources.streams import BLOCK_BYTES, from_pieces, spooled

HEAD_BYTES: Final = 16 * 1024
MAX_UNPACKED_BYTES: Final = 1024 * 1024 * 1024
TEXT_RATIO: Final = 50
"""How many times smaller text may be packed: many alike pages get below a tenth, and what lies in two compressions or
archives is counted in each."""
MAX_SPOOLED_BYTES: Final = 64 * 1024 * 1024
PACKED_RATIO: Final = 4
"""How many times smaller what is packed already, and has to be held as a whole to be read, may be packed once more."""
MAX_MEMBERS: Final = 200_000
BYTES_A_MEMBER: Final = 512
MAX_ARCHIVES: Final = 1_000
MAX_RECORDS: Final = 200_000
BYTES_A_RECORD: Final = 2
"""A record (a line, a row, a value of JSON) takes as much on disk at the least, however it is packed, but for the first
`MAX_RECORDS`."""

Found = Item | Rejected | PassedOver | Remark
"""What reading yields."""


class Options(msgspec.Struct, frozen=True):
    """How to read what can be read in several ways.

    `columns` gives the field of an article ('title', 'body', ...) for columns of spreadsheets, by their heading.
    """

    columns: dict[str, str] = {}


AS_IT_IS: Final = Options()
"""What is read without a word from the user."""


def moment(seconds: float) -> datetime | None:
    """Return the time that a file system or an archive gives, in seconds since 1970; None where it is none."""
    try:
        return datetime.fromtimestamp(seconds, VIETNAM) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


class Exhausted(Unreadable):
    """Raised where a file unpacks to more than it may: what is left of it, to its outermost archive, is not read."""


@dataclass
class Budget:
    """What one file on disk may unpack to, with all the archives in it."""

    unpacked_bytes: int = MAX_UNPACKED_BYTES
    spooled_bytes: int = MAX_SPOOLED_BYTES
    members: int = MAX_MEMBERS
    archives: int = MAX_ARCHIVES
    records: int = MAX_RECORDS

    @classmethod
    def of_file(cls, size: int) -> Budget:
        """Return the budget of a file of `size` bytes: a large one may unpack to more, as far as text can be packed."""
        return cls(
            MAX_UNPACKED_BYTES + TEXT_RATIO * size,
            MAX_SPOOLED_BYTES + PACKED_RATIO * size,
            members=MAX_MEMBERS + size // BYTES_A_MEMBER,
            records=MAX_RECORDS + size // BYTES_A_RECORD,
        )

    def spend(
        self,
        *,
        unpacked_bytes: int = 0,
        spooled_bytes: int = 0,
        members: int = 0,
        archives: int = 0,
        records: int = 0,
    ) -> None:
        """Take this from the budget, before it is there; raises Exhausted where there is less."""
        self.unpacked_bytes -= unpacked_bytes
        self.spooled_bytes -= spooled_bytes
        self.members -= members
        self.archives -= archives
        self.records -= records
        if self.unpacked_bytes < 0 or self.spooled_bytes < 0 or self.records < 0:
            reason = _("The file unpacks to far more than text can be packed from; unpack it yourself if you trust it.")
            raise Exhausted("unpacked", reason)
        if self.members < 0 or self.archives < 0:
            reason = _("The archive has more than {members} files or {archives} archives in it.")
            limits = {"members": number(MAX_MEMBERS), "archives": number(MAX_ARCHIVES)}
            raise Exhausted("unpacked", reason.format(**limits))


@dataclass
class Document:
    """The bytes of one file, or of one member of an archive, and what is known about them.

    - `place` is its path, with the path within the archive, as users are shown it.
    - `stream` stands at the beginning; what a format reads of it is gone.
    - `depth` counts the archives and compressions it lies in.
    - `url` and `charset` are where it was fetched and what the server said of its characters, where that is known.
    - `saved` is when it was saved or fetched: of two versions of a page the later one counts.
    - `budget` is shared by all that lies in one file.
    - `named` says whether the user named it, or it was found in a folder or an archive.
    - `reading` is how a document in this one is read.
    """

    place: str
    stream: io.BufferedReader
    reading: Callable[[Document], Iterator[Found]]
    depth: int = 0
    url: str = ""
    charset: str = ""
    saved: datetime | None = None
    options: Options = AS_IT_IS
    budget: Budget = field(default_factory=Budget)
    named: bool = True

    @cached_property
    def head(self) -> bytes:
        """The first `HEAD_BYTES`, or all there is; the stream stays where it is."""
        return self.stream.peek(HEAD_BYTES)[:HEAD_BYTES]

    @cached_property
    def suffix(self) -> str:
        """The ending of its name with its dot, or nothing (`names.ending`)."""
        return ending(self.place.rpartition("/")[2])

    def unpacked(self, stream: IO[bytes], damaged: Callable[[], Unreadable]) -> io.BufferedReader:
        """Return a stream of what is unpacked from this document, each block of which is taken from the budget.

        Where `stream` can't be read any further, reading raises what `damaged` gives.
        """

        def pieces() -> Iterator[bytes]:
            # Not `read`, which would lose what comes before the damage.
            read = getattr(stream, "read1", stream.read)
            while True:
                try:
                    block = read(BLOCK_BYTES)
                except Unreadable:
                    raise
                except Exception:
                    raise damaged() from None
                if not block:
                    return
                self.budget.spend(unpacked_bytes=len(block))
                yield block

        return from_pieces(pieces())

    def seekable(self) -> BinaryIO:
        """Return all of this document as a file that can be read from anywhere; close it after use.

        A file on disk is that already. Else it is in memory, on disk where it is large, and taken from the budget.
        """
        if self.stream.seekable():
            self.stream.seek(0)
            return self.stream
        return spooled(self.stream, lambda count: self.budget.spend(spooled_bytes=count))

    def inner(self, stream: io.BufferedReader, **known: Any) -> Iterator[Found]:
        """Yield what a document holds that lies in this one; `known` are fields that this one knows of it.

        It raises nothing but Exhausted.
        """
        return self.reading(replace(self, stream=stream, depth=self.depth + 1, **known))

    def at(self, place: str) -> Document:
        """Return this document under the name of a part of it."""
        return self if place == self.place else replace(self, place=place)

    def member(self, name: str) -> str:
        """Return the place of a member of this archive."""
        return f"{self.place}/{harmless(name)}"

    def item(self, article: Article, line: int | None = None, date_refusal: str = "") -> Item:
        """Return what reading yields for an article of this document."""
        return Item(article, self.place, line, self.saved, date_refusal)


class Source(NamedTuple):
    """One format.

    - `recognises` tells by a document's head whether it is of this format, without a look at its name.
    - `suffixes` are the names that decide where no format recognises the head.
    - `read` yields its articles and rejections; it may raise `Unreadable` for the rest of the document.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Document], bool]
    read: Callable[[Document], Iterator[Found]]
