"""tagging/: the provinces and topics of an article, and those that a query names."""

from searcher.tagging.naming import PlaceSpan, TopicSpan, find_places, find_topics_named
from searcher.tagging.provinces import former, merged, provinces, resolve_merged, resolve_province
from searcher.tagging.tagger import Tag, Tags, infer, tag
from searcher.tagging.topics import resolve_topic, topics

__all__ = [
    "PlaceSpan",
    "Tag",
    "Tags",
    "TopicSpan",
    "find_places",
    "find_topics_named",
    "former",
    "infer",
    "merged",
    "provinces",
    "resolve_merged",
    "resolve_province",
    "resolve_topic",
    "tag",
    "topics",
]
