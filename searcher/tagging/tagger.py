"""Tagging: what the tags of an article are, from its own text."""

from __future__ import annotations

import msgspec

from searcher.analysis.normalization import normalize
from searcher.article import Article
from searcher.tagging.places import find_provinces
from searcher.tagging.topics import topic_scores

_SHARE = 0.34


def _provinces(title: str, lead: str, body: str) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for text, weight in ((title, 4.0), (lead, 2.0), (body, 1.0)):
        for mention in find_provinces(text):
            weights[mention.province] = weights.get(mention.province, 0.0) + weight
    if not weights:
        return ()
    least = max(weights.values()) * _SHARE
    return tuple(sorted((name for name in weights if weights[name] >= least), key=lambda name: -weights[name]))


def tag(article: Article) -> Article:
    """Return the article with its tags: those it came with are kept, those it lacks (None) are inferred."""
    if article.provinces is not None and article.topics is not None:
        return article
    title, lead, body = normalize(article.title), normalize(article.lead), normalize(article.body)
    provinces = _provinces(title, lead, body) if article.provinces is None else article.provinces
    topics = tuple(topic_scores(title, lead, body)) if article.topics is None else article.topics
    return msgspec.structs.replace(article, provinces=provinces, topics=topics)
