"""What all archives have in common: which members are read, and how; nothing is written to disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Final

from searcher.messages import _
from searcher.sources.document import Document, Found
from searcher.sources.items import PassedOver, Unreadable
from searcher.sources.names import is_left_out, is_passed_over, kind
from searcher.sources.ooxml import damaged

MAX_NAME_CHARS: Final = 4096


def is_wanted(document: Document, name: str) -> bool:
    """Whether a member, now taken from the budget, is to be read; raises Unreadable for a path that can't be one."""
    document.budget.spend(members=1)
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.name or len(name) > MAX_NAME_CHARS:
        raise Unreadable("path", _("The archive has a file without a name, or with an endless one."))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise Unreadable("path", _("The archive names a file outside of itself, which is left out."))
    return not (is_left_out(path.name) or any(is_left_out(folder, folder=True) for folder in path.parts[:-1]))


def passed_over(document: Document, name: str) -> PassedOver | None:
    """Return what is said of a member that is left alone for its name, None where it is to be read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return PassedOver(document.member(name), kind(last)) if is_passed_over(last) else None


def read_member(document: Document, name: str, stream: IO[bytes], saved: datetime | None) -> Iterator[Found]:
    """Yield what a member of an archive holds."""
    unpacked = document.unpacked(stream, damaged)
    return document.inner(unpacked, place=document.member(name), saved=saved or document.saved, named=False)


def no_articles() -> Unreadable:
    """Return the rejection of an archive in which nothing could be read."""
    return Unreadable("no_articles", _("The archive has no file that could hold an article."))
