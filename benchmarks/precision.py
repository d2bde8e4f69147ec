"""How often a topic of a random corpus article is right, by the judgement of readers who did not know the tagger.

    python -m benchmarks.precision sample FOLDER [--seed 20] [--each 40]
    python -m benchmarks.precision judged FOLDER
    python -m benchmarks.precision

`sample` draws articles that the tagger gives a topic and that nobody labelled, and writes FOLDER/TOPIC.jsonl for the
readers. `judged` takes their FOLDER/TOPIC-judged.tsv (id, right 0 or 1, why) into benchmarks/tags-precision.tsv,
without any text. Without a word it says what of the judged articles still has the topic, and how much of that is right.
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
    "# topic\tid\tright: random articles with the topic (seed {seed}), judged by readers who did not know why\n"
)


class Judgement(NamedTuple):
    """Whether an article that was given a topic is about it, at least as a substantial side subject."""

    topic: str
    id: str
    right: bool


def read_judgements(path: Path = JUDGED) -> list[Judgement]:
    """Return the judgements; raises FileNotFoundError where there are none."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [Judgement(topic, article_id, right == "1") for topic, article_id, right in rows]


def sample(seed: int, each: int) -> dict[str, list[Article]]:
    """Return by topic some of the corpus articles that have it and that were not learnt from."""
    learnt = set(read_labels(LABELS)) | set(read_labels(CHOSEN))
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
    rows = []
    for slug in topics().names:
        for line in (folder / f"{slug}-judged.tsv").read_text("utf-8").splitlines():
            article_id, right, *_why = line.split("\t")
            if right in ("0", "1"):
                rows.append(f"{slug}\t{article_id}\t{right}\n")
    JUDGED.write_text(_HEADER.format(seed=seed) + "".join(rows), "utf-8")


def precisions() -> Iterator[tuple[str, int, int, float]]:
    """Yield for each topic how many judged articles have it now, how many of them are right, and the standard error."""
    judged = {(one.topic, one.id): one.right for one in read_judgements()}
    ids = {article_id for _topic, article_id in judged}
    counts = {slug: [0, 0] for slug in topics().names}
    for record in records():
        if record["id"] in ids:
            for slug in infer(Article(**record)).topic_slugs:
                if (slug, record["id"]) in judged:
                    counts[slug][0] += 1
                    counts[slug][1] += judged[slug, record["id"]]
    for slug, (tagged, right) in counts.items():
        part = right / max(1, tagged)
        yield slug, tagged, right, sqrt(part * (1 - part) / max(1, tagged))


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
        for slug, tagged, right, error in precisions():
            print(f"{slug:16} {right:3} of {tagged:3} right: {right / max(1, tagged):.3f} ± {error:.3f}")
    elif wanted.folder is None:
        parser.error("say which folder")
    elif wanted.what == "sample":
        _write_sample(wanted.folder, wanted.seed, wanted.each)
    else:
        _take(wanted.folder, wanted.seed)


if __name__ == "__main__":
    main()
