"""How often a topic of a random corpus article is right, by the judgement of readers who did not know the tagger.

    python -m benchmarks.precision sample FOLDER [--seed 20] [--each 40]
    python -m benchmarks.precision judged FOLDER
    python -m benchmarks.precision

`sample` draws articles that the tagger gives a topic and that nobody labelled or judged, and writes FOLDER/TOPIC.jsonl
for the readers. `judged` adds their FOLDER/TOPIC-judged.tsv (id, right 0 or 1, why) to benchmarks/tags-precision.tsv,
without any text, under the sample's seed. Without a word it says for each sample how much was right when it was drawn,
and what of it still has the topic, and how much of that is right.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.common import CORPUS, records
from benchmarks.labelled import CHOSEN, LABELS, read_labels, shown
from searcher.article import Article
from searcher.tagging import infer, topics

JUDGED: Final = Path(__file__).with_name("tags-precision.tsv")
_HEADER: Final = (
    "# topic\tid\tright\tseed: random articles that had the topic, judged by readers who did not know why\n"
)


class Judgement(NamedTuple):
    """Whether an article that was given a topic is about it, at least as a substantial side subject; `seed` of what."""

    topic: str
    id: str
    right: bool
    seed: int


def read_judgements(path: Path = JUDGED) -> list[Judgement]:
    """Return the judgements; raises FileNotFoundError where there are none."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [Judgement(topic, article_id, right == "1", int(seed)) for topic, article_id, right, seed in rows]


def sample(seed: int, each: int) -> dict[str, list[Article]]:
    """Return by topic some of the corpus articles that have it and that nobody labelled or judged."""
    learnt = set(read_labels(LABELS)) | set(read_labels(CHOSEN)) | {one.id for one in read_judgements()}
    found: dict[str, list[Article]] = {slug: [] for slug in topics().names}
    for record in records():
        article = Article(**record)
        if article.id not in learnt:
            for slug in infer(article).topic_slugs:
                found[slug].append(article)
    chance = random.Random(seed)
    return {slug: chance.sample(articles, min(each, len(articles))) for slug, articles in found.items()}


def _write_sample(folder: Path, seed: int, each: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for slug, articles in sample(seed, each).items():
        lines = [json.dumps(shown(article), ensure_ascii=False) for article in articles]
        (folder / f"{slug}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        print(f"{slug}: {len(lines)} articles")


def _take(folder: Path, seed: int) -> None:
    before = [one for one in read_judgements() if one.seed != seed]
    taken = [
        Judgement(slug, article_id, right == "1", seed)
        for slug in topics().names
        for line in (folder / f"{slug}-judged.tsv").read_text("utf-8").splitlines()
        for article_id, right, *_why in [line.split("\t")]
    ]
    rows = [f"{one.topic}\t{one.id}\t{int(one.right)}\t{one.seed}\n" for one in (*before, *taken)]
    JUDGED.write_text(_HEADER + "".join(rows), "utf-8")


class Precision(NamedTuple):
    """Of one topic and sample: articles judged, how many were right; how many have the topic now, how many right."""

    seed: int
    topic: str
    judged: int
    right: int
    tagged: int
    tagged_right: int


def precisions() -> Iterator[Precision]:
    """Yield what was judged of each sample and topic."""
    judged = read_judgements()
    ids = {one.id for one in judged}
    now = {record["id"]: infer(Article(**record)).topic_slugs for record in records() if record["id"] in ids}
    for seed in sorted({one.seed for one in judged}):
        for slug in topics().names:
            ones = [one for one in judged if one.seed == seed and one.topic == slug]
            still = [one for one in ones if slug in now[one.id]]
            right, still_right = (sum(one.right for one in some) for some in (ones, still))
            yield Precision(seed, slug, len(ones), right, len(still), still_right)


def main() -> None:
    """Do one of the three."""
    parser = argparse.ArgumentParser(description="precision of topics on random articles")
    parser.add_argument("what", nargs="?", choices=("sample", "judged"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--each", type=int, default=40)
    wanted = parser.parse_args()
    if not CORPUS.exists():
        print(f"Precision is not measured: {CORPUS} is missing.")
    elif wanted.what is None:
        for one in precisions():
            was = one.right / max(1, one.judged)
            error = sqrt(was * (1 - was) / max(1, one.judged))
            print(
                f"seed {one.seed} {one.topic:16} {one.right:3} of {one.judged:3} right: {was:.3f} ± {error:.3f};"
                f" now {one.tagged_right:3} of {one.tagged:3}: {one.tagged_right / max(1, one.tagged):.3f}"
            )
    elif wanted.folder is None:
        parser.error("say which folder")
    elif wanted.what == "sample":
        _write_sample(wanted.folder, wanted.seed, wanted.each)
    else:
        _take(wanted.folder, wanted.seed)


if __name__ == "__main__":
    main()
