"""The facts of the case that an article tells, as its page lists them: each with the places it was read from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import msgspec

from searcher.analysis.legacy import decode_legacy
from searcher.article import Article
from searcher.facts.wording import (
    drug_amount,
    fact_title,
    facts_line,
    kind_names,
    money_names,
    offence_names,
    sentence_name,
    stage_names,
)
from searcher.messages import number
from searcher.web.spans import Spot

if TYPE_CHECKING:
    from searcher.facts import Facts, ReadFact

_MOST_SPOTS: Final = 4
"""Places of one fact that are linked."""


class Value(msgspec.Struct, frozen=True):
    """A value of a fact: `address` finds what else has it, "" for nothing; `spots` are where it was read."""

    text: str
    address: str
    spots: tuple[Spot, ...]


class Told(msgspec.Struct, frozen=True):
    """What a page lists: the facts by title, all of their places, and the same in one `line`; `kind` in words."""

    kind: str = ""
    line: str = ""
    rows: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    spots: tuple[Spot, ...] = ()


NOTHING_TOLD: Final = Told()


def told_by(article: Article, *, with_links: bool) -> Told:
    """Return what an article tells of a case; `with_links` where the index can be searched for facts."""
    from searcher.facts import explain_facts

    facts, read = explain_facts(article)
    spots = _spots(article, read)
    by_value: dict[tuple[str, str], list[Spot]] = {}
    for one, spot in zip(read, spots, strict=True):
        if spot is not None:
            by_value.setdefault((one.fact, one.value), []).append(spot)
    rows: dict[str, list[Value]] = {}
    for fact, value, text in _values(facts):
        found = by_value.get((fact, value), [])[:_MOST_SPOTS]
        address = f"/?{urlencode({fact: value})}" if with_links and fact in ("offence", "stage", "drug") else ""
        rows.setdefault(fact_title(fact), []).append(Value(text, address, tuple(found)))
    return Told(
        kind_names()[facts.kind],
        facts_line(facts),
        tuple((title, tuple(values)) for title, values in rows.items()),
        tuple(spot for several in by_value.values() for spot in several),
    )


def _spots(article: Article, read: tuple[ReadFact, ...]) -> list[Spot | None]:
    """Return where facts were read, None where that is no place in the text as it is shown."""
    as_read = {
        name: unicodedata.normalize("NFC", decode_legacy(getattr(article, name))) == getattr(article, name)
        for name in ("title", "lead", "body")
    }
    return [
        Spot(place, one.section, one.start, one.end) if one.end > one.start and as_read[one.section] else None
        for place, one in enumerate(read, 1)
    ]


def _values(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Yield each fact with its value, as its places have it, and in words."""
    for slug in facts.offences:
        yield "offence", slug, offence_names([slug])
    if facts.stage:
        yield "stage", facts.stage, stage_names()[facts.stage]
    for name, count in (("suspects", facts.suspects), ("victims", facts.victims)):
        if count is not None:
            yield name, str(count), number(count)
    for drug in facts.drugs:
        yield "drug", drug.kind, drug_amount(drug)
    if facts.sentence is not None:
        yield "sentence", str(facts.sentence), sentence_name(facts.sentence)
    for money in facts.money:
        yield "money", f"{money.use} {money.vnd}", f"{money_names()[money.use]} {number(money.vnd)} đ"
    if facts.ages:
        yield "ages", str(facts.ages[0]), ", ".join(map(str, facts.ages))
    for name, things in (("weapons", facts.weapons), ("vehicles", facts.vehicles)):
        for thing in things:
            yield name, thing, thing
