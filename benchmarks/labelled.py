"""The articles labelled by hand, with their texts; neither lies in this project."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.common import CORPUS, records
from searcher.article import Article
from searcher.sources import Item, read
from searcher.tagging.gazetteer import place_trie
from searcher.tagging.symbols import lower_case, symbols
from searcher.tagging.topics import topic_trie

SEEDS: Final = Path(__file__).parent.parent / "seeds"
CHOSEN: Final = Path(__file__).with_name("tags-chosen.jsonl")
"""Labels of corpus articles that were chosen because tagging was in doubt (`tools/choose_articles.py`): no texts."""
LABELS: Final = CORPUS.parents[1] / "eval" / "tags-dev.jsonl"


_BEGINNING: Final = 2_000
_LONGEST: Final = 3_200
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?\n]*")


class Labelled(NamedTuple):
    """An article with its labels: grade by topic slug (2 about it, 1 a substantial side subject), provinces."""

    article: Article
    topics: dict[str, int]
    provinces: tuple[str, ...]


def read_labels(labels: Path) -> dict[str, dict[str, Any]]:
    """Return the labels in a file by the article's id."""
    return {one["id"]: one for one in map(json.loads, labels.read_text("utf-8").splitlines())}


def read_labelled(labels: Path = LABELS, corpus: Path = CORPUS) -> list[Labelled]:
    """Return the labelled articles, in the order of their labels; raises FileNotFoundError where a file is missing."""
    wanted = read_labels(labels)
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


def shown(article: Article) -> dict[str, str]:
    """Return what a labeller reads of an article."""
    body = article.body
    if len(body) > _LONGEST:
        kept = [body[:_BEGINNING]]
        room = _LONGEST - _BEGINNING
        for sentence in _SENTENCE.findall(body[_BEGINNING:]):
            words = symbols(sentence)
            telling = topic_trie().find(lower_case(words)) or place_trie().find(words)
            if telling and len(sentence) <= room:
                kept.append(sentence.strip())
                room -= len(sentence)
        body = " […] ".join(kept)
    return {"id": article.id, "title": article.title, "lead": article.lead, "body": body}
