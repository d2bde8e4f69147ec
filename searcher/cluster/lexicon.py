"""What an index's terms are and how frequent, asked of a cluster: a few requests a query, however much is asked.

Parsing, ranking and correcting ask about one term after the other, and what they ask next depends on the answer. So
what is not known yet is answered with "nothing" at first and noted; all that was noted is fetched at once, and the
question is asked again, until nothing was missing (`Lexicon.settled`). Terms are fetched by what they are without
marks, with all that are the same then; what is not in the index is kept in mind as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from searcher.analysis import fold
from searcher.cluster.client import Client
from searcher.cluster.documents import as_typed
from searcher.cluster.mapping import TEXTS
from searcher.ranking.rarity import SAMPLE, Rarities
from searcher.schema import TEXT_FIELDS

T = TypeVar("T")

_FIELDS: Final = ("t", "n", "d", "w", "h")
_ROUNDS: Final = 8
_KEPT: Final = 100_000
_PAGE: Final = 10_000
_AT_ONCE: Final = 4096
_PHRASES_AT_ONCE: Final = 200
_LONGEST: Final = 8_000
_MOST_BESIDE: Final = 50_000
"""Articles in which syllables are looked for side by side; of more, so many evenly spread."""
_MOST_SOURCES: Final = 1_000


class Term(NamedTuple):
    """A term: in how many articles (of the field where most have it; of bodies), how often in all, in which fields."""

    text: str
    articles: int
    in_bodies: int
    occurrences: int
    fields: int


class Lexicon:
    """The terms of one index; what was fetched is kept, for all threads."""

    def __init__(self, client: Client, articles: str, terms: str, doc_count: int, size: int) -> None:
        self._client, self._articles, self._terms = client, articles, terms
        self.doc_count, self.size = doc_count, size
        self._by_fold: dict[str, dict[str, Term]] = {}
        self._counted: dict[tuple[str, tuple[str, ...]], int] = {}
        self._starting: dict[tuple[str, str, int], tuple[str, ...]] = {}
        self._sources: tuple[str, ...] | None = None
        self._tagged: dict[str, dict[str, int]] = {}
        self._lock = threading.Lock()

    def settled(self, ask: Callable[[Words], T]) -> T:
        """Return what `ask` makes of the terms, once it had all of them that it asked about."""
        with self._lock:
            if len(self._by_fold) + len(self._counted) > _KEPT:
                self._by_fold, self._counted, self._starting = {}, {}, {}
        words = Words(self)
        for _round in range(_ROUNDS):
            found = ask(words)
            if not words.fetch():
                return found
        words.at_once = True
        return ask(words)

    def folds(self, fold: str) -> dict[str, Term] | None:
        """Return the terms that are this without their marks, by text; None where they were not fetched yet."""
        return self._by_fold.get(fold)

    def counted(self, kind: str, syllables: tuple[str, ...]) -> int | None:
        """Return a count of `fetch_phrases`; None where it was not made yet."""
        return self._counted.get((kind, syllables))

    def fetch_folds(self, folds: Iterable[str]) -> None:
        """Fetch the terms that are these without their marks."""
        wanted = sorted(folds)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            found: dict[str, dict[str, Term]] = {one: {} for one in part}
            askable = [one for one in part if one and len(one) < _LONGEST]
            query: dict[str, Any] = {"terms": {"f": askable}} if askable else {"match_none": {}}
            after = None
            while True:
                hits = self._hits(query, after)
                for term in hits:
                    found.setdefault(fold(term.text), {})[term.text] = term
                if len(hits) < _PAGE:
                    break
                after = [hits[-1].text]
            self._by_fold |= found

    def fetch_phrases(self, wanted: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Count articles in which syllables follow each other.

        Kind "sample" counts by a sample of the index, in the field where most are; "beside" in bodies, and in titles
        where no body has them.
        """
        by_kind: dict[str, list[tuple[str, ...]]] = {}
        for kind, syllables in sorted(wanted):
            by_kind.setdefault(kind, []).append(syllables)
        for kind, phrases in by_kind.items():
            sample = SAMPLE if kind == "sample" else _MOST_BESIDE
            stride = max(1, self.doc_count // sample)
            for start in range(0, len(phrases), _PHRASES_AT_ONCE):
                part = phrases[start : start + _PHRASES_AT_ONCE]
                body: dict[str, Any] = {"size": 0, "track_total_hits": False, "query": _sample(self.doc_count, stride)}
                body["aggs"] = {
                    f"{number}.{name}": {"filter": phrase(name, syllables)}
                    for number, syllables in enumerate(part)
                    for name in TEXT_FIELDS
                }
                counts = self._client.get(f"/{self._articles}/_search?request_cache=true", body)["aggregations"]
                for number, syllables in enumerate(part):
                    title, lead, text = (stride * counts[f"{number}.{name}"]["doc_count"] for name in TEXT_FIELDS)
                    most = max(title, lead, text, stride // 2)
                    self._counted[kind, syllables] = (text or title) if kind == "beside" else most

    def starting_with(self, field: str, prefix: str, count: int) -> tuple[str, ...]:
        """Return the most frequent terms that start so, as they are ("t") or without marks ("f")."""
        key = (field, prefix, count)
        if key not in self._starting:
            found = self._terms_sorted({"prefix": {field: {"value": prefix}}}, count) if prefix else ()
            self._starting[key] = tuple(one.text for one in found)
        return self._starting[key]

    def near(self, term: str, distance: int, count: int) -> tuple[str, ...]:
        """Return the most frequent other terms with the same first letter and at most so many edits."""
        query = {
            "fuzzy": {
                "t": {
                    "value": term,
                    "fuzziness": min(distance, 2),
                    "prefix_length": 1,
                    "transpositions": False,
                    "max_expansions": 1000,
                    "rewrite": "constant_score",
                }
            }
        }
        found = self._terms_sorted(query, count + 1) if term and len(term) < _LONGEST else ()
        return tuple(one.text for one in found if one.text != term)[:count]

    def frequent(self, wanted: str, count: int) -> list[Term]:
        """Return the most frequent terms that begin so without their marks."""
        found = self._terms_sorted({"prefix": {"f": {"value": fold(wanted)}}}, count)
        for one in found:
            self._by_fold.get(fold(one.text), {}).setdefault(one.text, one)
        return found

    def sources(self) -> tuple[str, ...]:
        """Return the names of the sources of articles, in order."""
        if self._sources is None:
            counted = {"names": {"terms": {"field": "source", "size": _MOST_SOURCES, "order": {"_key": "asc"}}}}
            answer = self._client.get(f"/{self._articles}/_search", {"size": 0, "aggs": counted})
            self._sources = tuple(one["key"] for one in answer["aggregations"]["names"]["buckets"])
        return self._sources

    def tagged(self, field: str) -> dict[str, int]:
        """Return how many articles carry each label of a field."""
        if field not in self._tagged:
            counted = {"labels": {"terms": {"field": field, "size": _MOST_SOURCES}}}
            answer = self._client.get(f"/{self._articles}/_search", {"size": 0, "aggs": counted})
            self._tagged[field] = {one["key"]: one["doc_count"] for one in answer["aggregations"]["labels"]["buckets"]}
        return self._tagged[field]

    def _hits(self, query: dict[str, Any], after: list[str] | None) -> list[Term]:
        body: dict[str, Any] = {"size": _PAGE, "query": query, "sort": [{"t": "asc"}]}
        if after is not None:
            body["search_after"] = after
        return self._asked(body)

    def _terms_sorted(self, query: dict[str, Any], count: int) -> list[Term]:
        if count <= 0:
            return []
        return self._asked({"size": count, "query": query, "sort": [{"n": "desc"}, {"t": "asc"}]})

    def _asked(self, body: dict[str, Any]) -> list[Term]:
        body |= {
            "_source": False,
            "stored_fields": "_none_",
            "docvalue_fields": list(_FIELDS),
            "track_total_hits": False,
        }
        answer = self._client.get(f"/{self._terms}/_search?filter_path=hits.hits.fields", body)
        fields = (hit["fields"] for hit in answer.get("hits", {}).get("hits", ()))
        return [Term(*(one[name][0] for name in _FIELDS)) for one in fields if "t" in one]


class Words(Rarities):
    """The terms of an index as parsing, ranking and correcting ask for them, in one question of `Lexicon.settled`."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.doc_count = lexicon.doc_count
        self.at_once = False
        self._folds: set[str] = set()
        self._phrases: set[tuple[str, tuple[str, ...]]] = set()

    def fetch(self) -> bool:
        """Fetch all that was missing; returns whether anything was."""
        folds, phrases = self._folds, self._phrases
        self._folds, self._phrases = set(), set()
        if folds:
            self.lexicon.fetch_folds(folds)
        if phrases:
            self.lexicon.fetch_phrases(phrases)
        return bool(folds or phrases)

    # As a vocabulary (`searcher.language.vocabulary`)

    def __contains__(self, term: str, /) -> bool:
        return self.frequency(term) > 0

    def folding_to(self, folded: str, /) -> Sequence[str]:
        """The terms with marks that fold to `folded`, in order."""
        return sorted(one for one in self._of_fold(folded) if one != folded)

    def frequency(self, term: str, /) -> int:
        """In how many articles the term is, in the field in which it is most frequent."""
        found = self._term(term)
        return 0 if found is None else found.articles

    def size(self) -> int:
        """How many terms the texts of all articles have, with repetitions."""
        return self.lexicon.size

    def starting_with(self, prefix: str, count: int, /, *, folded: bool = False) -> Sequence[str]:
        """At most so many terms that start with the prefix, most frequent first."""
        return self.lexicon.starting_with("f" if folded else "t", prefix, count)

    def near(self, term: str, distance: int, count: int, /) -> Sequence[str]:
        """At most so many other terms with the same first letter and few edits, the most frequent."""
        return self.lexicon.near(term, distance, count)

    def sources(self) -> Sequence[str]:
        """The names of the sources of articles, in order."""
        return self.lexicon.sources()

    # As rarities (`searcher.ranking.rarity`)

    def documents_with(self, syllables: tuple[str, ...]) -> int:
        """In how many articles the syllables follow each other; of what is hardly a term, by a sample."""
        known = self.frequency("_".join(syllables))
        stride = max(1, self.doc_count // SAMPLE)
        if len(syllables) > 1 and known < 4 * stride and (most := self.at_most(syllables)):
            known = max(known, min(self._count("sample", syllables), most))
        return known

    def occurrences(self, term: str) -> int:
        """How often the term is in all articles; 1 at least."""
        found = self._term(term)
        return 1 if found is None else max(found.occurrences, 1)

    def has(self, field: str, term: str) -> bool:
        """Whether any article has the term in a text field."""
        found = self._term(term)
        return found is not None and bool(found.fields >> TEXT_FIELDS.index(field) & 1)

    # As counts for corrections (`searcher.suggesting.correction`)

    def documents(self, term: str) -> int:
        """In how many bodies the term is, or titles where no body has it."""
        found = self._term(term)
        return 0 if found is None else found.in_bodies

    def all_folding_to(self, folded: str) -> list[str]:
        """The terms that fold to this, with marks or without."""
        return sorted(self._of_fold(folded))

    def side_by_side(self, syllables: Sequence[str]) -> int:
        """In about how many articles the syllables follow each other."""
        return self._count("beside", tuple(syllables)) if all(map(self.frequency, syllables)) else 0

    def _term(self, term: str) -> Term | None:
        return self._of_fold(fold(term)).get(term)

    def _of_fold(self, folded: str) -> dict[str, Term]:
        found = self.lexicon.folds(folded)
        if found is None and self.at_once:
            self.lexicon.fetch_folds([folded])
            found = self.lexicon.folds(folded)
        if found is None:
            self._folds.add(folded)
        return found or {}

    def _count(self, kind: str, syllables: tuple[str, ...]) -> int:
        found = self.lexicon.counted(kind, syllables)
        if found is None and self.at_once:
            self.lexicon.fetch_phrases([(kind, syllables)])
            found = self.lexicon.counted(kind, syllables)
        if found is None:
            self._phrases.add((kind, syllables))
        return found or 0


class Counts:
    """`Words` for corrections, which call by another name what a term may be without its marks."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.doc_count = words.doc_count
        self.documents, self.side_by_side = words.documents, words.side_by_side

    def folding_to(self, folded: str) -> list[str]:
        """Return the terms that fold to this, with marks or without."""
        return self._words.all_folding_to(folded)

    def starting_with(self, prefix: str, most: int) -> list[str]:
        """Return the terms that start so, in order; none where there are more than `most`."""
        found = self._words.starting_with(prefix, most + 1)
        return sorted(found) if len(found) <= most else []


def phrase(field: str, syllables: Sequence[str], boost: float | None = None) -> dict[str, Any]:
    """Return the query for syllables that follow each other in a text field."""
    name = TEXTS[field]
    typed = [as_typed(one) for one in syllables]
    if len(typed) == 1:
        return {"term": {name: {"value": typed[0]} if boost is None else {"value": typed[0], "boost": boost}}}
    query = {"query": " ".join(typed)}
    return {"match_phrase": {name: query if boost is None else {**query, "boost": boost}}}


def _sample(doc_count: int, stride: int) -> dict[str, Any]:
    """Return the query for every so-manieth article, by the order in which they were put."""
    if stride == 1:
        return {"match_all": {}}
    return {"terms": {"ordinal": list(range(0, doc_count, stride))}}
