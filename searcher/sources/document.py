"""The contract between the formats: what a format is given, and what it must offer."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from searcher.sources.items import Item, Rejected

HEAD_BYTES: Final = 16 * 1024
_COMPRESSION: Final = re.compile(r"\.(?:gz|zst)$")

Found = Item | Rejected
"""What reading yields."""


@dataclass
class Document:
    """The bytes of one file, or of one member of an archive, and what is known about them.

    - `place` is its path, with the path within the archive, as users are shown it.
    - `stream` stands at the beginning; what a format reads of it is gone.
    - `depth` counts the archives and compressions it lies in.
    - `url` and `charset` are where it was fetched and what the server said of its characters, where that is known.
    """

    place: str
    stream: io.BufferedReader
    depth: int = 0
    url: str = ""
    charset: str = ""

    @cached_property
    def head(self) -> bytes:
        """The first `HEAD_BYTES`, or all there is; the stream stays where it is."""
        return self.stream.peek(HEAD_BYTES)[:HEAD_BYTES]

    @cached_property
    def name(self) -> str:
        """The last part of the place in lower case, without .gz or .zst."""
        return _COMPRESSION.sub("", self.place.rpartition("/")[2].lower())

    @property
    def suffix(self) -> str:
        """The name's ending with its dot, or nothing."""
        return "." + self.name.rpartition(".")[2] if "." in self.name else ""

    def within(self, stream: io.BufferedReader, place: str | None = None) -> Document:
        """Return the document that lies in this one."""
        return Document(place or self.place, stream, self.depth + 1)


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
