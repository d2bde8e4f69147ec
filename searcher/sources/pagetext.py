"""The text of a page: what stands around it and in it that is not of it is taken out of the tree first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from searcher.sources.blocks import chars_of, lines_of, text_of
from searcher.sources.dates import date_within
from searcher.sources.furniture import is_author_line, is_caption, is_furniture
from searcher.sources.letters import readable
from searcher.sources.sites import Rule, role_of, select

LEAST_CHARS: Final = 40
"""Less than that is no paragraph, lead or body."""

_CAPTION_CHARS: Final = 300
_AUTHOR_CHARS: Final = 80
_FOOT_CHARS: Final = 30
_LINK_CHARS: Final = 15
_TEASER_CHARS, _MOST_TEASER_CHARS, _LEAST_TEASERS = 20, 600, 3
_ENOUGH_CHARS: Final = 600
_MORE: Final = 1.5
_DEEP, _MANY_ELEMENTS, _MOST_ELEMENTS = 60, 3_000, 20_000
_ASIDE_SHARE: Final = 0.5
_CAPTION_TAGS: Final = frozenset({"figcaption", "caption"})
_OUTER_TAGS: Final = frozenset({"html", "body", "main", "article"})
_AROUND_PICTURES: Final = frozenset({"img", "a", "span", "strong", "em", "b", "i", "picture"})
_LINE_TAGS: Final = frozenset({"p", "li", "h2", "h3", "h4", "h5", "strong", "b", "em", "i", "span"})
_HELD: Final = (_LINE_TAGS - {"span"}) | {"font", "u", "small", "big", "blockquote", "ul", "ol"}
_WITHIN_LINES: Final = frozenset(
    {"a", "b", "strong", "em", "i", "u", "span", "font", "small", "big", "sub", "sup", "img"}
)
_AT_RIGHT: Final = re.compile(r"text-align:\s*right|\|right|\btext-right\b", re.IGNORECASE)


class Text(NamedTuple):
    """What was found: `lines` are the body's, with furniture still among them."""

    lead: str
    lines: list[str]
    captions: list[str]
    author: str


def text_of_page(tree: Any, rule: Rule, title: str, description: str) -> Text:
    """Return the text of a page, of which the tree is used up: from where the site's rule says, else by trafilatura."""
    bodies = _outermost(select(rule.body, tree))
    heading = None if bodies else heading_of(tree, title)
    if not bodies:
        _cut_above(heading)
        _drop_teasers(tree)
    leads = select(rule.lead, tree)[:1]
    scope = _around(bodies, title) if bodies else tree
    captions, author = _take_out(scope, [*bodies, *leads], leads, rule)
    leads = leads or ([] if bodies else _set_apart(heading, description))
    lead = text_of(leads[0]) if leads else ""
    for element in leads:
        _remove(element)
    author = author or _byline(scope)
    lines = [line for body in bodies for line in lines_of(body)] or _extracted(tree)
    return Text(lead, lines, captions, author)


def heading_of(tree: Any, title: str) -> Any:
    """Return the first heading that is the title, else the innermost element that is; None where there is none."""
    heading = next((one for one in tree.iter("h1", "h2", "h3") if text_of(one) == title), None)
    if heading is None and title:
        heading = next(iter(tree.xpath("//body//*[normalize-space() = $title]", title=title)[-1:]), None)
    return heading


def _around(bodies: list[Any], title: str) -> Any:
    """Return the smallest element that holds the bodies and the title: menus and lists of articles lie outside."""
    scope = bodies[0]
    for scope in bodies[0].iterancestors():
        if title in text_of(scope) and all(scope is body or scope in body.iterancestors() for body in bodies):
            break
    return scope


def _outermost(elements: list[Any]) -> list[Any]:
    """Return the elements with text in them that lie in no other of them."""
    whole = [element for element in elements if len(text_of(element)) >= LEAST_CHARS]
    return [element for element in whole if not any(other in whole for other in element.iterancestors())]


def _take_out(scope: Any, kept: list[Any], leads: list[Any], rule: Rule) -> tuple[list[str], str]:
    """Take captions, author and all that is no text out of the scope, and return the first two.

    What is `kept` stays. Where the rule names no lead, the one that was found is added to `leads`, and stays too.
    """
    stays = {element for one in kept for element in (one, *one.iterancestors())}
    captions = select(rule.captions, scope)
    dropped = select(rule.drop, scope)
    marked = {*captions, *dropped}
    author, most = "", chars_of(scope) * _ASIDE_SHARE
    for element in list(scope.iterdescendants("*")):
        role = _role(element)
        if not role or element in stays or element in marked:
            continue
        if role == "caption":
            captions.append(element)
        elif role == "lead" and not leads and not rule.lead and _is_lead(element):
            leads.append(element)
        elif role == "author" and not author and len(text := text_of(element)) <= _AUTHOR_CHARS:
            author = text
            dropped.append(element)
        elif role == "drop" and _is_aside(element, most):
            dropped.append(element)
    captions += [*_picture_tables(scope), *_lines_under_pictures(scope)]
    for element in dropped:
        _remove(element)
    return list(dict.fromkeys(_captions(captions))), author


def _role(element: Any) -> str:
    if element.tag in _CAPTION_TAGS:
        return "caption"
    if element.get("itemprop") == "author":
        return "author"
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return "" if names == " " or element.tag in _OUTER_TAGS else role_of(names)


def _captions(elements: Iterable[Any]) -> Iterator[str]:
    """Take the captions out, and yield the text of those that lie in no other; what is longer than one is text."""
    taken = {one: text for one in elements if len(text := text_of(one)) <= _CAPTION_CHARS or one.tag in _CAPTION_TAGS}
    for element, text in taken.items():
        whole = not any(other in taken for other in element.iterancestors())
        if whole and text and not is_furniture(text):
            yield text
    for element in taken:
        _remove(element)


def take_captions(tree: Any) -> list[str]:
    """Take the captions out of a piece of a page, as markup and pictures beside them tell, and return their text."""
    marked = [element for element in tree.iter("*") if _role(element) == "caption"]
    return list(dict.fromkeys(_captions([*marked, *_picture_tables(tree), *_lines_under_pictures(tree)])))


def _byline(scope: Any) -> str:
    """Take out the line that stands at the right below the text, and return it: so pages name the author."""
    lines = [
        one
        for one in scope.iter("p", "div", "h6")
        if _AT_RIGHT.search(f"{one.get('style')}|{one.get('align')}|{one.get('class')}")
    ]
    for element in reversed(lines):
        text = text_of(element)
        if 1 < len(text) <= _AUTHOR_CHARS and not date_within(text) and text[-1] not in ".:;!?":
            _remove(element)
            return text
    return ""


def _is_aside(element: Any, most: float) -> bool:
    """Whether an element can be left out: what holds the title or most of the page is not what its class says."""
    return chars_of(element) <= most and element.find(".//h1") is None


def _is_lead(element: Any) -> bool:
    return len(text_of(element)) >= LEAST_CHARS and element.find(".//h1") is None


def _picture_tables(tree: Any) -> Iterator[Any]:
    """Yield the tables that hold a picture and, in another row, a line about it."""
    for table in tree.iter("table"):
        if table.find(".//img") is not None and 0 < len(text_of(table)) <= _CAPTION_CHARS:
            yield table


def _lines_under_pictures(tree: Any) -> Iterator[Any]:
    """Yield what stands right under a picture, or with it, and is set apart: in italics, centred, or by its words."""
    seen: set[Any] = set()
    for image in tree.iter("img"):
        block = image
        while block.tag in _AROUND_PICTURES and block.getparent() is not None:
            block = block.getparent()
        if block in seen or block.tag not in ("p", "div", "figure", "td", "center"):
            continue
        seen.add(block)
        if beside := text_of(block):
            if is_caption(readable(beside)):
                yield block
            continue
        below = block.getnext()
        if (
            below is None
            or below.tag not in ("p", "div", "em", "h6")
            or not 0 < len(text := text_of(below)) <= _CAPTION_CHARS
        ):
            continue
        italic = sum(len(text_of(one)) for one in below.iterchildren("em", "i")) >= 0.9 * len(text) or below.tag == "em"
        centred = "center" in f"{below.get('style', '')} {below.get('align', '')}".lower()
        if italic or centred or is_caption(readable(text)):
            yield below


def _remove(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _extracted(tree: Any) -> list[str]:
    """Return what trafilatura takes for the text of the page."""
    from trafilatura import bare_extraction

    for link in list(tree.iter("a")):
        block, length = link.getparent(), len(text_of(link))
        if length >= _LINK_CHARS and block.tag in _LINE_TAGS and len(text_of(block)) == length:
            _remove(block)  # a paragraph that is a link leads to another article
    densest = _densest(tree)
    if _is_endless(tree):
        return _without_foot([line for line in densest if not is_furniture(line)])
    # The fast way leaves out the second opinion of other extractors, which takes four times as long.
    found = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    body = getattr(found, "body", None)
    lines = lines_of(body) if body is not None else []
    found_chars, dense_chars = sum(map(len, lines)), sum(map(len, densest))
    little = found_chars < _ENOUGH_CHARS and dense_chars > 2 * found_chars
    in_one = len(lines) == 1 < len(densest) and dense_chars > found_chars / 2  # paragraphs run into one another
    more = set(lines) < set(densest) and dense_chars < _MORE * found_chars  # headings and lists within the text
    if little or in_one or more:
        lines = densest
    return _without_foot([line for line in lines if not is_furniture(line)])


def _is_endless(tree: Any) -> bool:
    """Whether a page has so many elements, or within so many others, that trafilatura would take minutes."""
    return bool(tree.xpath(f"count({'/*' * _DEEP}//*) > {_MANY_ELEMENTS} or count(//*) > {_MOST_ELEMENTS}"))


def _cut_above(heading: Any) -> None:
    """Take out all that stands above the heading with the title: no text of the article does."""
    for element in [] if heading is None else [heading, *heading.iterancestors()]:
        for above in list(element.itersiblings(preceding=True)):
            if element.tag not in ("body", "html"):
                _remove(above)


def _drop_teasers(tree: Any) -> None:
    """Take out the lists of other articles: like elements beside each other, each beginning with a long link."""
    text = cache(text_of)  # many links lie in one list
    alike: dict[tuple[Any, str, str], dict[Any, None]] = {}
    for link in tree.iter("a"):
        teaser, above, said = link, link.getparent(), text_of(link)
        if len(said) < _TEASER_CHARS:
            continue
        while above.tag not in _OUTER_TAGS and len(text(above)) <= _MOST_TEASER_CHARS and text(above).startswith(said):
            teaser, above = above, above.getparent()
        if teaser is not link:
            alike.setdefault((above, teaser.tag, teaser.get("class") or ""), {})[teaser] = None
    for teasers in alike.values():
        if len(teasers) >= _LEAST_TEASERS:
            for teaser in teasers:
                _remove(teaser)


def _set_apart(heading: Any, description: str) -> list[Any]:
    """Return the lead where no class marks it: what the page gives as its description, or a bold or large paragraph
    right below the title."""
    if heading is None:
        return []
    for element in heading.xpath("following::*[self::p or self::div or self::h2 or self::h3][position() <= 12]"):
        if len(description) >= LEAST_CHARS and text_of(element) == description:
            return [element]
    for element in heading.xpath("following::*[self::b or self::strong][position() <= 3]"):
        block = element.getparent()
        if len(text_of(element)) >= LEAST_CHARS and text_of(block) == text_of(element):
            return [block]
    large = heading.xpath("following::*[self::h2 or self::h3 or self::h4 or self::h5][1]")
    return [element for element in large if len(text_of(element)) >= 2 * LEAST_CHARS]


def _densest(tree: Any) -> list[str]:
    """Return the lines of the element that has the most text right in it or in its paragraphs, links aside."""
    chars: dict[Any, int] = {}
    leaves: dict[Any, dict[Any, int]] = {}
    for text in tree.xpath(
        "//body//text()[not(ancestor::a)][string-length(normalize-space()) > $least]", least=LEAST_CHARS
    ):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        while holder.tag in _HELD and holder.getparent() is not None:
            holder = holder.getparent()
        if holder.tag == "div" and all(child.tag in _WITHIN_LINES for child in holder):
            of_parent = leaves.setdefault(holder.getparent(), {})
            of_parent[holder] = of_parent.get(holder, 0) + len(text)
        else:
            chars[holder] = chars.get(holder, 0) + len(text)
    for parent, of_parent in leaves.items():
        if len(of_parent) > 1:  # a <div> is a paragraph there
            chars[parent] = chars.get(parent, 0) + sum(of_parent.values())
        else:
            chars |= of_parent
    return lines_of(max(chars, key=chars.__getitem__)) if chars else []


def _without_foot(lines: list[str]) -> list[str]:
    """Return the lines without a short one at the end that is no sentence: the name of the site or a button."""
    if len(lines) > 2 and len(lines[-1]) < _FOOT_CHARS and lines[-1][-1].isalnum() and len(lines[-2]) >= LEAST_CHARS:
        return lines if is_author_line(lines[-1]) else lines[:-1]
    return lines
