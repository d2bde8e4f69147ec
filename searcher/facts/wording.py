"""What the facts of a case are called in the user's language, and how they look in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from searcher.facts import naming
from searcher.messages import _, language, number

if TYPE_CHECKING:
    from searcher.facts.explanation import ReadFact
    from searcher.facts.records import Drug, FactsObject


def facts_line(facts: FactsObject) -> str:
    """Return the facts of a case in one line, "2 suspects · 10 kg heroin · death"; empty for what is no case."""
    return " · ".join(filter(None, _parts(facts)))


def fact_name(facet: str, value: str) -> str:
    """Return the name of a value of a facet that is a fact; other values as they are."""
    if facet == "stage":
        return stage_names().get(value, value)
    if facet == "offence":
        return offence_names([value])
    if facet == "kind":
        return kind_names().get(value, value)
    return drug_name(value) if facet == "drug" else value


def drug_name(slug: str) -> str:
    """Return the name of a drug."""
    return naming.drug_names(language()).get(slug, slug)


def kind_names() -> dict[str, str]:
    """Return the names of the kinds of articles."""
    return {"case": _("a case"), "policy": _("policy"), "other": _("no case")}


def stage_names() -> dict[str, str]:
    """Return the names of the stages of a case."""
    return {"caught": _("caught"), "charged": _("charged"), "tried": _("tried"), "fined": _("fined")}


def sentence_name(sentence: str | float) -> str:
    """Return a punishment as people say it: "death", "12 years"."""
    if isinstance(sentence, str):
        return {"death": _("death"), "life": _("life"), "suspended": _("suspended sentence")}[sentence]
    return _("{years} years").format(years=_figure(sentence))


def offence_names(slugs: Sequence[str]) -> str:
    """Return the names of offences."""
    known = naming.offence_names(language())
    return ", ".join(known.get(slug, slug) for slug in slugs)


def drug_amount(drug: Drug) -> str:
    """Return a drug with its amounts: "10 kg heroin", "600.000 viên ma túy tổng hợp"."""
    name = drug_name(drug.kind)
    amounts = []
    if drug.grams is not None:
        amounts.append(weight(drug.grams))
    if drug.pills is not None:
        amounts.append(_("{count} pills").format(count=_figure(drug.pills)))
    if drug.cakes is not None:
        amounts.append(_("{count} cakes").format(count=_figure(drug.cakes)))
    return f"{' = '.join(amounts)} {name}".strip()


def weight(grams: float) -> str:
    """Return a weight in grams or, from one kilogram on, in kilograms."""
    return f"{_figure(grams / 1000)} kg" if grams >= 1000 else f"{_figure(grams)} g"


def _figure(value: float) -> str:
    digits = next((digits for digits in (0, 1) if round(value, digits) == round(value, 2)), 2)
    return number(value, digits)


def _parts(facts: FactsObject) -> Iterator[str]:
    if facts.kind != "case":
        return
    yield offence_names(facts.offences)
    if facts.stage:
        yield stage_names()[facts.stage]
    if facts.suspects is not None:
        yield _("1 suspect") if facts.suspects == 1 else _("{count} suspects").format(count=number(facts.suspects))
    if facts.victims is not None:
        yield _("1 victim") if facts.victims == 1 else _("{count} victims").format(count=number(facts.victims))
    yield from map(drug_amount, facts.drugs)
    if facts.sentence is not None:
        yield sentence_name(facts.sentence)


def label(one: ReadFact) -> str:
    """Return what a fact that was read is, with its value: "sentence: 12 years"."""
    return f"{fact_title(one.fact)}: {_value(one)}"


def fact_title(fact: str) -> str:
    """Return what a fact is called: offence, stage, suspects and so on."""
    return {
        "offence": _("offence"),
        "stage": _("stage"),
        "suspects": _("suspects"),
        "victims": _("victims"),
        "drug": _("drug"),
        "sentence": _("sentence"),
        "money": _("money"),
        "ages": _("age"),
        "weapons": _("weapon"),
        "vehicles": _("vehicle"),
    }[fact]


def _value(one: ReadFact) -> str:
    if one.fact == "money":
        use, _space, vnd = one.value.partition(" ")
        return f"{money_names()[use]} {number(int(vnd))}"
    if one.fact == "sentence":
        return sentence_name(one.value if one.value.isalpha() else float(one.value))
    if one.fact == "stage":
        return stage_names()[one.value]
    if one.fact == "offence":
        return offence_names([one.value])
    if one.fact == "drug":
        return drug_name(one.value)
    return one.value


def money_names() -> dict[str, str]:
    """Return the names of what is done with money."""
    return {"seized": _("seized"), "fined": _("fined"), "traded": _("traded")}
