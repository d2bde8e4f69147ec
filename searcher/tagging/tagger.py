"""Tagging: what the tags of an article are, from its own text, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from searcher.article import Article
from searcher.tagging import places, subjects
from searcher.tagging.dates import own_date
from searcher.tagging.model import model
from searcher.tagging.provinces import NEW_MAP, merged, resolve_province
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


def scored_provinces(located: Sequence[places.Located]) -> list[Tag]:
    """Return every province that the article names as a place, given as a tag or not, highest score first."""
    numbers = places.features(places.candidates(located))
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
        given(scored_provinces(places.locate(read, article.published)), model("provinces").threshold),
        given(scored_topics(read), model("topics").threshold),
    )


def tag(article: Article) -> Article:
    """Return the article with its tags: those it came with are kept, those it lacks (None) are inferred.

    So is its date, where a line of the text is a date line. Provinces that it came with are spelled as the gazetteer
    has them; which of the 34 they lie in follows from them.
    """
    if article.published is None:
        article = msgspec.structs.replace(article, published=own_date(article).moment)
    provinces, topics = article.provinces, article.topics
    if provinces is None or topics is None:
        found = infer(article)
        topics = found.topic_slugs if topics is None else topics
        inferred = found.province_names
    provinces = inferred if provinces is None else _spelled(provinces)
    of_2025 = merged(provinces) if article.provinces_2025 is None else _spelled(article.provinces_2025, NEW_MAP)
    return msgspec.structs.replace(article, provinces=provinces, provinces_2025=of_2025, topics=topics)


def _spelled(names: Sequence[str], year: int | None = None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(resolve_province(name, year) or name for name in names))
