"""Completion of what is being typed in a cluster: `searcher.suggesting.completion` over titles fetched for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.analysis import fold
from searcher.analysis.folding import compatible
from searcher.analysis.stream import analyze
from searcher.analysis.syllable import JOINER
from searcher.article import Article
from searcher.cluster.client import Client
from searcher.cluster.documents import article_of, as_typed
from searcher.cluster.lexicon import Lexicon
from searcher.cluster.mapping import FOLDED_TITLE
from searcher.cluster.walking import search
from searcher.suggesting.completion import Completer
from searcher.suggesting.suggestion import Suggestion

if TYPE_CHECKING:
    from searcher.suggesting.completion import Titles

_MOST_TITLES: Final = 300
_MOST_FETCHES: Final = 4
_MOST_EXPANDED: Final = 300


def complete(client: Client, index: str, lexicon: Lexicon, text: str, limit: int) -> tuple[Suggestion, ...]:
    """Return what the text may become: of titles the newest that hold it are looked at."""
    part = _Part(client, index, lexicon)
    return lexicon.settled(lambda words: Completer([part], words).complete(text, limit))


class _Part:
    """The index as one part; titles are fetched as they are asked for."""

    def __init__(self, client: Client, index: str, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._frequent: dict[tuple[str, int], list[str]] = {}
        self._titles = _Titles(client, index)
        self.titles: Titles | None = self._titles

    def alive(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places: none is of a deleted article."""
        return places

    def tagged(self, field: str, label: str) -> int:
        """Return how many articles carry a label."""
        return self._lexicon.tagged(field).get(label, 0)

    def published(self, docnums: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return when articles were published, in seconds."""
        moments = [self._titles.articles[one].published for one in docnums.tolist()]
        return np.array([_seconds(one) for one in moments], dtype=np.int64)

    def article(self, docnum: int) -> Article:
        """Return an article, of which only id, title and day are known."""
        return self._titles.articles[docnum]

    def frequent(self, wanted: str, most: int) -> list[str]:
        """Return the most frequent terms that begin so without their marks, at most so many."""
        key = (wanted, most)
        if key not in self._frequent:
            self._frequent[key] = [one.text for one in self._lexicon.frequent(wanted, most)]
        return self._frequent[key]


def _seconds(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp())


class _Titles:
    """Some titles: those that were fetched so far."""

    def __init__(self, client: Client, index: str) -> None:
        self._client, self._index = client, index
        self.articles: list[Article] = []
        self._fetched: set[tuple[str, ...]] = set()
        self._ids: set[str] = set()
        self._syllables: list[int] = []
        self._inside: list[bool] = []
        self._document_of: list[int] = []
        self._terms: list[str] = []
        self._ordinals: dict[str, int] = {}
        self.starts: NDArray[np.integer[Any]] = np.zeros(1, dtype=np.int64)

    def term(self, ordinal: int) -> str:
        """Return the term of an ordinal."""
        return self._terms[ordinal]

    def documents(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the documents whose titles hold the places."""
        return np.array([self._document_of[one] for one in places.tolist()], dtype=np.int64)

    def following(self, typed: list[str], prefix: str) -> NDArray[np.int64]:
        """Return the places where the syllables `typed` stand, and then one that begins with `prefix`."""
        found = self._among_fetched(typed, prefix)
        key = (*typed, prefix, "")
        if not found and key not in self._fetched and len(self._fetched) < _MOST_FETCHES:
            self._fetched.add(key)
            self._fetch(typed, prefix)
            found = self._among_fetched(typed, prefix)
        return np.array(found, dtype=np.int64)

    def phrases(self, places: NDArray[np.int64], length: int) -> NDArray[np.int64]:
        """Return the syllables from each place on, where so many do not end within a word: int64[n, length]."""
        found = []
        for place in places.tolist():
            after = place + length
            end = int(self.starts[self._document_of[place] + 1])
            if after < end and self._inside[after]:
                continue
            if after <= end:
                found.append(self._syllables[place:after])
        return np.array(found, dtype=np.int64).reshape(-1, length)

    def _among_fetched(self, typed: list[str], prefix: str) -> list[int]:
        wanted = [*typed, prefix] if prefix else typed
        found = []
        for place in range(len(self._syllables) - len(wanted) + 1 if wanted else 0):
            last = place + len(wanted) - 1
            if self._inside[place] or self._document_of[place] != self._document_of[last]:
                continue
            terms = [self._terms[one] for one in self._syllables[place : last + 1]]
            if prefix:
                terms[-1] = terms[-1][: len(prefix)]
            if all(map(compatible, wanted, terms)):
                found.append(place)
        return found

    def _fetch(self, typed: list[str], prefix: str) -> None:
        words = [fold(as_typed(one)) for one in ([*typed, prefix] if prefix else typed)]
        if not words or not all(words):
            return
        text = " ".join(words)
        query: dict[str, Any] = {"match_phrase": {FOLDED_TITLE: {"query": text}}}
        if prefix and len(words) == 1:
            query = {"prefix": {FOLDED_TITLE: {"value": text}}}
        elif prefix:
            query = {"match_phrase_prefix": {FOLDED_TITLE: {"query": text, "max_expansions": _MOST_EXPANDED}}}
        body = {
            "size": _MOST_TITLES,
            "track_total_hits": False,
            "query": {"bool": {"filter": [query]}},
            "sort": [{"published": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
            "_source": ["id", "title", "published"],
        }
        for row in search(self._client, self._index, body).rows:
            article = article_of(row.source)
            if article.id not in self._ids:
                self._take(article)
        self.starts = np.array(
            [*np.searchsorted(self._document_of, np.arange(len(self.articles))), len(self._syllables)]
        )

    def _take(self, article: Article) -> None:
        self._ids.add(article.id)
        inside: set[int] = set()
        number = len(self.articles)
        for term, position in analyze(article.title):
            if JOINER in term:
                inside.update(range(position + 1, position + term.count(JOINER) + 1))
                continue
            if term not in self._ordinals:
                self._ordinals[term] = len(self._terms)
                self._terms.append(term)
            self._syllables.append(self._ordinals[term])
            self._inside.append(position in inside)
            self._document_of.append(number)
        self.articles.append(article)
