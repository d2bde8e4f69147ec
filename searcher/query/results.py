"""What a search gives back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from searcher.article import Article
from searcher.facts.records import FactsObject
from searcher.harmless import harmless
from searcher.language.understanding import Understanding
from searcher.lastrun import LastRun

if TYPE_CHECKING:  # only --explain and --json need them
    from searcher.query.objects import HitObject, QueryObject, RowObject
    from searcher.ranking.explanation import Explanation


class FacetCount(msgspec.Struct, frozen=True):
    """How many of all hits have this value."""

    value: str
    count: int


class Offer(msgspec.Struct, frozen=True):
    """A value of a facet ("province", "topic" or "year") that `count` of the hits have, and not all."""

    facet: str
    value: str
    count: int

    @property
    def option(self) -> str:
        """The option of `searcher query` that narrows by it."""
        if self.facet == "year":
            return f"--since {self.value} --until {self.value}"
        return f"--topic {self.value}" if self.facet == "topic" else f'--province "{self.value}"'


class Hit(msgspec.Struct, frozen=True):
    """One article found: `rank` counts from 1 over all pages; `snippet` marks matches with `query.snippets.MARKS`.

    - `score` is 0 to 100 where hits are sorted by relevance; `explanation` has the points of each part of the formula,
      where that was asked for.
    - `facts` are those of the case that the article tells; None where it tells none, or the index has no facts.
    - `copies` is how many near-identical articles match as well and are not shown.
    """

    rank: int
    article: Article
    score: float
    snippet: str = ""
    copies: int = 0
    explanation: dict[str, float] = {}
    facts: FactsObject | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as `query --json` prints it, with the snippet as plain text and as HTML."""
        from searcher.query.objects import as_dict

        return as_dict(self.printed())

    def printed(self) -> HitObject:
        """Return the hit as it is printed."""
        from searcher.query.objects import HitObject
        from searcher.query.snippets import as_html, unmarked

        article = self.article
        return HitObject(
            rank=self.rank,
            id=article.id,
            score=round(self.score, 4),
            title=article.title,
            published=article.published,
            provinces=article.provinces or (),
            provinces_2025=article.provinces_2025 or (),
            topics=article.topics or (),
            url=article.url or None,
            source=article.source or None,
            snippet=unmarked(self.snippet),
            snippet_html=as_html(self.snippet),
            copies=self.copies,
            facts=self.facts,
            explanation={part: round(points, 2) for part, points in self.explanation.items()} or msgspec.UNSET,
        )

    def printed_whole(self) -> RowObject:
        """Return the hit with its whole article, as `query --jsonl` prints it and `searcher index` reads it again."""
        from searcher.query.objects import RowObject

        article = self.article
        return RowObject(
            self.rank,
            article.id,
            round(self.score, 4),
            article.title,
            article.lead,
            article.body,
            article.published,
            article.provinces or (),
            article.topics or (),
            article.url or None,
            article.source or None,
            article.author or None,
            self.facts,
        )


class Results(msgspec.Struct, frozen=True):
    """A page of hits, with the total and the facets over all hits.

    - `facets` has "province" (of the map asked for), "topic" (most frequent first) and "year" (newest first); where the
      index has facts "offence", "stage", "drug" and "kind"; where that was asked for also "month" ('2019-03', oldest
      first, those without hits left out). A facet by which the search was narrowed counts what there would be without
      that, months what there would be without the days; `chosen` has the values that it was narrowed by.
    - `relaxed` is true where too few articles have all words, so that some of these have only some of them; `complete`
      is how many have all.
    - `distinct` is how many hits there are to page through: `total` without the copies drawn together with others.
    - `understood` is what the query names: places, topics, years; `offers` are what one may narrow by because of it.
    - `explanation` says what hits were ranked by, where that was asked for.
    - `notes` are sentences about how the query was read, where that may surprise.
    - `suggestion` is the query as it was probably meant ("did you mean"), empty where there is none.
    """

    query: str
    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    relaxed: bool = False
    notes: tuple[str, ...] = ()
    suggestion: str = ""
    complete: int = 0
    understood: Understanding = Understanding()
    chosen: dict[str, tuple[str, ...]] = {}
    distinct: int = 0
    offers: tuple[Offer, ...] = ()
    explanation: Explanation | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the object that `query --json` prints."""
        from searcher.query.objects import as_dict

        return as_dict(self.printed())

    def printed(self) -> QueryObject:
        """Return the page as it is printed."""
        from searcher.query import objects

        named, explained = self.understood, self.explanation
        return objects.QueryObject(
            query=harmless(self.query),
            total=self.total,
            took_ms=round(self.took_ms, 2),
            hits=tuple(hit.printed() for hit in self.hits),
            facets={
                name: tuple(objects.CountObject(one.value, one.count) for one in counts)
                for name, counts in self.facets.items()
            },
            relaxed=self.relaxed,
            notes=self.notes,
            suggestion=self.suggestion or None,
            complete=self.complete,
            distinct=self.distinct,
            understood=objects.UnderstoodObject(
                tuple(objects.PlaceObject(one.name, one.kind, one.provinces, one.certainty) for one in named.places),
                tuple(objects.TopicWordObject(one.term, one.topic) for one in named.topic_words),
                named.years,
            ),
            chosen=self.chosen,
            offers=tuple(objects.OfferObject(one.facet, one.value, one.count, one.option) for one in self.offers),
            explanation=msgspec.UNSET
            if explained is None
            else msgspec.convert(explained, objects.RankingObject, from_attributes=True),
        )


class Export(msgspec.Struct, frozen=True):
    """Every hit of a search, in its order: an iterator that reads each article when it is asked for.

    `total`, `complete` and `notes` are those of `Results`, and are known before the first hit is read.
    """

    hits: Iterator[Hit]
    total: int
    complete: int
    notes: tuple[str, ...]

    @property
    def relaxed(self) -> bool:
        """Whether some of the hits have only some of the words."""
        return self.total > self.complete

    def __iter__(self) -> Iterator[Hit]:
        return self

    def __next__(self) -> Hit:
        return next(self.hits)


class Stats(msgspec.Struct, frozen=True):
    """What an index holds; counts of tags are by articles that carry them; `last_run` is None where none was kept."""

    articles: int
    terms: int
    bytes: int
    topics: dict[str, int]
    provinces: dict[str, int]
    provinces_2025: dict[str, int]
    newest: datetime | None
    oldest: datetime | None
    last_run: LastRun | None = None
