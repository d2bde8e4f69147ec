"""What a search gives back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from searcher.article import Article
from searcher.facts.records import FactsObject
from searcher.harmless import harmless
from searcher.language.understanding import Understanding
from searcher.lastrun import LastRun
from searcher.ranking.explanation import Explanation

if TYPE_CHECKING:  # only --explain and --json need them
    from searcher.query.objects import HitObject, QueryObject, RowObject


_SHORT: Final = 60
"""Letters of a text in a `repr`."""


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


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
    - `copies` is how many near-identical articles match as well: not shown, but in an export, and in a page that was
      asked for with `all_copies`, where each has the `copy_of` that it is like, the id of a hit before it.
    - `share` is how much of the query it has, by rarity of its words: 1 is all of it.
    - `by_meaning` is true where it lacks words of the query, and was found because it is about the same.
    - `facts` are those of the case that the article tells; None where it tells none, or the index has no facts.
    """

    rank: int
    article: Article
    score: float
    snippet: str = ""
    copies: int = 0
    explanation: dict[str, float] = {}
    copy_of: str = ""
    share: float = 1.0
    by_meaning: bool = False
    facts: FactsObject | None = None

    def __repr__(self) -> str:
        day = f"{self.article.published:%Y-%m-%d}" if self.article.published else "undated"
        return f"<Hit {self.rank}: {_short(self.article.title)!r}, {day}, id {self.article.id!r}>"

    def to_row(self) -> dict[str, Any]:
        """Return the hit as a row of a table: a text, a number, a datetime, a list of tags or None in each cell.

        The names are those of `query --jsonl`, and `facts` are a dict that has names of its own.
        `pandas.DataFrame(results.to_dicts()).explode("provinces")` has a row for each province of a hit.
        """
        row = msgspec.structs.asdict(self.printed_whole())
        row["published"] = self.article.published
        row["facts"] = msgspec.to_builtins(self.facts)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}

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
            copy_of=self.copy_of or None,
            share=round(self.share, 4),
            by_meaning=self.by_meaning,
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
            self.copies,
            self.copy_of or None,
            round(self.share, 4),
            self.facts,
        )


class Results(msgspec.Struct, frozen=True):
    """A page of hits, with the total and the facets over all hits.

    - `facets` has "province" (of the map asked for), "topic" (most frequent first) and "year" (newest first); where the
      index has facts "offence", "stage", "drug" and "kind"; where that was asked for also "month" ('2019-03', oldest
      first, those without hits left out). A facet by which the search was narrowed counts what there would be without
      that, months what there would be without the days; `chosen` has the values that it was narrowed by.
    - `relaxed` is true where too few articles have all words, so that some of these have only some of them; `complete`
      is how many have all, and `complete_end` the rank after which none has, on whatever page that is: None where all
      have, 0 where none has. `by_meaning` is how many were found only because they are about the same.
    - `distinct` is how many hits there are to page through: `total` without the copies drawn together with others.
    - `undated` is how many articles match but have no date: where days narrow (`by_days`) they are not among the hits,
      as nobody knows whether they are of these days; else they are, but in no year of the facets.
    - `understood` is what the query names: places, topics, years; `offers` are what one may narrow by because of it.
    - `explanation` says what hits were ranked by, where that was asked for.
    - `notes` are sentences about how the query was read, where that may surprise.
    - `suggestion` is the query as it was probably meant ("did you mean"), empty where there is none. `corrected` is
      the text that these are the results for where that is another than `query`: the same suggestion, because what was
      typed can't be what was meant, or what English says in Vietnamese.
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
    undated: int = 0
    by_days: bool = False
    by_meaning: int = 0
    corrected: str = ""
    complete_end: int | None = None

    def __len__(self) -> int:
        """Return how many hits are on this page; `total` is how many there are."""
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __repr__(self) -> str:
        return f"<Results for {_short(self.query)!r}: {self.total} articles, {len(self.hits)} hits here>"

    def _repr_html_(self) -> str:
        from searcher.query.notebook import results_table

        hits = [(hit.rank, hit.article, hit.snippet) for hit in self.hits]
        return results_table(self.query, self.total, self.notes, hits)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a row for each hit of the page (`Hit.to_row`), as `pandas.DataFrame` takes them."""
        return [hit.to_row() for hit in self.hits]

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
            corrected=self.corrected or None,
            complete=self.complete,
            complete_end=self.complete_end,
            by_meaning=self.by_meaning,
            distinct=self.distinct,
            undated=self.undated,
            by_days=self.by_days,
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

    `total`, `complete`, `notes`, `undated` and `by_days` are those of `Results`, and are known before the first hit is
    read.
    """

    hits: Iterator[Hit]
    total: int
    complete: int
    notes: tuple[str, ...]
    undated: int = 0
    by_days: bool = False

    @property
    def relaxed(self) -> bool:
        """Whether some of the hits have only some of the words."""
        return self.total > self.complete

    def __iter__(self) -> Iterator[Hit]:
        return self

    def __repr__(self) -> str:
        return f"<Export of {self.total} articles>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a row for each hit that was not read yet (`Hit.to_row`), as `pandas.DataFrame` takes them."""
        return [hit.to_row() for hit in self.hits]

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
