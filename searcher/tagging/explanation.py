"""Why an article has its tags: for each the score, what made it, and the words it rests on, in their sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

import msgspec

from searcher.analysis.legacy import decode_legacy
from searcher.article import Article
from searcher.tagging import places, subjects
from searcher.tagging.dates import OwnDate, own_date
from searcher.tagging.gazetteer import places as known_places
from searcher.tagging.given import given_provinces, given_topics, kept
from searcher.tagging.model import Model, model
from searcher.tagging.roles import ROLES
from searcher.tagging.sections import ISSUER, Section, sections
from searcher.tagging.symbols import symbol_spans, symbols
from searcher.tagging.tagger import Tag, placed, scored_provinces, scored_topics, tag
from searcher.tagging.topics import topics

START: Final = "start"
"""The part of a score that every candidate has before anything is known of it: the model's bias."""
JOINT: Final = "joint"
"""The part of a topic that is a tag as one item of an authority's programme."""
OWN: Final = "own"
"""The part of a province whose own paper or portal the article comes from."""
_AROUND: Final = 90
_MOST: Final = 20
_ENDS: Final = (". ", "! ", "? ", "… ", "\n")
_STRENGTH: Final = {role: place for place, role in enumerate(("authority", "scene", "plain", "route", "home"))}


class Evidence(msgspec.Struct, frozen=True):
    """Words of an article, `before` and `after` them the rest of their sentence, cut where it is long.

    `kind` is a place's role (authority, scene, plain, route, home; aside, street, landmark and person for no place of
    the story) or a term's list (names, signs, doubtful, hints, offices; listed for an item of a list or a passing
    mention, others for what only looks like it).
    """

    section: str
    kind: str
    before: str
    words: str
    after: str


class ExplainedTag(msgspec.Struct, frozen=True):
    """A tag or near-tag: `given` says whether its score reaches the threshold.

    - `parts` are what makes the score, in log-odds, the greatest first: score = 1 / (1 + exp(-(their sum))).
    - `evidence` speaks for it, the strongest first; `counter` was found and counts for less, or for nothing.
    """

    value: str
    score: float
    given: bool
    parts: dict[str, float]
    evidence: tuple[Evidence, ...]
    counter: tuple[Evidence, ...]


class Explanation(msgspec.Struct, frozen=True):
    """Why an article has its date, provinces and topics.

    - `article` has its tags; `trusted` names what it came with, so that nothing was inferred for it.
    - `date_line` is the line that a date was read from, `date_refusals` say why others were not.
    - `provinces` and `topics` are all that it names, highest score first; `thresholds` from where they are tags.
    """

    article: Article
    trusted: tuple[str, ...]
    date_line: str
    date_refusals: tuple[str, ...]
    provinces: tuple[ExplainedTag, ...]
    topics: tuple[ExplainedTag, ...]
    thresholds: dict[str, float]


class _Texts:
    """The texts of the sections, from which sentences are cut."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._read = cache(self._prepared)

    def _prepared(self, name: str) -> tuple[str, list[tuple[int, int]]]:
        # The issuer of a notice is its source.
        text = unicodedata.normalize("NFC", decode_legacy(getattr(self._article, "source" if name == ISSUER else name)))
        return text, symbol_spans(text)

    def evidence(self, section: Section, start: int, end: int, kind: str) -> Evidence:
        text, spans = self._read(section.name)
        first, last = spans[start][0], spans[end - 1][1]
        while last > first and text[last - 1] in ".,;:!?)”\"'":
            last -= 1
        while first < last and text[first] in "(“\"'":
            first += 1
        return Evidence(section.name, kind, _before(text, first), text[first:last], _after(text, last))


def _before(text: str, end: int) -> str:
    window = max(0, end - _AROUND - 2)
    places = [(text.rfind(mark, window, end), len(mark)) for mark in _ENDS]
    start = max((place + length for place, length in places if place >= 0), default=window)
    if end - start <= _AROUND:
        return text[start:end]
    cut = text.find(" ", end - _AROUND, end)
    return "…" + text[cut + 1 if cut >= 0 else end - _AROUND : end]


def _after(text: str, start: int) -> str:
    window = min(len(text), start + _AROUND + 2)
    ends = [text.find(mark, start, window) for mark in _ENDS]
    end = min((place + 1 for place in ends if place >= 0), default=window)
    if end - start <= _AROUND:
        return text[start:end].rstrip("\n")
    cut = text.rfind(" ", start, start + _AROUND)
    return text[start : cut if cut > start else start + _AROUND] + "…"


class _Sides(NamedTuple):
    evidence: tuple[Evidence, ...]
    counter: tuple[Evidence, ...]


def explain(article: Article) -> Explanation:
    """Return why the article has its tags. What it came with is kept, and what its text would give is explained too."""
    found = own_date(article) if article.published is None else OwnDate(None, "", ())
    trusted = tuple(
        name
        for name, given in (
            ("published", article.published),
            ("provinces", kept(given_provinces, article.provinces)),
            ("topics", kept(given_topics, article.topics)),
        )
        if given is not None
    )
    tagged = tag(article)
    read = sections(tagged)
    texts = _Texts(tagged)
    found_places = placed(tagged, read)
    spoken = subjects.speak(read)
    topic_numbers = subjects.features(spoken, read)
    thresholds = {"provinces": model("provinces").thresholds[""]} | {
        slug: model("topics").threshold_of(slug) for slug in topics().names
    }
    return Explanation(
        tagged,
        trusted,
        found.line,
        found.refusals,
        _explained(
            scored_provinces(found_places),
            model("provinces"),
            found_places.numbers,
            lambda name: _of_place(name, found_places.located, texts),
            OWN,
        ),
        _explained(
            scored_topics(read),
            model("topics"),
            topic_numbers,
            lambda slug: _of_topic(slug, spoken, read, texts),
            JOINT,
        ),
        thresholds,
    )


def _explained(
    scored: Iterable[Tag], judge: Model, numbers: dict[str, list[float]], sides: Callable[[str], _Sides], more: str
) -> tuple[ExplainedTag, ...]:
    found = []
    for one in scored:
        parts = {START: judge.bias_of(one.value)} | judge.contributions(numbers[one.value])
        if judge.score(numbers[one.value], one.value) < one.score:
            parts[more] = judge.odds(one.score) - sum(parts.values())
        ordered = {name: round(points, 2) for name, points in sorted(parts.items(), key=lambda part: -part[1])}
        given = one.score >= judge.threshold_of(one.value)
        found.append(ExplainedTag(one.value, round(one.score, 3), given, ordered, *sides(one.value)))
    return tuple(found)


def _of_place(name: str, located: Sequence[places.Located], texts: _Texts) -> _Sides:
    strong: list[places.Located] = []
    weak: list[places.Located] = []
    for one in located:
        mention = one.mention
        if mention.role in ROLES and name in mention.provinces:
            (weak if mention.role == "home" and one.section.name != "title" else strong).append(one)
        elif mention.role not in ROLES and (name in mention.provinces or name in _named(mention.names)):
            weak.append(one)
    strong.sort(key=lambda one: (one.section.name != "title", _STRENGTH[one.mention.role]))
    return _Sides(*(tuple(_quote(one, texts) for one in side[:_MOST]) for side in (strong, weak)))


def _named(names: Sequence[str]) -> set[str]:
    known = (known_places().get(tuple(symbols(name))) for name in names)
    return {reading.province for place in known if place for reading in place.readings}


def _quote(one: places.Located, texts: _Texts) -> Evidence:
    # A title has no room for homes: what stands there like one is where it happened.
    role = "plain" if one.section.name == "title" and one.mention.role == "home" else one.mention.role
    return texts.evidence(one.section, one.mention.start, one.mention.end, role)


def _of_topic(slug: str, spoken: Sequence[subjects.Spoken], read: Sequence[Section], texts: _Texts) -> _Sides:
    strong: list[Evidence] = []
    weak: list[Evidence] = []
    for one in spoken:
        if one.term.topic == slug:
            kind = "listed" if one.listed else one.term.kind
            quote = texts.evidence(one.section, one.start, one.end, kind)
            (strong if kind in ("names", "signs", "hints") else weak).append(quote)
    weak += [texts.evidence(one.section, one.start, one.end, "others") for one in subjects.lookalikes(read, slug)]
    strong.sort(key=lambda quote: (quote.section != "title", quote.section != "lead", quote.kind != "names"))
    return _Sides(tuple(strong[:_MOST]), tuple(weak[:_MOST]))
