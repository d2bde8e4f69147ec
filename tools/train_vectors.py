"""Trains the term vectors of searcher/semantics by which articles are found by what they are about.

    nice python -m tools.train_vectors [--write] [--dimensions N] [--epochs N] [articles.jsonl.zst]

A query is the mean of its terms' query vectors, weighted by rarity, an article that of its terms' article vectors,
weighted by 1 + ln(frequency); a syllable counts by how often it is a word by itself. Both are made to point the same
way where the query is the title or the lead of the article: InfoNCE over batches, symmetric (van den Oord et al. 2018;
Radford et al. 2021), by AdaGrad with one step size a row (Duchi et al. 2011), from latent semantic analysis (Deerwester
et al. 1990) as the start. Words of queries are dropped at random, and near-copies are not told apart. Batches of like
articles, and articles without the words of their title, may seem to teach more; by the judged queries they find less.

At the end the space is turned at random, which changes no angle but spreads what vectors hold evenly over their
components: each then takes eight bits, and its sign alone says much. Written is no text, only terms that at least
`--least` articles have, with numbers. Everything is seeded: the same articles and versions give the same vectors.

Prints how well titles and leads of articles that were held out find the rest among all articles: the mean of 1 / rank.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from benchmarks.common import CORPUS, records
from searcher.analysis import TermAnalyzer, TermBatch
from searcher.analysis.syllable import JOINER
from searcher.codec.container import encode_container
from searcher.codec.terms import term_arrays, term_bytes
from searcher.semantics.termvectors import FILE, PROVENANCE, Provenance, vector_arrays

_SEED: Final = 1
_HELD_OUT: Final = 3000
_BATCH: Final = 2048
_TEMPERATURE: Final = 0.05
_STEP: Final = 0.05
_LEADS: Final = 0.3
"""The share of batches whose queries are leads and not titles."""
_DROPPED: Final = 0.15
_MOST_OF_A_LEAD: Final = 24
_SELDOM_ALONE: Final = 0.1
"""Syllables that are seldom alone say nothing of an article that its words don't."""
_COPIES: Final = 0.93
"""Articles of which the cosine is higher are not told apart."""
_CHUNK: Final = 2000
_BINS: Final = 60
_USUAL: Final = 60
"""The percentile of the lengths of vectors of equally rare terms that counts as what such a term is worth."""

Floats = NDArray[np.float32]
Matrix = Any
"""scipy.sparse.csr_matrix, which has no types: float32[articles, terms]."""


class Corpus(NamedTuple):
    """Terms, and how often each is in each article's title, lead and body: float32[articles, terms].

    A syllable counts only where it is in no word of several. `alone: float32[terms]` is the share of each term's
    occurrences of which that is true; of words it is 1.
    """

    terms: list[str]
    counts: dict[str, Matrix]
    alone: Floats


class Trained(NamedTuple):
    """Vectors of terms in queries and in articles, float32[terms, dimensions], and the rarity of terms."""

    queries: Floats
    articles: Floats
    rarity: Floats


def read_corpus(path: Path, least: int) -> Corpus:
    """Return the terms that at least so many articles have, and where they are."""
    analyzer = TermAnalyzer()
    found: dict[str, list[tuple[NDArray[Any], ...]]] = {"title": [], "lead": [], "body": []}
    articles = list(records(path))
    for start in range(0, len(articles), _CHUNK):
        for field, parts in found.items():
            batch = analyzer.analyze_many([one[field] for one in articles[start : start + _CHUNK]])
            rows = np.arange(start, start + len(batch.offsets) - 1).repeat(np.diff(batch.offsets))
            parts.append((rows, batch.term_ids, _is_alone(batch, analyzer.terms)))
    shape = (len(articles), len(analyzer.terms))
    counts, totals = {}, np.zeros(len(analyzer.terms))
    for field, parts in found.items():
        rows, terms, alone = (np.concatenate(one) for one in zip(*parts, strict=True))
        counts[field] = _counted(rows[alone], terms[alone], shape)
        totals += np.bincount(terms, minlength=len(totals))
    together = sum(counts.values())
    kept = np.flatnonzero(np.asarray((together > 0).sum(axis=0)).ravel() >= least)
    encoded = [term_bytes(analyzer.terms[number]) for number in kept.tolist()]
    kept = kept[sorted(range(len(kept)), key=encoded.__getitem__)]
    share = np.asarray(together.sum(axis=0)).ravel()[kept] / totals[kept]
    return Corpus(
        [analyzer.terms[number] for number in kept.tolist()],
        {field: one[:, kept].tocsr() for field, one in counts.items()},
        share.astype(np.float32),
    )


def _is_alone(batch: TermBatch, terms: list[str]) -> NDArray[np.bool_]:
    """Return for each token whether it is a word of several syllables, or a syllable in none."""
    sizes = np.array([terms[number].count(JOINER) + 1 for number in batch.term_ids.tolist()], dtype=np.intp)
    places = batch.positions + (np.arange(len(batch.offsets) - 1) << 32).repeat(np.diff(batch.offsets))
    words = np.flatnonzero(sizes > 1)
    inside = (
        np.concatenate([places[words] + more for more in range(int(sizes.max(initial=1)))]) if len(words) else words
    )
    lengths = np.tile(sizes[words], int(sizes.max(initial=1)))
    steps = np.arange(int(sizes.max(initial=1))).repeat(len(words))
    return (sizes > 1) | ~np.isin(places, inside[steps < lengths])


def _counted(rows: NDArray[Any], terms: NDArray[Any], shape: tuple[int, int]) -> Matrix:
    counted = sp.csr_matrix((np.ones(len(terms), np.float32), (rows, terms)), shape=shape)
    counted.sum_duplicates()
    return counted


class Training:
    """One training; `query` and `article` are the vectors so far."""

    def __init__(self, corpus: Corpus, dimensions: int) -> None:
        self._random = np.random.default_rng(_SEED)
        title, lead, body = (corpus.counts[field] for field in ("title", "lead", "body"))
        self._alone = corpus.alone
        self.count = title.shape[0]
        spread = np.asarray(((title + lead + body) > 0).sum(axis=0)).ravel()
        self.rarity = np.log(1 + self.count / (spread + 0.5)).astype(np.float32)
        self._asked = {field: self._as_query(corpus.counts[field]) for field in ("title", "lead")}
        self._answer = {"title": self._as_article(lead + body), "lead": self._as_article(title + body)}
        order = self._random.permutation(self.count)
        self._held, self._learnt = order[:_HELD_OUT], np.sort(order[_HELD_OUT:])
        start = self._latent(self._answer["title"], dimensions)
        self.query, self.article = _scaled(start), _scaled(start * self.rarity[:, None])
        self._slopes = {name: np.full((len(start), 1), 1e-8, np.float32) for name in ("query", "article")}

    def run(self, epochs: int) -> None:
        """Train for so many passes over the articles."""
        started = time.perf_counter()
        for epoch in range(epochs):
            order = self._random.permutation(self._learnt)
            for at in range(0, len(order) - _BATCH + 1, _BATCH):
                self._learn(order[at : at + _BATCH])
            found = " ".join(f"{name} {self.reciprocal_rank(name):.3f}" for name in self._asked)
            print(f"  pass {epoch + 1}, {time.perf_counter() - started:.0f} s: {found}", flush=True)

    def reciprocal_rank(self, asked: str) -> float:
        """Return the mean of 1 / rank of the articles held out, among all articles, when asked for by title or lead."""
        queries = _unit(self._asked[asked][self._held] @ self.query)
        likeness = queries @ _unit(self._answer[asked] @ self.article).T
        own = likeness[np.arange(len(queries)), self._held]
        return float(np.mean(1 / ((likeness > own[:, None]).sum(axis=1) + 1)))

    def result(self) -> Trained:
        """Return the vectors, turned at random; those of queries are multiplied by rarity.

        An index knows how often an article has a syllable, and not how often alone: those for articles are multiplied
        by how often that is so.
        """
        size = self.query.shape[1]
        turn, _rest = np.linalg.qr(np.random.default_rng(_SEED).standard_normal((size, size)))
        turned = turn.astype(np.float32)
        alone = np.where(self._alone < _SELDOM_ALONE, 0, self._alone)[:, None]
        return Trained(self.query * self.rarity[:, None] @ turned, self.article * alone @ turned, self.rarity)

    def _as_query(self, counts: Matrix) -> Matrix:
        asked = counts.copy()
        asked.data[:] = 1
        return asked.multiply(self.rarity[None, :]).tocsr().astype(np.float32)

    def _as_article(self, counts: Matrix) -> Matrix:
        weighed = counts.tocsr().astype(np.float32)
        weighed.data = 1 + np.log(weighed.data)
        return weighed

    def _latent(self, articles: Matrix, dimensions: int) -> Floats:
        """Return the first singular vectors of the terms, by a randomised method (Halko et al. 2011)."""
        weighed = articles.multiply(self.rarity[None, :]).tocsr()
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        weighed = (sp.diags(1 / np.maximum(lengths, 1e-9)) @ weighed).astype(np.float32)
        basis = self._random.standard_normal((weighed.shape[1], dimensions + 16)).astype(np.float32)
        for _round in range(2):
            basis = np.linalg.qr(weighed.T @ np.linalg.qr(weighed @ basis)[0])[0]
        _left, _values, turned = np.linalg.svd(weighed @ basis, full_matrices=False)
        latent: Floats = (basis @ turned.T)[:, :dimensions].astype(np.float32)
        return latent

    def _learn(self, batch: NDArray[np.intp]) -> None:
        asked = "lead" if self._random.random() < _LEADS else "title"
        queries = self._fewer(self._asked[asked][batch], None if asked == "title" else _MOST_OF_A_LEAD)
        articles = self._answer[asked][batch]
        usable = np.diff(queries.indptr) >= 2
        queries, articles = queries[usable], articles[usable]
        one, other = queries @ self.query, articles @ self.article
        lengths = [np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9) for sums in (one, other)]
        one, other = one / lengths[0], other / lengths[1]
        place = np.arange(len(one))
        scores = one @ other.T / _TEMPERATURE
        alike = other @ other.T > _COPIES
        alike[place, place] = False
        scores[alike] = -1 / _TEMPERATURE
        errors = (_softmax(scores) + _softmax(scores.T).T) / 2
        errors[place, place] -= 1
        errors /= _TEMPERATURE * len(one)
        slopes = errors @ other, errors.T @ one
        for name, rows, unit, length, slope in zip(
            ("query", "article"), (queries, articles), (one, other), lengths, slopes, strict=True
        ):
            along = (slope * unit).sum(axis=1, keepdims=True)
            self._step(name, rows, (slope - unit * along) / length)

    def _step(self, name: str, rows: Matrix, slope: Floats) -> None:
        vectors, squares = getattr(self, name), self._slopes[name]
        touched = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]))
        change = (rows.T @ slope)[touched]
        squares[touched] += (change**2).mean(axis=1, keepdims=True)
        vectors[touched] -= _STEP * change / np.sqrt(squares[touched])

    def _fewer(self, queries: Matrix, most: int | None) -> Matrix:
        """Return the queries without some of their terms, drawn at random; of long ones some `most` terms stay."""
        kept = self._random.random(queries.nnz) > _DROPPED
        if most is not None:
            sizes = np.diff(queries.indptr)
            share = most * self._random.uniform(0.2, 1) / np.maximum(sizes, 1)
            kept &= self._random.random(queries.nnz) < np.minimum(share, 1).repeat(sizes)
        fewer = sp.csr_matrix((queries.data * kept, queries.indices, queries.indptr), shape=queries.shape)
        fewer.eliminate_zeros()
        return fewer


def worth(trained: Trained) -> Floats:
    """Return what each term says of what is sought, against terms that are as rare: float32[terms], usually near 1.

    Training lengthens the query vectors of terms that tell articles apart. 'bao nhiêu' is as rare as 'vận chuyển', but
    its vector is half as long: no article is about it.
    """
    lengths = np.linalg.norm(trained.queries, axis=1) / trained.rarity
    edges = np.unique(np.quantile(trained.rarity, np.linspace(0, 1, _BINS)))
    inside = [(trained.rarity >= low) & (trained.rarity <= high) for low, high in pairwise(edges)]
    middles = [np.median(trained.rarity[one]) for one in inside]
    usual = [np.percentile(lengths[one], _USUAL) for one in inside]
    found: Floats = (lengths / np.interp(trained.rarity, middles, usual)).astype(np.float32)
    return found


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def _scaled(vectors: Floats) -> Floats:
    scaled: Floats = vectors / (np.abs(vectors).mean() * 20)
    return scaled


def _softmax(scores: Floats) -> Floats:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Floats = shares / shares.sum(axis=1, keepdims=True)
    return found


def main() -> None:
    """Train, print how well held-out titles find their articles, and with --write write the vectors."""
    parser = argparse.ArgumentParser(description="train the term vectors of searcher/semantics")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--dimensions", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--least", type=int, default=15, help="articles that a term has to be in")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("articles", nargs="?", type=Path, default=CORPUS)
    wanted = parser.parse_args()
    corpus = read_corpus(wanted.articles, wanted.least)
    print(f"{corpus.counts['title'].shape[0]:,} articles, {len(corpus.terms):,} terms, {wanted.dimensions} dimensions")
    training = Training(corpus, wanted.dimensions)
    training.run(wanted.epochs)
    trained = training.result()
    if not wanted.write:
        return
    arrays = term_arrays("term", [term_bytes(term) for term in corpus.terms])
    arrays |= vector_arrays("queries", trained.queries) | vector_arrays("articles", trained.articles)
    arrays["worth"] = np.clip(np.round(worth(trained) * 100), 0, 255).astype(np.uint8)
    pieces, written = encode_container(arrays, {})
    wanted.out.write_bytes(b"".join(pieces))
    provenance = Provenance(
        name=f"terms{written.header_crc32:08x}",
        dimensions=wanted.dimensions,
        terms=len(corpus.terms),
        size=written.size,
        header_crc32=written.header_crc32,
        made_by="tools/train_vectors.py",
        articles=training.count,
        title_to_body=round(training.reciprocal_rank("title"), 3),
        lead_to_body=round(training.reciprocal_rank("lead"), 3),
    )
    target = PROVENANCE if wanted.out == FILE else wanted.out.with_suffix(".json")
    target.write_bytes(msgspec.json.format(msgspec.json.encode(provenance), indent=1) + b"\n")


if __name__ == "__main__":
    main()
