"""The drugs of a case and how much of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from searcher.facts.reading import OPENING, Hit, Sentence, unit_of
from searcher.facts.records import Drug

_GAP: Final = 5
_GOES_ON: Final = frozenset(("nghi", "nặng", "trọng", "khối", "tổng", "có"))
_EACH: Final = 5
_ENDS: Final = frozenset((";", ",", ".", "và", "cùng"))
_NEAR: Final = 0.25
_ROUGHLY: Final = 0.02
_UNKNOWN: Final = "chat-khac"
_CRYSTAL: Final = "ma-tuy-da"
_TABLET: Final = "ma-tuy-tong-hop"
_MOST: Final = {"grams": 1e8, "pills": 1e8, "cakes": 1e5}


class Amount(NamedTuple):
    """So much of a drug: `unit` is grams, pills or cakes; `total` where the sentence says that it is all there was."""

    kind: str
    unit: str
    value: float
    sentence: Sentence
    start: int
    end: int
    total: bool


class FoundDrug(NamedTuple):
    """A drug of the case, with the place that each of its amounts, or else its name, was read from."""

    drug: Drug
    places: tuple[tuple[Sentence, int, int], ...]


def drugs_of(main: Sequence[Sentence]) -> list[FoundDrug]:
    """Return the drugs of the main case, the first named first."""
    amounts = _of_the_whole([amount for one in main for amount in amounts_in(one)])
    named = [(one, hit) for one in main for hit in _named(one)]
    kinds = dict.fromkeys([one.kind for one in amounts] + [hit.term.value for _one, hit in named])
    if len(kinds) > 1 and _UNKNOWN in kinds and not any(hit.term.value == _UNKNOWN for _one, hit in named):
        # "30.000 viên ma túy" is of the one drug that is named; where several have amounts, it is a total of parts.
        if len(kinds) == 2 or any(one.kind != _UNKNOWN for one in amounts):
            del kinds[_UNKNOWN]
        if len(kinds) == 1:
            (only,) = kinds
            amounts = [one._replace(kind=only) if one.kind == _UNKNOWN else one for one in amounts]
    found = []
    for kind in kinds:
        chosen = {unit: _chosen([one for one in amounts if one.kind == kind and one.unit == unit]) for unit in _MOST}
        grams, pills, cakes = (chosen[unit] for unit in ("grams", "pills", "cakes"))
        drug = Drug(
            kind,
            round(grams.value, 3) if grams else None,
            round(pills.value, 2) if pills else None,
            round(cakes.value, 2) if cakes else None,
        )
        places = tuple((one.sentence, one.start, one.end) for one in (grams, pills, cakes) if one)
        if not places:
            places = tuple((one, hit.start, hit.end) for one, hit in named if hit.term.value == kind)[:1]
        found.append(FoundDrug(drug, places))
    return found


def amounts_in(sentence: Sentence) -> Iterator[Amount]:
    """Yield the amounts of drugs in a sentence."""
    found_drugs = (*sentence.get("drug"), *sentence.get("generic"))
    drugs = sorted(found_drugs, key=lambda hit: (hit.start, hit.end, hit.term))
    if not drugs or not sentence.numbers:
        return
    total = bool(sentence.get("total"))
    for number in sentence.numbers:
        found = unit_of(sentence, number)
        if found is None or found[0].value not in _MOST:
            continue
        unit, end = found
        if _is_of_each(sentence.low, number.start, end):
            continue
        drug = _drug_of(sentence, drugs, number.start, end)
        if drug is None:
            continue
        value = number.value * unit.scale
        if 0 < value <= _MOST[unit.value]:
            kind = _UNKNOWN if drug.term.role == "generic" else drug.term.value
            if kind == _CRYSTAL and (unit.value == "pills" or _in_pills(sentence, drug)):
                kind = _TABLET
            yield Amount(kind, unit.value, value, sentence, number.start, end, total)


def _in_pills(sentence: Sentence, drug: Hit) -> bool:
    """Return whether a drug is said to be in the form of pills: "methamphetamine dạng viên nén", not "; 580 viên"."""
    for word in sentence.low[drug.end : drug.end + 3]:
        if word == "viên":
            return True
        if word in _ENDS or word[:1].isdecimal():
            return False
    return False


def _is_of_each(low: Sequence[str], start: int, end: int) -> bool:
    """Return whether an amount is that of each piece: "mỗi bánh nặng 350 gam"."""
    return "mỗi" in low[max(0, start - _EACH) : start] or low[end : end + 1] == ["mỗi"]


def _of_the_whole(amounts: list[Amount]) -> list[Amount]:
    """Return the amounts without those that a sentence with the parts of it all goes beyond.

    "Tổng cộng thu hơn 30kg ma túy tổng hợp, gồm: 31.850 viên thuốc lắc, 1kg ketamine" says what there was: its parts
    count, and neither their sum nor what other sentences tell of.
    """
    for place, one in enumerate(amounts):
        if one.total:
            whole = [other for other in amounts[place:] if other.sentence is one.sentence]
            parts = [other for other in whole if "gồm" in one.sentence.low[one.end : other.start]]
            if len(parts) > 1:
                return parts
    return amounts


def _drug_of(sentence: Sentence, drugs: Sequence[Hit], start: int, end: int) -> Hit | None:
    """Return the drug that an amount is of: the next one behind it, else the one just before."""
    low = sentence.low
    after = next((hit for hit in drugs if hit.start >= end), None)
    if after is not None and after.start - end <= _GAP and not _parted(low, end, after.start):
        return after
    before = next((hit for hit in reversed(drugs) if hit.end <= start), None)
    if before is not None and start - before.end <= _GAP and not _parted(low, before.end, start):
        return before
    return None


def _parted(low: Sequence[str], start: int, end: int) -> bool:
    """Return whether something else begins between these places: ", nghi là ..." and ", nặng ..." go on."""
    for place in range(start, end):
        if low[place] in (";", "và", "cùng"):
            return True
        if low[place] == "," and (place + 1 == len(low) or low[place + 1] not in _GOES_ON):
            return True
    return False


def _chosen(amounts: Sequence[Amount]) -> Amount | None:
    """Return the amount that is the case's; None where several are told and none of them is surely all there was.

    A total beats its parts, and an exact figure the round one of the title. Where several differ, what title or lead
    has is the case's; else the first, if the others are its parts.
    """
    if not amounts:
        return None
    totals = [one for one in amounts if one.total]
    heads = [one for one in amounts if one.sentence.heads]
    base = max(heads or totals or amounts[:1], key=lambda one: one.value)
    near = [one for one in amounts if abs(one.value - base.value) <= _NEAR * base.value]
    if not (heads or totals) and not _makes(base.value, [one.value for one in amounts if one not in near]):
        return None
    return max(near, key=lambda one: (_digits(one.value), one is base, one.value))


def _makes(whole: float, parts: Sequence[float]) -> bool:
    """Return whether parts are none, or make up the whole, or lie within it as one of them."""
    return sum(parts) <= whole * (1 + _ROUGHLY)


def _digits(value: float) -> int:
    return len(f"{value:.3f}".rstrip("0").rstrip(".").replace(".", "").rstrip("0"))


def _named(sentence: Sentence) -> Iterator[Hit]:
    """Yield the drugs that a sentence names as part of the case, with or without an amount."""
    if not (sentence.heads or sentence.place < OPENING * 2):
        return
    if sentence.get("habit") or not (sentence.get("seized") or (sentence.heads and sentence.get("handled"))):
        return
    yield from sentence.get("drug")
