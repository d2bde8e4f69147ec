"""Mutations of what JSON and MessagePack hold: numbers to their ends, other types, things gone, doubled and renamed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any, Final

_ODD: Final = (
    *(-1, 0, 1, 255, 256, 65_535, 65_536, 65_537, 1 << 31, (1 << 32) - 1, 1 << 32, 10**10, (1 << 63) - 1, 1 << 63),
    *(10**18, -(1 << 63), 0.5, 1e308, True, False, None, "", "a", "\u0000", "../x", "/etc/passwd", "é" * 300, "9" * 40),
    *([], {}, [[]], [None], {"a": {}}, [0] * 5000, {"": ""}),
)


def mutated(tree: Any, random: Random) -> Any:
    """Return the tree with something in it changed."""
    tree = copy.deepcopy(tree)
    places = list(_places(tree))
    if not places:
        return random.choice(_ODD)
    holder, key = random.choice(places)
    value = holder[key]
    match random.randrange(7):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[random.choice(("x", "", key.upper() if isinstance(key, str) else "k"))] = holder.pop(key)
        case 2 if isinstance(holder, list):
            holder[key:key] = [copy.deepcopy(value)] * random.choice((1, 2, 500))
        case 3 if isinstance(value, int) and not isinstance(value, bool):
            holder[key] = value + random.choice((-1, 1, 7, 1 << 16))
        case 4 if isinstance(value, str) and value:
            at = random.randrange(len(value))
            holder[key] = value[:at] + random.choice(("", "=", "A", "\u0000", "ế")) + value[at + random.randrange(2) :]
        case 5:
            other, place = random.choice(places)
            holder[key] = copy.deepcopy(other[place])
        case _:
            holder[key] = copy.deepcopy(random.choice(_ODD))
    return tree


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from _places(tree[key])
