"""From an article to its facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from searcher.article import Article
from searcher.facts.charges import offences_of
from searcher.facts.details import details_of
from searcher.facts.drugs import drugs_of
from searcher.facts.kinds import READ, is_roundup, kind_of, may_be_told
from searcher.facts.lexicon import OTHER, offences
from searcher.facts.people import lone_suspect, lone_victim, suspects_of, victims_of
from searcher.facts.punishments import sentence_of
from searcher.facts.reading import TOLD, Sentence, main_sentences, read_on, read_sentences
from searcher.facts.records import CASE, OTHER_KIND, Facts, Place
from searcher.facts.steps import stage_of
from searcher.tagging.sections import Section, sections

_TRADE: Final = frozenset(("mua-ban-nguoi", "mua-ban-nguoi-duoi-16"))
"""Offences whose stories are of victims: that one suspect is told of is not to be taken for granted."""


_PERSONAL: Final = frozenset(
    ("giet-nguoi", "co-y-gay-thuong-tich", "hiep-dam", "bat-giu-nguoi", "cuop-giat", "trom-cap", "lua-dao", *_TRADE)
)
"""Offences that have a victim, though the text may not count them."""


def extract(article: Article) -> Facts:
    """Return the facts of the main case that an article tells."""
    return facts_of(sections(article))


def facts_of(read: Sequence[Section], kind: str | None = None) -> Facts:
    """Return the facts of an article that was read already; `kind` where that is known from elsewhere."""
    told = [section for section in read if section.name in TOLD]
    if kind is None and not may_be_told(told):
        return Facts(OTHER_KIND)
    # Four of five articles are no case, and their beginning says so.
    sentences = read_sentences(told, READ)
    if kind is None:
        kind = kind_of(sentences)
    return _case(read_on(told, sentences, READ)) if kind == CASE else Facts(kind)


def _case(sentences: Sequence[Sentence]) -> Facts:
    places: list[Place] = []

    def keep(fact: str, value: str, sentence: Sentence, start: int, end: int) -> None:
        places.append(Place(fact, value, TOLD[sentence.section], start, end))

    main = main_sentences(sentences)
    named = offences_of(main)
    for slug, sentence, hit in named:
        keep("offence", slug, sentence, hit.start, hit.end)
    slugs = tuple(slug for slug, _sentence, _hit in named) or (OTHER,)
    stage, said = stage_of(main)
    for sentence, hit in said[:3]:
        keep("stage", stage or "", sentence, hit.start, hit.end)
    several = is_roundup(sentences)
    suspects = suspects_of(main) if stage and not several else None
    if suspects is None and stage and not several and not _TRADE & set(slugs):
        suspects = lone_suspect(main)
    if suspects:
        keep("suspects", str(suspects.value), *suspects[2:])
    harms = any(offences()[slug].victims for slug in slugs)
    victims = victims_of(main) if harms and not several else None
    if victims is None and stage and not several and _PERSONAL & set(slugs):
        victims = lone_victim(main)
    if victims:
        keep("victims", str(victims.value), *victims[2:])
    drugs = drugs_of(main)
    for found in drugs:
        for spot in found.places:
            keep("drug", found.drug.kind, *spot)
    given = sentence_of(main) if stage == "tried" else None
    if given:
        keep("sentence", str(given[0]), *given[1:])
    details = details_of(main)
    for fact, spots in details.spots.items():
        for value, spot in spots:
            keep(fact, value, *spot)
    return Facts(
        CASE,
        slugs,
        stage,
        suspects.value if suspects else None,
        victims.value if victims else None,
        tuple(found.drug for found in drugs),
        given[0] if given else None,
        details.money,
        details.ages,
        details.sex,
        details.weapons,
        details.vehicles,
        tuple(places),
    )
