"""Judged queries, and what is measured by them.

nDCG@10 has the gain 2 ** g - 1 of a grade g (Burges et al. 2005), the discount log2(1 + rank), and as the ideal the
order of all judged articles (Järvelin & Kekäläinen 2002). With the grade itself as the gain, as trec_eval has it, high
grades count less; that is printed beside it. An article without a judgement counts as not relevant;
unjudged@10 is how many of the first ten have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log2
from pathlib import Path
from statistics import mean
from typing import Final, NamedTuple

from benchmarks.common import CORPUS

DEPTH: Final = 10
QUERIES: Final = CORPUS.parents[1] / "eval" / "queries-dev.tsv"
GRADES: Final = CORPUS.parents[1] / "eval" / "qrels-dev.tsv"
OURS: Final = Path(__file__).with_name("judgements.tsv")
NATURAL: Final = Path(__file__).with_name("natural.tsv")
"""Queries as people type them: sentences, English, keystrokes, misspelt, without marks."""


class Judged(NamedTuple):
    """A query, and the grades (0 to 3) of articles for it."""

    name: str
    text: str
    grades: Mapping[str, int]


class Scores(NamedTuple):
    """What an order of articles is worth: nDCG@10 by both gains, 1 / rank of the first relevant one, unjudged@10."""

    ndcg: float
    ndcg_exponential: float
    reciprocal_rank: float
    unjudged: float


def read_dev() -> list[Judged]:
    """Return the queries of ../shared/eval; raises FileNotFoundError where they are not there."""
    grades: dict[str, dict[str, int]] = {}
    for line in GRADES.read_text("utf-8").splitlines():
        query, article, grade = line.split("\t")
        grades.setdefault(query, {})[article] = int(grade)
    rows = (line.split("\t") for line in QUERIES.read_text("utf-8").splitlines())
    return [Judged(name, text, grades[name]) for name, text, *_intent in rows]


def read_ours(path: Path = OURS) -> list[Judged]:
    """Return the queries judged for this project: rows of query, article, grade."""
    grades: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text, article, grade = line.split("\t")
            grades.setdefault(text, {})[article] = int(grade)
    return [Judged(f"o{number:02}", text, found) for number, (text, found) in enumerate(grades.items(), 1)]


def scores(ranked: Sequence[str], grades: Mapping[str, int]) -> Scores:
    """Return what the order of articles is worth.

    >>> scores(["b", "a"], {"a": 3, "b": 0, "c": 1}).reciprocal_rank
    0.5
    """
    top = ranked[:DEPTH]
    places = (rank for rank, article in enumerate(ranked, 1) if grades.get(article, 0) > 0)
    return Scores(
        ndcg(top, grades),
        ndcg(top, {article: 2**grade - 1 for article, grade in grades.items()}),
        1 / next(places, float("inf")),
        sum(article not in grades for article in top),
    )


def ndcg(top: Sequence[str], gains: Mapping[str, float]) -> float:
    """Return the discounted gains of the articles, divided by the most that there could be; 0 where that is 0."""
    ideal = _discounted(sorted(gains.values(), reverse=True)[:DEPTH])
    return _discounted(gains.get(article, 0) for article in top) / ideal if ideal else 0.0


def average(found: Sequence[Scores]) -> Scores:
    """Return the mean of each measure."""
    return Scores(*map(mean, zip(*found, strict=True)))


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / log2(1 + rank) for rank, gain in enumerate(gains, 1))
