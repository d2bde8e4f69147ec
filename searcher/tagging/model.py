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
    """score = 1 / (1 + exp(-(bias + sum of weight x feature))), in 0..1; a tag is given from its threshold on.

    `bias` and `thresholds` are by topic slug, with the one for everything else under "".
    """

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: dict[str, float]
    thresholds: dict[str, float]

    def contributions(self, numbers: Sequence[float]) -> dict[str, float]:
        """Return what each feature adds, in log-odds, the features that add nothing left out."""
        added = {
            name: weight * number for name, weight, number in zip(self.features, self.weights, numbers, strict=True)
        }
        return {name: value for name, value in added.items() if value}

    def bias_of(self, value: str) -> float:
        """Return where the log-odds of this value start."""
        return self.bias.get(value, self.bias[""])

    def threshold_of(self, value: str) -> float:
        """Return from which score on this value is a tag."""
        return self.thresholds.get(value, self.thresholds[""])

    @staticmethod
    def odds(score: float) -> float:
        """Return the log-odds of a score."""
        return log(score / (1.0 - score))

    def score(self, numbers: Sequence[float], value: str = "", prior: float = 0.0) -> float:
        """Return the score, in 0..1, of the numbers that `features` names; `prior` is added to the log-odds."""
        odds = prior + self.bias_of(value) + sum(map(float.__mul__, self.weights, numbers))
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))


@cache
def model(name: str) -> Model:
    """Return the model for "provinces" or "topics"."""
    known = {"provinces": places.FEATURES, "topics": subjects.FEATURES}[name]
    data = tomllib.loads(resources.files(__package__).joinpath("model.toml").read_text("utf-8"))[name]
    weights = tuple(float(data["weights"][feature]) for feature in known)
    biases, thresholds = (
        {slug: float(number) for slug, number in data[part].items()} for part in ("bias", "threshold")
    )
    return Model(known, weights, biases, thresholds)
