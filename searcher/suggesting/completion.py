"""Completion of what is being typed: topics, places, words, phrases of titles, titles.

- Topics and provinces are offered by the articles tagged with them, other places by the articles that name them.
- Words of several syllables come from the body's term dictionary: those that begin so are one range of `folded_order`.
- Phrases and titles come from the suffix arrays of titles (`phrases.py`).

Without marks all that it may stand for is found; marks that were typed must be there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from searcher.analysis import fold, normalize
from searcher.analysis.folding import compatible
from searcher.analysis.offsets import term_spans
from searcher.analysis.syllable import JOINER, split
from searcher.analysis.terms import syllable_terms
from searcher.codec.arrays import NumericColumn
from searcher.execution.termcounts import segments_of
from searcher.harmless import harmless
from searcher.language.functionwords import function_words
from searcher.schema import to_article
from searcher.suggesting.phrases import DEPTH, open_phrases, phrases_path
from searcher.suggesting.suggestion import Suggestion
from searcher.tagging import provinces, topics

if TYPE_CHECKING:  # who waits for a completion pays for no more than it needs
    from typing import Protocol

    from searcher.article import Article
    from searcher.codec.arrays import SegmentArrays

    class Titles(Protocol):
        """Titles, as places in one run of their syllables (`phrases.TitlePhrases`)."""

        starts: NDArray[np.integer[Any]]

        def following(self, typed: list[str], prefix: str) -> NDArray[np.int64]:
            """Return the places where the syllables `typed` stand, and then one that begins with `prefix`."""

        def documents(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
            """Return the documents whose titles hold the places."""

        def phrases(self, places: NDArray[np.int64], length: int) -> NDArray[np.int64]:
            """Return the syllables from each place on, where so many do not end within a word: int64[n, length]."""

        def term(self, ordinal: int) -> str:
            """Return the term of an ordinal."""

    class Part(Protocol):
        """A part of an index that completions are taken from; `titles` is None where it has none."""

        titles: Titles | None

        def alive(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
            """Return the places in titles of articles that were not deleted."""

        def tagged(self, field: str, label: str) -> int:
            """Return how many articles carry a label."""

        def published(self, docnums: NDArray[np.int64]) -> NDArray[np.int64]:
            """Return when articles were published, as numbers that grow with time."""

        def article(self, docnum: int) -> Article:
            """Return an article."""

        def frequent(self, wanted: str, most: int) -> list[str]:
            """Return the most frequent terms of bodies that begin so without their marks, at most so many."""

    class DocumentCounts(Protocol):
        """How many articles have a term."""

        def documents(self, term: str) -> int:
            """Return in how many articles the term is."""


MAX_CHARS: Final = 200
_MOST_TOPICS: Final = 2
_MOST_PLACES: Final = 3
_LONGER: Final = 4
"""Words that a phrase may have beyond those typed."""
_LEAST_TITLES: Final = 2
_WHOLE: Final = 0.6
"""Of a phrase's titles, the share that goes on alike from which on it is but a part of the longer phrase."""
_LOOKED_AT: Final = 5_000
_KEPT_PHRASES: Final = 40
_RANKED_WORDS: Final = (64, 512)
_TITLES: Final = 64
_NAMED: Final = 24
_LEAST_LETTERS: Final = 3
_LEAST_ALONE: Final = 4
"""Letters that the last word must have to be completed whatever stands before it."""
_SAMPLED: Final = 2


class SegmentPart:
    """A segment, with its titles."""

    def __init__(self, segment: SegmentArrays, folder: Path) -> None:
        self.segment = segment
        self.titles: Titles | None = open_phrases(segment, phrases_path(folder / segment.container.file))

    def alive(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places in titles of articles that were not deleted."""
        live = self.segment.live
        return places if live is None or self.titles is None else places[live[self.titles.documents(places)]]

    def tagged(self, field: str, label: str) -> int:
        """Return how many articles carry a label."""
        arrays = self.segment.field(field)
        ordinal = -1 if arrays is None else arrays.find(label.encode())
        if arrays is None or ordinal < 0:
            return 0
        ids = arrays.doc_ids(ordinal)
        return len(ids) if self.segment.live is None else int(np.count_nonzero(self.segment.live[ids]))

    def published(self, docnums: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return when articles were published, as the column has it."""
        column = self.segment.column("published")
        values = column.values if isinstance(column, NumericColumn) else np.zeros(self.segment.doc_count, np.int64)
        found: NDArray[np.int64] = values[docnums]
        return found

    def article(self, docnum: int) -> Article:
        """Return an article."""
        return to_article(self.segment.stored(docnum))

    def frequent(self, wanted: str, most: int) -> list[str]:
        """Return the most frequent terms of bodies that begin so without their marks, at most so many."""
        arrays = self.segment.field("body")
        if arrays is None:
            return []
        folded = fold(wanted)
        order = arrays.folded_order

        def folded_bound(key: str) -> int:
            low, high = 0, len(order)
            while low < high:
                middle = (low + high) // 2
                if fold(arrays.term(int(order[middle])).decode("utf-8", "replace")) < key:
                    low = middle + 1
                else:
                    high = middle
            return low

        marked = order[folded_bound(folded) : folded_bound(folded + "\U0010ffff")].astype(np.int64)
        first, last = arrays.span(folded.encode(), (folded + "\U0010ffff").encode())
        ordinals = np.union1d(marked, np.arange(first, last))
        frequent = ordinals[np.argsort(-arrays.doc_freqs[ordinals].astype(np.int64), kind="stable")]
        return [arrays.term(ordinal).decode("utf-8", "replace") for ordinal in frequent[:most].tolist()]


def segment_parts(reader: Any, folder: Path) -> list[Part]:
    """Return the segments that a Whoosh reader shows, the largest first."""
    found = [SegmentPart(segment, folder) for _first, segment in segments_of(reader)]
    return [*sorted(found, key=lambda part: -part.segment.doc_count)]


class Completer:
    """Completes what is typed, by parts of an index, of which the first is the largest."""

    def __init__(self, parts: Sequence[Part], counts: DocumentCounts) -> None:
        self._parts = parts
        self._counts = counts

    def complete(self, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return at most so many suggestions: topics, places, then words and phrases by frequency, then titles."""
        text = " ".join(normalize(text[:MAX_CHARS]).split()) + (" " if text[-1:].isspace() else "")
        typed = list(syllable_terms(text))[:DEPTH]
        starts = [start for start, _end in term_spans(text)]
        for first in range(max(len(typed), 1)):
            # Where nothing begins with all that was typed, its last words are completed.
            if first == len(typed) - 1 > 0 and len(typed[first]) < _LEAST_ALONE:
                break
            head = text[: starts[first]] if first else ""
            found = self._completed(typed[first:], whole=text[-1:].isspace(), limit=limit)
            if found:
                return tuple(replace(one, text=head + one.text) if one.kind != "title" else one for one in found)
        return ()

    def _completed(self, typed: list[str], *, whole: bool, limit: int) -> list[Suggestion]:
        typed, prefix = (typed, "") if whole or not typed else (typed[:-1], typed[-1])
        wanted = JOINER.join([*typed, prefix] if prefix or typed else [])
        named = [*self._topics(wanted)][:_MOST_TOPICS]
        named += sorted(self._places(wanted), key=lambda one: -one.count)[:_MOST_PLACES]
        if not wanted:
            return named[:limit]
        found: dict[str, tuple[str, int]] = {}
        places = [
            (part, part.alive(part.titles.following(typed, prefix))) for part in self._parts if part.titles is not None
        ]
        for words, count in self._phrases(places, len(typed) + 1):
            found[" ".join(words)] = ("phrase", count)
        for term, count in self._words(wanted, limit):
            found[term.replace(JOINER, " ")] = ("word", count)
        titles = list(self._titles(places, limit))
        room = max(limit - len(named) - min(len(titles), limit // 3), 0)
        known = {fold(one.text.lower()) for one in named}
        offered: list[Suggestion] = []
        for run, (kind, count) in sorted(found.items(), key=lambda item: (-item[1][1], item[0])):
            if len(offered) >= room:
                break
            written = "" if fold(run) in known else self._as_written(run.split()) or (run if kind == "word" else "")
            if written:
                offered.append(Suggestion(written, kind, count))
        return [*named, *offered, *titles][:limit]

    def _topics(self, wanted: str) -> Iterator[Suggestion]:
        found = []
        for slug, name in topics().names.items():
            words = syllable_terms(name)
            if any(_begins(wanted, JOINER.join(words[first:])) for first in range(len(words))):
                count = sum(part.tagged("topic", slug) for part in self._parts)
                if count:
                    found.append(Suggestion(name, "topic", count, slug))
        yield from sorted(found, key=lambda one: -one.count)

    def _places(self, wanted: str) -> Iterator[Suggestion]:
        shown: set[str] = set()
        for name, spellings in provinces().spellings.items():
            if any(_begins(wanted, JOINER.join(syllable_terms(spelling))) for spelling in spellings):
                count = sum(part.tagged("province", name) for part in self._parts)
                if count:
                    shown.add(name)
                    yield Suggestion(name, "place", count)
        if len(wanted) < _LEAST_LETTERS:
            return
        folded = fold(wanted)
        keys, names = _named_places()
        first = bisect_left(keys, folded)
        last = bisect_left(keys, folded + "\U0010ffff")
        for term, name in names[first:last][:_NAMED]:
            if name not in shown and _begins(wanted, term) and (count := self._counts.documents(term)):
                shown.add(name)
                yield Suggestion(name, "place", count)

    def _words(self, wanted: str, limit: int) -> Iterator[tuple[str, int]]:
        """Terms of several syllables, or foreign ones, that begin so, the most frequent."""
        if not self._parts:
            return
        terms = [
            term
            for term in self._frequent(wanted, 4 * limit)
            if _begins(wanted, term)
            and (JOINER in term or (split(term) is None and len(term) > _LEAST_LETTERS))
            and term.rpartition(JOINER)[2] not in function_words()
        ]
        yield from ((term, self._counts.documents(term)) for term in terms[: 2 * limit])

    def _frequent(self, wanted: str, enough: int) -> list[str]:
        terms: list[str] = []
        for most in _RANKED_WORDS:
            found = self._parts[0].frequent(wanted, most)
            terms = [term for term in found if term.isprintable()]
            if sum(JOINER in term for term in terms) >= enough or len(found) < most:
                break
        return terms

    def _phrases(
        self, places: Sequence[tuple[Part, NDArray[np.int64]]], typed: int
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        """Runs of words that titles have from these places on and that stand by themselves, with how many have them."""
        counts: Counter[tuple[str, ...]] = Counter()
        for part, found in places:
            assert part.titles is not None
            for length in range(max(typed, 2), min(typed + _LONGER, DEPTH) + 1):
                counts.update(_counted(part.titles, found, length))
        longer: dict[tuple[str, ...], int] = {}
        for words, count in counts.items():
            for length in range(2, len(words) if words[-1] not in function_words() else 0):
                longer[words[:length]] = max(longer.get(words[:length], 0), count)
        for words, count in counts.items():
            if count < _LEAST_TITLES or words[-1] in function_words():
                continue
            if longer.get(words, 0) < _WHOLE * count:
                yield words, count

    def _titles(self, places: Sequence[tuple[Part, NDArray[np.int64]]], limit: int) -> Iterator[Suggestion]:
        """The titles that hold the places: those that begin with one first, then the newest."""
        ranked: list[tuple[bool, int, int, Part]] = []
        for part, found in places:
            assert part.titles is not None
            docnums = part.titles.documents(found)
            later = found != part.titles.starts[docnums]
            published = part.published(docnums)
            best = np.lexsort((docnums, -published, later))[:_TITLES]
            ranked += [(bool(later[at]), -int(published[at]), int(docnums[at]), part) for at in best]
        shown: set[str] = set()
        for _later, _published, docnum, part in sorted(ranked, key=lambda one: one[:3]):
            if len(shown) == limit:
                break
            article = part.article(docnum)
            title = harmless(article.title)
            if title not in shown:
                shown.add(title)
                yield Suggestion(title, "title", 1, article.id)

    def _as_written(self, words: list[str]) -> str:
        """The words as a title writes them, if it can be not at its beginning; "" where a sign stands between them."""
        for part in self._parts:
            if part.titles is None or len(words) >= DEPTH:
                continue
            places = part.alive(part.titles.following(words, ""))
            if not len(places):
                continue
            docnums = part.titles.documents(places)
            at = places - part.titles.starts[docnums]
            later = np.flatnonzero(at)
            found = Counter(
                _cut(part.article(int(docnums[one])).title, int(at[one]), words)
                for one in (later if len(later) else np.arange(len(at)))[:_SAMPLED]
            )
            written = found.most_common(1)[0][0]
            begins = not len(later) and written[1:].islower()
            return written[:1].lower() + written[1:] if begins else written
        return ""


def _begins(wanted: str, term: str) -> bool:
    """Return whether a term begins with what was typed; marks that were typed must be there."""
    return compatible(wanted, term[: len(wanted)])


def _counted(titles: Titles, places: NDArray[np.int64], length: int) -> dict[tuple[str, ...], int]:
    """Return how many of the places are followed by each run of so many words, the most frequent."""
    stride = -(-len(places) // _LOOKED_AT) or 1
    rows = titles.phrases(places[::stride], length)
    if not len(rows):
        return {}
    keys = np.zeros(len(rows), dtype=np.uint64)
    for column in rows.T:
        keys = keys * np.uint64(0x9E3779B97F4A7C15) + column.astype(np.uint64) + np.uint64(1)
    _keys, first, counts = np.unique(keys, return_index=True, return_counts=True)
    most = np.argsort(-counts, kind="stable")[:_KEPT_PHRASES]
    return {tuple(map(titles.term, rows[first[one]].tolist())): int(counts[one]) * stride for one in most.tolist()}


_SIGNS: Final = re.compile(r"[^\w\s./&-]|\s-\s")


def _cut(title: str, at: int, words: Sequence[str]) -> str:
    """Return the words of a title from a place on as they are written there, "" with a sign between them."""
    spans = list(term_spans(title))[at : at + len(words)]
    if len(spans) < len(words):
        return ""
    written = harmless(title[spans[0][0] : spans[-1][1]])
    if _SIGNS.search(written) or syllable_terms(written) != tuple(words):
        return ""
    return " ".join(words) if written.isupper() and len(words) > 1 else written


@cache
def _named_places() -> tuple[list[str], list[tuple[str, str]]]:
    """Terms without marks, sorted, and term and name, of every place of the gazetteer with a name of several words."""
    from searcher.tagging.gazetteer import places

    named: Iterable[str] = {place.name for place in places().values() if place.readings}
    found = [(JOINER.join(syllable_terms(name)), name) for name in named]
    pairs = sorted((fold(term), (term, name)) for term, name in found if JOINER in term)
    return [key for key, _pair in pairs], [pair for _key, pair in pairs]
