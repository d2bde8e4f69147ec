"""How the facts of a case look: in one line, and with the words that they were read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from searcher.cli.console import output
from searcher.harmless import harmless
from searcher.messages import _, number

if TYPE_CHECKING:
    from searcher.facts import Drug, Facts, ReadFact
    from searcher.facts.records import FactsObject


def facts_line(facts: FactsObject) -> str:
    """Return the facts of a case in one line, "2 suspects · 10 kg heroin · death"; empty for what is no case."""
    return " · ".join(_parts(facts))


def show_facts(facts: Facts) -> None:
    """Print the line of a case's facts, if there is one."""
    if line := facts_line(facts):
        output().print(Text(f"  {harmless(line)}", "green"))


def show_read_facts(facts: Facts, read: Sequence[ReadFact]) -> None:
    """Print the facts of an article, each with the words it was read from."""
    console = output()
    console.print(Text.assemble((_("Facts of the case"), "bold"), (f"  {kind_names()[facts.kind]}", "dim")))
    if line := facts_line(facts):
        console.print(Text(f"  {harmless(line)}", "green"))
    rows = [(Text(_label(one), "dim"), _quote(one)) for one in read]
    if console.is_terminal:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=2)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for label, text in rows:
            table.add_row("", label, text)
        console.print(table)
    else:
        width = max((label.cell_len for label, _text in rows), default=0)
        for label, text in rows:
            console.print(Text.assemble("    ", label, " " * (width - label.cell_len + 2), text))
    console.print()


def _quote(one: ReadFact) -> Text:
    if not one.words:
        return Text(_("only one is spoken of"), "italic dim")
    before, words, after = (" ".join(harmless(part).split()) for part in (one.before, one.words, one.after))
    return Text.assemble(
        f"{before} " if before and one.before[-1:].isspace() else before,
        (words, "bold yellow"),
        f" {after}" if after and one.after[:1].isspace() else after,
    )


def fact_name(facet: str, value: str) -> str:
    """Return the name of a value of a facet that is a fact; other values as they are."""
    if facet == "stage":
        return stage_names().get(value, value)
    if facet == "offence":
        return offence_names([value])
    return drug_name(value) if facet == "drug" else value


def drug_name(slug: str) -> str:
    """Return the Vietnamese name of a drug."""
    from searcher.facts.naming import drug_names

    return drug_names().get(slug, slug)


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
    """Return the names of offences, in Vietnamese as the law has them."""
    from searcher.facts import naming

    known = naming.offence_names()
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
    digits = 0 if value == int(value) else 2
    return number(value, digits) if digits else number(int(value))


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


def _label(one: ReadFact) -> str:
    labels = {
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
    }
    return f"{labels[one.fact]}: {_value(one)}"


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
    return one.value


def money_names() -> dict[str, str]:
    """Return the names of what is done with money."""
    return {"seized": _("seized"), "fined": _("fined"), "traded": _("traded")}
