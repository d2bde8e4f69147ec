"""Words that say nothing by themselves: function words of Vietnamese."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def function_words() -> frozenset[str]:
    """Return the words of functionwords.toml."""
    text = Path(__file__).with_name("functionwords.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["words"].split())
