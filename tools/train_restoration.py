"""Counts which syllables follow each other, for searcher/language/restoration.py.

    nice python -m tools.train_restoration [--write] [articles.jsonl.zst]

Counted are the syllables of titles, leads and bodies, those of articles that are tagged with a topic several times, as
these are what is searched for. Pairs that are seldom are left out. Prints how many syllables of titles that were kept
away the likeliest reading has right, once they were taken their marks. Everything is seeded.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.common import CORPUS, records
from searcher.analysis import FoldedTerms, TermAnalyzer, fold, query_terms
from searcher.analysis.syllable import JOINER
from searcher.codec.container import encode_container
from searcher.codec.terms import term_arrays, term_bytes
from searcher.language.restoration import FILE, PROVENANCE, Provenance, SyllablePairs, encoded, with_marks
from searcher.tagging import find_topics_named

_SEED: Final = 1
_HELD_OUT: Final = 2500
_SHOWN: Final = 800
_OF_A_TOPIC: Final = 4
_LEAST_PAIR: Final = 10
_LEAST_SYLLABLE: Final = 3
_CHUNK: Final = 2000
_FIELDS: Final = ("title", "lead", "body")


class Counts:
    """How often syllables, and pairs of them, are in articles."""

    def __init__(self) -> None:
        self._analyzer = TermAnalyzer()
        self._alone: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._pairs: dict[int, int] = {}
        self._chunks: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []

    def add(self, texts: Sequence[str], weight: int) -> None:
        """Count the texts, so many times."""
        batch = self._analyzer.analyze_many(texts)
        terms = self._analyzer.terms
        single = np.array([JOINER not in term for term in terms])
        kept = single[batch.term_ids]
        text = np.arange(len(batch.offsets) - 1).repeat(np.diff(batch.offsets))[kept]
        ids, places = batch.term_ids[kept].astype(np.int64), batch.positions[kept].astype(np.int64)
        alone = weight * np.bincount(ids, minlength=len(terms))
        alone[: len(self._alone)] += self._alone
        self._alone = alone
        beside = (text[1:] == text[:-1]) & (places[1:] == places[:-1] + 1)
        keys, counts = np.unique((ids[:-1] << 32 | ids[1:])[beside], return_counts=True)
        self._chunks.append((keys, weight * counts))
        if len(self._chunks) > 8:
            self._chunks = [self._summed()]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of the file."""
        terms = self._analyzer.terms
        often = [
            number for number, term in enumerate(terms) if JOINER not in term and self._alone[number] >= _LEAST_SYLLABLE
        ]
        often.sort(key=lambda number: term_bytes(terms[number]))
        row = np.full(len(terms), -1, dtype=np.int64)
        row[often] = np.arange(len(often))
        keys, counts = self._summed()
        first, second = row[keys >> 32], row[keys & 0xFFFFFFFF]
        kept = (counts >= _LEAST_PAIR) & (first >= 0) & (second >= 0)
        pairs = first[kept] * len(often) + second[kept]
        order = np.argsort(pairs)
        return term_arrays("syllable", [term_bytes(terms[number]) for number in often]) | {
            "counts": encoded(self._alone[often]),
            "pairs": pairs[order].astype(np.uint32),
            "pairs.counts": encoded(counts[kept][order]),
        }

    def _summed(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        keys, counts = (np.concatenate(parts) for parts in zip(*self._chunks, strict=True))
        found, places = np.unique(keys, return_inverse=True)
        return found, np.bincount(places, weights=counts).astype(np.int64)


class _Syllables:
    """The syllables of a table, as a lexicon."""

    def __init__(self, pairs: SyllablePairs) -> None:
        known = pairs.syllables()
        self._known, self._folded = frozenset(known), FoldedTerms(known)

    def __contains__(self, term: str, /) -> bool:
        return term in self._known

    def folding_to(self, folded: str, /) -> Sequence[str]:
        return self._folded.folding_to(folded)


def right(titles: Sequence[str], pairs: SyllablePairs) -> float:
    """Return the share of syllables of the titles, typed without marks, whose likeliest reading is the right one."""
    lexicon = _Syllables(pairs)
    found = [one for title in titles for one in _compared(title, lexicon, pairs)]
    return sum(found) / len(found)


def _compared(title: str, lexicon: _Syllables, pairs: SyllablePairs) -> Iterator[bool]:
    written = [term.term for term in query_terms(title) if term.length == 1]
    terms = query_terms(fold(title), lexicon, frequency=pairs.frequency)
    read = [term for term in with_marks(terms, pairs) if term.length == 1]
    for term, syllable in zip(read, written, strict=False):
        readings = [one for one in term.alternatives if one.kind in ("literal", "folded")]
        yield max(readings, key=lambda one: one.weight).syllables == (syllable,)


def main() -> None:
    """Count, print how many syllables come out right, and with --write write the table."""
    parser = argparse.ArgumentParser(description="count which syllables follow each other")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("articles", nargs="?", type=Path, default=CORPUS)
    wanted = parser.parse_args()
    articles = list(records(wanted.articles))
    away = np.random.default_rng(_SEED).permutation(len(articles))[:_HELD_OUT]
    held_out = set(away.tolist())
    counts = Counts()
    learnt = [one for number, one in enumerate(articles) if number not in held_out]
    of_topics = [bool(list(find_topics_named(f"{one['title']}\n{one['lead']}"))) for one in learnt]
    for weight, topical in ((1, False), (_OF_A_TOPIC, True)):
        chosen = [one for one, is_topical in zip(learnt, of_topics, strict=True) if is_topical is topical]
        for start in range(0, len(chosen), _CHUNK):
            for field in _FIELDS:
                counts.add([one[field] for one in chosen[start : start + _CHUNK]], weight)
    pieces, written = encode_container(counts.arrays(), {})
    FILE.with_suffix(".new").write_bytes(b"".join(pieces))
    provenance = Provenance(written.size, written.header_crc32, "tools/train_restoration.py", len(learnt), 0.0)
    pairs = SyllablePairs(FILE.with_suffix(".new"), provenance)
    titles = [articles[number]["title"] for number in away[:_SHOWN].tolist()]
    share = right(titles, pairs)
    print(f"{len(learnt):,} articles, {sum(of_topics):,} of a topic; {written.size:,} bytes; {share:.3f} of syllables")
    if wanted.write:
        FILE.with_suffix(".new").replace(FILE)
        provenance = msgspec.structs.replace(provenance, right=round(share, 3))
        PROVENANCE.write_bytes(msgspec.json.format(msgspec.json.encode(provenance), indent=1) + b"\n")
    else:
        FILE.with_suffix(".new").unlink()


if __name__ == "__main__":
    main()
