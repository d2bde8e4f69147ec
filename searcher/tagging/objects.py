"""The objects that `searcher tag --json` prints; what is promised of them says `searcher/query/objects.py`."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from searcher.tagging.explanation import ExplainedTag, Explanation


class TagsObject(Struct, frozen=True):
    """What `searcher tag --json` prints of each article; `topics` are slugs, `provinces` of the 63."""

    id: str
    published: datetime | None
    provinces: tuple[str, ...]
    topics: tuple[str, ...]


class DateObject(Struct, frozen=True):
    """The line that a date was read from, and why others were not taken."""

    line: str | None
    refusals: tuple[str, ...]


class ReasonsObject(Struct, frozen=True):
    """Why an article has its tags: all that it names, highest score first; from `thresholds` on they are tags."""

    date: DateObject
    provinces: tuple[ExplainedTag, ...]
    topics: tuple[ExplainedTag, ...]
    thresholds: dict[str, float]


class ExplainedObject(Struct, frozen=True):
    """What `searcher tag --explain --json` prints of each article; `trusted` names the tags that it came with."""

    id: str
    title: str
    published: datetime | None
    provinces: tuple[str, ...]
    provinces_2025: tuple[str, ...]
    topics: tuple[str, ...]
    trusted: tuple[str, ...]
    explanation: ReasonsObject


def explained_object(explanation: Explanation) -> ExplainedObject:
    """Return the tags of an article with their reasons as they are printed."""
    article = explanation.article
    return ExplainedObject(
        article.id,
        article.title,
        article.published,
        article.provinces or (),
        article.provinces_2025 or (),
        article.topics or (),
        explanation.trusted,
        ReasonsObject(
            DateObject(explanation.date_line or None, explanation.date_refusals),
            explanation.provinces,
            explanation.topics,
            explanation.thresholds,
        ),
    )
