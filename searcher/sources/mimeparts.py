"""The parts of a mail (RFC 2046): cut by their boundaries, within bounds, without a tree of them.

Only headers go to Python's mail parser, which takes the square of the time for many parameters, or for parts within
parts.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final, NamedTuple

MAX_HEADER_BYTES: Final = 64 * 1024
MAX_PARTS: Final = 2_000
MAX_DEPTH: Final = 4
_MAX_VALUE_CHARS: Final = 2_000
_BLANK: Final = re.compile(rb"\r?\n\r?\n")
_PARAMETER: Final = r";\s{0,9}%s\s{0,9}=\s{0,9}(?:\"([^\"]{1,300})\"|([^\s;\"]{1,300}))"
_BOUNDARY: Final = re.compile(_PARAMETER % "boundary", re.IGNORECASE)
_NAME: Final = re.compile(_PARAMETER % "(?:file)?name", re.IGNORECASE)


class Part(NamedTuple):
    """A part of a mail, or the mail: its headers, and what comes after them as it stands there."""

    headers: Message
    body: bytes

    def value(self, name: str) -> str:
        """Return a header as it is read, "" where there is none."""
        raw = str(self.headers.get(name) or "")[:_MAX_VALUE_CHARS]
        try:
            return " ".join(str(make_header(decode_header(raw))).split())
        except (HeaderParseError, LookupError, ValueError, AssertionError):
            return " ".join(raw.split())

    @property
    def content_type(self) -> str:
        """Its media type in lower case; text where it says nothing."""
        said = str(self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        return said if "/" in said else "text/plain"

    @property
    def name(self) -> str:
        """The file name of what is attached, "" for what is not."""
        for header in ("Content-Disposition", "Content-Type"):
            if found := _NAME.search(self.value(header)):
                return found[1] or found[2]
        return ""

    def content(self) -> bytes:
        """Return what it holds, without the coding that it was sent in."""
        coding = str(self.headers.get("Content-Transfer-Encoding") or "").strip().lower()
        if coding == "quoted-printable":
            return quopri.decodestring(self.body)
        if coding == "base64":
            with suppress(binascii.Error):
                return binascii.a2b_base64(self.body)
            return b""
        return self.body

    def leaves(self, depth: int = 0) -> Iterator[Part]:
        """Yield the parts that have no parts in them, in order."""
        boundary = _BOUNDARY.search(str(self.headers.get("Content-Type") or ""))
        if not self.content_type.startswith("multipart/") or boundary is None:
            yield self
            return
        if depth >= MAX_DEPTH:
            return
        line = re.escape((boundary[1] or boundary[2]).encode("utf-8", "surrogateescape"))
        cuts = re.compile(rb"(?:\A|\r?\n)--" + line + rb"(?:--)?[ \t]*(?:\r?\n|\Z)")
        start: int | None = None
        for count, cut in enumerate(cuts.finditer(self.body)):
            if count > MAX_PARTS:
                return
            if start is not None:
                yield from parted(self.body[start : cut.start()]).leaves(depth + 1)
            start = cut.end()
        if start is not None and self.body[start:].strip():  # what breaks off before its end
            yield from parted(self.body[start:]).leaves(depth + 1)


def parted(raw: bytes) -> Part:
    """Return a mail, or a part of one, from its bytes; one without headers is all body."""
    end = _BLANK.search(raw, 0, MAX_HEADER_BYTES)
    if end is None or raw.startswith((b"\n", b"\r\n")):
        return Part(Message(), raw.lstrip(b"\r\n"))
    return Part(BytesHeaderParser().parsebytes(raw[: end.start()]), raw[end.end() :])
