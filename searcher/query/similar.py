"""What "more like this" gives back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from searcher.analysis.syllable import JOINER
from searcher.article import Article
from searcher.query.objects import CopyObject, KeyTermObject, SimilarObject, as_dict
from searcher.query.results import Hit

MEANING: Final = 0.5
"""What an article keeps of its score that is about something else altogether: the rest of 1."""
CANDIDATES: Final = 4
"""Articles that are looked through for copies, for each one asked for."""


class KeyTerm(msgspec.Struct, frozen=True):
    """A term that sets an article apart: `weight` in 0..1, all sum to 1; `articles` is how many have it."""

    term: str
    weight: float
    articles: int

    @property
    def text(self) -> str:
        """The term as it is read."""
        return self.term.replace(JOINER, " ")


class Similar(msgspec.Struct, frozen=True):
    """Articles like one.

    - `terms` are the key terms that they were found by, heaviest first.
    - `hits` are the articles, most alike first, each with a score in 0..100: how much of the key terms it has; its
      `explanation` has the points for each, its `copies` counts near-identical ones.
    - `copies` are near-identical copies of the article itself; they are not among the hits.
    """

    article: Article
    terms: tuple[KeyTerm, ...]
    hits: tuple[Hit, ...]
    copies: tuple[Article, ...]

    def __repr__(self) -> str:
        return f"<Similar to {self.article.id!r}: {len(self.hits)} articles>"

    def __len__(self) -> int:
        """Return how many articles are like it."""
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def _repr_html_(self) -> str:
        from searcher.query.notebook import hits_table

        return hits_table((hit.rank, hit.article, hit.snippet) for hit in self.hits)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a row for each hit (`Hit.to_row`), as `pandas.DataFrame` takes them."""
        return [hit.to_row() for hit in self.hits]

    def to_dict(self) -> dict[str, Any]:
        """Return the object that `similar --json` prints."""
        return as_dict(self.printed())

    def printed(self) -> SimilarObject:
        """Return them as they are printed."""
        return SimilarObject(
            self.article.id,
            self.article.title,
            tuple(KeyTermObject(one.text, round(one.weight, 4), one.articles) for one in self.terms),
            tuple(hit.printed() for hit in self.hits),
            tuple(CopyObject(one.id, one.title) for one in self.copies),
        )
