"""Comparisons of facts: 'heroin>10kg', 'bị can>5', and what stands after 'án:'; from their text to a filter."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from whoosh import query as wq

from searcher.analysis import fold, normalize
from searcher.facts.fields import HUNDREDTHS, MG, MONTHS_OF, YEAR, grams_field, pills_field
from searcher.facts.naming import measured, resolve, values_of

_LARGEST: Final = 1 << 60
_SIGNS: Final = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
_VALUE: Final = re.compile(
    r"\s*(?:(?P<sign>>=|<=|=>|=<|[<>=≥≤])\s*)?(?P<number>\d[\d.,]{0,15})(?:\s*(?P<unit>[^\W\d_]{1,5}))?\s*"
)
_GRAMS: Final = {"kg": 1e3, "ký": 1e3, "g": 1.0, "gam": 1.0, "gram": 1.0, "tấn": 1e6, "tạ": 1e5}
_PILLS: Final = ("viên", "pills", "pill")
_CAKES: Final = ("bánh", "cakes", "cake")
_TIMES: Final = {"": YEAR, "năm": YEAR, "years": YEAR, "year": YEAR, "tháng": 1, "months": 1}
_COUNTED: Final = ("", "người", "people")


@cache
def comparison_pattern() -> str:
    """Return the pattern of a comparison: the name of a drug or number, a sign, a number and maybe a unit."""
    names = {spelled for name in measured() for spelled in (name, fold(name))}
    by_length = sorted(names, key=lambda name: (-len(name), name))
    named = "|".join(re.escape(name).replace(r"\ ", r"[\s-]?") for name in by_length)
    return (
        rf"(?<!\w)(?P<name>{named})\s?(?P<value>(?:>=|<=|=>|=<|[<>=≥≤])\s?\d[\d.,]{{0,15}}"
        rf"(?:\s?(?:kg|ký|gam|gram|g|tấn|tạ|viên|pills?|bánh|cakes?|năm|tháng|years?|months|người|people)\b)?)"
    )


def compared(name: str, value: str) -> wq.Query | None:
    """Return the filter of a comparison; None where the unit is none of what is compared, or no number is there."""
    what = resolve("number", name)
    if what == "months":
        return punished(value)
    if what is not None:
        read = _read(value, "")
        return None if read is None or read[2] not in _COUNTED else _between(what, read[0], read[1])
    drug = resolve("drug", name)
    read = _read(value, "g")
    if drug is None or read is None:
        return None
    sign, number, unit = read
    if unit in _GRAMS:
        return _between(grams_field(drug), sign, number * _GRAMS[unit] * MG)
    if unit in _PILLS:
        return _between(pills_field(drug), sign, number * HUNDREDTHS)
    if unit in _CAKES:
        return wq.And([wq.Term("drug", drug, boost=0.0), _between("cakes", sign, number * HUNDREDTHS)])
    return None


def punished(value: str) -> wq.Query | None:
    """Return the filter for a sentence: by its name ("tử hình"), or by its length; life and death are the longest."""
    named = resolve("punishment", value)
    if named is not None:
        return wq.Term("punishment", named, boost=0.0)
    read = _read(value, "")
    if read is None or read[2] not in _TIMES:
        return None
    sign, number, unit = read
    months = number * _TIMES[unit]
    # A term of so many years has an end: life is longer than any of them, and no less than none.
    return _between("months", sign, months, most=_LARGEST if sign in (">", ">=") else MONTHS_OF["life"] - 1)


def labelled(field: str, value: str) -> wq.Query | None:
    """Return the filter for a label of a fact: an offence, stage, drug or kind; None where there is no such value."""
    found = resolve(field, value)
    return None if found is None else wq.Term(field, found, boost=0.0)


def known(field: str) -> str:
    """Return the values of a field of facts, for a sentence that says that something is none of them."""
    return ", ".join(values_of(field))


def _read(value: str, unit: str) -> tuple[str, float, str] | None:
    match = _VALUE.fullmatch(normalize(value).lower())
    if match is None:
        return None
    text = match["number"].rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        text = text.replace(".", "")
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    sign = match["sign"] or "="
    return _SIGNS.get(sign, sign), number, match["unit"] or unit


def _between(field: str, sign: str, number: float, most: int = _LARGEST) -> wq.Query:
    """Return the filter of a whole number against one that may have a fraction."""
    exact = min(number, float(_LARGEST))
    whole = int(exact)
    least, last = 0, most
    if sign == ">":
        least = whole + 1
    elif sign == ">=":
        least = whole + (exact > whole)
    elif sign == "<":
        last = whole - (exact == whole)
    elif sign == "<=":
        last = whole
    else:
        least = last = round(exact)
    if least > last:
        return wq.NullQuery
    return wq.NumericRange(field, least, last, boost=0.0)
