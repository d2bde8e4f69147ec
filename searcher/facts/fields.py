"""The facts of a case as fields of an index: labels to count by, numbers to compare, and the whole object.

Amounts are whole numbers in units small enough for what texts say: milligrams, and months of a sentence. A life or
death sentence is longer than any term.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from searcher.facts.records import Drug, FactsObject

LABELS: Final = ("offence", "stage", "drug", "kind", "punishment")
"""Fields of labels; a punishment is death, life, suspended or term."""
DRUGS: Final = (
    "heroin",
    "ma-tuy-da",
    "ma-tuy-tong-hop",
    "thuoc-lac",
    "ketamine",
    "can-sa",
    "co-my",
    "thuoc-phien",
    "tem-giay",
    "chat-khac",
)
MG: Final = 1000
"""Milligrams in a gram."""
MONTHS_OF: Final = {"suspended": 0, "life": 100_000, "death": 200_000}
YEAR: Final = 12
_LARGEST: Final = 1 << 60


def grams_field(drug: str) -> str:
    """Return the field that has the milligrams of a drug."""
    return f"mg_{drug.replace('-', '_')}"


def pills_field(drug: str) -> str:
    """Return the field that has the pills of a drug, in hundredths: halves are told."""
    return f"pills_{drug.replace('-', '_')}"


NUMBERS: Final = (
    "suspects",
    "victims",
    "months",
    "pills",
    "cakes",
    *(grams_field(drug) for drug in DRUGS),
    *(pills_field(drug) for drug in DRUGS),
)
"""Fields of whole numbers; few articles have any of them. Pills and cakes are hundredths, of all drugs together."""
HUNDREDTHS: Final = 100


def fields_of(facts: FactsObject) -> dict[str, Any]:
    """Return the fields of an article's facts; of what is no case only its kind."""
    found: dict[str, Any] = {"kind": facts.kind}
    if facts.kind != "case":
        return found
    found["facts"] = msgspec.json.encode(facts).decode("utf-8")
    found["offence"] = ",".join(facts.offences)
    found["drug"] = ",".join(drug.kind for drug in facts.drugs)
    numbers: dict[str, float | None] = {"suspects": facts.suspects, "victims": facts.victims}
    if facts.stage:
        found["stage"] = facts.stage
    if facts.sentence is not None:
        named = isinstance(facts.sentence, str)
        found["punishment"] = facts.sentence if named else "term"
        numbers["months"] = MONTHS_OF[facts.sentence] if isinstance(facts.sentence, str) else facts.sentence * YEAR
    for drug in facts.drugs:
        _add(numbers, drug)
    return found | {name: round(value) for name, value in numbers.items() if value is not None and value <= _LARGEST}


def _add(numbers: dict[str, float | None], drug: Drug) -> None:
    if drug.grams is not None:
        numbers[grams_field(drug.kind)] = drug.grams * MG
    if drug.pills is not None:
        numbers[pills_field(drug.kind)] = drug.pills * HUNDREDTHS
        numbers["pills"] = (numbers.get("pills") or 0) + drug.pills * HUNDREDTHS
    if drug.cakes is not None:
        numbers["cakes"] = (numbers.get("cakes") or 0) + drug.cakes * HUNDREDTHS


def read_facts(stored: Any) -> FactsObject | None:
    """Return the facts that a document's stored field holds; None for a document without any."""
    return msgspec.json.decode(stored, type=FactsObject) if isinstance(stored, str) else None
