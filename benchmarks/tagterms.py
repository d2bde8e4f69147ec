"""What each word of the topic files is worth by itself: `python -m benchmarks.tagterms [--least 2] [--unread FOLDER]`.

For every term, the corpus articles that have its topic and no other name, sign or doubtful word of it; how many of
these somebody labelled or judged, and how many of them are right (grade 1 or 2). benchmarks/tags-terms.tsv (topic, id,
right) has more that were read for this table; --unread writes up to 20 of a term that nobody knows yet.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.common import CORPUS, records
from benchmarks.labelled import CHOSEN, LABELS, read_labels, shown
from benchmarks.precision import read_judgements
from searcher.article import Article
from searcher.tagging import subjects
from searcher.tagging.model import model
from searcher.tagging.sections import sections
from searcher.tagging.tagger import scored_topics

READ: Final = Path(__file__).with_name("tags-terms.tsv")
_SOFT: Final = ("hints", "offices")
_MOST: Final = 20


class Alone(NamedTuple):
    """A term, its list in topics.toml, and the articles that have its topic by it alone."""

    topic: str
    term: str
    kind: str
    articles: list[Article]


def alone() -> tuple[list[Alone], dict[str, list[str]]]:
    """Return the terms that make a tag alone, those of most articles first, and the ids of all articles by topic."""
    judge = model("topics")
    tagged: dict[str, list[str]] = defaultdict(list)
    found: dict[tuple[str, str, str], list[Article]] = defaultdict(list)
    for record in records():
        article = Article(**record)
        read = sections(article)
        spoken = subjects.speak(read)
        if not spoken:
            continue
        for slug, score in scored_topics(read):
            terms = {(one.term.text, one.term.kind) for one in spoken if one.term.topic == slug}
            strong = [one for one in terms if one[1] not in _SOFT]
            if score >= judge.threshold_of(slug):
                tagged[slug].append(article.id)
                if len({text for text, _kind in strong}) == 1:
                    found[slug, *strong[0]].append(article)
    rows = [Alone(*key, articles) for key, articles in found.items()]
    return sorted(rows, key=lambda one: (one.topic, -len(one.articles), one.term)), tagged


def known() -> dict[tuple[str, str], bool]:
    """Return what is known of topic and article: by labels, by judged samples, and by what was read for this."""
    found: dict[tuple[str, str], bool] = {}
    for labels in (LABELS, CHOSEN):
        for article_id, one in read_labels(labels).items():
            for slug in model("topics").bias:
                found[slug, article_id] = slug in one["topics"]
    found |= {(one.topic, one.id): one.right for one in read_judgements()}
    for line in READ.read_text("utf-8").splitlines() if READ.exists() else ():
        if not line.startswith("#"):
            topic, article_id, right = line.split("\t")
            found[topic, article_id] = right == "1"
    return found


def main() -> None:
    """Print the table; with --unread, write the articles that nobody knows, a file for each term."""
    parser = argparse.ArgumentParser(description="what each word of the topic files is worth alone")
    parser.add_argument("--least", type=int, default=2, help="leave out terms of fewer articles")
    parser.add_argument("--unread", type=Path)
    wanted = parser.parse_args()
    if not CORPUS.exists():
        print(f"Terms are not measured: {CORPUS} is missing.")
        return
    judged = known()
    print("| topic | term | list | articles | read | right |\n| --- | --- | --- | ---: | ---: | ---: |")
    rows, tagged = alone()
    for one in rows:
        told = [judged[one.topic, article.id] for article in one.articles if (one.topic, article.id) in judged]
        if len(one.articles) >= wanted.least:
            print(f"| {one.topic} | {one.term} | {one.kind} | {len(one.articles)} | {len(told)} | {sum(told)} |")
            if wanted.unread:
                wanted.unread.mkdir(parents=True, exist_ok=True)
                unread = [article for article in one.articles if (one.topic, article.id) not in judged]
                lines = [json.dumps(shown(article), ensure_ascii=False) for article in unread[:_MOST]]
                (wanted.unread / f"{one.topic}-{one.term}.jsonl").write_text("\n".join(lines), "utf-8")
    for topic, ids in sorted(tagged.items()):
        told = [judged[topic, article_id] for article_id in ids if (topic, article_id) in judged]
        part = sum(told) / max(1, len(told))
        print(f"{topic}: {len(ids)} articles, {len(told)} of them known, {part:.3f} right (many chosen as doubtful)")


if __name__ == "__main__":
    main()
