"""Pumps every regular expression of the project: `python -m tests.pumping` names those that never come to an end.

A pattern with a repetition within a repetition that can match the same text in many ways takes time that doubles
with each letter of a text that almost matches. So each repeated part of a pattern is repeated many times, with what may
stand before it, and something behind it that does not fit. A second of processor time is a thousand times what that
takes.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, Final

import searcher

TIMES: Final = (30, 800)
SECONDS: Final = 1.0
LONGEST: Final = 20_000
_ENDS: Final = ("", "\x00", "!\n", "¡")
_FUNCTIONS: Final = frozenset(
    {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
)


class TooSlow(Exception):
    """Raised where a pattern takes longer than it may."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(searcher.__path__, "searcher."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns(module: ModuleType) -> Iterator[re.Pattern[Any]]:
    """Yield a module's patterns: compiled ones, those made when first used, and those given to `re` as text."""
    for value in list(vars(module).values()):
        if isinstance(value, re.Pattern):
            yield value
        elif hasattr(value, "cache_info") and getattr(value, "__module__", "") == module.__name__:
            returned = str(value.__annotations__.get("return", ""))
            if not inspect.signature(value).parameters and ("Pattern" in returned or "re.Match" in returned):
                made = value()
                for one in made if isinstance(made, tuple) else (made,):
                    pattern = getattr(one, "__self__", one)  # of a bound `match`, the pattern
                    if isinstance(pattern, re.Pattern):
                        yield pattern
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).removeprefix("re.") in _FUNCTIONS and call.args:
            given = call.args[0]
            text = given.value if isinstance(given, ast.Constant) else vars(module).get(getattr(given, "id", ""))
            if isinstance(text, str | bytes) and ast.unparse(call.func).startswith("re."):
                yield re.compile(text)  # type: ignore[misc]


def sample(items: Any, groups: dict[int, str]) -> str:
    """Return a text that a parsed pattern, or most of it, matches."""
    return "".join(_sample(code, argument, groups) for code, argument in items)


def _sample(code: Any, argument: Any, groups: dict[int, str]) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        return _one_of(argument)
    if code is codes.BRANCH:
        return sample(argument[1][0], groups)
    if code is codes.SUBPATTERN:
        groups[argument[0] or 0] = text = sample(argument[3], groups)
        return text
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return sample(argument[2], groups) * max(argument[0], min(1, int(argument[1])))
    if code is codes.ATOMIC_GROUP:
        return sample(argument, groups)
    if code is codes.GROUPREF:
        return groups.get(argument, "")
    return ""


def _one_of(choices: Any) -> str:
    excluded = choices and choices[0][0] is codes.NEGATE
    candidates = [chr(letter) for letter in (*range(32, 127), 9, 10, 13, 0xA0, 0x111, 0x200B, 0x1EA1)]
    candidates += [
        chr(argument[0] if code is codes.RANGE else argument)
        for code, argument in choices
        if code in (codes.LITERAL, codes.RANGE)
    ]
    return next(
        (letter for letter in candidates if _matches(letter, choices[1:] if excluded else choices) != bool(excluded)),
        "",
    )


def _matches(letter: str, choices: Any) -> bool:
    value = ord(letter)
    classes = {
        codes.CATEGORY_DIGIT: letter.isdigit(),
        codes.CATEGORY_NOT_DIGIT: not letter.isdigit(),
        codes.CATEGORY_SPACE: letter.isspace(),
        codes.CATEGORY_NOT_SPACE: not letter.isspace(),
        codes.CATEGORY_WORD: letter.isalnum() or letter == "_",
        codes.CATEGORY_NOT_WORD: not (letter.isalnum() or letter == "_"),
    }
    return any(
        (code is codes.LITERAL and value == argument)
        or (code is codes.RANGE and argument[0] <= value <= argument[1])
        or (code is codes.CATEGORY and classes.get(argument, False))
        for code, argument in choices
    )


def repeated(items: Any, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each repeated part of a parsed pattern: what may stand before it, and texts that it matches."""
    for code, argument in items:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            inner = argument[2]
            if argument[1] is codes.MAXREPEAT or argument[1] > 8:
                yield before, _variants(inner)
            yield from repeated(inner, before)
        elif code is codes.SUBPATTERN:
            yield from repeated(argument[3], before)
        elif code is codes.ATOMIC_GROUP:
            yield from repeated(argument, before)
        elif code is codes.BRANCH:
            for branch in argument[1]:
                yield from repeated(branch, before)
        before += _sample(code, argument, {})


def _variants(items: Any) -> list[str]:
    """Return texts that a repeated part matches: by each of its alternatives, and with what is optional in it."""
    items = list(items)
    if len(items) == 1 and items[0][0] is codes.SUBPATTERN:
        return _variants(items[0][1][3])
    if len(items) == 1 and items[0][0] is codes.BRANCH:
        return [text for branch in items[0][1][1] if (text := sample(branch, {}))]
    text = sample(items, {})
    return [text, *(one for item in items if (one := _sample(*item, {})) and one != text)] if text else []


def attacks(pattern: re.Pattern[Any]) -> Iterator[Any]:
    for before, variants in repeated(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)):
        mixed = [*variants, "".join(variants)] if len(variants) > 1 else variants
        for part in mixed:
            for times in TIMES:
                for end in _ENDS:
                    text = before + (part * times)[:LONGEST] + end
                    yield text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def slow(pattern: re.Pattern[Any]) -> str:
    """Return the text on which a pattern takes longer than it may, cut off; "" where there is none."""
    for text in attacks(pattern):
        for way in (pattern.search, pattern.fullmatch):
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                way(text)
            except TooSlow:
                return repr(text[:60])
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def main() -> int:
    signal.signal(signal.SIGVTALRM, _give_up)
    known = re.compile(r"(?:<!--.*?-->\s*)*<x", re.DOTALL)
    if not slow(known):
        sys.stdout.write("the pump does not find what it is made for\n")
        return 2
    seen: set[tuple[Any, int]] = set()
    found = 0
    for module in modules():
        for pattern in patterns(module):
            if (pattern.pattern, pattern.flags) in seen:
                continue
            seen.add((pattern.pattern, pattern.flags))
            if text := slow(pattern):
                found += 1
                sys.stdout.write(f"{module.__name__}: {str(pattern.pattern)[:200]}\n    {text}\n")
    sys.stdout.write(f"{len(seen)} patterns, {found} too slow\n")
    return 1 if found or len(seen) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
