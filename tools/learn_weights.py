"""Learns what each part of the ranking formula counts, from judged queries: `python -m tools.learn_weights`.

Coordinate ascent on the mean nDCG@10 (gain 2^g - 1) over all judged queries (Metzler & Croft 2007): each weight in
turn is multiplied by each of a few factors, and what makes the mean higher by more than chance would is kept. The
points of each part are those of the best articles as they are found by today's weights, and `feedback` is the centre of
today's leaders: run it again after a change.

Prints the mean for today's weights and for those found; the mean for queries that were left out while their weights
were learnt (cross-validation), which is what to expect of queries nobody has seen; which queries gain and lose most;
and the weights to write into `searcher/ranking/formula.py`, rounded.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

import searcher
from benchmarks.judgements import NATURAL, read_dev, read_ours
from benchmarks.ranking import Points, weights_of
from benchmarks.wholecorpus import DEFAULT, corpus_index
from searcher.ranking.formula import PARTS, Weights
from searcher.semantics.termvectors import Floats

_FACTORS: Final = (0.0, 0.6, 0.8, 1.25, 1.6, 2.2)
_ROUNDS: Final = 3
_LEAST_GAIN: Final = 4e-4
_FOLDS: Final = 7
_FIXED: Final = ("recent",)
"""The corpus has no dates."""
_SHOWN: Final = 8


def mean(queries: Sequence[Points], weights: Floats) -> float:
    """Return the mean nDCG@10 of the queries by these weights."""
    return float(np.mean([one.worth(weights).ndcg_exponential for one in queries]))


def learn(queries: Sequence[Points], start: Floats) -> Floats:
    """Return the weights, summing to 1, that coordinate ascent finds for the queries from `start`."""
    weights, best = start, mean(queries, start)
    for _round in range(_ROUNDS):
        before = best
        for place, part in enumerate(PARTS):
            if part in _FIXED:
                continue
            for factor in _FACTORS:
                tried = weights.copy()
                tried[place] *= factor
                if (found := mean(queries, tried)) > best + _LEAST_GAIN:
                    weights, best = tried, found
        if best - before < _LEAST_GAIN:
            break
    return weights / weights.sum()


def left_out(queries: Sequence[Points], start: Floats) -> tuple[Floats, Floats]:
    """Return the nDCG@10 of each query by weights learnt from the others, and the mean of these weights."""
    order = np.random.default_rng(1).permutation(len(queries))
    found = np.zeros(len(queries))
    learnt = []
    for fold in range(_FOLDS):
        away = order[fold::_FOLDS]
        weights = learn([queries[place] for place in np.setdiff1d(order, away)], start)
        learnt.append(weights)
        for place in away.tolist():
            found[place] = queries[place].worth(weights).ndcg_exponential
    return found.astype(np.float32), np.mean(learnt, axis=0)


def main() -> None:
    """Learn and print."""
    parser = argparse.ArgumentParser(description="learn the weights of the ranking formula")
    parser.add_argument("--index", type=Path, default=DEFAULT, help="where the index of the corpus is, or is to be")
    options = parser.parse_args()
    with searcher.open_index(corpus_index(options.index)) as index:
        sets = {"dev": read_dev(), "ours": read_ours(), "natural": read_ours(NATURAL)}
        queries = [Points(index, query) for judged in sets.values() for query in judged]
    names = np.repeat(list(sets), [len(judged) for judged in sets.values()])
    today = weights_of(Weights())
    found = learn(queries, today)
    unseen, typical = left_out(queries, today)
    columns = {
        "today": np.array([one.worth(today).ndcg_exponential for one in queries]),
        "learnt": np.array([one.worth(found).ndcg_exponential for one in queries]),
        "left out": unseen,
    }
    print(f"{'nDCG@10 (2^g-1)':20}" + "".join(f"{name:>10}" for name in columns))
    for name in sets:
        print(f"  {name:18}" + "".join(f"{values[names == name].mean():10.3f}" for values in columns.values()))
    change = columns["learnt"] - columns["today"]
    order = np.argsort(change)
    for what, places in {"gain": order[::-1][:_SHOWN], "lose": order[:_SHOWN]}.items():
        print(f"queries that {what} most")
        for place in places.tolist():
            print(f"  {change[place]:+.3f} {queries[place].query.text}")
    print(f"{'weights':20}" + "".join(f"{name:>12}" for name in PARTS))
    for name, weights in {"today": today, "learnt": found, "mean of folds": typical}.items():
        print(f"  {name:18}" + "".join(f"{weight:12.3f}" for weight in weights))


if __name__ == "__main__":
    main()
