"""Articles whose case facts were labelled by hand, with their texts, and how what was read compares with the labels.

Labels lie beside the corpus (facts-dev.jsonl) and here: facts-labels.jsonl, ids and labels of 150 articles of the
corpus that somebody labelled who had not seen the rules, facts-fresh.jsonl, 40 more that were drawn at random of those
that are taken for cases and labelled when the rules had been mended by the others, and facts-kinds.tsv, of more whose
kind alone was labelled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.common import CORPUS, records
from searcher.article import Article

DEV: Final = CORPUS.parents[1] / "eval" / "facts-dev.jsonl"
OWN: Final = Path(__file__).with_name("facts-labels.jsonl")
FRESH: Final = Path(__file__).with_name("facts-fresh.jsonl")
KINDS: Final = Path(__file__).with_name("facts-kinds.tsv")
EXACT: Final = ("kind", "stage", "suspects", "victims", "sentence")
SETS: Final = ("offences", "drugs", "amounts")
MEASURES: Final = (*EXACT, *SETS)


class Labelled(NamedTuple):
    """An article with its labels, as `Facts.to_dict` has facts."""

    article: Article
    facts: dict[str, Any]


class Score(NamedTuple):
    """How right a fact is: `value` is the share that is exact, or F1; precision and recall of sets only."""

    value: float
    precision: float
    recall: float


def _texts(wanted: Iterable[str]) -> dict[str, Article]:
    ids = set(wanted)
    return {one["id"]: Article(**one) for one in records() if one["id"] in ids}


def read_labelled(paths: Sequence[Path] = (DEV, OWN)) -> list[Labelled]:
    """Return the articles of some files of labels, in their order; FileNotFoundError where a file is missing."""
    labels = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line]
    texts = _texts(one["id"] for one in labels)
    return [Labelled(texts[one["id"]], one) for one in labels if one["id"] in texts]


def read_kinds() -> list[tuple[Article, str]]:
    """Return the articles of which the kind alone is labelled."""
    kinds = dict(line.split("\t") for line in KINDS.read_text("utf-8").splitlines()[1:])
    texts = _texts(kinds)
    return [(texts[article_id], kind) for article_id, kind in kinds.items() if article_id in texts]


def values(facts: dict[str, Any], measure: str) -> set[Any]:
    """Return what a set-valued fact holds; an amount is drug, unit and number."""
    if measure == "offences":
        return set(facts["offences"])
    if measure == "drugs":
        return {drug["kind"] for drug in facts["drugs"]}
    return {
        (drug["kind"], unit, float(drug[unit]))
        for drug in facts["drugs"]
        for unit in ("grams", "pills", "cakes")
        if drug[unit] is not None
    }


def scores(labels: Sequence[dict[str, Any]], read: Sequence[dict[str, Any]]) -> dict[str, Score]:
    """Return for each measure how right the facts read are: exact in so many articles, or F1 over all of them."""
    found: dict[str, Score] = {}
    for measure in EXACT:
        share = sum(one[measure] == other[measure] for one, other in zip(labels, read, strict=True)) / len(labels)
        found[measure] = Score(share, share, share)
    for measure in SETS:
        pairs = [(values(one, measure), values(other, measure)) for one, other in zip(labels, read, strict=True)]
        hits = sum(len(one & other) for one, other in pairs)
        labelled, given = (sum(len(pair[side]) for pair in pairs) for side in (0, 1))
        found[measure] = Score(2 * hits / max(1, labelled + given), hits / max(1, given), hits / max(1, labelled))
    return found
