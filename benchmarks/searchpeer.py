"""A whole search against tantivy's for the same work: `python -m benchmarks.searchpeer [--index FOLDER] [--runs N]`.

Ours is `EmbeddedIndex.search` with all that it does: reading the query, corrections, meaning, ranking, facets, ten hits
with snippets. tantivy, through its Python package, is asked for what it has of that: each syllable in three fields
with boosts, all neighbours as phrases likewise, ten hits with snippets, three aggregations. Its index, made in a
temporary folder, is of the articles of ours. The queries are the judged ones, as they are and without diacritics; both
engines take turns. Printed are CPU milliseconds after a first search of all.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import searcher
from benchmarks.common import CORPUS
from benchmarks.judgements import NATURAL, QUERIES, read_dev, read_ours
from benchmarks.wholecorpus import DEFAULT, corpus_index
from searcher.analysis import fold
from searcher.analysis.terms import syllable_terms
from searcher.language.tree import FIELD_BOOSTS

TOP: Final = 10
FACETS: Final = ("province", "topic", "year")
_MOST: Final = 1000


class TantivySearch:
    """tantivy over the articles of an index; `search` returns how many match, ten snippets and the facets."""

    def __init__(self, index: searcher.EmbeddedIndex, folder: Path) -> None:
        import tantivy

        self._library = tantivy
        builder = tantivy.SchemaBuilder()
        for field in FIELD_BOOSTS:
            builder.add_text_field(field, stored=True, tokenizer_name="whitespace", index_option="position")
        for field in ("province", "topic"):
            builder.add_text_field(field, tokenizer_name="raw", fast=True, index_option="basic")
        builder.add_integer_field("year", fast=True)
        self._schema = builder.build()
        made = tantivy.Index(self._schema, path=str(folder))
        writer = made.writer(heap_size=500_000_000, num_threads=1)
        reader = index.whoosh.reader()
        for _number, stored in reader.iter_docs():
            text = {field: " ".join(syllable_terms(stored.get(field, ""))) for field in FIELD_BOOSTS}
            tags = {field: [one for one in stored.get(field, "").split(",") if one] for field in ("province", "topic")}
            published = stored.get("published")
            writer.add_document(tantivy.Document(**text, **tags, year=published.year if published else 0))
        writer.commit()
        writer.wait_merging_threads()
        made.reload()
        self._searcher = made.searcher()

    def search(self, text: str) -> tuple[int, list[str], dict[str, Any]]:
        query = self._query(syllable_terms(text))
        found: Any = self._searcher.search(query, TOP, count=True)
        counts = self._searcher.aggregate(
            query, {field: {"terms": {"field": field, "size": _MOST}} for field in FACETS}
        )
        snippets = self._library.SnippetGenerator.create(self._searcher, query, self._schema, "body")
        shown = [snippets.snippet_from_doc(self._searcher.doc(address)).to_html() for _score, address in found.hits]
        return found.count, shown, counts

    def _query(self, syllables: Sequence[str]) -> Any:
        library, schema = self._library, self._schema
        clauses = []
        for field, boost in FIELD_BOOSTS.items():
            terms = [library.Query.term_query(schema, field, one) for one in dict.fromkeys(syllables)]
            pairs = [
                library.Query.phrase_query(schema, field, [one, other])
                for one, other in dict.fromkeys(pairwise(syllables))
            ]
            clauses += [library.Query.boost_query(one, boost) for one in (*terms, *pairs)]
        return library.Query.boolean_query([(library.Occur.Should, one) for one in clauses])


def main() -> None:
    """Print the table, or in one sentence what is missing."""
    parser = argparse.ArgumentParser(description="a whole search against tantivy's for the same work")
    parser.add_argument("--index", type=Path, help="an index as it is; by default one of the corpus")
    parser.add_argument("--runs", type=int, default=7, help="searches of each query and engine after the first")
    options = parser.parse_args()
    for missing in (QUERIES,) if options.index else (CORPUS, QUERIES):
        if not missing.exists():
            print(f"Searches are not compared: {missing} is missing.")
            return
    texts = [query.text for query in (*read_dev(), *read_ours(NATURAL))]
    folder = options.index or corpus_index(DEFAULT)
    with searcher.open_index(folder) as index, tempfile.TemporaryDirectory() as other:
        peer = TantivySearch(index, Path(other))
        print(f"{index.stats().articles:,} articles, {len(texts)} queries, CPU ms: median, 95 of 100 under, most")
        for name, asked in {"as judged": texts, "without diacritics": [fold(text) for text in texts]}.items():
            engines: dict[str, Callable[[str], object]] = {"ours": index.search, "tantivy": peer.search}
            firsts = {one: [_timed(run, text) for text in asked] for one, run in engines.items()}
            taken: dict[str, list[float]] = {one: [] for one in engines}
            for text in asked:
                runs = [[_timed(run, text) for run in engines.values()] for _run in range(options.runs)]
                for place, one in enumerate(engines):
                    taken[one].append(median(run[place] for run in runs))
            for one, times in taken.items():
                first = f"first: {_row(firsts[one])}"
                print(f"  {name:20} {one:8} {_row(times)}   {first}")
            print(f"  {name:20} {sum(taken['ours']) / sum(taken['tantivy']):.2f} x tantivy's in all")


def _row(times: Sequence[float]) -> str:
    return f"{median(times):7.1f} {quantiles(times, n=20)[-1]:7.1f} {max(times):7.1f}"


def _timed(run: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    run(text)
    return (time.process_time() - started) * 1e3


if __name__ == "__main__":
    main()
