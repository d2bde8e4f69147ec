"""tagging/: the provinces and topics of an article, and those that a query names."""

from searcher.tagging.naming import PlaceSpan, TopicSpan, find_places, find_topics_named
from searcher.tagging.provinces import FIRST_MAP, NEW_MAP, former, merged, provinces, resolve_province
from searcher.tagging.tagger import Tag, Tags, infer, tag
from searcher.tagging.topics import resolve_topic, topics

__all__ = [
    "FIRST_MAP",
    "NEW_MAP",
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
    "resolve_province",
    "resolve_topic",
    "tag",
    "topics",
]
