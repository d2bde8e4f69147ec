"""From elements of a page to lines of text: a line for each paragraph, heading, list item, table row and line break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

SKIPPED: Final = frozenset(
    {
        "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "form",
        "button", "select", "input", "textarea", "nav", "aside", "footer", "audio", "video", "picture", "head",
        "figure", "figcaption",
    }
)  # fmt: skip
"""Elements whose text is no part of an article."""

_INLINE: Final = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td", "th",
        "time", "tt", "u", "var", "wbr", "img", "o:p", "st1:place", "ref", "hi",
    }
)  # fmt: skip
_CELLS: Final = frozenset({"td", "th", "cell"})
_LINKED_SHARE: Final = 0.8
_LINKED_CHARS: Final = 15


class _Lines:
    def __init__(self) -> None:
        self.done: list[str] = []
        self._pieces: list[str] = []
        self._linked = 0

    def add(self, text: str | None, *, linked: bool) -> None:
        if text:
            self._pieces.append(text)
            if linked:
                self._linked += len(text.strip())

    def end(self) -> None:
        if self._pieces:
            line = " ".join("".join(self._pieces).split())
            # A paragraph that is a link leads to another article.
            if line and not (self._linked > _LINKED_CHARS and self._linked >= _LINKED_SHARE * len(line)):
                self.done.append(line)
            self._pieces, self._linked = [], 0


def lines_of(element: Any) -> list[str]:
    """Return the lines of text below an lxml element, without those that are a link and nothing else."""
    lines = _Lines()
    _walk(element, lines, linked=False)
    lines.end()
    return lines.done


def _walk(element: Any, lines: _Lines, *, linked: bool) -> None:
    tag = element.tag
    if tag not in _INLINE:
        lines.end()
    elif tag in _CELLS:
        lines.add(" ", linked=False)
    linked = linked or tag in ("a", "ref")
    lines.add(element.text, linked=linked)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED:
            _walk(child, lines, linked=linked)
        lines.add(child.tail, linked=linked)
    if tag not in _INLINE:
        lines.end()


def text_of(element: Any) -> str:
    """Return all the text of an lxml element in one line."""
    return " ".join("".join(strings(element)).split())


def strings(element: Any) -> Iterator[str]:
    """Yield the pieces of text below an element, but for those in scripts and the like."""
    if not isinstance(element.tag, str) or element.tag in SKIPPED - {"figure", "figcaption", "head"}:
        return
    if element.tag == "br":
        yield " "
    if element.text:
        yield element.text
    for child in element:
        yield from strings(child)
        if child.tail:
            yield child.tail
