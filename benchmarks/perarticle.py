"""Articles a second of one core, for each thing that is made of one: `python -m benchmarks.perarticle [CORPUS]`.

Tags and facts are read by themselves, from the text on, and as indexing reads them: facts after tags, of the same
words. The rest is processor time by stage of a segment that is made in this process. Of several rounds the quickest
counts, after one that nobody times: tables are loaded then.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.common import CORPUS, records
from searcher.article import Article, identified
from searcher.facts.extraction import facts_of
from searcher.indexing.batches import Batch, BatchBuilder, shared_dictionary
from searcher.schema import article_schema
from searcher.storage import open_writer
from searcher.tagging import tag_scored
from searcher.tagging.sections import sections

ROUNDS = 3
BATCH = 1_000


def quickest(work: Callable[[], None]) -> float:
    """Return the least processor seconds of some rounds."""
    found = []
    for _round in range(ROUNDS):
        started = time.thread_time()
        work()
        found.append(time.thread_time() - started)
    return min(found)


def tag_and_read(articles: Sequence[Article], *, tags: bool, facts: bool) -> None:
    """Tag articles, and read their facts."""
    for article in articles:
        if tags:
            tag_scored(article)
        if facts:
            facts_of(sections(article))


def stages(articles: Sequence[Article]) -> dict[str, float]:
    """Return the processor seconds of each stage of making segments, the least of some rounds."""
    least: dict[str, float] = {}
    with TemporaryDirectory() as name:
        writer = open_writer(Path(name), rebuild=True)
        dictionary = shared_dictionary(list(articles[:BATCH]))
        builder = BatchBuilder(article_schema(), writer.folder, writer.indexname)
        for _round in range(ROUNDS):
            spent: dict[str, float] = {}
            for start in range(0, len(articles), BATCH):
                batch = list(articles[start : start + BATCH])
                built = builder.build(Batch(batch, ["articles.jsonl"] * len(batch), dictionary))
                for stage, seconds in built.seconds.items():
                    spent[stage] = spent.get(stage, 0.0) + seconds
            least = {stage: min(seconds, least.get(stage, seconds)) for stage, seconds in spent.items()}
        writer.cancel()
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?", default=CORPUS)
    parser.add_argument("--limit", type=int, default=2000, help="only so many articles")
    given = parser.parse_args()
    articles = [identified(msgspec.convert(record, Article)) for record in records(given.corpus, given.limit)]
    tag_and_read(articles, tags=True, facts=True)
    tags = quickest(lambda: tag_and_read(articles, tags=True, facts=False))
    facts = quickest(lambda: tag_and_read(articles, tags=False, facts=True))
    both = quickest(lambda: tag_and_read(articles, tags=True, facts=True))
    rows = {"tags": tags, "facts": facts, "facts after tags": max(both - tags, 0.0)}
    rows |= {f"stage {stage}": seconds for stage, seconds in sorted(stages(articles).items(), key=lambda one: -one[1])}
    print(f"{len(articles):,} articles, processor time of one core\n")
    print(f"{'':20}{'µs/article':>12}{'articles/s':>12}")
    for name, seconds in rows.items():
        print(f"{name:20}{1e6 * seconds / len(articles):12.1f}{len(articles) / max(seconds, 1e-9):12,.0f}")
    print(
        "\n'stage derive' makes the vectors; 'stage facts' reads facts after tags, with the time that measuring takes."
    )


if __name__ == "__main__":
    main()
