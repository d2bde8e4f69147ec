"""The weights by which features become a score: two logistic models, readable in model.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from math import exp, log
from typing import NamedTuple

from searcher.tagging import places, subjects


class Model(NamedTuple):
    """score = 1 / (1 + exp(-(bias + sum of weight x feature))), in 0..1; a tag is given from `threshold` on.

    `bias` is by topic slug, with the one for everything else under "".
    """

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: dict[str, float]
    threshold: float

    def contributions(self, numbers: Sequence[float]) -> dict[str, float]:
        """Return what each feature adds, in log-odds, the features that add nothing left out."""
        added = {
            name: weight * number for name, weight, number in zip(self.features, self.weights, numbers, strict=True)
        }
        return {name: value for name, value in added.items() if value}

    def bias_of(self, value: str) -> float:
        """Return where the log-odds of this value start."""
        return self.bias.get(value, self.bias[""])

    @staticmethod
    def odds(score: float) -> float:
        """Return the log-odds of a score."""
        return log(score / (1.0 - score))

    def score(self, numbers: Sequence[float], value: str = "") -> float:
        """Return the score, in 0..1, of the numbers that `features` names."""
        odds = self.bias_of(value) + sum(map(float.__mul__, self.weights, numbers))
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))


@cache
def model(name: str) -> Model:
    """Return the model for "provinces" or "topics"."""
    known = {"provinces": places.FEATURES, "topics": subjects.FEATURES}[name]
    data = tomllib.loads(resources.files(__package__).joinpath("model.toml").read_text("utf-8"))[name]
    weights = tuple(float(data["weights"][feature]) for feature in known)
    return Model(known, weights, {slug: float(bias) for slug, bias in data["bias"].items()}, float(data["threshold"]))
