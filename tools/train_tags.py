"""Fits the two logistic models of searcher/tagging/model.toml to articles labelled by hand, and cross-validates them.

    python -m tools.train_tags [--write] [labels.jsonl articles.jsonl.zst]

What it prints of unseen articles is by cross-validation (`benchmarks/tagmodels.py`).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import CORPUS
from benchmarks.labelled import LABELS, read_labelled, read_seeds
from benchmarks.tagmodels import f1_by_value, fit, macro_f1, micro_f1, rows_of, validated
from searcher.tagging import places, subjects, topics

MODEL: Final = Path(__file__).parent.parent / "searcher" / "tagging" / "model.toml"

Floats = NDArray[np.float64]


def _toml(name: str, biases: dict[str, float], features: tuple[str, ...], weights: Floats, threshold: float) -> str:
    lines = [f"[{name}]", f"threshold = {threshold}", "", f"[{name}.bias]"]
    lines += [f'"{slug}" = {value:.2f}' for slug, value in biases.items()]
    lines += ["", f"[{name}.weights]"]
    lines += [f"{feature} = {weight:.2f}" for feature, weight in zip(features, weights, strict=True)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print cross-validated and fitted figures for each model; with --write, write model.toml."""
    parser = argparse.ArgumentParser(description="fit the weights of tagging")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("labels", nargs="?", type=Path, default=LABELS)
    parser.add_argument("articles", nargs="?", type=Path, default=CORPUS)
    wanted = parser.parse_args()
    articles = read_labelled(wanted.labels, wanted.articles)
    measured = len(articles)
    articles += read_seeds()
    parts = ["# Written by tools/train_tags.py; what the features are is said in places.py and subjects.py.\n"]
    for kind, features, measure, name in (
        ("provinces", places.FEATURES, micro_f1, "micro F1"),
        ("topics", subjects.FEATURES, macro_f1, "macro F1"),
    ):
        rows = rows_of(articles, kind, measured)
        slugs = list(topics().names) if kind == "topics" else [""]
        print(f"{kind}: {len(rows.wanted)} rows, {int(rows.wanted.sum())} of them labels, {rows.missed} never named")
        unseen = validated(rows, kind, measured)
        best = max(unseen, key=lambda threshold: unseen[threshold])
        for threshold, value in unseen.items():
            print(f"  unseen articles, from {threshold} on: {name} {value:.3f}")
        weights = fit(rows.numbers, rows.wanted, rows.counted, len(slugs))
        fitted = 1 / (1 + np.exp(-rows.numbers @ weights))
        print(f"  articles fitted to, from {best} on: {name} {measure(f1_by_value(rows, fitted, best, measured)):.3f}")
        biases = dict(zip(slugs, weights.tolist(), strict=False))
        biases.setdefault("", float(np.mean(list(biases.values()))))
        parts.append(_toml(kind, biases, features, weights[len(slugs) :], best))
    if wanted.write:
        MODEL.write_text("\n".join(parts), "utf-8")
        print(f"{MODEL.name} written")


if __name__ == "__main__":
    main()
