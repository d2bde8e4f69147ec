"""The two logistic models of searcher/tagging/model.toml, fitted to articles labelled by hand and cross-validated.

L2-regularised logistic regression, fitted by Newton's method (Bishop, Pattern Recognition and Machine Learning, 4.3.3).
A row is an article with one province it names, or one topic it speaks of. Cross-validation leaves whole articles out,
in ten parts, and is repeated over five shuffles; what it prints is about articles that the weights have not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled import Labelled, read_labelled, read_seeds
from searcher.tagging import places, subjects, topics
from searcher.tagging.sections import sections

_PENALTY: Final = 1.0
_THRESHOLDS: Final = (0.3, 0.35, 0.4, 0.45, 0.5)
_SEED: Final = 0.35
_PARTS: Final = 10
_SHUFFLES: Final = 5

Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """`numbers: float64[n, biases + features]`, `wanted: float64[n]` (0 or 1), `article: int64[n]`, `values: [n]`.

    `counted: float64[n]` is 1 for rows of labelled articles and less for those of seeds, which are short and invented.

    `missed` counts the labels by value that have no row, because the article never names them.
    """

    numbers: Floats
    wanted: Floats
    counted: Floats
    article: NDArray[np.int64]
    values: list[str]
    missed: dict[str, int]


def rows_of(articles: list[Labelled], kind: str, measured: int) -> Rows:
    """Return the rows of a model, "topics" or "provinces"; articles from `measured` on are only learnt from."""
    slugs = list(topics().names) if kind == "topics" else [""]
    numbers, wanted, which, values = [], [], [], []
    missed: dict[str, int] = {}
    for number, one in enumerate(articles):
        read = sections(one.article)
        labels = set(one.topics) if kind == "topics" else set(one.provinces)
        if kind == "topics":
            found = subjects.features(subjects.speak(read), read)
        else:
            found = places.features(places.candidates(places.locate(read, one.article.published)))
        for value, features in found.items():
            numbers.append([float(value == slug or slug == "") for slug in slugs] + features)
            wanted.append(float(value in labels))
            which.append(number)
            values.append(value)
        for value in labels - set(found) if number < measured else ():
            missed[value] = missed.get(value, 0) + 1
    counted = np.where(np.array(which) < measured, 1.0, _SEED)
    return Rows(np.array(numbers), np.array(wanted), counted, np.array(which), values, missed)


def fit(numbers: Floats, wanted: Floats, counted: Floats, biases: int) -> Floats:
    """Return the weights; `counted` is what each row counts, and the first `biases` columns are hardly held back."""
    weights = np.zeros(numbers.shape[1])
    penalty = np.diag([0.05] * biases + [_PENALTY] * (numbers.shape[1] - biases))
    for _step in range(100):
        scores = 1 / (1 + np.exp(-numbers @ weights))
        curvature = (numbers * (counted * scores * (1 - scores))[:, None]).T @ numbers + penalty
        step = np.linalg.solve(curvature, numbers.T @ (counted * (scores - wanted)) + penalty @ weights)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def f1_by_value(rows: Rows, scores: Floats, threshold: float, measured: int) -> dict[str, tuple[int, int, int]]:
    """Return for each value: labels and tags that agree, tags given, labels there are."""
    counts: dict[str, list[int]] = {value: [0, 0, number] for value, number in rows.missed.items()}
    for value, score, wanted, article in zip(rows.values, scores, rows.wanted, rows.article, strict=True):
        if article >= measured:
            continue
        count = counts.setdefault(value, [0, 0, 0])
        count[0] += bool(score >= threshold and wanted)
        count[1] += bool(score >= threshold)
        count[2] += bool(wanted)
    return {value: (count[0], count[1], count[2]) for value, count in counts.items()}


def macro_f1(counts: dict[str, tuple[int, int, int]]) -> float:
    """Return the mean F1 of the values."""
    return float(np.mean([2 * hit / max(1, found + wanted) for hit, found, wanted in counts.values()]))


def micro_f1(counts: dict[str, tuple[int, int, int]]) -> float:
    """Return the F1 over all values together."""
    hit, found, wanted = (sum(column) for column in zip(*counts.values(), strict=True))
    return 2 * hit / (found + wanted)


def held_out(rows: Rows, biases: int, shuffle: int) -> Floats:
    """Return the score of each row by weights fitted without its article."""
    count = int(rows.article.max()) + 1
    order = np.random.default_rng(shuffle).permutation(count)
    scores = np.zeros(len(rows.wanted))
    for part in range(_PARTS):
        out = np.isin(rows.article, order[part::_PARTS])
        scores[out] = 1 / (
            1 + np.exp(-rows.numbers[out] @ fit(rows.numbers[~out], rows.wanted[~out], rows.counted[~out], biases))
        )
    return scores


def validated(rows: Rows, kind: str, measured: int) -> dict[float, float]:
    """Return F1 by threshold, for articles that the weights have not seen, over all shuffles."""
    biases = len(topics().names) if kind == "topics" else 1
    runs = [held_out(rows, biases, shuffle) for shuffle in range(_SHUFFLES)]
    measure = macro_f1 if kind == "topics" else micro_f1
    return {
        threshold: float(np.mean([measure(f1_by_value(rows, run, threshold, measured)) for run in runs]))
        for threshold in _THRESHOLDS
    }


def unseen(labels: Path, articles: Path) -> Iterator[tuple[str, str, float]]:
    """Yield kind, measure and F1 of cross-validation at the threshold that is best in it."""
    labelled = read_labelled(labels, articles)
    measured = len(labelled)
    labelled += read_seeds()
    for kind, measure in (("topics", "macro F1"), ("provinces", "micro F1")):
        yield kind, measure, max(validated(rows_of(labelled, kind, measured), kind, measured).values())
