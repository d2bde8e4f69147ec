"""What else is told of a case: money, the suspects' ages and sex, weapons, vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from searcher.facts.reading import OPENING, Sentence, first_sentences, unit_of
from searcher.facts.records import Money

_YOUNGEST: Final = 12
_OLDEST: Final = 100
_REACH: Final = 14
_LEAST_VND: Final = 10_000
_MOST_VND: Final = 10**16
_READ: Final = 12

Spot = tuple[Sentence, int, int]


class Details(NamedTuple):
    """The details of a case, and for each kind of them the places they were read from."""

    money: tuple[Money, ...]
    ages: tuple[int, ...]
    sex: tuple[str, ...]
    weapons: tuple[str, ...]
    vehicles: tuple[str, ...]
    spots: dict[str, list[tuple[str, Spot]]]


def details_of(main: Sequence[Sentence]) -> Details:
    """Return the details of the main case."""
    main = first_sentences(main, _READ)
    spots: dict[str, list[tuple[str, Spot]]] = {}
    return Details(
        _money(main, spots),
        *_persons(main, spots),
        _things("weapons", main, spots),
        _things("vehicles", main, spots),
        spots,
    )


def _money(main: Sequence[Sentence], spots: dict[str, list[tuple[str, Spot]]]) -> tuple[Money, ...]:
    """Return for each use of money the largest amount that is told with it: parts of it are not told twice."""
    found: dict[str, tuple[int, Spot]] = {}
    for sentence in main:
        uses = sentence.get("money")
        if not uses:
            continue
        for number in sentence.numbers:
            unit = unit_of(sentence, number)
            if unit is None and not number.large:
                continue
            if unit is not None and unit[0].value != "vnd":
                continue
            vnd = round(number.value)
            nearest = [hit for hit in uses if 0 <= number.start - hit.end <= _REACH]
            if not nearest or not _LEAST_VND <= vnd <= _MOST_VND:
                continue
            use = nearest[-1].term.value
            if use not in found or vnd > found[use][0]:
                found[use] = vnd, (sentence, number.start, unit[1] if unit else number.end)
    for use, (vnd, spot) in found.items():
        spots.setdefault("money", []).append((f"{use} {vnd}", spot))
    return tuple(Money(use, vnd) for use, (vnd, _spot) in found.items())


def _persons(
    main: Sequence[Sentence], spots: dict[str, list[tuple[str, Spot]]]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return ages and sex of those whom the first sentence that names suspects with their ages names."""
    for sentence in main:
        if (
            not (sentence.get("held") or sentence.get("suffer"))
            or sentence.get("harm")
            or sentence.place >= OPENING * 2
        ):
            continue
        ages, sexes = [], []
        for number in sentence.numbers:
            told = number.end < sentence.end and sentence.low[number.end] == "tuổi"
            if told and _YOUNGEST <= number.value <= _OLDEST:
                age = int(number.value)
                ages.append(age)
                spots.setdefault("ages", []).append((str(age), (sentence, number.start, number.end + 1)))
                sexes.append(_sex(sentence, number.start))
        if ages:
            return tuple(ages), tuple(one for one in sexes if one)
    return (), ()


def _sex(sentence: Sentence, start: int) -> str:
    """Return "nữ" for a name with "Thị" before this place, "nam" for one with "Văn", else nothing."""
    for place in range(start - 1, max(sentence.start, start - 8) - 1, -1):
        word = sentence.symbols[place]
        if word == "Thị":
            return "nữ"
        if word == "Văn":
            return "nam"
        if word in (",", ")"):
            break
    return ""


def _things(role: str, main: Sequence[Sentence], spots: dict[str, list[tuple[str, Spot]]]) -> tuple[str, ...]:
    """Return the things of a role that stand where something is seized, used or found, each once."""
    found: dict[str, Spot] = {}
    for sentence in main:
        if not (sentence.get("seized") or sentence.get("held") or sentence.get("harm")):
            continue
        for hit in sentence.get(role):
            found.setdefault(" ".join(sentence.low[hit.start : hit.end]), (sentence, hit.start, hit.end))
    spots.setdefault(role, []).extend(found.items())
    return tuple(found)
