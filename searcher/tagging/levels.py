"""How sure a tag is, as terms of an index: what is at least as sure as asked is found by look-up.

A tag's score is a probability (docs/tagging.md has how often each is right). It is kept as a term of the value and the
score in hundredths, rounded down: 'ma-tuy>87'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Final

SURE: Final = 0.9
"""From this score on a tag is one of the sure ones."""
_WANTED: Final = re.compile(r"^(?P<value>.*?)\s*>=?\s*(?P<least>(?:0?[.,]\d+|[01]|\d{1,3}\s*%))$")


def sure_ones(values: Iterable[str], scores: Mapping[str, float]) -> list[str]:
    """Return those of the values that are sure; one without a score came with the article, and is."""
    return [value for value in values if scores.get(value, 1.0) >= SURE]


def level_term(value: str, score: float) -> str:
    """Return the term of a tag with this score.

    >>> level_term("ma-tuy", 0.876)
    'ma-tuy>87'
    """
    return f"{value}>{int(score * 100 + 1e-6)}"


def level_terms(value: str, least: float) -> list[str]:
    """Return the terms of all tags of this value that are at least so sure.

    >>> level_terms("ma-tuy", 0.98)
    ['ma-tuy>98', 'ma-tuy>99', 'ma-tuy>100']
    """
    return [f"{value}>{level}" for level in range(ceil(least * 100 - 1e-6), 101)]


def wanted_level(text: str) -> tuple[str, float] | None:
    """Return the value and the least score of 'ma-tuy>0.8' or 'ma túy > 80%'; None for a text that asks for none.

    >>> wanted_level("ma-tuy>0,8"), wanted_level("ma-tuy")
    (('ma-tuy', 0.8), None)
    """
    found = _WANTED.match(text.strip())
    if found is None or not found["value"]:
        return None
    number = found["least"].replace(",", ".")
    least = float(number.rstrip("% ")) / 100 if number.endswith("%") else float(number)
    return (found["value"], least) if least <= 1 else None
