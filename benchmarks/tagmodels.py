"""The two logistic models of searcher/tagging/model.toml, fitted to articles labelled by hand and cross-validated.

L2-regularised logistic regression, fitted by Newton's method (Bishop, Pattern Recognition and Machine Learning, 4.3.3).
A row is an article with one province it names, or one topic it speaks of. Cross-validation leaves whole articles out,
in ten parts, and is repeated over five shuffles; what it prints is about articles that the weights have not seen.

Learnt from are the articles labelled for evaluation ("dev"), those that were chosen because tagging was in doubt
("chosen", benchmarks/tags-chosen.jsonl), which are harder by choice, the seeds, which are short and invented, and
for topics the random articles of three samples whose topic was judged (`benchmarks.precision`, seeds 21 to 23): they
hold the scores to what is right among articles as they come. Later samples are only measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.common import CORPUS, records
from benchmarks.labelled import CHOSEN, LABELS, Labelled, read_labelled, read_seeds
from benchmarks.precision import read_judgements
from searcher.article import Article
from searcher.tagging import places, subjects, topics
from searcher.tagging.sections import sections

THRESHOLDS: Final = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
_PENALTY: Final = 1.0
_SEED: Final = 0.35
_JUDGED: Final = (21, 22, 23)
_CUT: Final = 0.35
"""What a row of an article cut down to its title, or title and lead, counts: feeds and clippings have no more."""
_PARTS: Final = 10
_SHUFFLES: Final = 5

Floats = NDArray[np.float64]


class Examples(NamedTuple):
    """The articles that are learnt from, and the places of those that are measured: "dev", "chosen" and "both".

    Of a judged article only the topics under its place in `judged` are known, and nothing of its provinces.
    """

    articles: list[Labelled]
    measured: dict[str, range]
    judged: dict[int, dict[str, bool]]

    def labels(self, kind: str) -> list[set[str]]:
        """Return the labels of each article; kind is "topics" or "provinces"."""
        return [set(one.topics) if kind == "topics" else set(one.provinces) for one in self.articles]


def read_examples(labels: Path = LABELS, corpus: Path = CORPUS) -> Examples:
    """Return all labelled articles; raises FileNotFoundError where a file is missing."""
    dev, chosen = read_labelled(labels, corpus), read_labelled(CHOSEN, corpus)
    known = {one.article.id for one in dev}
    chosen = [one for one in chosen if one.article.id not in known]
    both = len(dev) + len(chosen)
    measured = {"dev": range(len(dev)), "chosen": range(len(dev), both), "both": range(both)}
    labelled = [*dev, *chosen, *read_seeds()]
    known |= {one.article.id for one in chosen}
    judged, values = _read_judged(corpus, known)
    places = range(len(labelled), len(labelled) + len(judged))
    return Examples([*labelled, *judged], measured, dict(zip(places, values, strict=True)))


def _read_judged(corpus: Path, known: set[str]) -> tuple[list[Labelled], list[dict[str, bool]]]:
    by_id: dict[str, dict[str, bool]] = {}
    for one in read_judgements():
        if one.seed in _JUDGED and one.id not in known:
            by_id.setdefault(one.id, {})[one.topic] = one.right
    texts = {record["id"]: Article(**record) for record in records(corpus) if record["id"] in by_id}
    articles = [
        Labelled(texts[article_id], {slug: 1 for slug, right in found.items() if right}, ())
        for article_id, found in by_id.items()
    ]
    return articles, list(by_id.values())


class Rows(NamedTuple):
    """`numbers: float64[n, biases + features]`, `wanted: float64[n]` (0 or 1), `article: int64[n]`, `values: [n]`.

    `counted: float64[n]` is what a row counts: 1 for labelled articles, less for seeds and for articles cut short;
    `whole: bool[n]` is false for the latter.
    """

    numbers: Floats
    wanted: Floats
    counted: Floats
    whole: NDArray[np.bool_]
    article: NDArray[np.int64]
    values: list[str]
    biases: int


def rows_of(examples: Examples, kind: str) -> Rows:
    """Return the rows of a model, "topics" or "provinces"."""
    slugs = list(topics().names) if kind == "topics" else [""]
    numbers, wanted, counted, whole, which, values = [], [], [], [], [], []
    for number, (one, labels) in enumerate(zip(examples.articles, examples.labels(kind), strict=True)):
        known = examples.judged.get(number)
        if known is not None and kind == "provinces":
            continue
        full = 1.0 if number in examples.measured["both"] or known is not None else _SEED
        for article, count in ((one.article, full), *((cut, _CUT) for cut in _cut(one.article, kind))):
            for value, features in _features(article, kind).items():
                if known is not None and value not in known:
                    continue
                numbers.append([float(value == slug or slug == "") for slug in slugs] + features)
                wanted.append(float(value in labels))
                counted.append(count)
                whole.append(article is one.article)
                which.append(number)
                values.append(value)
    return Rows(
        np.array(numbers),
        np.array(wanted),
        np.array(counted),
        np.array(whole),
        np.array(which),
        values,
        len(slugs),
    )


def _cut(article: Article, kind: str) -> Iterator[Article]:
    """Yield an article as lists of titles and feeds have it, for topics: what part a place plays needs the story."""
    if kind == "topics" and article.title and article.body:
        yield msgspec.structs.replace(article, lead="", body="")
        if article.lead:
            yield msgspec.structs.replace(article, lead="", body=article.lead)


def _features(article: Article, kind: str) -> dict[str, list[float]]:
    read = sections(article)
    if kind == "topics":
        return subjects.features(subjects.speak(read), read)
    located = places.locate(read, article.published)
    return places.features(places.candidates(located), places.whole(read, located))


def fit(rows: Rows, chosen: NDArray[np.bool_] | None = None) -> Floats:
    """Return the weights, of all rows or of the chosen ones; the biases, which come first, are hardly held back."""
    numbers, wanted, counted = rows.numbers, rows.wanted, rows.counted
    if chosen is not None:
        numbers, wanted, counted = numbers[chosen], wanted[chosen], counted[chosen]
    weights = np.zeros(numbers.shape[1])
    penalty = np.diag([0.05] * rows.biases + [_PENALTY] * (numbers.shape[1] - rows.biases))
    for _step in range(100):
        scores = scored(numbers, weights)
        curvature = (numbers * (counted * scores * (1 - scores))[:, None]).T @ numbers + penalty
        step = np.linalg.solve(curvature, numbers.T @ (counted * (scores - wanted)) + penalty @ weights)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def scored(numbers: Floats, weights: Floats) -> Floats:
    """Return the score of each row, in 0..1."""
    scores: Floats = 1 / (1 + np.exp(-numbers @ weights))
    return scores


def f1(
    examples: Examples, rows: Rows, kind: str, scores: Floats, thresholds: Mapping[str, float], measured: range
) -> float:
    """Return macro F1 of topics, or micro F1 of provinces, of the articles that are measured.

    `thresholds` say from which score on a value is a tag, "" for all that it does not have.
    """
    counts: dict[str, list[int]] = {}
    labels = examples.labels(kind)
    tags: list[set[str]] = [set() for _one in labels]
    least = np.array([thresholds.get(value, thresholds[""]) for value in rows.values])
    for at in np.flatnonzero(rows.whole & (scores >= least)):
        tags[rows.article[at]].add(rows.values[at])
    for number in measured:
        for value in labels[number] | tags[number]:
            count = counts.setdefault(value if kind == "topics" else "", [0, 0])
            count[0] += value in labels[number] and value in tags[number]
            count[1] += (value in labels[number]) + (value in tags[number])
    return float(np.mean([2 * hit / both for hit, both in counts.values()]))


def held_out(rows: Rows, shuffle: int, learnt: int | None = None) -> Floats:
    """Return the score of each row by weights fitted without its article, to at most `learnt` of the others."""
    count = int(rows.article.max()) + 1
    order = np.random.default_rng(shuffle).permutation(count)
    scores = np.zeros(len(rows.wanted))
    for part in range(_PARTS):
        out = np.isin(rows.article, order[part::_PARTS])
        others = np.setdiff1d(order, order[part::_PARTS], assume_unique=True)[:learnt]
        scores[out] = scored(rows.numbers[out], fit(rows, np.isin(rows.article, others)))
    return scores


class Validated(NamedTuple):
    """What cross-validation found, of articles that the weights have not seen.

    F1 by what is measured: `f1` with the thresholds that the model has, `by_threshold` with each of THRESHOLDS for all
    values. `scores` are each row's, mean over the shuffles.
    """

    f1: dict[str, float]
    by_threshold: dict[str, list[float]]
    scores: Floats


def validated(
    examples: Examples, rows: Rows, kind: str, thresholds: Mapping[str, float], learnt: int | None = None
) -> Validated:
    """Return what cross-validation says of the measured articles, over all shuffles."""
    runs = [held_out(rows, shuffle, learnt) for shuffle in range(_SHUFFLES)]

    def mean(cut: Mapping[str, float], measured: range) -> float:
        return float(np.mean([f1(examples, rows, kind, run, cut, measured) for run in runs]))

    return Validated(
        {name: mean(thresholds, measured) for name, measured in examples.measured.items()},
        {name: [mean({"": one}, measured) for one in THRESHOLDS] for name, measured in examples.measured.items()},
        np.mean(runs, axis=0),
    )


class Bin(NamedTuple):
    """Rows whose score lies in `first`..`last`: how many there are, their mean score, and the part that is right."""

    first: float
    last: float
    rows: int
    score: float
    right: float


def reliability(rows: Rows, scores: Floats, edges: tuple[float, ...] = (0, 0.1, 0.3, 0.5, 0.7, 0.9, 1)) -> list[Bin]:
    """Return how often what is given a score is right, by score; scores are those of articles left out."""
    measured = rows.whole & (rows.counted == 1.0)
    found = []
    for first, last in pairwise(edges):
        inside = measured & (scores >= first) & (scores < last + (last == 1))
        if inside.any():
            found.append(
                Bin(first, last, int(inside.sum()), float(scores[inside].mean()), float(rows.wanted[inside].mean()))
            )
    return found
