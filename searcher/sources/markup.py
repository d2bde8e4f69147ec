"""HTML within the fields of feeds, tables and JSON: unwrapped to lines of text, but only where it is markup."""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import Any, Final

from searcher.sources.blocks import lines_of, simplify
from searcher.sources.items import Unreadable
from searcher.sources.trees import parse

_NAMES: Final = (
    "p|br|div|span|b|i|u|strong|em|a|img|ul|ol|li|h[1-6]|table|tbody|tr|td|th|font|blockquote|figure|figcaption|section"
    "|article|iframe|script|style|center|hr|sub|sup|small|pre|video|picture|o:p|amp-img"
)
# '<b' alone may be mathematics: what is closed, has attributes, or stands for a line or picture is a tag.
_TAG: Final = re.compile(
    rf"</(?:{_NAMES})\s*>|<(?:p|br|hr|div|li|img|tr|td)\s*/?>|<(?:{_NAMES})\s+[\w:-]+\s*=\s*[\"'\w]", re.IGNORECASE
)
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ESCAPED_TAG: Final = re.compile(rf"&lt;/(?:{_NAMES})\s*&gt;|&lt;(?:p|br)\s*/?&gt;", re.IGNORECASE)


def is_markup(text: str) -> bool:
    """Whether a text is HTML: it has a tag, or a reference to a character.

    >>> is_markup("<p>Tin</p>"), is_markup("Th&ocirc;ng tin"), is_markup("a < b & c > d; R&D; <3")
    (True, True, False)
    """
    return _TAG.search(text) is not None or any(map(_is_reference, _REFERENCE.findall(text)))


def _is_reference(reference: str) -> bool:
    return reference[1] == "#" or reference[1:] in html5


def unescaped(text: str) -> str:
    """Return HTML that is escaped once more than it should be as it should be."""
    return html.unescape(text) if "&lt;" in text and _ESCAPED_TAG.search(text) else text


def lines_of_field(text: str) -> list[str]:
    """Return the lines of a field that may be HTML; what is HTML and can't be read as such has none."""
    if "<" in text or "&" in text:
        text = unescaped(text)
        if _TAG.search(text):
            return _unwrapped(text)
        text = _REFERENCE.sub(lambda match: html.unescape(match[0]), text)
    return [line for part in text.splitlines() if (line := " ".join(part.split()))]


def tree_of(markup: str) -> Any:
    """Return the simplified lxml tree of a piece of HTML; raises Unreadable where there is nothing in it."""
    tree = parse(f"<html><body>{markup}</body></html>")
    simplify(tree)
    return tree


def _unwrapped(text: str) -> list[str]:
    try:
        return lines_of(tree_of(text), whole=True)
    except Unreadable:
        return []


def plain(text: str) -> str:
    """Return the text of a field: unwrapped where it is HTML, a line for each paragraph, else as it is.

    >>> plain("<p>Tin&nbsp;m&#7899;i</p><p>Hai</p>"), plain("giá < 5 & > 3")
    ('Tin mới\\nHai', 'giá < 5 & > 3')
    """
    return "\n".join(lines_of_field(text)) if ("<" in text or "&" in text) and is_markup(text) else text
