"""How right and how fast tagging is: `python -m benchmarks.tags [labels.jsonl]`.

Precision, recall and F1 for each topic (grade 1 or 2 counts as tagged) and for provinces, over the articles labelled
by hand; the mistakes by kind, the surest first; the same F1 by weights that have not seen the articles, where these are
what the weights were fitted to; articles a second on one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from statistics import mean, median
from typing import Final, NamedTuple

from benchmarks.common import CORPUS, records
from benchmarks.labelled import LABELS, Labelled, read_labelled
from benchmarks.tagmodels import read_examples, rows_of, validated
from searcher.article import Article
from searcher.tagging import infer, tag, topics
from searcher.tagging.model import model

_TIMED: Final = 2000
_ROUNDS: Final = 5
_SHOWN: Final = 6


class Outcome(NamedTuple):
    """One value of one article: the label's grade (0 for none), and the score of the tag (None where none is given)."""

    article: Article
    value: str
    grade: int
    score: float | None


def outcomes(labelled: Iterable[Labelled], kind: str) -> list[Outcome]:
    """Return an outcome for every label and every tag; kind is "topics" or "provinces"."""
    found = []
    for one in labelled:
        labels = one.topics if kind == "topics" else dict.fromkeys(one.provinces, 1)
        tags = infer(one.article)
        given = dict(tags.topics if kind == "topics" else tags.provinces)
        values = dict.fromkeys((*labels, *given))
        found += [Outcome(one.article, value, labels.get(value, 0), given.get(value)) for value in values]
    return found


def rates(found: list[Outcome]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of some outcomes."""
    hits = sum(one.grade > 0 and one.score is not None for one in found)
    tagged = sum(one.score is not None for one in found)
    labelled = sum(one.grade > 0 for one in found)
    precision, recall = hits / max(1, tagged), hits / max(1, labelled)
    return precision, recall, 2 * hits / max(1, tagged + labelled)


def _line(name: str, found: list[Outcome]) -> float:
    precision, recall, f1 = rates(found)
    print(f"  {name:16} {sum(one.grade > 0 for one in found):6} {precision:10.3f} {recall:8.3f} {f1:8.3f}")
    return f1


def _mistakes(name: str, found: list[Outcome]) -> None:
    print(f"  {name}: {len(found)}")
    for one in sorted(found, key=lambda one: -(one.score or 0))[:_SHOWN]:
        score = "" if one.score is None else f" {one.score:.2f}"
        print(f"    {one.article.id:14} {one.value}{score}  {one.article.title[:80]}")


def _quality(labels: Path) -> None:
    labelled = read_labelled(labels)
    by_topic, by_province = outcomes(labelled, "topics"), outcomes(labelled, "provinces")
    print(f"{len(labelled)} articles labelled by hand")
    print(f"  {'':16} {'labels':>6} {'precision':>10} {'recall':>8} {'F1':>8}")
    macro = mean(_line(slug, [one for one in by_topic if one.value == slug]) for slug in topics().names)
    print(f"  {'topics, macro F1':42} {macro:8.3f}")
    _line("provinces, micro", by_province)
    print("mistakes, the surest first")
    for name, found in (("topic", by_topic), ("province", by_province)):
        _mistakes(f"{name} tagged that is none", [one for one in found if not one.grade])
        missed = [one for one in found if one.grade and one.score is None]
        if name == "topic":
            _mistakes("main topic missed", [one for one in missed if one.grade == 2])
            _mistakes("side topic missed", [one for one in missed if one.grade == 1])
        else:
            _mistakes("province missed", missed)


def _speed() -> None:
    articles = [Article(**record) for record in islice(records(), _TIMED)]
    syllables = sum(len(f"{one.title} {one.lead} {one.body}".split()) for one in articles) / len(articles)
    rounds = []
    for _round in range(_ROUNDS):
        started = time.process_time()
        for article in articles:
            tag(article)
        rounds.append(time.process_time() - started)
    rate = len(articles) / median(rounds)
    each = f"{syllables:.0f} syllables each, CPU time, median of {_ROUNDS} rounds"
    print(f"speed: {rate:,.0f} articles/s on one core ({each})")


def main() -> None:
    """Print everything, or in one sentence what is missing."""
    parser = argparse.ArgumentParser(description="how right and how fast tagging is")
    parser.add_argument("labels", nargs="?", type=Path, default=LABELS)
    labels = parser.parse_args().labels
    for missing in (labels, CORPUS):
        if not missing.exists():
            print(f"Tagging is not evaluated: {missing} is missing.")
            return
    _quality(labels)
    print("articles that the weights have not seen (ten-fold cross-validation, mean of five shuffles)")
    examples = read_examples(labels)
    for kind, measure in (("topics", "macro F1"), ("provinces", "micro F1")):
        found = validated(examples, rows_of(examples, kind), kind, model(kind).thresholds).f1
        for name, value in found.items():
            print(f"  {f'{kind}, {measure}, {name}':42} {value:8.3f}")
    _speed()


if __name__ == "__main__":
    main()
