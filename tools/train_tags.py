"""Fits the two logistic models of searcher/tagging/model.toml to articles labelled by hand, and cross-validates them.

    python -m tools.train_tags [--write] [--curve] [labels.jsonl articles.jsonl.zst]

What it prints of unseen articles is by cross-validation (`benchmarks/tagmodels.py`): F1 by threshold, how often a score
is right, and with --curve F1 by how many articles are learnt from.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.common import CORPUS
from benchmarks.labelled import LABELS
from benchmarks.tagmodels import THRESHOLDS, Examples, Floats, Rows, fit, read_examples, reliability, rows_of, validated
from searcher.tagging import places, subjects, topics

MODEL: Final = Path(__file__).parent.parent / "searcher" / "tagging" / "model.toml"
_THRESHOLDS: Final = {
    "provinces": {"": 0.45},
    "topics": {"mai-dam": 0.4, "ma-tuy": 0.45, "hiv-aids": 0.55, "mua-ban-nguoi": 0.55, "": 0.45},
}
"""From which score on a value is a tag: where cross-validation has the best F1 and a precision of 0.95 and more."""
_LEARNT: Final = (50, 100, 200, 300, 400)
"""Sizes of the learning curve."""


def _toml(name: str, biases: dict[str, float], features: tuple[str, ...], weights: Floats) -> str:
    lines = [f"[{name}.threshold]", *(f'"{slug}" = {value}' for slug, value in _THRESHOLDS[name].items())]
    lines += ["", f"[{name}.bias]"]
    lines += [f'"{slug}" = {value:.2f}' for slug, value in biases.items()]
    lines += ["", f"[{name}.weights]"]
    lines += [f"{feature} = {weight:.2f}" for feature, weight in zip(features, weights, strict=True)]
    return "\n".join(lines) + "\n"


def _fitted(rows: Rows, kind: str, features: tuple[str, ...]) -> str:
    weights = fit(rows)
    slugs = list(topics().names) if kind == "topics" else [""]
    biases = dict(zip(slugs, weights.tolist(), strict=False))
    biases.setdefault("", float(np.mean(list(biases.values()))))
    return _toml(kind, biases, features, weights[len(slugs) :])


def _print_unseen(examples: Examples, rows: Rows, kind: str) -> None:
    found = validated(examples, rows, kind, _THRESHOLDS[kind])
    print(f"{kind}: {int(rows.whole.sum())} rows, {int(rows.wanted[rows.whole].sum())} of them labels")
    print(f"  {'F1 on unseen articles':24} as given", *(f"{threshold:7}" for threshold in THRESHOLDS))
    for name, values in found.by_threshold.items():
        print(f"  {name:24} {found.f1[name]:8.3f}", *(f"{value:7.3f}" for value in values))
    print("  scores of unseen articles: from, to, how many, mean score, right")
    for one in reliability(rows, found.scores):
        print(f"    {one.first:4} {one.last:4} {one.rows:6} {one.score:7.3f} {one.right:7.3f}")


def _print_curve(examples: Examples, rows: Rows, kind: str) -> None:
    for learnt in _LEARNT:
        found = validated(examples, rows, kind, _THRESHOLDS[kind], learnt).f1
        print(f"  learnt from {learnt} articles:", *(f" {name} {value:.3f}" for name, value in found.items()))


def main() -> None:
    """Print what cross-validation says of each model; with --write, write model.toml."""
    parser = argparse.ArgumentParser(description="fit the weights of tagging")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("labels", nargs="?", type=Path, default=LABELS)
    parser.add_argument("articles", nargs="?", type=Path, default=CORPUS)
    wanted = parser.parse_args()
    examples = read_examples(wanted.labels, wanted.articles)
    parts = ["# Written by tools/train_tags.py; what the features are is said in places.py and subjects.py.\n"]
    for kind, features in (("provinces", places.FEATURES), ("topics", subjects.FEATURES)):
        rows = rows_of(examples, kind)
        _print_unseen(examples, rows, kind)
        if wanted.curve:
            _print_curve(examples, rows, kind)
        parts.append(_fitted(rows, kind, features))
    if wanted.write:
        MODEL.write_text("\n".join(parts), "utf-8")
        print(f"{MODEL.name} written")


if __name__ == "__main__":
    main()
