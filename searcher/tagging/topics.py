"""The four topics, and how much a text speaks of each."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from searcher.analysis.normalization import normalize
from searcher.analysis.syllable import fold

TITLE_WEIGHT: Final = 4.0
LEAD_WEIGHT: Final = 2.0
_THRESHOLD: Final = 1.0


class Topics(NamedTuple):
    """`names` maps slug to Vietnamese name; `terms` a lower-case term to its slug and weight."""

    names: dict[str, str]
    terms: dict[str, tuple[str, float]]
    pattern: re.Pattern[str]


@cache
def topics() -> Topics:
    """Return the topics as topics.toml has them."""
    entries = tomllib.loads(resources.files(__package__).joinpath("topics.toml").read_text("utf-8"))["topic"]
    terms = {
        normalize(term).lower(): (entry["slug"], float(weight))
        for entry in entries
        for term, weight in entry["terms"].items()
    }
    longest_first = sorted(terms, key=len, reverse=True)
    return Topics(
        {entry["slug"]: entry["name"] for entry in entries},
        terms,
        re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"),
    )


def topic_scores(title: str, lead: str, body: str) -> dict[str, float]:
    """Return the topics that a normalised text is tagged with: slug to score, highest first.

    The score is the weighted count of the topic's terms, those in the title counting 4 and in the lead 2.
    """
    known = topics()
    scores: dict[str, float] = {}
    for text, weight in ((title, TITLE_WEIGHT), (lead, LEAD_WEIGHT), (body, 1.0)):
        for term in known.pattern.findall(text.lower()):
            slug, strength = known.terms[term]
            scores[slug] = scores.get(slug, 0.0) + weight * strength
    kept = [(score, slug) for slug, score in scores.items() if score >= _THRESHOLD]
    return {slug: score for score, slug in sorted(kept, key=lambda pair: -pair[0])}


@cache
def _names() -> dict[str, str]:
    known = topics()
    english = {"prostitution": "mai-dam", "drugs": "ma-tuy", "hiv": "hiv-aids", "aids": "hiv-aids"}
    english["human trafficking"] = english["trafficking"] = "mua-ban-nguoi"
    spelled = {_key(name): slug for slug, name in known.names.items()}
    return {_key(name): slug for name, slug in english.items()} | {_key(slug): slug for slug in known.names} | spelled


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))


def resolve_topic(name: str) -> str | None:
    """Return the slug of a topic by slug, Vietnamese name with or without marks, or English name; None if unknown.

    >>> resolve_topic("ma tuy"), resolve_topic("HIV"), resolve_topic("football")
    ('ma-tuy', 'hiv-aids', None)
    """
    return _names().get(_key(normalize(name)))
