"""The articles labelled by hand, with their texts; neither lies in this project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.common import CORPUS, records
from searcher.article import Article
from searcher.sources import Item, read

SEEDS: Final = Path(__file__).parent.parent / "seeds"
LABELS: Final = CORPUS.parents[1] / "eval" / "tags-dev.jsonl"


class Labelled(NamedTuple):
    """An article with its labels: grade by topic slug (2 about it, 1 a substantial side subject), provinces."""

    article: Article
    topics: dict[str, int]
    provinces: tuple[str, ...]


def read_labelled(labels: Path = LABELS, corpus: Path = CORPUS) -> list[Labelled]:
    """Return the labelled articles, in the order of their labels; raises FileNotFoundError where a file is missing."""
    wanted = {one["id"]: one for one in map(json.loads, labels.read_text("utf-8").splitlines())}
    texts = {one["id"]: Article(**one) for one in records(corpus) if one["id"] in wanted}
    return [
        Labelled(texts[article_id], one["topics"], tuple(one["provinces"]))
        for article_id, one in wanted.items()
        if article_id in texts
    ]


def read_seeds(folder: Path = SEEDS) -> list[Labelled]:
    """Return the seeds with the labels of their README.md; every topic there counts as grade 2."""
    articles = {Path(one.file).name: one.article for one in read([folder]) if isinstance(one, Item)}
    found = []
    for line in (folder / "README.md").read_text("utf-8").splitlines():
        if line.startswith("| `"):
            name, _published, provinces, topics, *_rest = (cell.strip() for cell in line.strip("|").split("|"))
            slugs = {} if topics == "-" else dict.fromkeys(topics.split(", "), 2)
            found.append(Labelled(articles[name.strip("`")], slugs, tuple(provinces.split(", "))))
    return found
