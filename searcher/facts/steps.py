"""How far a case has gone: caught, charged, tried, or only fined."""

from __future__ import annotations

from collections.abc import Sequence

from searcher.facts.reading import OPENING, Hit, Sentence


def stage_of(main: Sequence[Sentence]) -> tuple[str | None, list[tuple[Sentence, Hit]]]:
    """Return the furthest step of the main case, or None, and the words that say so."""
    said: dict[str, list[tuple[Sentence, Hit]]] = {}
    ahead = False
    for sentence in main:
        if "law" in sentence.asides and not sentence.heads and "steps" not in sentence.roles:
            continue
        future = bool(sentence.get("ahead"))
        ahead |= future and (sentence.heads or sentence.place < OPENING)
        for hit in sentence.get("steps"):
            step = hit.term.value
            told = sentence.heads or sentence.place < OPENING or _is_given(sentence)
            if step == "tried" and (future or not told):
                step = "charged"
                if not future:
                    continue
            if step == "fined" and (sentence.get("asked") or not (sentence.heads or sentence.place < OPENING + 3)):
                continue
            said.setdefault(step, []).append((sentence, hit))
    if len(said.get("tried", ())) >= 2 and not ahead:
        return "tried", said["tried"]
    for step in ("charged", "fined", "caught"):
        if said.get(step):
            return step, said[step]
    return _by_inquiry(main, said.get("sought", []))


def _is_given(sentence: Sentence) -> bool:
    """Return whether a sentence gives somebody a punishment, as reports of a trial end: "tuyên phạt A 17 năm tù"."""
    return "tuyên phạt" in sentence.values("proceed") and bool(sentence.get("punishment")) and not sentence.get("asked")


def _by_inquiry(
    main: Sequence[Sentence], said: list[tuple[Sentence, Hit]]
) -> tuple[str | None, list[tuple[Sentence, Hit]]]:
    """Return "caught" where the police are at it and nobody is said to be at large."""
    first = [one for one in main if one.heads or one.place < OPENING]
    if any(one.get("at_large") for one in first):
        return None, []
    if said:
        return "caught", said
    named = [(one, hit) for one in first for hit in one.get("authority")]
    return ("caught", named) if named else (None, [])
