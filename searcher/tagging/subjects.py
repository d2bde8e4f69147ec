"""From the words of an article to what speaks for each topic: how much of it, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log1p
from typing import Final, NamedTuple

from searcher.tagging.sections import Section
from searcher.tagging.symbols import SENTENCE_ENDS
from searcher.tagging.topics import (
    COMPANY,
    Term,
    contexts,
    denials,
    leads,
    least_programme_words,
    programme_trie,
    topic_trie,
)
from searcher.tagging.trie import Match

FEATURES: Final = (
    "title",
    "lead",
    "opening",
    "amount",
    "density",
    "variety",
    "offices",
    "hints",
    "spread",
    "listed",
    "share",
    "charged",
    "once",
)
"""What a topic is judged by; see `features`."""
OPENING: Final = 120
"""Symbols from the start of the body that count as its opening."""
_PER: Final = 100
_SHORT: Final = 30
_ENOUGH: Final = 200
_PARTS: Final = 5
_OFFICE_IN_TITLE: Final = 0.7
_MOST_HINTS: Final = 0.5
"""Hints together weigh at most this part of what the other terms of their topic do."""
_SOFT: Final = ("hints", "offices")
_BETWEEN: Final = frozenset(
    (",", ";", "và", "hay", "hoặc", "(", ")", "phòng", "chống", "tệ", "nạn", "về", "tội", "phạm", "trẻ", "em")
)
_GAP: Final = 5
_NEAR: Final = 20
"""Symbols before and after a doubtful term that are its context."""
JOINT: Final = 3
"""Topics named together that make a list of a programme."""


class Spoken(NamedTuple):
    """A term of a topic at `section.symbols[start:end]`.

    `listed` where it is one item of a list of duties or a mention in passing; `charged` where somebody is held to
    account for it.
    """

    section: Section
    start: int
    end: int
    term: Term
    listed: bool
    charged: bool = False


def speak(sections: Sequence[Section]) -> list[Spoken]:
    """Return all terms of topics in an article, in reading order; a term of two topics is there twice."""
    found: list[Spoken] = []
    for section in sections:
        matches = section.find(topic_trie())
        for number, match in enumerate(matches):
            if match.value[0].kind in (COMPANY, "others") or (number and _goes_on(matches[number - 1], match)):
                continue
            meant = _lead(section.low, match.start, match.end)
            # What a title lists is what the article is about.
            listed = section.name != "title" and (
                meant == "passing" or _listed(section.low, matches, number) or _is_something_else(section.low, match)
            )
            found += [
                Spoken(section, match.start, match.end, term, listed, not listed and meant == "charged")
                for term in match.value
            ]
    return _meant(found)


def _goes_on(before: Match[tuple[Term, ...]], match: Match[tuple[Term, ...]]) -> bool:
    """Return whether a name goes on the one before it: "nhiễm HIV/AIDS" names its topic once."""
    return (
        before.end == match.start
        and before.value[0].topic == match.value[0].topic
        and before.value[0].kind == match.value[0].kind == "names"
    )


def _meant(spoken: list[Spoken]) -> list[Spoken]:
    """Return the terms without those of another meaning: doubtful ones and hints that nothing else supports."""
    supported = {one.term.topic for one in spoken if one.term.kind in ("names", "signs")}
    supported |= {
        one.term.topic
        for one in spoken
        if one.term.kind == "doubtful" and one.term.topic not in supported and _in_context(one)
    }
    known = supported | {one.term.topic for one in spoken if one.term.kind == "offices"}
    return [one for one in spoken if one.term.topic in (supported if one.term.kind == "doubtful" else known)]


def _in_context(one: Spoken) -> bool:
    """Return whether a word of the topic's context stands near a term."""
    return _stands_near(contexts()[one.term.topic], one.section.low, one.start, one.end)


def _is_something_else(low: Sequence[str], match: Match[tuple[Term, ...]]) -> bool:
    """Return whether words near a term say that another matter is meant: "kẻ buôn người" who smuggle migrants."""
    words = contexts("against")[match.value[0].topic]
    return bool(words) and _stands_near(words, low, match.start, match.end)


def _stands_near(words: Sequence[str], low: Sequence[str], start: int, end: int) -> bool:
    around = f" {' '.join(low[max(0, start - _NEAR) : start])}  {' '.join(low[end : end + _NEAR])} "
    return any(word in around for word in words)


def lookalikes(sections: Sequence[Section], topic: str) -> list[Spoken]:
    """Return the words that look like a term of the topic and are none, as "nghiện game" does."""
    return [
        Spoken(section, match.start, match.end, term, False)
        for section in sections
        for match in section.find(topic_trie())
        for term in match.value
        if term.kind == "others" and term.topic == topic
    ]


def _listed(low: Sequence[str], matches: Sequence[Match[tuple[Term, ...]]], number: int) -> bool:
    """Return whether the term before or after is another topic's, or another offence, with but a comma between."""
    match = matches[number]
    for other in (number - 1, number + 1):
        if 0 <= other < len(matches):
            first, second = (matches[other], match) if other < number else (match, matches[other])
            gap = low[first.end : second.start]
            near = 0 < len(gap) <= _GAP and all(symbol in _BETWEEN for symbol in gap)
            if near and all(term.topic != match.value[0].topic for term in matches[other].value):
                return True
    return False


def _lead(low: Sequence[str], start: int, end: int) -> str:
    """Return what the words about a term in its sentence say of it: "passing" (a record), "charged" or ""."""
    words, within = leads()
    denied = denials()
    for pair in pairwise(low[end : end + within + 2]):
        if pair[0] in SENTENCE_ENDS:
            break
        if pair in denied:
            return "passing"
    after = low[start - 1] if start else ""
    found = ""
    for at in range(start - 2, max(-1, start - 2 - within), -1):
        if after in SENTENCE_ENDS:
            break
        meant = words.get((low[at], after))
        if meant == "passing":
            return meant
        found = found or meant or ""
        after = low[at]
    return found


def joint_topics(spoken: Sequence[Spoken], sections: Sequence[Section]) -> set[str]:
    """Return the topics that a programme of the authorities lists three or more at a time; none in other articles."""
    found: set[str] = set()
    run: set[str] = set()
    last: Spoken | None = None
    for one in spoken:
        if one.term.kind not in ("names", "offices"):
            continue
        gap = last and one.section is last.section and one.section.low[last.end : one.start]
        if gap is None or gap is False or len(gap) > _GAP or any(symbol not in _BETWEEN for symbol in gap):
            run = set()
        run.add(one.term.topic)
        last = one
        if len(run) >= JOINT:
            found |= run
    if not found:
        return found
    words = {match.value for section in sections for match in section.find(programme_trie())}
    return found if len(words) >= least_programme_words() else set()


def features(spoken: Sequence[Spoken], sections: Sequence[Section]) -> dict[str, list[float]]:
    """Return for each topic that is spoken of the numbers that FEATURES names.

    What a term weighs is its list's weight, a third of it where it is listed, and all hints at most half of the rest;
    in a title an office or law weighs as a sign. A title with little text below it stands for the text: with none its
    terms count there too, from 200 symbols on they don't, and in between in part.

    - title, lead: the weight there, at most 1 and 2; opening: log(1 + weight in the first 120 symbols of the body).
    - amount: log(1 + weight in lead and body); density: the same for every 100 symbols of
      the body, one of under 30 counted as 30.
    - variety: log(1 + different names and signs); offices, hints: log(1 + their number).
    - spread: in how many fifths of the body names or signs stand, 0..1; listed: the part of its terms that is listed.
    - share: its weight as part of that of all topics, 0..1.
    - charged: log(1 + names and signs that somebody is held to account for).
    - once: 1 where it is named in one sentence of the body at most, those that list it aside, and not in title or lead.
    """
    by_topic: dict[str, list[Spoken]] = {}
    for one in spoken:
        by_topic.setdefault(one.term.topic, []).append(one)
    body = max(1, len(sections[-1].symbols))
    below = sum(len(section.symbols) for section in sections if section.name != "title")
    alone = max(0.0, 1.0 - below / _ENOUGH)
    weights = {slug: sum(map(_weight, found)) for slug, found in by_topic.items()}
    total = sum(weights.values()) or 1.0
    return {slug: _numbers(found, body, alone, weights[slug] / total) for slug, found in by_topic.items()}


def _weight(one: Spoken) -> float:
    if one.section.name == "title" and one.term.kind == "offices":
        return _OFFICE_IN_TITLE
    return one.term.weight / 3 if one.listed else one.term.weight


def _numbers(found: Sequence[Spoken], body: int, alone: float, share: float) -> list[float]:
    title = lead = opening = rest = 0.0
    parts: set[int] = set()
    different: set[str] = set()
    counts = {"offices": 0, "hints": 0}
    listed = strong = charged = 0
    hints = sum(one.term.weight for one in found if one.term.kind == "hints")
    rest_of_them = sum(_weight(one) for one in found if one.term.kind != "hints")
    bounded = min(1.0, _MOST_HINTS * rest_of_them / hints) if hints else 1.0
    for one in found:
        kind = one.term.kind
        weight = _weight(one) * bounded if kind == "hints" else _weight(one)
        if one.section.name == "title":
            title += weight
        elif one.section.name == "lead":
            lead += weight
        else:
            rest += weight
            if one.start < OPENING:
                opening += weight
        if kind in _SOFT:
            counts[kind] += 1
            continue
        strong += 1
        listed += one.listed
        charged += one.charged
        different.add(one.term.text)
        if one.section.name == "body":
            parts.add(min(_PARTS - 1, one.start * _PARTS // body))
    stands_for = title * alone
    amount = lead + rest + stands_for
    return [
        min(1.0, title),
        min(2.0, lead + stands_for),
        log1p(opening + stands_for),
        log1p(amount),
        log1p(amount * _PER / max(_SHORT, body)),
        log1p(len(different)),
        log1p(counts["offices"]),
        log1p(counts["hints"]),
        len(parts) / _PARTS,
        listed / strong if strong else 0.0,
        share,
        log1p(charged),
        float(_is_once(found)),
    ]


def _is_once(found: Sequence[Spoken]) -> bool:
    """Return whether terms of a topic stand in one sentence of the body at most, hints, offices and lists aside."""
    last: Spoken | None = None
    for one in found:
        if one.term.kind in _SOFT or one.listed:
            continue
        if one.section.name != "body":
            return False
        if last is not None and not SENTENCE_ENDS.isdisjoint(one.section.low[last.start : one.start]):
            return False
        last = one
    return True
