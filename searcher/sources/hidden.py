"""Text that a page holds and its readers don't see: what is laid out of sight, so that only search engines read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

_IS: Final = r"\s{0,9}:\s{0,9}"
_NONE: Final = rf"display{_IS}none"
_OFF: Final = (
    rf"(?:left|right|top|bottom|text-indent|margin(?:-left|-top)?){_IS}-\d{{3,}}"
    rf"|clip{_IS}rect\(\s{{0,9}}[01](?:px)?[\s,]"
)
_FLAT: Final = rf"(?:max-)?(?:height|width){_IS}[01](?:px)?\s{{0,9}}(?:;|!|$)"
_SMALL: Final = (
    rf"visibility{_IS}(?:hidden|collapse)|(?:font-size|opacity){_IS}0(?:\.0+)?(?:px|pt|r?em|%)?\s{{0,9}}(?:;|!|$)"
)
_STYLE: Final = re.compile(f"{_NONE}|{_OFF}|{_SMALL}", re.IGNORECASE)
_CUT_OFF, _NO_SIZE = re.compile(rf"overflow{_IS}hidden", re.IGNORECASE), re.compile(_FLAT, re.IGNORECASE)
_STYLE_CHARS: Final = 1000
_RULE: Final = re.compile(f"{_NONE}|{_OFF}", re.IGNORECASE)
_SHEET_CHARS: Final = 256 * 1024
_SIMPLE: Final = re.compile(r"\s*[.#]([\w-]+)\s*\Z")
_WHOLE: Final = frozenset({"html", "body", "head", "main", "article", "form"})
_MOST: Final = 0.5


@cache
def _candidates() -> Any:
    from lxml.etree import XPath

    return XPath("//@style/..|//@hidden/..")


def drop_hidden(tree: Any, names: frozenset[str]) -> None:
    """Take out of a tree what readers don't see, by its style, its attributes, or `names`, those of `hidden_names`.

    What holds most of the page's text stays: a script shows it when the page has come.
    """
    candidates = tree.iter("*") if names else _candidates()(tree)
    found = [element for element in candidates if _is_hidden(element, names)]
    most = len(_text(tree)) * _MOST if found else 0
    for element in found:
        if element.getparent() is not None and len(_text(element)) <= most:
            element.drop_tree()


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _is_hidden(element: Any, hiding: frozenset[str]) -> bool:
    if element.tag in _WHOLE:
        return False
    attributes = element.attrib
    style = attributes.get("style", "")[:_STYLE_CHARS]
    if "hidden" in attributes or _STYLE.search(style) or (_CUT_OFF.search(style) and _NO_SIZE.search(style)):
        return True
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return not hiding.isdisjoint(names.split())


def hidden_names(tree: Any) -> frozenset[str]:
    """Return the classes and ids that the page's own sheets hide, on every screen."""
    return frozenset(_hidden_names(tree))


def _hidden_names(tree: Any) -> Iterator[str]:
    for sheet in tree.iter("style"):
        text = (sheet.text or "")[:_SHEET_CHARS]
        if not _RULE.search(text):
            continue
        depth, begin, selector = 0, 0, ""
        for brace in re.finditer(r"[{}]", text):
            if brace[0] == "{":
                if depth == 0:
                    selector = text[begin : brace.start()]
                depth += 1
            else:
                if depth == 1 and "@" not in selector and _RULE.search(text, begin, brace.start()):
                    yield from (name[1] for one in selector.split(",") if (name := _SIMPLE.match(one)))
                depth = max(0, depth - 1)
            begin = brace.end()
