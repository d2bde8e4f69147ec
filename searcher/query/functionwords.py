"""Words that say nothing by themselves: function words of Vietnamese."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def function_words() -> frozenset[str]:
    """Return the words of functionwords.toml."""
    text = resources.files(__package__).joinpath("functionwords.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["words"].split())
