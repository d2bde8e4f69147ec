"""XML of any size, element by element: what is held at a time is bounded, and no entity is expanded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

from searcher.messages import _
from searcher.sources.items import Unreadable
from searcher.sources.streams import blocks

MAX_ELEMENT_BYTES: Final = 8 * 1024 * 1024
"""So much may lie between the marks of two elements that are asked for: a paragraph, a row."""

_BEFORE_ROOT: Final = re.compile(rb"[^<]*(<!--|<\?|<!(?!-)|<(?=[^!?]))")
_ENDS: Final = {b"<!--": b"-->", b"<?": b"?>"}


def events(stream: io.BufferedReader, *names: str) -> Iterator[tuple[str, Any]]:
    """Yield ("start", element) and ("end", element) for the elements of these names, in whatever namespace.

    Who is done with an element should `forget` it. Raises Unreadable where the XML declares entities of its own or is
    too large between two events, and SyntaxError where it is damaged.
    """
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    since, begin = 0, _Prolog()
    for block in blocks(stream):
        begin.feed(block)
        parser.feed(block)
        since += len(block)
        for event, element in parser.read_events():
            since = 0
            yield event, element
        if since > MAX_ELEMENT_BYTES:
            raise Unreadable("too_large", _("The XML has an element that is larger than any text."))
    parser.close()


class _Prolog:
    """What stands before the first element: comments and instructions, but no declarations."""

    def __init__(self) -> None:
        self._held: bytes | None = b""

    def feed(self, block: bytes) -> None:
        """Take the next bytes; raises Unreadable where they declare a type, with which entities come."""
        if self._held is None:
            return
        self._held += block.replace(b"\x00", b"")  # of UTF-16
        while found := _BEFORE_ROOT.match(self._held):
            mark, end = found[1], _ENDS.get(found[1], b"")
            if not end:
                self._held = None
                if mark == b"<!":
                    raise entities()
                return
            at = self._held.find(end, found.end())
            if at < 0:
                break
            self._held = self._held[at + len(end) :]
        if len(self._held) > MAX_ELEMENT_BYTES:
            raise entities()


def name_of(element: Any) -> str:
    """Return the name of an element without its namespace; "" for what is none."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return the attribute of this name in whatever namespace, the one without coming first; "" where there is none."""
    plain = element.get(name)
    if plain is not None:
        return str(plain)
    return next((str(value) for key, value in element.items() if key.endswith("}" + name)), "")


def forget(element: Any) -> None:
    """Let go of an element that has ended, with all that stands before it in its parent."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def entities() -> Unreadable:
    """Return the rejection of XML that declares entities."""
    return Unreadable("entities", _("The XML declares entities of its own, which are not expanded."))
