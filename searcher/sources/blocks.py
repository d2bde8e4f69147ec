"""From elements of a page to lines of text: a line for each paragraph, heading, list item, table row and line break."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from searcher.sources.hidden import drop_hidden, hidden_names

_TEXTLESS: Final = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "button", "select",
    "input", "textarea", "nav", "audio", "video",
)  # fmt: skip
# Elements within an article whose text is no part of it.
_ASIDE: Final = frozenset({"form", "aside", "footer", "picture", "head", "figure", "figcaption"})

_INLINE: Final = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td", "th",
        "time", "tt", "u", "var", "wbr", "img", "o:p", "st1:place", "ref", "hi", "cell",
    }
)  # fmt: skip
_CELLS: Final = frozenset({"td", "th", "cell"})
_LINKED_SHARE: Final = 0.8
_LINKED_CHARS: Final = 15


class _Lines:
    def __init__(self, *, whole: bool) -> None:
        self.done: list[str] = []
        self._pieces: list[str] = []
        self._linked = 0
        self.whole = whole

    def add(self, text: str | None, *, linked: bool) -> None:
        if text:
            self._pieces.append(text)
            if linked:
                self._linked += len(text.strip())

    def end(self) -> None:
        if self._pieces:
            line = " ".join("".join(self._pieces).split())
            # A paragraph that is a link leads to another article.
            is_link = self._linked > _LINKED_CHARS and self._linked >= _LINKED_SHARE * len(line)
            if line and (self.whole or not is_link):
                self.done.append(line)
            self._pieces, self._linked = [], 0


def lines_of(element: Any, *, whole: bool = False) -> list[str]:
    """Return the lines of text below an lxml element, without those that are a link and nothing else.

    With `whole` these stay, and so do captions and what else stands beside a text.
    """
    lines = _Lines(whole=whole)
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
        if isinstance(child.tag, str) and (lines.whole or child.tag not in _ASIDE):
            _walk(child, lines, linked=linked)
        lines.add(child.tail, linked=linked)
    if tag not in _INLINE:
        lines.end()


@cache
def _string() -> Any:
    from lxml.etree import XPath

    return XPath("string()")


def text_of(element: Any) -> str:
    """Return all the text of an element of a simplified tree in one line."""
    return " ".join(_string()(element).split())


@cache
def _length() -> Any:
    from lxml.etree import XPath

    return XPath("string-length(normalize-space())")


def chars_of(element: Any) -> int:
    """Return the length of `text_of`, without making it."""
    return int(_length()(element))


def simplify(tree: Any) -> None:
    """Take out of a tree what has no text for readers, hidden text included, and part what line breaks part."""
    from lxml import etree

    hidden = hidden_names(tree)
    etree.strip_elements(tree, *_TEXTLESS, with_tail=False)
    drop_hidden(tree, hidden)
    for line_break in tree.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
