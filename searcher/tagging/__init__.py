"""tagging/: the date, provinces and topics of an article, why it has them, and the places that a query names.

What tags articles is imported when it is first used: a query needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from searcher.tagging.naming import PlaceSpan, TopicSpan, find_places, find_topics_named
from searcher.tagging.provinces import FIRST_MAP, NEW_MAP, former, merged, provinces, resolve_province
from searcher.tagging.topics import resolve_topic, topics

if TYPE_CHECKING:
    from searcher.tagging.explanation import Evidence, ExplainedTag, Explanation, explain
    from searcher.tagging.given import Given, given_provinces, given_topics, unknown_tags
    from searcher.tagging.tagger import Tag, Tagged, Tags, infer, tag, tag_scored

__all__ = [
    "FIRST_MAP",
    "NEW_MAP",
    "Evidence",
    "ExplainedTag",
    "Explanation",
    "Given",
    "PlaceSpan",
    "Tag",
    "Tagged",
    "Tags",
    "TopicSpan",
    "explain",
    "find_places",
    "find_topics_named",
    "former",
    "given_provinces",
    "given_topics",
    "infer",
    "merged",
    "provinces",
    "resolve_province",
    "resolve_topic",
    "tag",
    "tag_scored",
    "topics",
    "unknown_tags",
]

_MODULES: Final = {
    "searcher.tagging.given": ("Given", "given_provinces", "given_topics", "unknown_tags"),
    "searcher.tagging.explanation": ("Evidence", "ExplainedTag", "Explanation", "explain"),
    "searcher.tagging.tagger": ("Tag", "Tagged", "Tags", "infer", "tag", "tag_scored"),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(module), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
