"""Fits the weights of searcher/facts/model.toml, which say what an article is, to articles labelled by hand.

python -m tools.train_facts [--write]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.casefacts import read_kinds, read_labelled
from benchmarks.factmodel import SHUFFLES, Fitted, fit, held_out, kinds, rows
from searcher.facts.kinds import FEATURES
from searcher.facts.records import KINDS

MODEL: Final = Path(__file__).parent.parent / "searcher" / "facts" / "model.toml"


def _toml(fitted: Fitted) -> str:
    lines = ["# Written by tools/train_facts.py; what the features are is said in kinds.py."]
    for place, kind in enumerate(KINDS):
        lines += ["", f"[{kind}]", f"bias = {fitted.bias[place]:.2f}", "", f"[{kind}.weights]"]
        lines += [f"{name} = {weight:.2f}" for name, weight in zip(FEATURES, fitted.weights[:, place], strict=True)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print how many kinds are right, of articles fitted to and of unseen ones; with --write, write model.toml."""
    parser = argparse.ArgumentParser(description="fit the weights that say what an article is")
    parser.add_argument("--write", action="store_true")
    wanted = parser.parse_args()
    labelled = read_labelled()
    measured = rows([(one.article, one.facts["kind"]) for one in labelled])
    others = rows(read_kinds())
    right = [float(np.mean(held_out(measured, others, shuffle) == measured.kinds)) for shuffle in range(SHUFFLES)]
    fitted = fit(np.vstack([measured.numbers, others.numbers]), np.concatenate([measured.kinds, others.kinds]))
    print(f"{len(measured.kinds)} articles with all facts labelled, {len(others.kinds)} more with their kind")
    print(f"  unseen articles: {np.mean(right):.3f} of the kinds are right")
    print(f"  articles fitted to: {np.mean(kinds(fitted, measured.numbers) == measured.kinds):.3f}")
    if wanted.write:
        MODEL.write_text(_toml(fitted), "utf-8")
        print(f"{MODEL.name} written")


if __name__ == "__main__":
    main()
