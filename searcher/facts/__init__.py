"""facts/: what an article tells of a case: who was caught for what, how much, which sentence, and where it says so."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from searcher.facts.explanation import ReadFact, explain_facts
    from searcher.facts.extraction import extract, facts_of
    from searcher.facts.lexicon import Law, Offence, offences
    from searcher.facts.naming import drug_names
    from searcher.facts.records import Drug, Facts, Money, Place

__all__ = [
    "Drug",
    "Facts",
    "Law",
    "Money",
    "Offence",
    "Place",
    "ReadFact",
    "drug_names",
    "explain_facts",
    "extract",
    "facts_of",
    "offences",
]

_MODULES: Final = {
    "searcher.facts.explanation": ("ReadFact", "explain_facts"),
    "searcher.facts.extraction": ("extract", "facts_of"),
    "searcher.facts.lexicon": ("Law", "Offence", "offences"),
    "searcher.facts.naming": ("drug_names",),
    "searcher.facts.records": ("Drug", "Facts", "Money", "Place"),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(module), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
