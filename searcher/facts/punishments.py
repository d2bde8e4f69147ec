"""The heaviest sentence that the court gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from searcher.facts.people import counts
from searcher.facts.reading import Hit, Sentence, unit_of
from searcher.facts.records import Punishment

_REACH: Final = 30
_LONGEST: Final = 1000.0
Given = tuple[Punishment | float, Sentence, int, int]


def sentence_of(main: Sequence[Sentence]) -> Given | None:
    """Return the heaviest punishment given, with its sentence and place; None where none is."""
    given = [found for one in main for found in _given(one)]
    return max(given, key=lambda found: _weight(found[0]), default=None)


def _weight(punishment: Punishment | float) -> float:
    if isinstance(punishment, float):
        return punishment
    return {"death": 1e6, "life": 1e5, "suspended": -1.0}[punishment]


def _given(sentence: Sentence) -> Iterator[Given]:
    if sentence.asides & {"record", "statistics", "other"}:
        return
    terms = list(_terms(sentence))
    if not terms and not sentence.get("punishment"):
        return
    cues = sentence.get("given")
    asked = sentence.get("asked")

    def is_given(start: int, *, alone: bool) -> bool:
        nearest = max((cue.end for cue in cues if cue.end <= start), default=-1)
        if any(nearest <= one.end <= start or one.start < start <= one.end for one in asked):
            return False
        return (alone and sentence.heads) or 0 <= start - nearest <= _REACH

    for hit in sentence.get("punishment"):
        if hit.term.value in ("death", "life", "suspended"):
            starts = hit.start
            if is_given(starts, alone=hit.end - hit.start > 1) or _case_of(sentence, hit, asked):
                yield _named(hit.term.value), sentence, hit.start, hit.end
    last = -_REACH
    groups = [one.start for one in counts(sentence) if one.value > 1] if terms else []
    totals = [hit.end for hit in sentence.get("total")] if groups else []
    several = groups if sentence.section == 0 else []
    for found in terms:
        if any(0 <= found[2] - total <= 1 for total in totals):
            continue  # "ba bị cáo lĩnh tổng cộng 49 năm tù" is nobody's
        if any(start - found[3] == 1 for start in several) and sentence.low[found[3]] == "cho":
            continue  # nor is "gần 40 năm tù cho 3 đối tượng" in a title
        # "A, B 9 tháng tù; C, D 2 năm tù": one verb for all of them.
        if is_given(found[2], alone=True) or (found[2] - last <= _REACH and not asked):
            last = found[3]
            yield found


def _named(value: str) -> Punishment:
    return "death" if value == "death" else "life" if value == "life" else "suspended"


def _case_of(sentence: Sentence, hit: Hit, asked: Sequence[Hit]) -> bool:
    """Return whether the word itself says that it was given: "án tử hình cho", "bị tuyên án chung thân"."""
    words = sentence.low[hit.start : hit.end]
    return words[0] == "án" and not any(one.end <= hit.start for one in asked)


def _terms(sentence: Sentence) -> Iterator[Given]:
    """Yield the terms of years and months that a sentence names."""
    prison = [hit for hit in sentence.get("punishment") if hit.term.value == "prison"]
    pending: tuple[float, int, int] | None = None
    for number in sentence.numbers:
        for hit in prison:
            if hit.start == number.end:
                months = sentence.low[hit.start] == "tháng"
                years = number.value / 12 if months else number.value
                start = number.start
                if pending is not None and months and pending[2] == number.start:
                    years, start = years + pending[0], pending[1]
                if 0 < years <= _LONGEST:
                    yield round(years, 2), sentence, start, hit.end
        unit = unit_of(sentence, number)
        if unit is not None and unit[0].value == "years":
            pending = (number.value, number.start, unit[1])
            before = sentence.low[number.start - 1] if number.start else ""
            if before in ("án", "phạt", "lĩnh", "lãnh") and number.value <= 100:
                yield number.value, sentence, number.start, unit[1]
