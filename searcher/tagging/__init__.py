"""tagging/: the provinces and topics of an article."""

from searcher.tagging.places import find_provinces, gazetteer, resolve_province
from searcher.tagging.tagger import tag
from searcher.tagging.topics import resolve_topic, topics

__all__ = ["find_provinces", "gazetteer", "resolve_province", "resolve_topic", "tag", "topics"]
