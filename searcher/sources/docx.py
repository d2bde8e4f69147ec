"""Word documents: notices, plans and reports as offices write them, with all the text that a reader sees.

The XML is read as it comes. Text counts wherever it stands, whatever wraps it (smart tags, tracked insertions, content
controls, fields, text boxes); what is deleted, moved away or hidden does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from searcher.messages import _, number
from searcher.sources.document import Document, Found
from searcher.sources.items import Unreadable
from searcher.sources.notices import parse
from searcher.sources.ooxml import BROKEN, Package, damaged
from searcher.sources.tablelines import TableLines
from searcher.sources.xmlparts import attribute, events, forget, name_of

MAX_PART_BYTES: Final = 128 * 1024 * 1024
MAX_PARAGRAPHS: Final = 200_000
"""Paragraphs that are read, the empty ones among them."""
MAX_CHARS: Final = 16 * 1024 * 1024
_MAX_STYLES: Final = 10_000
_MAX_DEPTH: Final = 200
_SAID: Final = "said"

_NOT_SHOWN: Final = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "sdtPr", "rt", "fldData"}
)
_SIGNS: Final = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF: Final = frozenset({"0", "false", "off", "none"})


def read(document: Document, package: Package, main: str) -> Iterator[Found]:
    """Yield the article of a Word document, of which `main` is the part with the text."""
    try:
        related = package.related(main)
        styles = next((one.part for one in related.values() if one.kind == "styles" and package.has(one.part)), "")
        text = _Text(package, _hidden_styles(package, styles) if styles else frozenset())
        lines = text.lines(main)
        notes = [
            line
            for one in related.values()
            if one.kind in ("footnotes", "endnotes") and package.has(one.part)
            for line in text.lines(one.part)
        ]
        included = [related[name].part for name in text.included if name in related and package.has(related[name].part)]
    except BROKEN:
        raise damaged() from None
    if lines or notes or not included:
        article = parse(lines or notes)
        if lines and notes:
            article = msgspec.structs.replace(article, body="\n".join((article.body, *notes)).strip())
        yield document.item(article)
    for part in included:  # what some programs write instead of text: pages
        yield from document.inner(package.open(part), place=document.member(part), named=False)
    if text.is_cut:
        reason = _("Only the first {count} paragraphs of the document are read.")
        raise Unreadable("more", reason.format(count=number(text.paragraphs)))


class _Text:
    """The lines of a document's parts, until there are too many: then `is_cut`."""

    def __init__(self, package: Package, hidden: frozenset[str]) -> None:
        self._package, self._hidden = package, hidden
        self._chars = self.paragraphs = 0
        self.is_cut = False
        self.included: list[str] = []

    def lines(self, part: str) -> list[str]:
        """Return the lines of a part that are not blank."""
        lines = TableLines()
        for event, element in events(self._package.open(part, most=MAX_PART_BYTES), "p", "tr", "tc", "altChunk"):
            match name_of(element), event:
                case "tr", "start":
                    lines.begin_row()
                case "tc", "start":
                    lines.begin_cell()
                case "p", "end":
                    lines.add(self._paragraph(element))
                    forget(element)
                case "tc", "end":
                    lines.end_cell()
                case "tr", "end":
                    lines.end_row(is_shown=not _is_deleted(element))
                    forget(element)
                case "altChunk", "end":
                    self.included.append(attribute(element, "id"))
            if self.is_cut:
                break
        return lines.all()

    def _paragraph(self, paragraph: Any) -> list[str]:
        """Return the lines of a paragraph; those of the text boxes in it were read, and let go of, before."""
        style = _child(_child(paragraph, "pPr"), "pStyle")
        if style is not None and attribute(style, "val") in self._hidden:
            text = ""
        else:
            text = "".join(self._pieces(paragraph, 0)) if _is_wanted(paragraph) else ""
        self.paragraphs += 1
        self._chars += len(text)
        self.is_cut = self.paragraphs >= MAX_PARAGRAPHS or self._chars > MAX_CHARS
        return [line for line in text.splitlines() if line.strip()]

    def _pieces(self, element: Any, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            return
        for child in element:
            name = name_of(child)
            if name == "t":
                yield (child.text or "").replace("\n", " ")
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "AlternateContent":
                texts = ("".join(self._pieces(version, depth + 1)) for version in child)
                yield next((text for text in texts if text.strip()), "")
            elif name not in _NOT_SHOWN and not (name == "r" and self._is_hidden(child)):
                yield from self._pieces(child, depth + 1)

    def _is_hidden(self, run: Any) -> bool:
        properties = _child(run, "rPr")
        if properties is None:
            return False
        vanish = _child(properties, "vanish")
        if vanish is not None:
            return _is_on(vanish)
        style = _child(properties, "rStyle")
        return style is not None and attribute(style, "val") in self._hidden


def _is_wanted(paragraph: Any) -> bool:
    """Whether a paragraph is shown: not one that was deleted or moved away as a whole, or that is there twice."""
    below = paragraph
    for ancestor in paragraph.iterancestors():
        name = name_of(ancestor)
        if name in ("del", "moveFrom"):
            return False
        if name == "AlternateContent":  # the same once more for other versions of Word: the first that has text counts
            version, said = str(ancestor.index(below)), ancestor.get(_SAID)
            if said is None and any(map(str.strip, paragraph.itertext())):
                ancestor.set(_SAID, version)
            elif said is not None and said != version:
                return False
        below = ancestor
    return True


def _is_deleted(row: Any) -> bool:
    return _child(_child(row, "trPr"), "del") is not None


def _child(element: Any, name: str) -> Any:
    """Return the first child of this name, None where there is none, or no element."""
    return None if element is None else next((child for child in element if name_of(child) == name), None)


def _is_on(switch: Any) -> bool:
    return attribute(switch, "val").lower() not in _OFF


def _hidden_styles(package: Package, part: str) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden, because they or the style that they are based on say so."""
    hides: dict[str, bool] = {}
    based: dict[str, str] = {}
    for event, style in events(package.open(part, most=MAX_PART_BYTES), "style"):
        if event == "end":
            vanish = _child(_child(style, "rPr"), "vanish")
            name = attribute(style, "styleId")
            if vanish is not None:
                hides[name] = _is_on(vanish)
            if (base := _child(style, "basedOn")) is not None:
                based[name] = attribute(base, "val")
            forget(style)
            if len(hides) + len(based) > _MAX_STYLES:
                break

    def is_hidden(name: str) -> bool:
        for _step in range(_MAX_DEPTH):
            if name in hides or name not in based:
                break
            name = based[name]
        return hides.get(name, False)

    return frozenset(name for name in (*hides, *based) if is_hidden(name))
