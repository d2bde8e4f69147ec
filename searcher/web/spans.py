"""An article's text as HTML, in which the words of the query and what facts were read from are marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from searcher.harmless import harmless
from searcher.query.snippets import MARKS, unmarked

_OPEN, _CLOSE = MARKS


class Spot(NamedTuple):
    """Where a fact was read: characters `start:end` of a section (title, lead, body); `number` names the place."""

    number: int
    section: str
    start: int
    end: int


class Passage(NamedTuple):
    """A line of a section, which begins at its character `start`."""

    section: str
    start: int
    text: str


def passages(title: str, lead: str, body: str) -> list[Passage]:
    """Return what of an article is shown, in order: its title, its lead, the lines of its body that say something."""
    found = [Passage("title", 0, title), Passage("lead", 0, lead)]
    at = 0
    for line in body.splitlines(keepends=True):
        if line.strip():
            found.append(Passage("body", at, line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")))
        at += len(line)
    return found


class Marker:
    """Makes HTML of passages one after the other; `count` is how many matches of the query it has marked.

    Matches are `<mark id="m1">` and so on, so that one can jump from one to the next; places of facts are
    `<span class="fact" id="f1">`, each id once.
    """

    def __init__(self, spots: Iterable[Spot] = ()) -> None:
        self.count = 0
        self._spots = sorted(spots, key=lambda spot: (spot.start, spot.number))
        self._named: set[int] = set()

    def html(self, passage: Passage, marked: str) -> Markup:
        """Return a passage as HTML; `marked` is the same with its matches between `MARKS`."""
        ends = dict(_matches(marked))
        text = unmarked(marked)
        end = passage.start + len(text)
        own = [spot for spot in self._spots if spot.section == passage.section] if text == passage.text else []
        spots = [
            (max(spot.start - passage.start, 0), min(spot.end, end) - passage.start, spot.number)
            for spot in own
            if spot.start < end and spot.end > passage.start
        ]
        edges = sorted({0, len(text), *ends, *ends.values(), *(edge for pair in spots for edge in pair[:2])})
        pieces, marked_to = [], 0
        for start, stop in pairwise(edges):
            piece = str(escape(harmless(text[start:stop])))
            if start in ends:
                self.count += 1
                marked_to = ends[start]
                piece = f'<mark id="m{self.count}">{piece}</mark>'
            elif start < marked_to:
                piece = f"<mark>{piece}</mark>"
            pieces.append(self._as_fact(piece, [number for first, last, number in spots if first <= start < last]))
        return Markup("".join(pieces))

    def _as_fact(self, piece: str, numbers: Sequence[int]) -> str:
        if not numbers:
            return piece
        new = [number for number in numbers if number not in self._named]
        self._named.update(new)
        named = f' id="f{new[0]}"' if new else ""
        anchors = "".join(f'<a id="f{number}"></a>' for number in new[1:])
        return f'{anchors}<span class="fact"{named}>{piece}</span>'


def _matches(marked: str) -> Iterator[tuple[int, int]]:
    """Yield where matches stand in the text without its marks."""
    at = start = 0
    for letter in marked:
        if letter == _OPEN:
            start = at
        elif letter == _CLOSE:
            yield start, at
        else:
            at += 1
