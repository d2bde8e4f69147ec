"""Which offences a case is about: by the charge that police or court name, else by what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from searcher.facts.lexicon import OTHER
from searcher.facts.reading import OPENING, Hit, Sentence

_REACH: Final = 45
_OBJECT: Final = 12
_LINK: Final = 2
_GROWN: Final = 16
_CHILD: Final = frozenset(
    ("cháu bé", "bé gái", "bé trai", "trẻ sơ sinh", "trẻ em", "em bé", "bé sơ sinh", "bé", "cháu gái", "cháu trai")
)
_WEAKER: Final = {
    "mua-ban-dam": (
        "moi-gioi-mai-dam",
        "chua-mai-dam",
        "mua-dam-nguoi-duoi-18",
        "mua-ban-nguoi",
        "mua-ban-nguoi-duoi-16",
    ),
    "su-dung-ma-tuy": (
        "mua-ban-ma-tuy",
        "van-chuyen-ma-tuy",
        "tang-tru-ma-tuy",
        "to-chuc-su-dung-ma-tuy",
        "chua-chap-su-dung-ma-tuy",
        "san-xuat-ma-tuy",
    ),
    "co-y-gay-thuong-tich": ("giet-nguoi", "cuop-giat", "chong-nguoi-thi-hanh-cong-vu"),
    "trom-cap": ("cuop-giat",),
    "mua-ban-nguoi": ("mua-ban-nguoi-duoi-16",),
    "moi-gioi-mai-dam": ("mua-ban-nguoi", "mua-ban-nguoi-duoi-16"),
    "gay-roi": ("giet-nguoi", "co-y-gay-thuong-tich"),
}
"""What is told beside a graver deed of its kind is hardly ever a charge of its own."""

_RUNS: Final = ("moi-gioi-mai-dam", "chua-mai-dam")

Named = list[tuple[str, Sentence, Hit]]


def offences_of(main: Sequence[Sentence]) -> Named:
    """Return the offences with the words that name them, the first named first, each once; nothing if none is."""
    charged = _once(found for one in main for found in _charges(one))
    if charged:
        return _children(_run(charged, main), main)
    told = [one for one in main if one.heads or (one.place < OPENING and _acted(one))]
    found = _once(one for sentence in told for one in _wording(sentence))
    if not is_known([slug for slug, _sentence, _hit in found]):
        for part in ([one for one in told if one.heads], told):
            if done := _once(one for sentence in part for one in _deeds(sentence)):
                found = done if is_known([slug for slug, _sentence, _hit in done]) else [*found, *done]
                break
    slugs = {slug for slug, _sentence, _hit in found}
    kept = [one for one in found if not slugs & set(_WEAKER.get(one[0], ()))]
    if is_known([slug for slug, _sentence, _hit in kept]):
        kept = [one for one in kept if one[0] != OTHER]
    return _children(kept, main)


def _acted(sentence: Sentence) -> bool:
    """Return whether somebody is caught, tried or sought in a sentence."""
    return "steps" in sentence.roles or "held" in sentence.roles


def _charges(sentence: Sentence) -> Iterator[tuple[str, Sentence, Hit]]:
    """Yield the offences that a sentence names as charges: behind "tội", where somebody is held or tried for it."""
    if "law" in sentence.asides and "steps" not in sentence.roles and not sentence.heads:
        return
    cues = sentence.get("charge")
    if not cues or not ("steps" in sentence.roles or sentence.heads):
        return
    for hit in sentence.get("offence"):
        if any(0 <= hit.start - cue.end <= _REACH for cue in cues):
            yield hit.term.value, sentence, hit
    named = list(sentence.get("offence"))
    for slug, found in reversed(list(_acts(sentence, "verb"))):
        if any(0 <= found.start - cue.end <= 4 for cue in cues) or _listed(named, found):
            named.append(found)
            yield slug, sentence, found


def _run(charged: Named, main: Sequence[Sentence]) -> Named:
    """Return the charges with that of running it, where all that is named is the act of those who were met there.

    And without that act, where who ran it is charged.
    """
    slugs = {slug for slug, _sentence, _hit in charged}
    if slugs == {"mua-ban-dam"}:
        runs = (found for one in main if one.heads for found in _deeds(one) if found[0] in _RUNS)
        return [*charged, *_once(runs)[:1]]
    if slugs & set(_RUNS):
        return [one for one in charged if one[0] != "mua-ban-dam"]
    return charged


def _listed(named: Sequence[Hit], hit: Hit) -> bool:
    """Return whether a word goes on to a charge that the sentence names: "mua bán, vận chuyển trái phép ..."."""
    return any(0 <= other.start - hit.end <= _LINK for other in named)


def _acts(sentence: Sentence, role: str) -> Iterator[tuple[str, Hit]]:
    """Yield verbs that have a drug as their object."""
    verbs = sentence.get(role)
    if not verbs:
        return
    objects = [*sentence.get("drug"), *sentence.get("generic")]
    objects += [hit for hit in sentence.get("offence") if hit.term.value.endswith("ma-tuy")]
    for hit in verbs:
        if any(0 <= one.start - hit.end <= _OBJECT for one in objects):
            yield hit.term.value, hit


def _wording(sentence: Sentence) -> Iterator[tuple[str, Sentence, Hit]]:
    """Yield the offences that a sentence names in the law's words."""
    found = [(hit.term.value, hit) for hit in sentence.get("offence")]
    yield from ((slug, sentence, hit) for slug, hit in (*found, *_acts(sentence, "verb")))


def _deeds(sentence: Sentence) -> Iterator[tuple[str, Sentence, Hit]]:
    """Yield the offences of what a sentence tells in everyday words."""
    found = [(hit.term.value, hit) for hit in sentence.get("deed")]
    for slug, hit in sorted((*found, *_acts(sentence, "move")), key=lambda one: one[1].start):
        yield slug, sentence, hit


def _once(found: Iterator[tuple[str, Sentence, Hit]]) -> Named:
    first: dict[str, tuple[str, Sentence, Hit]] = {}
    for one in found:
        first.setdefault(one[0], one)
    return list(first.values())


def _children(found: Named, main: Sequence[Sentence]) -> Named:
    """Return the offences with "mua bán người" as that of children where title or lead has a child sold."""
    slugs = [slug for slug, _sentence, _hit in found]
    if "mua-ban-nguoi" not in slugs:
        return found
    young = any(
        hit.term.value == "mua-ban-nguoi-duoi-16" for one in main if one.heads for hit in one.get("deed")
    ) or any(" ".join(one.low[hit.start : hit.end]) in _CHILD for one in main if one.heads for hit in one.get("people"))
    if not young or any(_grown(one) for one in main if one.heads):
        return found
    kept = [one for one in found if one[0] != "mua-ban-nguoi-duoi-16"]
    return [("mua-ban-nguoi-duoi-16", *one[1:]) if one[0] == "mua-ban-nguoi" else one for one in kept]


def _grown(sentence: Sentence) -> bool:
    """Return whether a sentence names an age from 16 on, as of a daughter who was sold."""
    ends = {number.end: number.value for number in sentence.numbers}
    return any(ends.get(hit.start, 0) >= _GROWN for hit in sentence.get("age"))


def is_known(slugs: Sequence[str]) -> bool:
    """Return whether any of the offences is told apart from others."""
    return any(slug != OTHER for slug in slugs)
