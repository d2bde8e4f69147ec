"""The multinomial logistic model that says what an article is: fitted, and cross-validated.

L2 penalty on standardised features, Newton's method (Bishop, Pattern Recognition and Machine Learning, 4.3.4).
Cross-validation is in ten parts, over five shuffles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.casefacts import Labelled, read_kinds
from searcher.article import Article
from searcher.facts.kinds import READ, features
from searcher.facts.reading import read_sentences
from searcher.facts.records import KINDS
from searcher.tagging.sections import sections

_PENALTY: Final = 3.0
_PARTS: Final = 10
SHUFFLES: Final = 5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Rows(NamedTuple):
    """`numbers: float64[articles, features]`, `kinds: int64[articles]`, places in KINDS."""

    numbers: Floats
    kinds: Ints


class Fitted(NamedTuple):
    """Scores are `numbers @ weights + bias`: `weights: float64[features, kinds]`, `bias: float64[kinds]`."""

    weights: Floats
    bias: Floats


def rows(articles: Sequence[tuple[Article, str]]) -> Rows:
    """Return the features of articles with their kinds."""
    numbers = [features(read_sentences(sections(article), READ)) for article, _kind in articles]
    return Rows(np.array(numbers), np.array([KINDS.index(kind) for _article, kind in articles]))


def fit(numbers: Floats, kinds: Ints) -> Fitted:
    """Return the weights, for features as they are; the penalty is on them standardised, and not on the bias."""
    mean, spread = numbers.mean(0), numbers.std(0) + 1e-6
    design = np.hstack([(numbers - mean) / spread, np.ones((len(numbers), 1))])
    wanted = np.eye(len(KINDS))[kinds]
    size, count = design.shape[1], len(KINDS)
    weights = np.zeros((size, count))
    penalty = np.full(size, _PENALTY)
    penalty[-1] = 1e-3
    for _step in range(60):
        scores = design @ weights
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        slope = design.T @ (shares - wanted) + penalty[:, None] * weights
        curvature = np.zeros((size * count, size * count))
        for one in range(count):
            for other in range(count):
                part = shares[:, one] * ((one == other) - shares[:, other])
                block = design.T @ (design * part[:, None])
                curvature[one * size : (one + 1) * size, other * size : (other + 1) * size] = block
        curvature += np.diag(np.tile(penalty, count))
        step = np.linalg.solve(curvature, slope.T.ravel()).reshape(count, size).T
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    plain = weights[:-1] / spread[:, None]
    return Fitted(plain, weights[-1] - mean @ plain)


def kinds(fitted: Fitted, numbers: Floats) -> Ints:
    """Return for each row the kind with the highest score, as places in KINDS."""
    return (numbers @ fitted.weights + fitted.bias).argmax(1)


def held_out(measured: Rows, others: Rows, shuffle: int) -> Ints:
    """Return the kinds of the measured articles by weights fitted without them; `others` are always fitted to."""
    order = np.random.default_rng(shuffle).permutation(len(measured.kinds))
    found = np.zeros(len(measured.kinds), np.int64)
    for part in range(_PARTS):
        out = order[part::_PARTS]
        kept = np.setdiff1d(order, out)
        numbers = np.vstack([measured.numbers[kept], others.numbers])
        fitted = fit(numbers, np.concatenate([measured.kinds[kept], others.kinds]))
        found[out] = kinds(fitted, measured.numbers[out])
    return found


def unseen(labelled: Sequence[Labelled]) -> list[list[str]]:
    """Return for each of five shuffles the kinds of the articles by weights that have not seen them."""
    measured, others = rows([(one.article, one.facts["kind"]) for one in labelled]), rows(read_kinds())
    return [[KINDS[kind] for kind in held_out(measured, others, shuffle)] for shuffle in range(SHUFFLES)]
