"""What an article is: a case, policy, or something else."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from math import log1p
from typing import Final, NamedTuple

from searcher.facts.lexicon import signals
from searcher.facts.reading import OPENING, Sentence, behind_numbers
from searcher.facts.records import KINDS
from searcher.tagging.sections import Section

FEATURES: Final = (
    "title_offence",
    "title_step",
    "title_accused",
    "title_deed",
    "lead_offence",
    "lead_step",
    "lead_police",
    "lead_charge",
    "opening_step",
    "opening_charge",
    "opening_police",
    "named",
    "proceed",
    "accused",
    "steps",
    "held",
    "title_policy",
    "lead_policy",
    "policy",
    "statistics",
    "title_story",
    "story",
    "title_talk",
    "talk",
    "harm",
    "roundup",
    "charged",
    "tried",
    "title_health",
    "health",
    "crowds",
    "title_people",
)
READ: Final = 150
"""Symbols of the body that say what an article is."""
_BODY: Final = 14
_CROWD: Final = 500
_LEAST_SIGNALS: Final = 2
_Counts = Callable[[str, int], int]


class Weights(NamedTuple):
    """A kind's score is `bias` and the sum of weight x feature; the kind with the highest is the article's."""

    bias: float
    weights: tuple[float, ...]


@cache
def model() -> dict[str, Weights]:
    """Return the weights by kind, as model.toml has them."""
    data = tomllib.loads(resources.files(__package__).joinpath("model.toml").read_text("utf-8"))
    return {
        kind: Weights(float(data[kind]["bias"]), tuple(float(data[kind]["weights"][name]) for name in FEATURES))
        for kind in KINDS
    }


def may_be_told(read: Sequence[Section]) -> bool:
    """Return whether title and lead have a word of what facts are about, or the start of the body two."""
    known = signals()
    body = read[-1].low[:READ]
    return not all(known.isdisjoint(one.low) for one in read[:-1]) or len(known.intersection(body)) >= _LEAST_SIGNALS


def kind_of(sentences: Sequence[Sentence]) -> str:
    """Return what an article is: case, policy or other."""
    numbers = features(sentences)
    scores = {
        kind: weights.bias + sum(map(float.__mul__, weights.weights, numbers)) for kind, weights in model().items()
    }
    return max(scores, key=lambda kind: scores[kind])


def is_roundup(sentences: Sequence[Sentence]) -> bool:
    """Return whether the title promises the cases of a day: whose people are not to be added up."""
    low = sentences[0].low if sentences and sentences[0].section == 0 else []
    return "24h" in low or any(low[place : place + 2] == ["24", "h"] for place in range(len(low))) or low.count(";") > 1


def features(sentences: Sequence[Sentence]) -> list[float]:
    """Return the numbers that FEATURES names, of title, lead and the first sentences of the body."""
    parts: tuple[dict[str, int], ...] = ({}, {}, {}, {})
    for sentence in sentences:
        place = sentence.section
        if place == 2:
            if sentence.place >= _BODY:
                break
            if sentence.place >= OPENING:
                place = 3
        _count(sentence, parts[place])
    title, lead, opening, rest = (part.get for part in parts)

    def some(part: _Counts, role: str, other: str = "") -> float:
        return float(part(role, 0) + part(other, 0) > 0)

    def whole(role: str, other: str = "") -> float:
        count = title(role, 0) + lead(role, 0) + opening(role, 0) + rest(role, 0)
        if other:
            count += title(other, 0) + lead(other, 0) + opening(other, 0) + rest(other, 0)
        return log1p(count)

    return [
        some(title, "offence", "deed"),
        some(title, "close"),
        some(title, "accused"),
        some(title, "told"),
        some(lead, "offence", "deed"),
        some(lead, "close"),
        some(lead, "police"),
        some(lead, "charge"),
        log1p(opening("close", 0)),
        log1p(opening("charge", 0)),
        log1p(opening("police", 0)),
        log1p(opening("named", 0) + lead("named", 0)),
        log1p(opening("charged", 0) + opening("tried", 0) + lead("charged", 0) + lead("tried", 0)),
        whole("accused"),
        whole("close"),
        whole("held", "suffer"),
        float(min(3, title("policy", 0))),
        float(min(4, lead("policy", 0))),
        whole("policy"),
        whole("statistics"),
        float(min(3, title("story", 0))),
        whole("story"),
        some(title, "talk"),
        whole("talk"),
        log1p(title("harm", 0) + title("harmed", 0) + lead("harm", 0) + lead("harmed", 0)),
        float(is_roundup(sentences)),
        whole("charged"),
        whole("tried"),
        float(min(2, title("health", 0))),
        whole("health"),
        float(title("crowds", 0) + lead("crowds", 0) + opening("crowds", 0) > 0),
        some(title, "people"),
    ]


def _count(sentence: Sentence, part: dict[str, int]) -> None:
    """Add to the counts of a part what a sentence has: its words by role, and what several of them make together."""
    roles = sentence.roles
    get = part.get
    for role, hits in roles.items():
        part[role] = get(role, 0) + len(hits)
    accused = close = 0
    if "people" in roles:
        accused = sum([hit.term.value == "accused" for hit in roles["people"]])
        part["accused"] = get("accused", 0) + accused
        starts = behind_numbers(sentence, "people")
        if starts and any(number.value >= _CROWD and number.end in starts for number in sentence.numbers):
            part["crowds"] = get("crowds", 0) + 1
    if "steps" in roles:
        for hit in roles["steps"]:
            step = hit.term.value
            if step != "sought":
                close += 1
                part[step] = get(step, 0) + 1
        part["close"] = get("close", 0) + close
    if "statistics" in sentence.asides:
        part["statistics"] = get("statistics", 0) + 1
    if close or "held" in roles:
        part["named"] = get("named", 0) + len(roles.get("born", ())) + len(roles.get("age", ()))
        part["police"] = get("police", 0) + ("authority" in roles)
    if (close or "people" in roles) and ("offence" in roles or "deed" in roles or "verb" in roles):
        part["told"] = get("told", 0) + 1
