"""Cases counted: figures summed over cases, where several articles on one case count once.

A sum over articles would count a seizure as often as papers tell of it. So articles are drawn together into cases
first, and a case has of each figure the largest that an article gives. Two articles are of one case where their places
do not differ, an offence is the same, they are at most `NEAR` apart, and

- the drugs have the same amounts, or are told with the same suspects by name (sure); or
- they are near-identical in what they say: the same numbers of people and the same drugs and sentence (likely).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from searcher.article import Article
from searcher.errors import BadFilter
from searcher.facts.records import FactsObject
from searcher.messages import _
from searcher.query.results import Hit

BYS: Final = ("province", "month", "offence", "drug")
NEAR: Final = timedelta(days=21)
"""Articles on one case that are further apart are linked by names only."""
_READ: Final = 3000
_NAMED: Final = re.compile(
    r"((?:[A-ZÀ-ỸĐ][\w']*\s){1,4}[A-ZÀ-ỸĐ][\w']*)\s*(?:\(|,)\s*(?:SN|sinh năm|sinh ngày|\d\d tuổi|tên gọi khác|tức)"
)
_LEAST_NAME: Final = 2


class Figure(msgspec.Struct, frozen=True):
    """A sum, and how many articles it rests on."""

    value: float
    articles: int


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of a province, month, offence or drug, or all of them (`value` is empty).

    - `linked` is how many of the cases several articles tell of, and `likely` for how many of them that is not sure.
    - `grams`, `pills` and `cakes` are by drug; `deaths`, `lives` and `terms` count the heaviest sentence of each case.
    - `ids` are the articles.
    """

    value: str
    cases: int
    articles: int
    linked: int
    likely: int
    suspects: Figure
    victims: Figure
    grams: dict[str, Figure]
    pills: dict[str, Figure]
    cakes: dict[str, Figure]
    deaths: int
    lives: int
    terms: int
    ids: tuple[str, ...]


class CaseCounts(msgspec.Struct, frozen=True):
    """Cases that a search finds, counted: `rows` by `by`, most cases first (months in order), `total` over all.

    A case of several offences or drugs is in several rows, so that these may add up to more than the total. `others`
    are articles that were found and tell no case.
    """

    query: str
    by: str
    rows: tuple[CaseRow, ...]
    total: CaseRow
    others: int
    notes: tuple[str, ...]


class _Told(msgspec.Struct):
    article: Article
    facts: FactsObject
    names: frozenset[str]


class _Case(msgspec.Struct):
    told: list[_Told]
    sure: bool = True


def count_cases(query: str, hits: Iterable[Hit], by: str = "", notes: Sequence[str] = ()) -> CaseCounts:
    """Return the cases that hits tell of, counted; raises BadFilter where `by` is none of BYS."""
    if by and by not in BYS:
        raise BadFilter(_("'{by}' is nothing to count by; there are: {bys}.").format(by=by, bys=", ".join(BYS)))
    told, others = [], 0
    for hit in hits:
        if hit.facts is None or hit.facts.kind != "case":
            others += 1
        else:
            told.append(_Told(hit.article, hit.facts, _names(hit.article)))
    cases = link(told)
    groups: dict[str, list[_Case]] = {}
    for case in cases if by else ():
        for value in _values(case, by):
            groups.setdefault(value, []).append(case)
    rows = [_row(value, group, by) for value, group in groups.items()]
    rows.sort(key=lambda row: (0 if by == "month" else -row.cases, row.value))
    return CaseCounts(query, by, tuple(rows), _row("", cases, ""), others, tuple(notes))


def _names(article: Article) -> frozenset[str]:
    """Return the people whom an article names with their age or year of birth."""
    text = f"{article.lead}\n{article.body[:_READ]}"
    found = (" ".join(match[1].split()) for match in _NAMED.finditer(text))
    return frozenset(name for name in found if name.count(" ") >= _LEAST_NAME - 1 and len(name) > 5)


def link(told: Sequence[_Told]) -> list[_Case]:
    """Return the articles drawn together into cases, in the order of their first one."""
    by_key: dict[tuple[object, ...], list[_Case]] = {}
    cases: list[_Case] = []
    for one in told:
        keys = list(_keys(one))
        found, sure = None, False
        for key in keys:
            for case in by_key.get(key, ()):
                if any(_may_be_one(one, other, by_name=key[0] == "name") for other in case.told):
                    found, sure = case, key[0] != "alike"
                    break
            if found is not None:
                break
        if found is None:
            found, sure = _Case([]), True
            cases.append(found)
        found.told.append(one)
        found.sure = found.sure and sure
        for key in keys:
            known = by_key.setdefault(key, [])
            if found not in known:
                known.append(found)
    return cases


def _keys(one: _Told) -> Iterator[tuple[object, ...]]:
    """Yield what articles on the same case have in common, what is surest first."""
    amounts = tuple(
        sorted((drug.kind, drug.grams, drug.pills, drug.cakes) for drug in one.facts.drugs if _has_amount(drug))
    )
    if amounts:
        yield ("amounts", str(amounts))
    for name in sorted(one.names):
        yield ("name", name)
    facts = one.facts
    if facts.suspects is not None and (facts.drugs or facts.victims or facts.suspects > 1):
        drugs = tuple(sorted(drug.kind for drug in facts.drugs))
        yield ("alike", facts.suspects, facts.victims, drugs, str(facts.sentence), one.article.provinces or ())


def _has_amount(drug: object) -> bool:
    return any(getattr(drug, unit) is not None for unit in ("grams", "pills", "cakes"))


def _may_be_one(one: _Told, other: _Told, *, by_name: bool) -> bool:
    if not set(one.facts.offences) & set(other.facts.offences):
        return False
    here, there = set(one.article.provinces or ()), set(other.article.provinces or ())
    if here and there and not here & there:
        return False
    first, second = one.article.published, other.article.published
    if by_name or (first is None and second is None):
        return True
    return first is not None and second is not None and abs(first - second) <= NEAR


def _values(case: _Case, by: str) -> list[str]:
    if by == "offence":
        return sorted({slug for one in case.told for slug in one.facts.offences})
    if by == "drug":
        return sorted({drug.kind for one in case.told for drug in one.facts.drugs})
    if by == "month":
        days = [one.article.published for one in case.told if one.article.published is not None]
        return [f"{min(days):%Y-%m}" if days else ""]
    return [next((one.article.provinces[0] for one in case.told if one.article.provinces), "")]


def _row(value: str, cases: Sequence[_Case], by: str) -> CaseRow:
    told = [one for case in cases for one in case.told]
    amounts: dict[str, dict[str, list[Figure]]] = {"grams": {}, "pills": {}, "cakes": {}}
    for case in cases:
        for unit, figures in amounts.items():
            for kind in {drug.kind for one in case.told for drug in one.facts.drugs}:
                if by == "drug" and kind != value:
                    continue
                given = [
                    float(amount)
                    for one in case.told
                    for drug in one.facts.drugs
                    if drug.kind == kind and (amount := getattr(drug, unit)) is not None
                ]
                if given:
                    figures.setdefault(kind, []).append(Figure(max(given), len(given)))
    sentences = [_heaviest(case) for case in cases]
    return CaseRow(
        value=value,
        cases=len(cases),
        articles=len(told),
        linked=sum(len(case.told) > 1 for case in cases),
        likely=sum(len(case.told) > 1 and not case.sure for case in cases),
        suspects=_total(_largest(case, "suspects") for case in cases),
        victims=_total(_largest(case, "victims") for case in cases),
        grams={kind: _total(figures) for kind, figures in sorted(amounts["grams"].items())},
        pills={kind: _total(figures) for kind, figures in sorted(amounts["pills"].items())},
        cakes={kind: _total(figures) for kind, figures in sorted(amounts["cakes"].items())},
        deaths=sentences.count("death"),
        lives=sentences.count("life"),
        terms=sum(isinstance(one, float) for one in sentences),
        ids=tuple(one.article.id for one in told),
    )


def _largest(case: _Case, name: str) -> Figure:
    given = [getattr(one.facts, name) for one in case.told if getattr(one.facts, name) is not None]
    return Figure(float(max(given, default=0)), len(given))


def _total(figures: Iterable[Figure]) -> Figure:
    known = list(figures)
    return Figure(round(sum(one.value for one in known), 3), sum(one.articles for one in known))


def _heaviest(case: _Case) -> str | float | None:
    given = [one.facts.sentence for one in case.told if one.facts.sentence is not None]
    for named in ("death", "life"):
        if named in given:
            return named
    terms = [one for one in given if isinstance(one, float)]
    return max(terms) if terms else ("suspended" if given else None)
