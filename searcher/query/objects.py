"""The objects that commands print as JSON and that pages give with `.json`: others build on their keys.

docs/schemas/ has the JSON Schema of each, made by `python -m tools.schemas`; docs/stability.md says what is promised.
A key may be added in any version and is then here; none is taken away or given another meaning within 1.x.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from searcher.facts.records import FactsObject


class HitObject(Struct, frozen=True, kw_only=True):
    """One article found. `snippet` is plain text, `snippet_html` has the words of the query in `<mark>`.

    `copies` is how many near-identical articles were found besides, `copy_of` the id of one before it that it is itself
    a copy of; `share` is how much of the query it has, by rarity of its words: 1 is all.
    `by_meaning` is true of one that was found because it is about the same, and not by words.
    """

    rank: int
    id: str
    score: float
    title: str
    published: datetime | None
    provinces: tuple[str, ...]
    provinces_2025: tuple[str, ...]
    topics: tuple[str, ...]
    url: str | None
    source: str | None
    snippet: str
    snippet_html: str
    copies: int
    copy_of: str | None
    share: float
    by_meaning: bool
    facts: FactsObject | None
    explanation: dict[str, float] | UnsetType = UNSET


class CountObject(Struct, frozen=True):
    """How many of the articles have a value of a facet."""

    value: str
    count: int


class PlaceObject(Struct, frozen=True):
    """A place that the query names, and the provinces of the 63 that it can mean."""

    name: str
    kind: str
    provinces: tuple[str, ...]
    certainty: float


class TopicWordObject(Struct, frozen=True):
    """A word of the query that is of a topic."""

    term: str
    topic: str


class UnderstoodObject(Struct, frozen=True):
    """What the query names."""

    places: tuple[PlaceObject, ...]
    topics: tuple[TopicWordObject, ...]
    years: tuple[int, ...]


class OfferObject(Struct, frozen=True):
    """A value that one may narrow by, with the option of `searcher query` that does."""

    facet: str
    value: str
    count: int
    option: str


class ReadingObject(Struct, frozen=True):
    """Something that a word of the query was looked for as."""

    text: str
    kind: str
    weight: float
    articles: int


class WordObject(Struct, frozen=True, kw_only=True):
    """A word, phrase or pattern that the query asks for."""

    text: str
    readings: tuple[ReadingObject, ...]
    rarity: float
    fields: tuple[str, ...]
    quoted: bool
    boost: float


class RankingObject(Struct, frozen=True):
    """What results were ranked by; `parts` are the points that each part of the formula adds at most."""

    words: tuple[WordObject, ...]
    parts: dict[str, float]


class QueryObject(Struct, frozen=True, kw_only=True):
    """What `searcher query --json` prints: a page of hits, with the total and the facets over all hits.

    `undated` is how many articles match but have no date: where days narrow (`by_days`) they are not in `total`, else
    they are, but in no year.
    Of `total` `complete` have all words, and none after the rank `complete_end` has (null where all have); `by_meaning`
    were found by what they are about. `corrected` is the query that these are the results of, where what was typed
    can't have been meant.
    """

    query: str
    total: int
    took_ms: float
    hits: tuple[HitObject, ...]
    facets: dict[str, tuple[CountObject, ...]]
    relaxed: bool
    notes: tuple[str, ...]
    suggestion: str | None
    corrected: str | None
    complete: int
    complete_end: int | None
    by_meaning: int
    distinct: int
    undated: int
    by_days: bool
    understood: UnderstoodObject
    chosen: dict[str, tuple[str, ...]]
    offers: tuple[OfferObject, ...]
    explanation: RankingObject | UnsetType = UNSET


class RowObject(Struct, frozen=True):
    """What `searcher query --jsonl` prints of each hit: the article whole, as `searcher index` reads it again.

    `copies`, `copy_of` and `share` are those of `HitObject`.
    """

    rank: int
    id: str
    score: float
    title: str
    lead: str
    body: str
    published: datetime | None
    provinces: tuple[str, ...]
    topics: tuple[str, ...]
    url: str | None
    source: str | None
    author: str | None
    copies: int
    copy_of: str | None
    share: float
    facts: FactsObject | None


class SuggestionObject(Struct, frozen=True):
    """Something that what was typed may become; `value` is a topic's slug or a title's article id."""

    text: str
    kind: str
    count: int
    value: str | None


class SuggestionsObject(Struct, frozen=True):
    """What `searcher suggest --json` prints."""

    prefix: str
    suggestions: tuple[SuggestionObject, ...]


class KeyTermObject(Struct, frozen=True):
    """A term that sets an article apart."""

    term: str
    weight: float
    articles: int


class CopyObject(Struct, frozen=True):
    """A near-identical copy of an article."""

    id: str
    title: str


class SimilarObject(Struct, frozen=True):
    """What `searcher similar --json` prints."""

    id: str
    title: str
    terms: tuple[KeyTermObject, ...]
    hits: tuple[HitObject, ...]
    copies: tuple[CopyObject, ...]


class TrendObject(Struct, frozen=True):
    """The articles of one province or topic, or altogether, in each period."""

    value: str | None
    total: int
    counts: tuple[int, ...]
    shares: tuple[float, ...]


class TrendsObject(Struct, frozen=True, kw_only=True):
    """What `searcher trends --json` prints; `undated` and `by_days` are those of `QueryObject`.

    `stories` is true where near-identical articles were counted as one.
    """

    query: str
    by: str
    unit: str
    periods: tuple[str, ...]
    rows: tuple[TrendObject, ...]
    articles: tuple[int, ...]
    total: int
    undated: int
    by_days: bool
    stories: bool
    relaxed: bool
    notes: tuple[str, ...]


def as_dict(printed: Struct) -> dict[str, Any]:
    """Return an object of this module as `json.dumps` and pandas take it: names, lists, numbers, ISO 8601 texts."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(printed))
    return found
