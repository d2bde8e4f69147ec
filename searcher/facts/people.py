"""How many suspects and how many victims a case has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from searcher.facts.reading import OPENING, Hit, Sentence, behind_numbers, first_sentences

_MOST: Final = 3000
_BEFORE: Final = 9
_AFTER: Final = 6
_ROW: Final = 40
_NAME: Final = 2
_TITLES: Final = frozenset(("ông", "bà", "anh", "chị", "cô"))


class Count(NamedTuple):
    """So many people, by the number and the word behind it; `role` is accused, people or harmed."""

    value: int
    role: str
    sentence: Sentence
    start: int
    end: int


def counts(sentence: Sentence) -> Iterator[Count]:
    """Yield the numbers of people in a sentence."""
    people = behind_numbers(sentence, "people")
    if not people:
        return
    for number in sentence.numbers:
        hit = people.get(number.end)
        if hit is None or number.unit:
            continue
        value = number.last
        role = hit.term.value
        if role == "pairs":
            value, role = value * 2, "people"
        role = {"counted": "people", "young": "harmed"}.get(role, role)
        if role == "aside" or value != int(value) or not 0 < value <= _MOST:
            continue
        start = number.start if number.value == number.last else number.end - 1
        yield Count(int(value), role, sentence, start, hit.end)


def suspects_of(main: Sequence[Sentence]) -> Count | None:
    """Return the number of suspects with its place; None where the text does not give it."""
    heads = [one for one in main if one.heads]
    body = [one for one in main if not one.heads]
    if told := [count for one in heads for count in _suspects(one)]:
        return max(told, key=lambda count: count.value)
    proceeding = [one for one in body if one.get("proceed")][:OPENING]
    for one in proceeding:
        if told := [*_suspects(one), *_listed(one)]:
            return max(told, key=lambda count: count.value)
    caught = [one for one in body[:OPENING] if one.get("catch")]
    if told := [count for one in caught for count in _suspects(one)]:
        return max(told, key=lambda count: count.value)
    if (single := _single(heads)) is not None:
        return single
    for one in (one for one in body[: OPENING * 2] if one.get("catch")):
        if told := [*_suspects(one), *_listed(one)]:
            return max(told, key=lambda count: count.value)
    return None


def lone_suspect(main: Sequence[Sentence]) -> Count | None:
    """Return one suspect, for a case that neither gives a number nor speaks of several."""
    heads = [one for one in main if one.heads]
    if not heads or any(one.get("plural") or any(count.value > 1 for count in counts(one)) for one in heads):
        return None
    return Count(1, "accused", heads[0], heads[0].start, heads[0].start)


def _suspects(sentence: Sentence) -> Iterator[Count]:
    """Yield the numbers of people in a sentence who are suspects; those who are named on top of them included."""
    for count in counts(sentence):
        extra = _named_before(sentence, count)
        held = count.role == "accused" or (extra and sentence.get("held")) or _is_held(sentence, count)
        if count.role == "harmed" or not held:
            continue
        yield count._replace(value=count.value + extra)


def _named_before(sentence: Sentence, count: Count) -> int:
    """Return how many come on top of a number: "Nguyễn Văn A, Trần Văn B cùng 9 người khác"."""
    low = sentence.low
    before = low[count.start - 1] if count.start > sentence.start else ""
    words = low[count.start + 1 : count.end]
    if before in ("cùng", "và", "với"):
        others = low[count.end : count.end + 1] == ["khác"] or "khác" in words or words[:1] == ["đồng"]
        return _names(sentence, count.start - 1) or (1 if others else 0)
    return 1 if words in (["đồng", "phạm"], ["đồng", "bọn"]) else 0


def _names(sentence: Sentence, end: int) -> int:
    """Return how many people are named in a row just before this place, what is said of each in brackets left out."""
    symbols, place, found, run = sentence.symbols, end - 1, 0, 0
    while place >= max(sentence.start, end - _ROW):
        word = symbols[place]
        if word == ")":
            while place > sentence.start and symbols[place] != "(":
                place -= 1
        elif word[:1].isupper():
            run += 1
        else:
            found += run >= _NAME
            if word not in (",", "và", "cùng") and word.lower() not in _TITLES:
                return found
            run = 0
        place -= 1
    return found + (run >= _NAME)


def _is_held(sentence: Sentence, count: Count) -> bool:
    """Return whether something is done to these people that is done to suspects."""
    if _is_harmed(sentence, count) or any(0 <= count.start - hit.end <= 2 for hit in sentence.get("harm")):
        return False
    held = [hit for hit in sentence.get("held") if 0 <= count.start - hit.end <= _BEFORE]
    harm = [hit for hit in sentence.get("harm") if 0 <= count.start - hit.end <= _BEFORE]
    if held and not (harm and harm[-1].end > held[-1].end):
        return True
    return any(0 <= hit.start - count.end <= _AFTER for hit in sentence.get("suffer"))


def _is_harmed(sentence: Sentence, count: Count | Hit) -> bool:
    return any(0 <= hit.start - count.end <= _AFTER - 3 for hit in sentence.get("harmed"))


def _listed(sentence: Sentence) -> Iterator[Count]:
    """Yield how many people a sentence names with their ages, where somebody is held or tried in it."""
    if not (sentence.get("held") or sentence.get("suffer")) or sentence.get("harm"):
        return
    ages = sorted(_ages(sentence))
    if ages:
        yield Count(len(ages), "accused", sentence, ages[0][0], ages[-1][1])


def _ages(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the places of ages and years of birth."""
    if ages := behind_numbers(sentence, "age"):
        years = {number.end: number.start for number in sentence.numbers}
        for start, hit in ages.items():
            if start in years:
                yield years[start], hit.end
    for hit in sentence.get("born"):
        yield hit.start, hit.end


def _single(heads: Sequence[Sentence]) -> Count | None:
    """Return one suspect where title or lead speak of one and of no more."""
    plural = False
    for sentence in heads:
        for hit in sentence.get("people"):
            if hit.term.value not in ("accused", "people"):
                continue
            if any(cue.end == hit.start for cue in sentence.get("plural")):
                plural = True
                continue
            count = Count(1, "accused", sentence, hit.start, hit.end)
            if any(number.end == hit.start for number in sentence.numbers):
                continue
            if not plural and (
                _is_held(sentence, count) or (hit.term.value == "accused" and not _is_harmed(sentence, hit))
            ):
                return count
        held = sentence.get("held")
        if (
            held
            and not plural
            and not sentence.get("people")
            and not sentence.get("plural")
            and not sentence.get("harm")
        ):
            return Count(1, "accused", sentence, held[0].start, held[0].end)
    return None


def victims_of(main: Sequence[Sentence]) -> Count | None:
    """Return the number of victims with its place; None where the text does not give it."""
    main = first_sentences(main, OPENING * 2)
    for part in ([one for one in main if one.heads], [one for one in main if not one.heads]):
        told = [count for one in part for count in counts(one) if _suffers(one, count)]
        told += [count for one in part for count in _objects(one)]
        if told:
            return max(told, key=lambda count: count.value)
    for sentence in (one for one in main if one.heads):
        for hit in sentence.get("people"):
            plural = any(cue.end == hit.start for cue in sentence.get("plural"))
            if plural:
                continue
            if hit.term.value == "harmed" or _is_harmed(sentence, hit):
                return Count(1, "harmed", sentence, hit.start, hit.end)
            if any(0 <= hit.start - harm.end <= 1 for harm in sentence.get("harm")):
                return Count(1, "harmed", sentence, hit.start, hit.end)
    return None


def _objects(sentence: Sentence) -> Iterator[Count]:
    """Yield numbers right behind what is done to people only: "cưỡng hiếp 9 nghệ sĩ"."""
    personal = sentence.get("personal")
    if not personal:
        return
    starts = {number.start: number for number in sentence.numbers if not number.unit}
    units = {hit.start for hit in sentence.get("unit")}
    for hit in personal:
        number = starts.get(hit.end)
        if number and number.end not in units and number.last == number.value and 0 < number.value <= _MOST:
            yield Count(int(number.value), "harmed", sentence, number.start, number.end)


def lone_victim(main: Sequence[Sentence]) -> Count | None:
    """Return one victim, for a case of an offence against somebody where no number and no plural is told."""
    heads = [one for one in main if one.heads]
    if not heads or any(
        one.get("plural") or any(count.value > 1 and count.role != "accused" for count in counts(one)) for one in heads
    ):
        return None
    return Count(1, "harmed", heads[0], heads[0].start, heads[0].start)


def _suffers(sentence: Sentence, count: Count) -> bool:
    if count.role == "harmed" or _is_harmed(sentence, count):
        return True
    if count.role != "people":
        return False
    harm = [hit for hit in sentence.get("harm") if 0 <= count.start - hit.end <= 4]
    held = [hit for hit in sentence.get("held") if 0 <= count.start - hit.end <= 4]
    return bool(harm) and not (held and held[-1].end > harm[-1].end)
