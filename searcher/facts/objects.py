"""What `searcher tag --json` prints, facts included; what is promised of it says `searcher/query/objects.py`."""

from __future__ import annotations

from msgspec.structs import asdict

from searcher.article import Article
from searcher.facts.explanation import ReadFact
from searcher.facts.records import Facts, FactsObject
from searcher.tagging.explanation import Explanation
from searcher.tagging.objects import ExplainedObject, ReasonsObject, TagsObject, explained_object


class TaggedObject(TagsObject, frozen=True):
    """What `searcher tag --json` prints of each article: its tags, and the facts of the case that it tells."""

    facts: FactsObject


class ShownObject(Article, frozen=True, kw_only=True):
    """What `searcher show --json` prints: an article of the index, and the facts of the case that it tells."""

    facts: FactsObject


class AllReasonsObject(ReasonsObject, frozen=True):
    """Why an article has its tags, and where each of its facts was read."""

    facts: tuple[ReadFact, ...]


class FullyExplainedObject(ExplainedObject, frozen=True):
    """What `searcher tag --explain --json` prints of each article."""

    explanation: AllReasonsObject
    facts: FactsObject


def tagged_object(article: Article, facts: Facts) -> TaggedObject:
    """Return an article's tags and facts as they are printed."""
    return TaggedObject(article.id, article.published, article.provinces or (), article.topics or (), facts.told())


def shown_object(article: Article) -> ShownObject:
    """Return an article with the facts that are read from it, as it is printed."""
    from searcher.facts.extraction import extract

    return ShownObject(**asdict(article), facts=extract(article).told())


def fully_explained_object(explanation: Explanation, facts: Facts, read: tuple[ReadFact, ...]) -> FullyExplainedObject:
    """Return an article's tags and facts with their reasons as they are printed."""
    plain = explained_object(explanation)
    reasons = AllReasonsObject(**asdict(plain.explanation), facts=read)
    return FullyExplainedObject(**asdict(plain) | {"explanation": reasons}, facts=facts.told())
