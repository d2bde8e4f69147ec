"""From the text of a page to the tree of its elements, bounded before it is built."""

from __future__ import annotations

import re
from typing import Any, Final

from searcher.messages import _
from searcher.sources.items import Unreadable
from searcher.sources.letters import without_unseen

MAX_MARKUP_CHARS: Final = 8 * 1024 * 1024
"""The same without its pictures: what is parsed."""
MAX_TAGS: Final = 100_000
"""A tree takes memory and time by its elements: a megabyte of nothing but '<p>' as much as a hundred articles."""

_EMBEDDED: Final = re.compile(r"data:[\w.+/-]{1,80};base64,[A-Za-z0-9+/=\s]+")
# To libxml2 a tag costs the square of its attributes: one with 64 values, or as long without any, loses them. A page
# is searched for it only where it has a tag that is long to its first '>', or has 16 values: seldom.
_MANY_ATTRIBUTES: Final = re.compile(r"""<([a-zA-Z][^\s<>"'/]{0,20})(?:[^<>"']{1,32}+|"[^"]*+"|'[^']*+'){64}[^>]*+>""")
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^>]{400}")
_TAG_OF_VALUES: Final = re.compile(r"""<[a-zA-Z][^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+){16}""")
_UNSEEN: Final = re.compile(
    r"&(?:#0{0,9}(?:8203|8288|65279)|#x0{0,9}(?:200b|2060|feff)|zerowidthspace|nobreak)\b;?", re.IGNORECASE
)
_CONTROLS: Final = bytes(sorted({*range(32)} - {*b"\t\n\r"}))  # no XML tree takes them
_NOT_IN_TREES: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def compatible(text: str) -> str:
    r"""Return the text without the characters that no tree holds, so that a tree can be asked about it.

    >>> compatible("Tin\x00 m\u1edbi\uffff")
    'Tin mới'
    """
    return _NOT_IN_TREES.sub("", text)


def few_attributes(text: str) -> str:
    """Return the text of a page or feed in which no tag has more attributes than a parser can take."""
    if _LONG_TAG.search(text) or _TAG_OF_VALUES.search(text):
        return _MANY_ATTRIBUTES.sub(r"<\1>", text)
    return text


def parse(text: str) -> Any:
    """Return the lxml tree of a page's text, without comments; raises Unreadable where there is nothing in it, or too
    much."""
    from lxml import html

    text = _EMBEDDED.sub("data:,", text).replace("\ufffe", "").replace("\uffff", "")
    if len(text) > MAX_MARKUP_CHARS or text.count("<") > MAX_TAGS:
        raise Unreadable("too_large", _("The page has more markup than any article."))
    text = without_unseen(_UNSEEN.sub("\u200b", few_attributes(text)))
    # With libxml2's limits on depth and length. Text around a hundred thousand comments would be joined piece by piece.
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True, remove_comments=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace").translate(None, _CONTROLS), parser=parser)
    except (html.etree.ParserError, html.etree.XMLSyntaxError, ValueError, AssertionError):
        raise Unreadable("no_text", _("The page has no text.")) from None
    return tree
