"""Tagging: what the tags of an article are, from its own text, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from searcher.article import Article
from searcher.tagging import places, subjects
from searcher.tagging.model import model
from searcher.tagging.sections import Section, sections

_CERTAIN: Final = 0.9


class Tag(NamedTuple):
    """A province or topic with its score in 0..1, the higher the more the article is about it."""

    value: str
    score: float


class Tags(NamedTuple):
    """The inferred tags of an article, highest score first."""

    provinces: tuple[Tag, ...]
    topics: tuple[Tag, ...]


def scored_provinces(read: Sequence[Section]) -> list[Tag]:
    """Return every province that the article names as a place, given as a tag or not, highest score first."""
    numbers = places.features(places.candidates(places.locate(read)))
    judge = model("provinces")
    return sorted((Tag(name, judge.score(found)) for name, found in numbers.items()), key=_by_score)


def scored_topics(read: Sequence[Section]) -> list[Tag]:
    """Return every topic that the article speaks of, given as a tag or not, highest score first.

    In a programme of the authorities about one topic the others that it lists are tags, if weak ones.
    """
    spoken = subjects.speak(read)
    numbers = subjects.features(spoken, read)
    judge = model("topics")
    scores = {slug: judge.score(found, slug) for slug, found in numbers.items()}
    if len(scores) >= subjects.JOINT and max(scores.values()) >= _CERTAIN:
        for slug in subjects.joint_topics(spoken, read):
            scores[slug] = max(scores[slug], judge.threshold)
    return sorted((Tag(slug, score) for slug, score in scores.items()), key=_by_score)


def _by_score(tag: Tag) -> tuple[float, str]:
    return -tag.score, tag.value


def given(scored: Sequence[Tag], threshold: float) -> tuple[Tag, ...]:
    """Return those that are tags."""
    return tuple(tag for tag in scored if tag.score >= threshold)


def infer(article: Article) -> Tags:
    """Return the tags that the article's own text gives, whatever tags it came with."""
    read = sections(article)
    return Tags(
        given(scored_provinces(read), model("provinces").threshold),
        given(scored_topics(read), model("topics").threshold),
    )


def tag(article: Article) -> Article:
    """Return the article with its tags: those it came with are kept, those it lacks (None) are inferred."""
    if article.provinces is not None and article.topics is not None:
        return article
    found = infer(article)
    provinces = tuple(one.value for one in found.provinces) if article.provinces is None else article.provinces
    topics = tuple(one.value for one in found.topics) if article.topics is None else article.topics
    return msgspec.structs.replace(article, provinces=provinces, topics=topics)
