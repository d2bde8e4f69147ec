"""Snippets: the passages of an article that show best why it was found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from searcher.article import Article
from searcher.harmless import harmless
from searcher.query.matches import Finder, Match

MARKS: Final = ("\ue000", "\ue001")
"""Private-use characters around each match, so that no markup in an article can be taken for one of ours."""
MAX_CHARS: Final = 240
"""Characters of a snippet, marks and dots not counted."""
MOST_MARKED: Final = 2_000
"""Matches that are marked in a whole text."""
_GAP: Final = " … "
_MAX_TEXT: Final = 30_000
_FIRST_LOOK: Final = 5_000
"""Characters after which no more are read if they answer all of the query."""
_MAX_MATCHES: Final = 200
_PASSAGES: Final = (1, 2, 3)
_COST_OF_A_PASSAGE: Final = 0.3
"""What one more passage has to be worth, in units of the query: whole sentences read better than scraps."""
_WORTH_OF_A_REPETITION: Final = 0.02
_SENTENCE_END: Final = re.compile(r"[.!?…]\s")
_NO_MARKS: Final = dict.fromkeys(map(ord, MARKS))


def unmarked(snippet: str) -> str:
    """Return the snippet without its marks."""
    return snippet.translate(_NO_MARKS)


def as_html(snippet: str) -> str:
    """Return the snippet as HTML, in which nothing of the article is markup and matches are `<mark>` elements."""
    import html

    return html.escape(snippet).replace(MARKS[0], "<mark>").replace(MARKS[1], "</mark>")


def mark_matches(text: str, finder: Finder) -> str:
    """Return a whole text with each match between `MARKS`; of a very long one, the first `MOST_MARKED` are marked."""
    text = unmarked(text)
    return _marked(text, 0, len(text), finder.find(text)[:MOST_MARKED])


def make_snippet(article: Article, finder: Finder) -> str:
    """Return the passages of lead and body that answer the most of the query, each match between `MARKS`.

    They are whole words in the article's own spelling, up to `MAX_CHARS` characters, joined by dots; where nothing
    matches, the article's beginning.
    """
    text = _plain(article)
    matches = _matches(text, finder)
    passages = [_passage(text, *bounds) for bounds in _best_windows(text, matches)]
    if not passages:
        passages = [_passage(text, 0, min(len(text), MAX_CHARS))]
    shown = [_marked(text, start, end, matches) for start, end in passages]
    before = "…" if passages[0][0] > 0 else ""
    after = "…" if passages[-1][1] < len(text) else ""
    return before + _GAP.join(shown) + after


def _plain(article: Article) -> str:
    text = f"{article.lead} {article.body[:_MAX_TEXT]}"[:_MAX_TEXT].strip().replace("\n", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    if text.isprintable():
        return text
    text = " ".join(harmless(text).split())
    return unmarked(text) if MARKS[0] in text or MARKS[1] in text else text


def _matches(text: str, finder: Finder) -> list[Match]:
    cut = len(text) if len(text) <= _FIRST_LOOK else text.rfind(" ", 0, _FIRST_LOOK) + 1 or _FIRST_LOOK
    matches = finder.find(text[:cut])
    if cut < len(text) and _worth(matches) < finder.most:
        matches += [Match(start + cut, end + cut, mark) for start, end, mark in finder.find(text[cut:])]
    return matches[:_MAX_MATCHES]


def _best_windows(text: str, matches: Sequence[Match]) -> list[tuple[int, int]]:
    """Where the passages lie that answer the most units of the query, in reading order: starts and ends."""
    best: list[tuple[int, int]] = []
    best_worth = 0.0
    everything = _worth(matches)
    ends = [match.end for match in matches]
    for count in _PASSAGES:
        windows, worth = _windows(text, matches, ends, count)
        worth -= _COST_OF_A_PASSAGE * (len(windows) - 1)
        if worth > best_worth:
            best, best_worth = windows, worth
        if best_worth >= everything - _COST_OF_A_PASSAGE * count:
            break
    return sorted(best)


def _windows(
    text: str, matches: Sequence[Match], ends: Sequence[int], count: int
) -> tuple[list[tuple[int, int]], float]:
    """At most so many windows, each the best for what those before it leave open, and what they answer together."""
    width = (MAX_CHARS - len(_GAP) * (count - 1)) // count
    lasts = [max(bisect_right(ends, match.start + width * 3 // 4), first) for first, match in enumerate(matches, 1)]
    windows: list[tuple[int, int]] = []
    shown: list[Match] = []
    left = _weights(matches)
    while left and len(windows) < count:
        most = sum(left.values()) - _WORTH_OF_A_REPETITION
        best: Sequence[Match] = ()
        best_worth = 0.0
        seen = 0
        for first, last in enumerate(lasts):
            if last == seen:  # all of these are in a window that was looked at
                continue
            start = matches[first].start
            if windows and any(begin - width < start < end for begin, end in windows):
                continue
            seen = last
            if most + _WORTH_OF_A_REPETITION * (last - first) <= best_worth:
                continue
            inside = matches[first:last]
            worth = _worth([match for match in inside if match.mark.unit in left] if shown else inside)
            if worth > best_worth:
                best, best_worth = inside, worth
        if not best:
            break
        windows.append(_around(text, best[0].start, best[-1].end, width))
        shown += best
        for match in best:
            left.pop(match.mark.unit, None)
    return windows, _worth(shown)


def _worth(matches: Sequence[Match]) -> float:
    """How much of the query matches answer: the weight of each unit's best one, and a little for every other."""
    weights = _weights(matches)
    return sum(weights.values()) + _WORTH_OF_A_REPETITION * (len(matches) - len(weights))


def _weights(matches: Sequence[Match]) -> dict[int, float]:
    """The weight of the best match of each unit."""
    weights: dict[int, float] = {}
    for _start, _end, (unit, weight) in matches:
        if weights.get(unit, -1.0) < weight:
            weights[unit] = weight
    return weights


def _around(text: str, first: int, last: int, width: int) -> tuple[int, int]:
    """A window of this width around `text[first:last]`, from the start of its sentence if that is near."""
    room = max(width - (last - first), 0)
    earliest = max(first - room // 2, 0)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, earliest, first)]
    start = ends[0] if ends else earliest
    return start, min(start + max(width, last - first), len(text))


def _passage(text: str, start: int, end: int) -> tuple[int, int]:
    """The window without the words that it cuts; where a word is longer than the window, it is cut."""
    if 0 < start < len(text) and not text[start - 1].isspace():
        start = text.find(" ", start, end) + 1 or start
    if end < len(text) and not text[end].isspace():
        cut = text.rfind(" ", start, end)
        end = cut if cut > start else end
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _marked(text: str, start: int, end: int, matches: Sequence[Match]) -> str:
    pieces, at = [], start
    for match in matches:
        if at <= match.start and match.end <= end:
            pieces += [text[at : match.start], MARKS[0], text[match.start : match.end], MARKS[1]]
            at = match.end
    return "".join([*pieces, text[at:end]])
