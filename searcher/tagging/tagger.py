"""Tagging: what the tags of an article are, from its own text, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from searcher.article import Article
from searcher.tagging import places, subjects
from searcher.tagging.dates import own_date
from searcher.tagging.given import given_provinces, given_provinces_2025, given_topics, kept
from searcher.tagging.issuers import PRIOR, issuer, own_provinces
from searcher.tagging.model import Model, model
from searcher.tagging.provinces import merged
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

    @property
    def province_names(self) -> tuple[str, ...]:
        """The names of the provinces."""
        return tuple(tag.value for tag in self.provinces)

    @property
    def topic_slugs(self) -> tuple[str, ...]:
        """The slugs of the topics."""
        return tuple(tag.value for tag in self.topics)


class Placed(NamedTuple):
    """The places that an article names, and what speaks for each of their provinces, as `places.FEATURES` has it."""

    located: tuple[places.Located, ...]
    numbers: dict[str, list[float]]
    own: frozenset[str]


def placed(article: Article, read: Sequence[Section]) -> Placed:
    """Return what an article says of places, the issuer of a notice included."""
    above = issuer(article) if article.source else None
    sections_read = read if above is None else (above, *read)
    located = places.locate(sections_read, article.published)
    among = places.candidates(located)
    numbers = places.features(among, places.whole(read, located)) if among else {}
    own = own_provinces(article) if numbers and (article.source or article.url) else frozenset()
    return Placed(tuple(located), numbers, own)


def scored_provinces(found: Placed) -> list[Tag]:
    """Return every province that the article names as a place, given as a tag or not, highest score first."""
    score = model("provinces").score
    return sorted(
        (Tag(name, score(numbers, prior=PRIOR * (name in found.own))) for name, numbers in found.numbers.items()),
        key=_by_score,
    )


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
            scores[slug] = max(scores[slug], judge.threshold_of(slug))
    return sorted((Tag(slug, score) for slug, score in scores.items()), key=_by_score)


def _by_score(tag: Tag) -> tuple[float, str]:
    return -tag.score, tag.value


def _given(scored: Sequence[Tag], judge: Model) -> tuple[Tag, ...]:
    """Return those that are tags."""
    return tuple(tag for tag in scored if tag.score >= judge.threshold_of(tag.value))


def infer(article: Article) -> Tags:
    """Return the tags that the article's own text gives, whatever tags it came with."""
    read = sections(article)
    provinces, topics = scored_provinces(placed(article, read)), scored_topics(read)
    return Tags(_given(provinces, model("provinces")), _given(topics, model("topics")))


class Tagged(NamedTuple):
    """An article with its tags, and the score of each that was inferred, by name or slug."""

    article: Article
    scores: dict[str, float]


def tag(article: Article) -> Article:
    """Return the article with its tags; see `tag_scored`."""
    return tag_scored(article).article


def tag_scored(article: Article) -> Tagged:
    """Return the article with its tags and their scores: those it came with are kept, those it lacks are inferred.

    So is its date, where a line of the text is a date line. Tags that it came with are mapped to known ones
    (`given.py`); where none is known, they are inferred. Which of the 34 the provinces lie in follows from them.
    """
    if article.published is None:
        article = msgspec.structs.replace(article, published=own_date(article).moment)
    provinces = kept(given_provinces, article.provinces)
    topics = kept(given_topics, article.topics)
    scores: dict[str, float] = {}
    if provinces is None or topics is None:
        found = infer(article)
        if provinces is None:
            provinces = found.province_names
            scores.update(found.provinces)
        if topics is None:
            topics = found.topic_slugs
            scores.update(found.topics)
    of_2025 = kept(given_provinces_2025, article.provinces_2025)
    of_2025 = merged(provinces) if of_2025 is None else of_2025
    return Tagged(msgspec.structs.replace(article, provinces=provinces, provinces_2025=of_2025, topics=topics), scores)
