"""How right and how fast case facts are: `python -m benchmarks.facts [labels.jsonl]`.

For each fact the share of articles where it is exactly as labelled, or F1 (offences, drugs, amounts), and the mean; by
the weights as they are, and with each article's kind by weights that have not seen it. The rules were made by looking
at facts-dev.jsonl; benchmarks/facts-labels.jsonl was labelled by others, facts-fresh.jsonl after all that. Then
articles a second on one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import mean, median
from typing import Any, Final

from benchmarks.casefacts import DEV, FRESH, MEASURES, OWN, SETS, Labelled, Score, read_labelled, scores, values
from benchmarks.common import CORPUS, records
from benchmarks.factmodel import unseen
from searcher.article import Article
from searcher.facts import extract, facts_of
from searcher.tagging.sections import sections

_TIMED: Final = 2000
_ROUNDS: Final = 5


def _table(columns: dict[str, dict[str, Score]]) -> None:
    print(f"  {'':10}" + "".join(f"{name:>22}" for name in columns))
    for measure in MEASURES:
        line = f"  {measure:10}"
        for found in columns.values():
            one = found[measure]
            detail = f"{one.precision:.2f}/{one.recall:.2f} " if measure in SETS else ""
            line += f"{detail + f'{one.value:.3f}':>22}"
        print(line)
    print(
        f"  {'mean':10}" + "".join(f"{mean(one.value for one in found.values()):>22.3f}" for found in columns.values())
    )


def _cases(labelled: Sequence[Labelled], read: Sequence[dict[str, Any]]) -> dict[str, Score]:
    pairs = [(one.facts, other) for one, other in zip(labelled, read, strict=True) if one.facts["kind"] == "case"]
    return scores([one for one, _other in pairs], [other for _one, other in pairs])


def _mean_of(runs: Sequence[dict[str, Score]]) -> dict[str, Score]:
    return {
        measure: Score(*(mean(column) for column in zip(*(run[measure] for run in runs), strict=True)))
        for measure in MEASURES
    }


def _quality(path: Path) -> None:
    labelled = read_labelled([path])
    labels = [one.facts for one in labelled]
    read = [extract(one.article).to_dict() for one in labelled]
    columns = {"as shipped": scores(labels, read), "cases alone": _cases(labelled, read)}
    if path in (DEV, OWN):
        everything = read_labelled()
        where = {one.article.id: place for place, one in enumerate(everything)}
        runs = [
            [facts_of(sections(one.article), kinds[where[one.article.id]]).to_dict() for one in labelled]
            for kinds in unseen(everything)
        ]
        columns["kinds unseen"] = _mean_of([scores(labels, run) for run in runs])
    print(f"{len(labelled)} articles of {path.name} (precision/recall F1, or the share that is exact)")
    _table(columns)
    _mistakes(labelled, read)


def _mistakes(labelled: Sequence[Labelled], read: Sequence[dict[str, Any]]) -> None:
    """Print which articles have a drug's amount that is wrong: worse than one that is missing."""
    for one, facts in zip(labelled, read, strict=True):
        wrong = values(facts, "amounts") - values(one.facts, "amounts")
        if wrong:
            print(f"  wrong amount: {one.article.id} {sorted(wrong)}")


def _speed() -> None:
    articles = [Article(**record) for record in islice(records(), _TIMED)]
    read = [sections(article) for article in articles]
    alone, whole = [], []
    for _round in range(_ROUNDS):
        started = time.process_time()
        for one in read:
            facts_of(one)
        alone.append(time.process_time() - started)
        started = time.process_time()
        for article in articles:
            extract(article)
        whole.append(time.process_time() - started)
    for name, rounds in (("words given, as after tagging", alone), ("from the text", whole)):
        print(f"speed: {len(articles) / median(rounds):,.0f} articles/s on one core ({name}, CPU time)")


def main() -> None:
    """Print everything, or in one sentence what is missing."""
    parser = argparse.ArgumentParser(description="how right and how fast case facts are")
    parser.add_argument("labels", nargs="*", type=Path, default=[DEV, OWN, FRESH])
    paths = parser.parse_args().labels
    for missing in (*paths, CORPUS):
        if not missing.exists():
            print(f"Case facts are not evaluated: {missing} is missing.")
            return
    for path in paths:
        _quality(path)
    _speed()


if __name__ == "__main__":
    main()
